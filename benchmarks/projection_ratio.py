"""15. `pomona map` over umap-learn: points of the plane from the features of a folder of images.

Both have the same cores, and are timed from the rows in memory to the points in memory, neighbours
included; umap-learn with its defaults (15 neighbours) and the same metric, its compiling left out
by a first call on few rows. Both pictures are judged by scikit-learn's trustworthiness, and by the
share of each row's 15 nearest rows that are among its 15 nearest points. Then the same rows,
repeated and jittered to 90,380: the whole command's time and memory.

    $(scripts/env --bare projection)/bin/python benchmarks/projection_ratio.py [IMAGES]

IMAGES: default ../shared/data/fruits-81.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from measure import POMONA, REPOSITORY, line

NEIGHBORS = 15
LARGE = 90_380
GOAL_SECONDS, GOAL_LARGE_SECONDS, GOAL_LARGE_BYTES = 8, 240, 10**9


def matrix(table: pa.Table) -> np.ndarray:
    features = table["features"].combine_chunks()
    return features.flatten().to_numpy().reshape(len(features), -1)


def mapped(source: pathlib.Path, output: pathlib.Path) -> dict:
    command = [POMONA, "map", source, output, "--no-features", "--quiet", "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def umap_points(rows: np.ndarray) -> tuple[float, np.ndarray]:
    import umap

    umap.UMAP(n_neighbors=NEIGHBORS, metric="cosine").fit_transform(rows[:500])
    start = time.monotonic()
    points = umap.UMAP(n_neighbors=NEIGHBORS, metric="cosine").fit_transform(rows)
    return time.monotonic() - start, points


def nearest(values: np.ndarray, metric: str) -> np.ndarray:
    from sklearn.neighbors import NearestNeighbors

    return NearestNeighbors(n_neighbors=NEIGHBORS, metric=metric).fit(values).kneighbors()[1]


class Judge:
    """Of pictures of the same rows: (trustworthiness, share of neighbours kept)."""

    def __init__(self, rows: np.ndarray):
        self.rows = rows
        self.near = nearest(rows, "cosine")

    def __call__(self, points: np.ndarray) -> tuple[float, float]:
        from sklearn.manifold import trustworthiness

        trusted = trustworthiness(self.rows, points, n_neighbors=NEIGHBORS, metric="cosine")
        both = zip(self.near, nearest(points, "euclidean"), strict=True)
        return trusted, float(np.mean([len(np.intersect1d(a, b)) for a, b in both]) / NEIGHBORS)


def write_large(rows: np.ndarray, folder: pathlib.Path) -> None:
    folder.mkdir()
    random = np.random.default_rng(1)
    for part, first in enumerate(range(0, LARGE, len(rows))):
        some = rows[: LARGE - first]
        jitter = random.normal(scale=0.05 * rows.std(), size=some.shape).astype(np.float32)
        offsets = pa.array(np.arange(len(some) + 1, dtype=np.int32) * rows.shape[1])
        lists = pa.ListArray.from_arrays(offsets, pa.array((some + jitter).ravel()))
        pq.write_table(pa.table({"features": lists}), folder / f"part-{part:05}.parquet")


def verdict(met: bool) -> str:
    return "" if met else ": NOT MET"


def main() -> None:
    images = REPOSITORY.parent / "shared" / "data" / "fruits-81"
    if len(sys.argv) > 1:
        images = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="pomona-bench-") as scratch:
        folder = pathlib.Path(scratch)
        source = folder / "features"
        subprocess.run([POMONA, "extract", images, source, "--quiet"], check=True)
        ours = mapped(source, folder / "map")
        rows = matrix(pq.read_table(source))
        table = pq.read_table(folder / "map", columns=["projection_x", "projection_y"])
        judge = Judge(rows)
        trusted, kept = judge(np.stack([one.to_numpy() for one in table.columns], axis=1))
        seconds, points = umap_points(rows)
        their_trusted, their_kept = judge(points)
        size = f"{len(rows):,} x {rows.shape[1]:,}"
        spent = ours["seconds"]["projection"]
        line(
            "15 pomona map / umap-learn",
            f"<= {GOAL_SECONDS} s, and less",
            f"{spent:.1f} s for {seconds:.1f} s ({size})"
            + verdict(spent <= min(GOAL_SECONDS, seconds)),
        )
        line(
            "15 trustworthiness, neighbours kept of 15",
            f">= {their_trusted:.4f}, {their_kept:.3f}",
            f"{trusted:.4f}, {kept:.3f}" + verdict(trusted >= their_trusted and kept >= their_kept),
        )
        write_large(rows, folder / "large")
        large = mapped(folder / "large", folder / "large-map")
        line(
            f"15 pomona map of {LARGE:,} rows",
            f"<= {GOAL_LARGE_SECONDS} s, {GOAL_LARGE_BYTES / 1e9:g} GB",
            f"{large['seconds']['all']:.0f} s, {large['peak_memory_bytes'] / 1e9:.2f} GB"
            + verdict(
                large["seconds"]["all"] <= GOAL_LARGE_SECONDS
                and large["peak_memory_bytes"] <= GOAL_LARGE_BYTES
            ),
        )


if __name__ == "__main__":
    main()
