"""The price that is said before anything is done: `pomona plan`'s, or why it is not known."""

import json
import os
import sys

import pytest
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
    """Says what a job would cost, where `pomona` is a program with this answer."""

    def run(answer: str, code: int = 0) -> str:
        commands = tmp_path / "commands"
        commands.mkdir()
        program = commands / "pomona"
        program.write_text(
            f"#!{sys.executable}\nimport sys\nassert sys.argv[1] == 'plan', sys.argv\n"
            f"assert sys.argv[3:4] == ['--prices'] and '--json' in sys.argv\n"
            f"(sys.stderr if {code} else sys.stdout).write({answer!r})\nsys.exit({code})\n"
        )
        program.chmod(0o755)
        bucket = installed["Bucket"]
        done = pomona_aws(
            "submit", f"s3://{bucket}/images/a", f"s3://{bucket}/features/a",
            "--prices", tmp_path / "prices.json",
            PATH=f"{commands}:{os.environ['PATH']}",
        )  # fmt: skip
        assert done.code == OK, done.stderr
        return next(line for line in done.stdout.splitlines() if line.startswith("price: "))

    return run


def test_it_is_that_of_the_cheapest_cluster(submit):
    line = submit(json.dumps(PLAN))
    assert "0.25 USD and 11 min for 90380 images" in line
    assert "4 x c7i.xlarge, spot" in line
    assert line.endswith("(prices of 2026-11-27, nowhere-1)")


def test_it_says_why_it_is_not_known(submit):
    line = submit("error: no such price list: prices.json\nhint: look for it\n", code=2)
    assert line == "price: not known (no such price list: prices.json)"


def test_no_cluster_in_the_list_is_no_price(submit):
    line = submit(json.dumps({**PLAN, "options": PLAN["options"][:1]}))
    assert line.startswith("price: not known (")
    assert "no machine for a cluster" in line
