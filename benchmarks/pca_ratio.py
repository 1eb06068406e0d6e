"""6. `pomona pca` over pyspark.ml's PCA: the same Parquet table in, a table of projections out.

The rows are those of a network that nobody needs to run for it: not negative, many of them zero, a
few hundred factors. Spark is up before its clock starts; ours includes the start of the process.
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
import pyarrow as pa
import pyarrow.parquet as pq
from measure import POMONA, line

GOAL = 10
ROWS = int(os.environ.get("POMONA_BENCH_ROWS", 100_000))
DIM = 1280
FACTORS = 300
ROWS_PER_FILE = 8192
K = 100
OUR_RUNS = 3


def write_features(folder: pathlib.Path) -> None:
    """As `pomona extract` leaves them: array<float>, Snappy, 8,192 rows a file."""
    folder.mkdir()
    random = np.random.default_rng(1)
    loadings = random.normal(size=(FACTORS, DIM)).astype(np.float32)
    loadings *= (0.98 ** np.arange(FACTORS, dtype=np.float32))[:, None]
    for first in range(0, ROWS, ROWS_PER_FILE):
        rows = min(ROWS_PER_FILE, ROWS - first)
        factors = random.normal(size=(rows, FACTORS)).astype(np.float32)
        noise = random.normal(size=(rows, DIM), scale=0.5).astype(np.float32)
        values = np.maximum(factors @ loadings / 4 + noise, 0)
        offsets = pa.array(np.arange(rows + 1, dtype=np.int32) * DIM)
        table = pa.table({
            "path": [f"file:/images/{row}.jpg" for row in range(first, first + rows)],
            "label": [f"label {row % 131}" for row in range(first, first + rows)],
            "features": pa.ListArray.from_arrays(offsets, pa.array(values.ravel())),
        })  # fmt: skip
        pq.write_table(table, folder / f"part-{first // ROWS_PER_FILE:05}.snappy.parquet")


def ours(source: pathlib.Path, output: pathlib.Path) -> dict:
    start = time.monotonic()
    command = [POMONA, "pca", source, output, "--k", str(K), "--overwrite", "--quiet", "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return {**json.loads(done.stdout), "wall_seconds": time.monotonic() - start}


def sparks(source: pathlib.Path, output: pathlib.Path) -> dict:
    from pyspark.ml.feature import PCA
    from pyspark.ml.functions import array_to_vector
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.memory", "8g")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.showConsoleProgress", "false")
        # What Spark uses of the CPU's vectors, where it may.
        .config("spark.driver.extraJavaOptions", "--add-modules=jdk.incubator.vector")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    spark.read.parquet(str(source)).limit(1).collect()
    start = time.monotonic()
    frame = spark.read.parquet(str(source))
    frame = frame.withColumn("features", array_to_vector("features"))
    model = PCA(k=K, inputCol="features", outputCol="pca").fit(frame)
    fitted = time.monotonic() - start
    model.transform(frame).select("path", "label", "pca").write.parquet(str(output))
    seconds = time.monotonic() - start
    explained = model.explainedVariance.toArray().tolist()
    spark.stop()
    return {"wall_seconds": seconds, "fit_seconds": fitted, "explained": explained}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="pomona-bench-") as scratch:
        folder = pathlib.Path(scratch)
        write_features(folder / "features")
        before = [ours(folder / "features", folder / "ours") for _ in range(OUR_RUNS)]
        spark = sparks(folder / "features", folder / "spark")
        after = [ours(folder / "features", folder / "ours") for _ in range(OUR_RUNS)]
        walls = [run["wall_seconds"] for run in before + after]
        seconds = statistics.median(walls)
        parts = before[-1]["seconds"]
        line(
            "6 pomona pca / Spark ML PCA",
            f">= {GOAL}",
            f"{spark['wall_seconds'] / seconds:.1f} ({seconds:.2f} s, {min(walls):.2f} to "
            f"{max(walls):.2f}: statistics {parts['statistics']:.2f}, components "
            f"{parts['solve']:.2f}, projection {parts['project']:.2f}; Spark "
            f"{spark['wall_seconds']:.1f} s, its fit {spark['fit_seconds']:.1f})",
        )
        ratios = before[-1]["scree"]["ratio"]
        difference = max(abs(a - b) for a, b in zip(ratios, spark["explained"], strict=False))
        line("  explained variance, difference", "<= 1e-9", f"{difference:.1e}")
        memory = before[-1]["peak_memory_bytes"] / 2**20
        line("  memory at most", "-", f"{memory:.0f} MiB for {ROWS:,} x {DIM:,}")


if __name__ == "__main__":
    main()
