"""7. The time that `pomona plan` gives for a run on this machine, from its ten seconds of
calibration, over the time that the run then takes as a whole process."""

import json
import os
import pathlib
import subprocess
import tempfile

from measure import POMONA, REPOSITORY, extract, line, paired, repeated, spread, test_data

REPEATS = 3  # of the images: some 20 seconds a run
ROUNDS = 3


def prices_of_this_machine(path: pathlib.Path) -> pathlib.Path:
    """The example with this machine alone in it, which nobody has to start."""
    prices = json.loads(
        (REPOSITORY / "deploy" / "aws" / "prices" / "example-us-east-1.json").read_text()
    )
    this = {
        **prices["instances"][0],
        "type": "this",
        "cores": len(os.sched_getaffinity(0)),
        "source": "this machine",
    }
    prices["instances"] = [this]
    prices["startup"]["machine_seconds"] = 0
    path.write_text(json.dumps(prices))
    return path


def planned_seconds(source: pathlib.Path, prices: pathlib.Path) -> float:
    done = subprocess.run(
        [POMONA, "plan", source, "--prices", prices, "--nodes", "1", "--json"],
        check=True,
        capture_output=True,
        text=True,
    )
    options = json.loads(done.stdout)["options"]
    return next(option["seconds"] for option in options if option["market"] == "on-demand")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="pomona-bench-") as scratch:
        source = repeated(test_data(), REPEATS, pathlib.Path(scratch))
        prices = prices_of_this_machine(pathlib.Path(scratch) / "prices.json")
        ratio, ratios = paired(
            lambda: planned_seconds(source, prices),
            lambda: extract(source)["wall_seconds"],
            ROUNDS,
        )
    line("7 plan / run, f32", "0.85 to 1.15", f"{ratio:.3f} ({spread(ratios)})")


if __name__ == "__main__":
    main()
