"""The command line of the job: the options of `pomona extract`, and Spark's write modes."""

from __future__ import annotations

import argparse
import re
from typing import Any

import pomona

_UNITS = {"": 1, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30}
_UNITS |= {short: _UNITS[f"{short[0]}ib"] for short in ("k", "kb", "m", "mb", "g", "gb")}


def size(text: str) -> int:
    """Bytes, as 64MiB; the units are powers of 1024, as in `pomona extract`."""
    match = re.fullmatch(r"(\d+)\s*([a-z]*)", text.strip().lower())
    if not match or match[2] not in {*_UNITS, "b"}:
        raise argparse.ArgumentTypeError(f"not a size: `{text}`")
    return int(match[1]) * _UNITS.get(match[2], 1)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m pomona.spark",
        description="Makes a feature table on Spark.",
        epilog="Exit codes: 0 done, 1 the job failed, 2 refused (nothing begun), 130 interrupted.",
        argument_default=argparse.SUPPRESS,
        allow_abbrev=False,
    )
    made.add_argument("source", metavar="SOURCE", help="folder, s3a://bucket/prefix, hdfs://...")
    made.add_argument("output", metavar="OUTPUT", help="folder or URI that Spark can write")
    made.add_argument("--glob", action="append", help="file name pattern, in any case; repeatable")
    made.add_argument("--label", help="parent (default), none, or a regular expression")

    group = made.add_argument_group("Storage", "adds to what spark.hadoop.fs.s3a.* says")
    group.add_argument("--s3-endpoint", metavar="URL", help="another S3 server, for reading")
    group.add_argument("--s3-region", help="region of the bucket, for reading")
    group.add_argument("--s3-anonymous", action="store_true", help="do not sign reads")
    group.add_argument("--timeout", type=float, metavar="SECONDS", help="of one request (30)")
    group.add_argument("--max-attempts", type=int, metavar="N", help="tries of a request (8)")

    group = made.add_argument_group("Model")
    group.add_argument("--model", help="name in the catalogue, or a path (efficientnet-lite0)")
    group.add_argument("--features", metavar="TENSOR", help="tensor to read")
    group.add_argument("--features-layout", choices=["NCHW", "NHWC"], help="of that tensor")
    group.add_argument("--precision", choices=["f32", "bf16", "auto"], help="(f32)")
    group.add_argument("--preprocess", help="normalisation for a model without a card")

    group = made.add_argument_group("Images")
    group.add_argument("--resize", choices=["bicubic", "bilinear", "nearest"], help="(bicubic)")
    group.add_argument("--background", metavar="COLOUR", help="behind transparent images")
    group.add_argument("--exif-rotate", action="store_true", help="turn images as EXIF says")
    group.add_argument("--max-pixels", type=int, metavar="N", help="reject larger images")
    group.add_argument("--dct-scaling", action="store_true", help="shrink large JPEGs decoding")

    group = made.add_argument_group("Output")
    group.add_argument(
        "--mode", choices=["errorifexists", "overwrite", "append", "ignore"],
        default="errorifexists", help="where OUTPUT is there already (errorifexists)",
    )  # fmt: skip
    group.add_argument("--overwrite", action="store_const", const="overwrite", dest="mode",
                       help="--mode overwrite")  # fmt: skip
    group.add_argument("--features-as", choices=["array", "vector"], default="array",
                       help="list of float (default), or Spark ML vector")  # fmt: skip
    group.add_argument("--on-error", choices=["reject", "fail"], default="reject",
                       help="record bad images and go on (default), or fail the job")  # fmt: skip
    group.add_argument("--report", metavar="FILE", default=None, help="report also to this file")
    group.add_argument("--json", action="store_true", default=False, help="report to stdout")
    group.add_argument("--quiet", action="store_true", default=False, help="only errors")

    group = made.add_argument_group("Spark")
    group.add_argument("--master", default=None, help="where spark-submit does not say it")
    group.add_argument("--name", default="pomona", help="of the application (pomona)")
    group.add_argument("--partitions", type=int, default=None, metavar="N",
                       help="tasks to cut the images into (some 20 s of work each)")  # fmt: skip
    group.add_argument("--threads", type=int, metavar="N", help="of a task (spark.task.cpus)")
    group.add_argument("--memory", type=size, metavar="SIZE",
                       help="fetched bytes that wait for a decoder, a task (64MiB)")  # fmt: skip
    group.add_argument("--fetches", type=int, metavar="N", help="requests under way, a task")
    group.add_argument("--cache", dest="cache_dir", metavar="DIR",
                       help="folder for compiled models, on each machine")  # fmt: skip
    made.add_argument("--version", action="version", version=f"pomona {pomona.__version__}")
    return made


STORAGE = ("s3_endpoint", "s3_region", "s3_anonymous", "timeout", "max_attempts")


def storage_of(arguments: argparse.Namespace) -> dict[str, Any]:
    return {name: getattr(arguments, name) for name in STORAGE if hasattr(arguments, name)}
