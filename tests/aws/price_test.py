"""The price that is said before anything is done: `pomona plan`'s, or why it is not known."""

import json
import os
import pathlib
import sys

import pytest
from account import KEYS, REGION
from program import OK

PLAN = {
    "prices": {"date": "2026-11-27", "region": "nowhere-1", "currency": "USD", "example": False},
    "images": 90380,
    "options": [
        {"instance": "m5.xlarge", "workers": 1, "cluster": False, "market": "spot",
         "seconds": 900, "cost": 0.01},
        {"instance": "m5.xlarge", "workers": 2, "cluster": True, "market": "on-demand",
         "seconds": 780, "cost": 0.31},
        {"instance": "c7i.xlarge", "workers": 4, "cluster": True, "market": "spot",
         "seconds": 660, "cost": 0.25},
    ],
}  # fmt: skip


@pytest.fixture
def submit(pomona_aws, installed, tmp_path):
    """Says what a job would cost, where `pomona` is a program with this answer, which notes what it
    was asked."""

    def run(answer: str, code: int = 0, before=(), options=(), **environment) -> str:
        commands = tmp_path / "commands"
        commands.mkdir()
        program = commands / "pomona"
        program.write_text(
            f"#!{sys.executable}\nimport json, os, sys\n"
            f"asked = {{'words': sys.argv[1:], 'environment': dict(os.environ)}}\n"
            f"open({str(tmp_path / 'asked')!r}, 'w').write(json.dumps(asked))\n"
            f"(sys.stderr if {code} else sys.stdout).write({answer!r})\nsys.exit({code})\n"
        )
        program.chmod(0o755)
        bucket = installed["Bucket"]
        done = pomona_aws(
            *before, "submit", f"s3://{bucket}/images/a", f"s3://{bucket}/features/a",
            "--prices", tmp_path / "prices.json", *(["--", *options] if options else []),
            PATH=f"{commands}:{os.environ['PATH']}", **environment,
        )  # fmt: skip
        assert done.code == OK, done.stderr
        return next(line for line in done.stdout.splitlines() if line.startswith("price: "))

    return run


def test_it_is_that_of_the_cheapest_cluster(submit):
    line = submit(json.dumps(PLAN))
    assert "0.25 USD and 11 min for 90380 images" in line
    assert "4 x c7i.xlarge, spot" in line
    assert line.endswith("(prices of 2026-11-27, nowhere-1)")


def asked(tmp_path: pathlib.Path) -> dict:
    return json.loads((tmp_path / "asked").read_text())


def test_it_is_that_of_the_jobs_options(submit, tmp_path):
    submit(
        json.dumps(PLAN),
        options=["--glob", "*.webp", "--mode", "overwrite", "--precision=bf16", "--dct-scaling",
                 "--partitions", "8", "--glob", "*.png"],
    )  # fmt: skip
    words = asked(tmp_path)["words"]
    assert words[0] == "plan" and words[2] == "--prices" and words[4] == "--json"
    assert words[5:] == ["--glob", "*.webp", "--precision=bf16", "--dct-scaling", "--glob", "*.png"]


def test_it_is_asked_for_with_the_same_account_and_region(submit, tmp_path):
    profiles = tmp_path / "credentials"
    keys = "\n".join(f"{name.lower()} = {value}" for name, value in KEYS.items())
    profiles.write_text(f"[other]\n{keys}\n")
    submit(
        json.dumps(PLAN), before=["--profile", "other", "--region", REGION], AWS_REGION="eu-west-9",
        AWS_SHARED_CREDENTIALS_FILE=str(profiles),
    )  # fmt: skip
    environment = asked(tmp_path)["environment"]
    assert (environment["AWS_PROFILE"], environment["AWS_REGION"]) == ("other", REGION)
    # They would be used instead of the profile.
    assert not set(KEYS) & set(environment)


def test_it_says_why_it_is_not_known(submit):
    line = submit(
        "measuring the speed of a core for 10 s\nerror: no such price list: prices.json\n"
        "hint: look for it\n",
        code=2,
    )
    assert line == "price: not known (no such price list: prices.json)"


def test_no_cluster_in_the_list_is_no_price(submit):
    line = submit(json.dumps({**PLAN, "options": PLAN["options"][:1]}))
    assert line.startswith("price: not known (")
    assert "no machine for a cluster" in line
