"""Whatever is refused leaves the table that is there as it is, byte for byte."""

import json
import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from program import PROBLEM, REFUSED


def everything_below(folder):
    return {path: path.is_file() and path.read_bytes() for path in folder.rglob("*")}


def features(folder, rows) -> None:
    folder.mkdir()
    column = pa.array([None if row is None else list(row) for row in rows], pa.list_(pa.float32()))
    pq.write_table(pa.table({"features": column}), folder / "part-0.parquet")


@pytest.fixture(scope="module")
def place(pomona, some_images, tmp_path_factory):
    """Tables over which the commands below are run, and what they are given."""
    place = tmp_path_factory.mktemp("refusals")
    pomona.ok("extract", some_images, place / "table", "--rows-per-file", 20)
    random = np.random.default_rng(0)
    good = random.normal(size=(40, 8)).astype(np.float32)
    features(place / "good", good)
    features(place / "wide", random.normal(size=(40, 9)).astype(np.float32))
    features(place / "uneven", [*good[:30], good[30][:5]])
    features(place / "infinite", [*good[:30], np.full(8, np.inf, np.float32)])
    features(place / "equal", [good[0]] * 4)
    features(place / "short", good[:1])
    features(place / "none", [None, None])
    (place / "text").mkdir()
    (place / "text" / "part-0.parquet").write_text("no table")
    (place / "empty").mkdir()
    (place / "ragged.csv").write_text("1,2,3\n4,5\n")
    (place / "words.csv").write_text("1,2\nx,y\n")
    (place / "damaged.parquet").write_text("no model")
    pomona.ok("pca", place / "good", place / "pca", "--k", 3)
    shutil.copytree(place / "table", place / "cut")
    part = next((place / "cut").glob("part-*.parquet"))
    part.write_bytes(part.read_bytes()[:100])
    return place


# Each with --overwrite and without, over a table: {images}, {place} stand for folders.
EXTRACT = [
    ("{images}", "--threads", "-1"),
    ("{images}", "--threads", "1025"),
    ("{images}", "--rows-per-file", "0"),
    ("{images}", "--rows-per-file", "1048577"),
    ("{images}", "--model", "no-such-model"),
    ("{images}", "--features", "no-such-tensor"),
    ("{images}", "--label", "("),
    ("{images}", "--preprocess", "nonsense"),
    ("{images}", "--background", "puce"),
    ("{images}", "--price-per-hour", "1e308"),
    ("{images}", "--glob", "*.nothing"),
    ("{images}", "--metrics-port", "70000"),
    ("{images}", "--metrics-file", "{place}/missing/x.prom"),
    ("{images}", "--report", "{place}/missing/x.json"),
    ("{images}", "--report", "{place}"),
    ("{place}/table",),
    ("{place}/table/part-00000.jpg",),
    ("ftp://host/x",),
]
PCA = [
    ("{place}/good", "--k", "9"),
    ("{place}/good", "--k", "0"),
    ("{place}/good", "--report", "{place}/missing/x.json"),
    ("{place}/good", "--variance", "2"),
    ("{place}/good", "--k", "2", "--variance", "0.5"),
    ("{place}/good", "--column", "pixels"),
    ("{place}/good", "--threads", "1025"),
    ("{place}/good", "--rows-per-file", "1048577"),
    ("{place}/good", "--model", "{place}/pca", "--k", "2"),
    ("{place}/empty",),
    ("{place}/table",),
    ("{place}",),
]
DAMAGED = [
    ("{place}/wide", "--model", "{place}/pca"),
    ("{place}/uneven", "--model", "{place}/pca"),
    ("{place}/infinite", "--model", "{place}/pca"),
    ("{place}/good", "--model", "{place}/damaged.parquet"),
    ("{place}/uneven",),
    ("{place}/infinite",),
    ("{place}/equal",),
    ("{place}/short",),
    ("{place}/none",),
    ("{place}/text",),
    ("{place}/ragged.csv", "--csv"),
    ("{place}/words.csv", "--csv"),
]


def check(pomona, output, code, command, source, *options):
    for more in ((), ("--overwrite",)):
        before = everything_below(output)
        result = pomona(command, source, output, *options, *more)
        assert result.code == code, (result.code, result.stderr)
        assert result.stderr.startswith("error: "), result.stderr
        assert everything_below(output) == before


@pytest.mark.parametrize("arguments", EXTRACT, ids=" ".join)
def test_extract_refuses_before_its_first_change(pomona, place, some_images, arguments):
    source, *options = (text.format(images=some_images, place=place) for text in arguments)
    check(pomona, place / "table", REFUSED, "extract", source, *options)


@pytest.mark.parametrize("arguments", PCA, ids=" ".join)
def test_pca_refuses_before_its_first_change(pomona, place, arguments):
    source, *options = (text.format(place=place) for text in arguments)
    check(pomona, place / "table", REFUSED, "pca", source, *options)


@pytest.mark.parametrize("arguments", DAMAGED, ids=" ".join)
def test_rows_that_cannot_be_projected_do_not_cost_the_table(pomona, place, arguments):
    source, *options = (text.format(place=place) for text in arguments)
    before = everything_below(place / "table")
    result = pomona("pca", source, place / "table", *options, "--overwrite")
    assert result.code == PROBLEM, (result.code, result.stderr)
    assert everything_below(place / "table") == before


def test_a_damaged_table_is_said_to_be_damaged(pomona, place, some_images):
    before = everything_below(place / "cut")
    for arguments in (("extract", some_images), ("plan", some_images)):
        result = pomona(*arguments, place / "cut", "--rows-per-file", 20)
        assert result.code == PROBLEM, (result.code, result.stderr)
        assert "is damaged: part-" in result.stderr
    assert pomona("verify", place / "cut").code == PROBLEM
    assert everything_below(place / "cut") == before


def test_other_options_are_refused(pomona, place, some_images):
    before = everything_below(place / "table")
    result = pomona("extract", some_images, place / "table", "--resize", "nearest")
    assert result.code == REFUSED
    assert everything_below(place / "table") == before


def test_a_damaged_price_list_is_data_and_a_bad_option_is_not(pomona, some_images, tmp_path):
    prices = tmp_path / "prices.json"
    prices.write_text(json.dumps({"format": 1}))
    result = pomona("plan", some_images, "--prices", prices, "--speed", 100)
    assert result.code == PROBLEM, result.stderr
    assert "`currency`" in result.stderr
    assert pomona("plan", some_images, "--prices", prices, "--speed", "fast").code == REFUSED
    assert pomona("plan", some_images, "--prices", tmp_path / "none", "--speed", 100).code == 1


def test_an_output_that_is_a_file_is_refused(pomona, some_images, tmp_path):
    (tmp_path / "notes").write_text("mine")
    result = pomona("extract", some_images, tmp_path / "notes")
    assert result.code == REFUSED
    assert "notes is a file\nhint: " in result.stderr
    assert (tmp_path / "notes").read_text() == "mine"
