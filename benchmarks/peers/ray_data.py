"""Peer: Ray Data. read_binary_files, then one actor a core that decodes, resizes and infers."""

import os

import numpy as np
from engines import ENGINES
from job import Clock, arguments
from pixels import pixels

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

import ray  # noqa: E402

ROWS = 64  # images in a batch to an actor

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


def main() -> None:
    job = arguments(__doc__)
    ray.init(num_cpus=job.tasks, include_dashboard=False, log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    clock = Clock()
    files = ray.data.read_binary_files(
        job.source, include_paths=True, file_extensions=["jpg"], ray_remote_args=BESIDE
    )
    table = files.map_batches(
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
