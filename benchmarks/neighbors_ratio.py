"""12. `pomona neighbors` over faiss-cpu's IndexFlatIP: each row of a table and its ten nearest.

The rows are those of pca_ratio. Both have the same cores and run alternately, and are timed from
the rows in memory to the neighbours in memory: reading and writing Parquet is ours alone, and left
out. faiss gets the rows of length 1, which makes its inner products cosines, and eleven neighbours,
one of which is the row itself. It comes from requirements/neighbors.txt.
"""

import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

import faiss
import numpy as np
import pyarrow.parquet as pq
from measure import POMONA, line
from pca_ratio import DIM, ROWS, write_features

GOAL = 1
K = 10
RUNS = 3


def ours(source: pathlib.Path, output: pathlib.Path) -> float:
    command = [POMONA, "neighbors", source, "-k", str(K), "-o", output, "--overwrite", "--quiet"]
    done = subprocess.run([*command, "--json"], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["seconds"]["search"]


def theirs(rows: np.ndarray) -> tuple[float, np.ndarray]:
    start = time.monotonic()
    rows = rows / np.linalg.norm(rows, axis=1)[:, None]
    index = faiss.IndexFlatIP(rows.shape[1])
    index.add(rows)
    found = index.search(rows, K + 1)[1]
    return time.monotonic() - start, found


def recall(rows: np.ndarray, found: np.ndarray, expected: np.ndarray) -> float:
    """Of faiss's neighbours but the row itself, the share that we have, too, or that float64 says
    is no nearer than our last one: faiss takes float32's word for two that are as far."""

    def cosine(one: int, other: int) -> float:
        a, b = rows[one].astype(np.float64), rows[other].astype(np.float64)
        return a @ b / np.sqrt((a @ a) * (b @ b))

    missed = 0
    for row, (ids, others) in enumerate(zip(found, expected, strict=True)):
        last = cosine(row, ids[-1])
        theirs = [other for other in others if other != row][:K]
        missed += sum(cosine(row, other) > last for other in set(theirs) - set(ids))
    return 1 - missed / found.size


def main() -> None:
    faiss.omp_set_num_threads(len(os.sched_getaffinity(0)))
    with tempfile.TemporaryDirectory(prefix="pomona-bench-") as scratch:
        folder = pathlib.Path(scratch)
        source, output = folder / "features", folder / "near.parquet"
        write_features(source)
        features = pq.read_table(source, columns=["features"])["features"].combine_chunks()
        rows = features.flatten().to_numpy().reshape(-1, DIM)
        our_seconds, their_seconds = [], []
        for _ in range(RUNS):
            our_seconds.append(ours(source, output))
            seconds, expected = theirs(rows)
            their_seconds.append(seconds)
        found = pq.read_table(output)["neighbors"].combine_chunks().field("ids")
        ids = found.flatten().to_numpy().reshape(-1, K)
        ratios = [b / a for a, b in zip(our_seconds, their_seconds, strict=True)]
        line(
            "12 pomona neighbors / faiss IndexFlatIP",
            f">= {GOAL}",
            f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}: "
            f"{statistics.median(our_seconds):.1f} s and {statistics.median(their_seconds):.1f} s, "
            f"{ROWS:,} x {DIM:,}, k = {K})",
        )
        line("  recall of faiss's neighbours", "1", f"{recall(rows, ids, expected):g}")


if __name__ == "__main__":
    main()
