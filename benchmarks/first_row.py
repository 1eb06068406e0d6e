"""5. Time to the first feature row with a warm cache of compiled models: a whole process that
extracts one image, from its start to its end, so an upper bound."""

import pathlib
import shutil
import statistics
import tempfile

from measure import extract, line, test_data

RUNS = 7


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="pomona-bench-") as scratch:
        one = pathlib.Path(scratch) / "one"
        one.mkdir()
        shutil.copy(next(test_data().rglob("*.jpg")), one)
        extract(one)  # fills the cache
        seconds = [extract(one)["wall_seconds"] for _ in range(RUNS)]
    line(
        "5 first row, warm model cache",
        "<= 1 s",
        f"{statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f} in {RUNS} "
        "runs)",
    )


if __name__ == "__main__":
    main()
