"""13. Logistic regression of `pomona train` over scikit-learn's, to the same minimum.

68,000 rows of 1,280 float32 features and 131 classes, drawn so that the features vary as those of a
network do: a few much, most of them little, all mixed. Both minimise the same, on the same cores,
alternately: the time is until the objective is within 1e-6 of its minimum, for us until the proof
that it is, for scikit-learn as it first gets there, or where it ends by itself before: in float32,
the faster of its two ways, it sees no more progress from 1.2e-6 or so on. A path of ten penalties
follows, ours alone. scikit-learn comes from requirements/answers.txt.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from measure import BUILD, line
from sklearn.linear_model import LogisticRegression, _logistic

GOAL, PATH_GOAL = 3, 3
ROWS, DIM, CLASSES = 68_000, 1280, 131
PENALTY = 0.01
PATH = [1.0, 0.6, 0.36, 0.22, 0.13, 0.08, 0.046, 0.028, 0.017, 0.01]
RUNS = 3


def drawn(count: int = ROWS) -> tuple[np.ndarray, np.ndarray]:
    """`count` rows of mean 0 whose features have the mean variance 1, and their classes."""
    random = np.random.default_rng(3)
    scale = np.arange(1, DIM + 1) ** -0.6
    means = random.normal(size=(CLASSES, DIM)) * scale
    labels = random.integers(CLASSES, size=count).astype(np.int32)
    rows = means[labels] + 1.5 * random.normal(size=(count, DIM)) * scale
    rows = rows @ np.linalg.qr(random.normal(size=(DIM, DIM)))[0]
    rows -= rows.mean(axis=0)
    return (rows / np.sqrt((rows**2).mean())).astype(np.float32), labels


def theirs(rows: np.ndarray, labels: np.ndarray, least: float) -> float:
    """Seconds until the objective is within 1e-6 of `least`, or no progress is seen."""
    minimize = _logistic.optimize.minimize
    reached = []
    start = time.monotonic()

    def watched(*args, callback=None, **options):
        def look(intermediate_result):
            if callback is not None:
                callback(intermediate_result)
            if not reached and intermediate_result.fun <= least * (1 + 1e-6):
                reached.append(time.monotonic() - start)
                raise StopIteration

        return minimize(*args, **options, callback=look)

    _logistic.optimize.minimize = watched
    try:
        strength = 1 / (PENALTY * len(rows))
        LogisticRegression(C=strength, tol=1e-12, max_iter=5_000).fit(rows, labels)
    finally:
        _logistic.optimize.minimize = minimize
    return reached[0] if reached else time.monotonic() - start


def ours(folder: pathlib.Path, cores: int, *penalties: float) -> list[dict]:
    """What logistic_bench says of the files `rows` and `labels`."""
    done = subprocess.run(
        [BUILD / "benchmarks" / "logistic_bench", folder / "rows", folder / "labels", str(DIM),
         "--threads", str(cores), "--penalty", *map(str, penalties)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return json.loads(done.stdout)["fits"]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="pomona-bench-") as scratch:
        folder = pathlib.Path(scratch)
        rows, labels = drawn()
        rows.tofile(folder / "rows")
        labels.tofile(folder / "labels")
        cores = len(os.sched_getaffinity(0))
        our_seconds, their_seconds = [], []
        for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS):
            fit = ours(folder, cores, PENALTY)[0]
            our_seconds.append(fit["seconds"])
            their_seconds.append(theirs(rows, labels, fit["objective"]))
        ratios = [b / a for a, b in zip(our_seconds, their_seconds, strict=True)]
        one = statistics.median(our_seconds)
        line(
            "13 logistic regression / scikit-learn, lbfgs, to 1e-6 of the minimum",
            f">= {GOAL}",
            f"{statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f}: {one:.0f} s "
            f"and {statistics.median(their_seconds):.0f} s, {ROWS:,} x {DIM:,} x {CLASSES})",
        )
        line(
            "   a path of ten penalties / the last of them alone, seconds",
            f"<= {PATH_GOAL}",
            f"{ours(folder, cores, *PATH)[-1]['seconds'] / one:.1f}",
        )


if __name__ == "__main__":
    main()
