"""13b. Logistic regression of `pomona train` over Spark ML's, to the same minimum.

The rows are drawn as those of logistic_ratio.py, 20,000 of them: Spark needs minutes for all.
Both are timed from rows in memory (Spark's are cached) until the objective is within 1e-6 of its
minimum; of Spark's fit that is the share of its steps that came before.
"""

import json
import pathlib
import subprocess
import tempfile

import logistic_ratio
import pyarrow as pa
import pyarrow.parquet as pq
from contestants import CORES, PEERS, python, use_cores
from logistic_ratio import DIM, PENALTY, drawn, ours
from measure import line
from spark_places import Local

GOAL = 10
ROWS = 20_000


def spark(features: pathlib.Path, least: float) -> float:
    done = subprocess.run(
        [python("spark"), PEERS / "logistic_job.py", features, str(PENALTY)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={**Local().environment(), "PYTHONPATH": str(PEERS)},
    )
    fit = json.loads(done.stdout.strip().splitlines()[-1])
    steps = fit["objectives"]
    reached = next(i for i, one in enumerate(steps) if one <= least * (1 + 1e-6))
    return fit["seconds"] * reached / (len(steps) - 1)


def main() -> None:
    use_cores()
    with tempfile.TemporaryDirectory(prefix="pomona-bench-") as scratch:
        folder = pathlib.Path(scratch)
        rows, labels = drawn(ROWS)
        table = {"features": pa.array(list(rows), pa.list_(pa.float32())), "label": labels}
        pq.write_table(pa.table(table), folder / "rows.parquet", row_group_size=1_000)
        rows.tofile(folder / "rows")
        labels.tofile(folder / "labels")
        fit = ours(folder, CORES, PENALTY)[0]
        theirs = spark(folder / "rows.parquet", fit["objective"])
    line(
        "13 logistic regression / Spark ML, to 1e-6 of the minimum",
        f">= {GOAL}",
        f"{theirs / fit['seconds']:.0f} ({fit['seconds']:.1f} s and {theirs:.0f} s, "
        f"{ROWS:,} x {DIM:,} x {logistic_ratio.CLASSES})",
    )


if __name__ == "__main__":
    main()
