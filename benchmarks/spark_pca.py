"""4. pomona.spark.PCA over Spark ML's PCA: fit, project and write 100,000 x 1,280 features.

Each in a Spark of its own, in turn; pca_ratio.py has the command line's and says what the rows are.
"""

import json
import pathlib
import shutil
import subprocess
import tempfile

from contestants import CORES, PEERS, python, use_cores
from hardware import describe
from measure import line, paired, spread
from pca_ratio import DIM, ROWS, K, write_features
from spark_places import Local
from spark_ratio import REPORTS

GOAL = 4
ROUNDS = 3


def run(features: pathlib.Path, output: pathlib.Path, whose: str) -> dict:
    shutil.rmtree(output, ignore_errors=True)
    done = subprocess.run(
        [python("spark"), PEERS / "pca_job.py", features, output, whose, str(K)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={**Local().environment(), "PYTHONPATH": str(PEERS)},
    )
    return json.loads(done.stdout.strip().splitlines()[-1])


def main() -> None:
    use_cores()
    done = {}

    def rate(whose: str) -> float:
        done[whose] = run(folder / "features", folder / whose, whose)
        return 1 / done[whose]["seconds"]

    with tempfile.TemporaryDirectory(prefix="pomona-bench-") as scratch:
        folder = pathlib.Path(scratch)
        write_features(folder / "features")
        ratio, ratios = paired(lambda: rate("pomona"), lambda: rate("spark"), ROUNDS)
    pairs = zip(done["pomona"]["explained"], done["spark"]["explained"], strict=True)
    difference = max(abs(ours - theirs) for ours, theirs in pairs)
    line(
        "4 pomona.spark.PCA / Spark ML PCA",
        f">= {GOAL}",
        f"{ratio:.1f} ({spread(ratios)}; last {done['pomona']['seconds']:.1f} and "
        f"{done['spark']['seconds']:.1f} s; explained variance within {difference:.0e})",
    )
    REPORTS.mkdir(parents=True, exist_ok=True)
    report = {
        "hardware": describe(CORES),
        "rows": ROWS,
        "dim": DIM,
        "goal": GOAL,
        "ratio": ratio,
        "ratios": ratios,
        "seconds": {whose: done[whose]["seconds"] for whose in ("pomona", "spark")},
    }
    (REPORTS / "spark-pca.json").write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
