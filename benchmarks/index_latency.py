"""index_latency.py TABLE: how long `pomona.NeighborIndex` takes for one query after another.

TABLE is a feature table; its index is made in a scratch folder. Queries are rows of the table, each
drawn a tenth of the way to another, so that none is there. Prints percentiles of 500 queries with
their ten nearest, for one thread and for all cores, after 100 others.
"""

import pathlib
import sys
import tempfile
import time

import numpy as np
import pyarrow.parquet as pq

import pomona

QUERIES, BEFORE, K = 500, 100, 10


def queries_of(table: pathlib.Path) -> np.ndarray:
    features = pq.read_table(table, columns=["features"])["features"].combine_chunks()
    rows = features.flatten().to_numpy().reshape(len(features), -1)
    random = np.random.default_rng(1)
    one, other = random.integers(0, len(rows), (2, BEFORE + QUERIES))
    return (0.9 * rows[one] + 0.1 * rows[other]).astype(np.float32)


def main() -> None:
    table = pathlib.Path(sys.argv[1])
    queries = queries_of(table)
    with tempfile.TemporaryDirectory(prefix="pomona-bench-") as scratch:
        file = pathlib.Path(scratch) / "index"
        for what in ("made", "opened"):
            start = time.monotonic()
            index = pomona.NeighborIndex(table, file)
            print(f"{what} in {time.monotonic() - start:.2f} s")
        print(f"{len(index):,} x {index.dim:,}, {file.stat().st_size / 1e6:,.0f} MB")
        for threads in (1, 0):
            taken = []
            for query in queries:
                start = time.perf_counter()
                index.find(query, K, threads=threads)
                taken.append((time.perf_counter() - start) * 1000)
            at = np.percentile(taken[BEFORE:], [50, 90, 99])
            print(f"threads {threads}: p50 {at[0]:.1f} ms, p90 {at[1]:.1f} ms, p99 {at[2]:.1f} ms")


if __name__ == "__main__":
    main()
