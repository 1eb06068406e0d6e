"""Peer: Daft. Its own glob, download, decode and resize in Rust; ONNX Runtime in a class UDF.

The pixels are those of Daft's resize, which is not Pillow's bicubic: the features differ a little.
OpenVINO inside Daft's process crashes (both bring a threading library of their own).
"""

import os

os.environ["DAFT_ANALYTICS_ENABLED"] = "0"
os.environ["DAFT_PROGRESS_BAR"] = "0"

import daft  # noqa: E402
from daft import DataType, col  # noqa: E402
from engines import FEATURES, OnnxRuntime  # noqa: E402
from job import Clock, arguments, s3_endpoint  # noqa: E402

SIDE = 224
ROWS = 64  # images in a batch to the UDF


def features_class(workers: int):
    @daft.cls(max_concurrency=workers)
    class Extract:
        """Keeps the session; Daft makes one for each worker."""

        def __init__(self, model: str):
            self._engine = OnnxRuntime(model)

        @daft.method.batch(
            return_dtype=DataType.fixed_size_list(DataType.float32(), FEATURES), batch_size=ROWS
        )
        def features(self, images: daft.Series):
            return self._engine.features(images)

    return Extract


def store() -> daft.io.IOConfig | None:
    """How s3:// is read; None: a folder is read."""
    server = s3_endpoint()
    if server is None:
        return None
    s3 = daft.io.S3Config(
        endpoint_url=server["endpoint"],
        region_name=server["region"],
        key_id=server["key"],
        access_key=server["secret"],
        use_ssl=False,
        force_virtual_addressing=False,
    )
    return daft.io.IOConfig(s3=s3)


def main() -> None:
    job = arguments(__doc__)
    clock = Clock()
    extract = features_class(job.tasks)(job.model)
    source, reading = job.source.replace("s3a://", "s3://").rstrip("/"), store()
    images = daft.from_glob_path(f"{source}/**/*.jpg", io_config=reading).select("path")
    pixels = col("path").download(io_config=reading).decode_image(mode="RGB").resize(SIDE, SIDE)
    table = images.select(
        "path",
        col("path").split("/").get(-2).alias("label"),
        extract.features(pixels).alias("features"),
    )
    table.write_parquet(job.output, compression="snappy")
    clock.finish()


if __name__ == "__main__":
    main()
