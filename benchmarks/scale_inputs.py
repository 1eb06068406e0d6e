"""The numbers that docs/guides/scale.md reckons with: what a listing, a reference, a part and a row
cost. Not among `make bench`'s figures: it has no goals."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import pyarrow as pa
import pyarrow.fs
import pyarrow.parquet as pq
from measure import POMONA, REPOSITORY, count_images, test_data

sys.path.insert(0, str(REPOSITORY / "tests"))

from servers.proxy import FaultProxy  # noqa: E402
from servers.s3 import VersityGateway  # noqa: E402

COPIES = 20
ROWS_PER_FILE = 1024
CHUNK_ROWS = 8192  # of an IPC stream, as pomona.spark sends references


def say(name: str, text: str) -> None:
    print(f"{name:<34} {text}", flush=True)


def fill(server: VersityGateway) -> int:
    """Puts the images into bucket `scale` once, then links them COPIES times. Images in all."""
    keys = server.credentials()
    store = pyarrow.fs.S3FileSystem(
        access_key=keys["AWS_ACCESS_KEY_ID"],
        secret_key=keys["AWS_SECRET_ACCESS_KEY"],
        region=keys["AWS_REGION"],
        endpoint_override=server.endpoint,
        allow_bucket_creation=True,
        allow_delayed_open=True,
    )
    store.create_dir("scale")
    pyarrow.fs.copy_files(str(test_data()), "scale/once", destination_filesystem=store)
    bucket = server.folder / "data" / "scale"
    for number in range(COPIES):
        # The server keeps ETags in attributes of the files, which links share.
        shutil.copytree(bucket / "once", bucket / f"copies/{number:03}", copy_function=os.link)
    return count_images(bucket)


def listing(source: str, endpoint: str, env: dict) -> tuple[float, float]:
    """Wall clock and CPU seconds of `pomona list`."""
    start = time.monotonic()
    process = subprocess.Popen(
        [POMONA, "list", source, "--summary", "--s3-endpoint", endpoint],
        stdout=subprocess.DEVNULL,
        env=env,
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise RuntimeError(f"pomona list {source} failed")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime


def measure_listing(name: str, images: int, endpoint: str, env: dict) -> None:
    """The process's own start is taken off: the difference between many images and few."""
    few_wall, few_cpu = listing("s3://scale/once", endpoint, env)
    wall, cpu = listing("s3://scale", endpoint, env)
    more = images - images // (COPIES + 1)
    say(
        f"listing, {name}",
        f"{more / (wall - few_wall):,.0f} images/s, {(cpu - few_cpu) / more * 1e6:.1f} µs of CPU "
        f"an image; {(wall - few_wall) / more * 1e6:.1f} ms a page of 1,000",
    )


def measure_references(references: list[pathlib.Path]) -> None:
    columns = ["uri", "size", "mtime", "version", "label"]
    table = pa.concat_tables(pq.read_table(path, columns=columns) for path in references)
    sink = pa.BufferOutputStream()
    for start in range(0, table.num_rows, CHUNK_ROWS):
        options = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", compression_level=6))
        with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
            writer.write_table(table.slice(start, CHUNK_ROWS).combine_chunks())
    say("reference in compressed Arrow IPC", f"{sink.tell() / table.num_rows:.1f} bytes")
    sample = table.column("uri")[0].as_py()
    say("", f"plain: {table.nbytes / table.num_rows:.0f} bytes; such as {sample}")


def measure_table(precision: str, endpoint: str, env: dict) -> None:
    with tempfile.TemporaryDirectory(prefix="pomona-bench-") as scratch:
        output = pathlib.Path(scratch) / "table"
        subprocess.run(
            [POMONA, "extract", "s3://scale/once", output, "--quiet", "--precision", precision,
             "--rows-per-file", str(ROWS_PER_FILE), "--s3-endpoint", endpoint],
            check=True, env=env,
        )  # fmt: skip
        inner = output / "_pomona"
        references = sorted((inner / "references").iterdir())
        if precision == "f32":
            measure_references(references)
            stored = sum(path.stat().st_size for path in references)
            rows = sum(pq.read_metadata(path).num_rows for path in references)
            say("reference in a part's Parquet", f"{stored / rows:.1f} bytes")
            entries = [path.stat().st_size for path in (inner / "manifest").iterdir()]
            say("manifest entry of a part", f"{sum(entries) / len(entries):.0f} bytes")
        parts = list(output.glob("part-*"))
        data = sum(path.stat().st_size for path in parts)
        values = sum(pq.read_metadata(path).num_rows for path in parts)
        say(f"row of 1,280 features in {precision}", f"{data / values:,.0f} bytes of Parquet")


def main() -> None:
    server = VersityGateway()
    env = {**os.environ, **server.credentials()}
    try:
        images = fill(server)
        say("images", f"{images:,}")
        measure_listing("S3 server here", images, server.endpoint, env)
        with FaultProxy(server.endpoint, "--latency", "20ms") as proxy:
            measure_listing("S3 server 20 ms away", images, proxy.endpoint, env)
        for precision in ("f32", "bf16"):
            measure_table(precision, server.endpoint, env)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
