"""Spark's surfaces take the options of the core's table: each of them, and no other."""

import inspect
import re

import pytest
from pomona.spark import arguments, frames, job
from pomona.spark.featurizer import PomonaFeaturizer

from pomona import _core

TABLE = {option["name"]: option for option in _core.options() if "spark" in option["surfaces"]}
OWN = {
    "extract": {"spark", "source", "storage", "partitions", "rejects"},
    "extract_column": {
        "frame", "input_col", "output_col", "storage", "rejects", "decode",
    },
    "run": {"spark", "source", "output", "mode", "storage", "partitions"},
}  # fmt: skip


def of_groups(*groups) -> set[str]:
    return {name for name, option in TABLE.items() if option["group"] in groups}


TASK = of_groups("stream", "model", "images", "resources")
# What becomes of the rows is for Spark's writer to say, `overwrite` too: it is a mode.
ROWS = {"on_error", "features_as"}


def parameters(function) -> set[str]:
    return set(inspect.signature(function).parameters)


def test_functions_have_the_options():
    source = of_groups("source")
    assert parameters(frames.extract) == TASK | source | ROWS | OWN["extract"]
    assert parameters(frames.extract_column) == TASK | ROWS | OWN["extract_column"]
    assert parameters(job.run) == TASK | source | ROWS | {"max_rejects"} | OWN["run"]


def test_the_jobs_command_line_has_the_options():
    shown = set(re.findall(r"^  (--[\w-]+)", arguments.parser().format_help(), re.MULTILINE))
    secrets = {"s3_access_key", "s3_secret_key", "s3_session_token"}
    wanted = {option["flag"] for name, option in TABLE.items() if name not in secrets}
    own = {"--mode", "--report", "--json", "--quiet", "--master", "--name", "--partitions",
           "--version"}  # fmt: skip
    assert shown == wanted | own


def test_the_featurizer_has_the_options():
    names = {param.name for param in PomonaFeaturizer().params}
    own = {"inputCol", "outputCol", "handleInvalid", "featuresAs", "decodePaths"}
    camel = {re.sub("_(.)", lambda found: found[1].upper(), name) for name in TASK}
    assert names == camel | own
    assert parameters(PomonaFeaturizer) == names
    with pytest.raises(TypeError, match="colour"):
        PomonaFeaturizer(colour="red")


def test_the_data_source_reads_each_type():
    pytest.importorskip("pyspark.sql.datasource")
    from pomona.spark import data_source

    texts = {"flag": ("true", True), "integer": ("3", 3), "number": ("2.5", 2.5),
             "text": ("a", "a"), "path": ("a", "a"), "patterns": ("a,b", ["a", "b"]),
             "limit": ("5%", "5%")}  # fmt: skip
    for name, option in TABLE.items():
        text, value = texts[option["type"]]
        assert data_source._parse(name, text) == value, name
