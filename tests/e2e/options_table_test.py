"""The command line takes the options of the core's table: each of them, and no other."""

import re
import subprocess
import sys

import program
import pytest
import states

# What a command has beside the options of a run.
OWN = {
    "list": {"format", "summary"},
    "extract": {
        "report", "quiet", "json", "metrics-file", "metrics-port", "metrics-address",
    },
    "plan": {
        "explain", "json", "classifier", "prices", "images", "bytes", "prefixes", "report", "speed",
        "instance", "nodes", "deadline", "budget", "spot-interruption-rate", "seed",
    },
    "predict": {
        "classifier", "model", "keep-features", "column", "rows-per-file", "report", "quiet",
        "json", "metrics-file", "metrics-port", "metrics-address",
    },
    "verify": {"json", "quick"},
}  # fmt: skip
RUN = {"source", "storage", "model", "images", "output", "resources"}
GROUPS = {
    "list": {"source", "storage"},
    "extract": RUN,
    "plan": RUN,
    "predict": RUN,
    "verify": {"storage"},
}


def is_taken(command, option) -> bool:
    """What makes features, predict takes from the classifier; it has rows a file of its own."""
    if command == "predict" and (option["makes_features"] or option["name"] == "rows_per_file"):
        return False
    return option["group"] in GROUPS[command] and "command line" in option["surfaces"]


@pytest.fixture(scope="module")
def table():
    return program.Pomona().ok("reference").json()["options"]


@pytest.mark.parametrize("command", GROUPS)
def test_a_command_has_the_options_of_its_groups(pomona, table, command):
    shown = set(re.findall(r"^  --([\w-]+)", pomona.ok(command, "--help").stdout, re.MULTILINE))
    wanted = {option["flag"].removeprefix("--") for option in table if is_taken(command, option)}
    assert shown == wanted | OWN[command]


@pytest.mark.parametrize("command", ["list", "extract", "predict"])
def test_help_has_the_words_and_the_default_of_the_table(pomona, table, command):
    shown = " ".join(pomona.ok(command, "--help").stdout.split())
    for option in table:
        if is_taken(command, option):
            assert option["help"].removesuffix(".") in shown
            assert option["default_text"] in shown


def test_what_makes_features_changes_rows(table):
    made = {option["name"] for option in table if option["makes_features"]}
    assert made < {option["name"] for option in table if option["changes_rows"]}
    assert {option["name"] for option in table if option["group"] == "model"} < made


def test_what_changes_rows_is_what_a_table_records(pomona, table, some_images, tmp_path):
    pomona.ok("extract", some_images, tmp_path / "table")
    recorded = set(states.record(tmp_path / "table")["options"])
    derived = {"source", "hidden", "model_digest", "feature_dim", "layout"}
    derived |= {"feature_slices", "width", "height"}
    decides = {o["name"] for o in table if o["changes_rows"]}
    assert recorded - derived == decides - {"input_size"}  # width and height


def test_the_reference_is_as_the_program_says():
    """Else scripts/reference writes it anew."""
    script = program.REPOSITORY / "scripts" / "reference"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_price_of_a_job_on_aws_knows_what_decides_its_work(table):
    """deploy/aws hands these on to `pomona plan`: which images there are, and what each takes."""
    text = (program.REPOSITORY / "deploy" / "aws" / "pomona_aws" / "price.py").read_text()
    known = set(re.findall(r'"(--[a-z0-9-]+)"', text.split("def of_job")[0]))
    decides = {
        option["flag"]
        for option in table
        if option["group"] in ("storage", "model", "images")
        and "command line" in option["surfaces"]
    }
    assert known == decides | {"--glob"}
