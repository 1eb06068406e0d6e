"""`pomona report`: seconds and memory of a page, and where they went.

Of the images of POMONA_BENCH_DATA (default ../shared/data/fruits-81), and of their features again
and again with some noise, 90,380 rows: goals are 20 seconds, of which 8 for the map, and 4 minutes
and 1 GB. POMONA_BENCH_FEATURES names a table that was extracted before.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from measure import POMONA, REPOSITORY

DATA = pathlib.Path(
    os.environ.get("POMONA_BENCH_DATA", REPOSITORY.parent / "shared" / "data" / "fruits-81")
)
MANY = int(os.environ.get("POMONA_BENCH_ROWS", 90_380))
ROWS_PER_FILE = 8192
NOISE = 0.1
STEPS = ("read", "judge", "duplicates", "map", "thumbnail")


def repeated(features: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    """The rows again and again, each value with noise of a tenth of its column's deviation."""
    rows = pq.read_table(features)
    values = np.stack(rows["features"].to_numpy(zero_copy_only=False)).astype(np.float32)
    deviation = values.std(axis=0) * NOISE
    random = np.random.default_rng(1)
    folder.mkdir()
    for first in range(0, MANY, ROWS_PER_FILE):
        take = np.arange(first, min(first + ROWS_PER_FILE, MANY)) % len(values)
        noise = random.normal(size=(len(take), len(deviation))).astype(np.float32)
        some = values[take] + noise * deviation
        offsets = pa.array(np.arange(len(take) + 1, dtype=np.int32) * some.shape[1])
        features_of = pa.ListArray.from_arrays(offsets, pa.array(some.ravel()))
        table = rows.select(["path", "label"]).take(take).append_column("features", features_of)
        pq.write_table(table, folder / f"part-{first // ROWS_PER_FILE:05}.parquet")
    return folder


def measure(name: str, features: pathlib.Path, folder: pathlib.Path) -> None:
    page = folder / f"{name}.html"
    command = [POMONA, "report", features, page, "--json", "--quiet"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told = json.loads(done.stdout)
    steps = ", ".join(f"{step} {told[f'{step}_seconds']:.1f}" for step in STEPS)
    print(
        f"{name}: {told['rows']:,} rows in {told['seconds']:.1f} s ({steps}), "
        f"{told['peak_memory_bytes'] / 1e6:.0f} MB, {told['thumbnails']:,} pictures, "
        f"a page of {told['page_bytes'] / 1e6:.1f} MB"
    )


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        features = pathlib.Path(os.environ.get("POMONA_BENCH_FEATURES", place / "features"))
        if not features.exists():
            subprocess.run([POMONA, "extract", DATA, features, "--quiet"], check=True)
        measure("images", features, place)
        measure("repeated", repeated(features, place / "repeated"), place)
    return 0


if __name__ == "__main__":
    sys.exit(main())
