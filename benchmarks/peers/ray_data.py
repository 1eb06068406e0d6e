"""Peer: Ray Data. One actor a core that decodes, resizes and infers, behind what reads the files.

A folder is read with read_binary_files. From S3 that makes 21 images/s, as each task reads one
object after another; so the objects are listed, and fetched with threads.
"""

import concurrent.futures
import os

import numpy as np
from engines import ENGINES
from job import Clock, arguments, s3_endpoint
from pixels import pixels

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

import pyarrow as pa  # noqa: E402
import pyarrow.fs  # noqa: E402
import ray  # noqa: E402

ROWS = 64  # images in a batch to an actor
BLOCK = 256  # images in a task that fetches
FETCHES = 32  # threads of such a task

# Shares of a core that tasks ask for: reading and writing find room beside the actors, which do the
# work. With whole cores for the actors nothing would ever be read.
ACTOR, BESIDE = 0.75, {"num_cpus": 0.25}


class Extract:
    """Keeps the model; Ray makes one for each actor."""

    def __init__(self, engine: str, model: str, precision: str):
        self._engine = ENGINES[engine](model, precision)

    def __call__(self, batch: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        rows = self._engine.features(pixels(content) for content in batch["bytes"])
        labels = [path.rsplit("/", 2)[-2] for path in batch["path"]]
        return {"path": batch["path"], "label": np.array(labels), "features": np.stack(rows)}


def fetch(store: pyarrow.fs.FileSystem):
    """What adds the bytes of each path: with threads, as read_binary_files has none."""

    def read(path: str) -> bytes:
        with store.open_input_stream(path) as stream:
            return stream.read()

    def batch_with_bytes(batch: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        with concurrent.futures.ThreadPoolExecutor(FETCHES) as pool:
            return {**batch, "bytes": np.array(list(pool.map(read, batch["path"])), dtype=object)}

    return batch_with_bytes


def files(job) -> ray.data.Dataset:
    """path, bytes of every image."""
    server = s3_endpoint()
    if server is None:
        return ray.data.read_binary_files(
            job.source, include_paths=True, file_extensions=["jpg"], ray_remote_args=BESIDE
        )
    store = pyarrow.fs.S3FileSystem(
        access_key=server["key"],
        secret_key=server["secret"],
        region=server["region"],
        endpoint_override=server["host"],
        scheme="http",
    )
    bucket = pyarrow.fs.FileSelector(job.source.removeprefix("s3a://").strip("/"), recursive=True)
    found = [file.path for file in store.get_file_info(bucket) if file.path.endswith(".jpg")]
    blocks = [
        pa.table({"path": found[start : start + BLOCK]}) for start in range(0, len(found), BLOCK)
    ]
    return ray.data.from_arrow(blocks).map_batches(fetch(store), batch_size=BLOCK, **BESIDE)


def main() -> None:
    job = arguments(__doc__)
    ray.init(num_cpus=job.tasks, include_dashboard=False, log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    clock = Clock()
    table = files(job).map_batches(
        Extract,
        fn_constructor_args=(job.engine, job.model, job.precision),
        compute=ray.data.ActorPoolStrategy(size=job.tasks),
        batch_size=ROWS,
        num_cpus=ACTOR,
    )
    table.write_parquet(job.output, ray_remote_args=BESIDE)
    clock.finish()
    ray.shutdown()


if __name__ == "__main__":
    main()
