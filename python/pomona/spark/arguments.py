"""The command line of the job: the options of `pomona extract`, and Spark's write modes."""

from __future__ import annotations

import argparse
import re
from typing import Any

import pomona
from pomona.spark import options as option_names

_UNITS = {"": 1, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30}
_UNITS |= {short: _UNITS[f"{short[0]}ib"] for short in ("k", "kb", "m", "mb", "g", "gb")}

# The keys are not for a command line, which others can read: Hadoop's configuration has them.
_SECRETS = frozenset({"s3_access_key", "s3_secret_key", "s3_session_token"})


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
        epilog="Exit codes: 0 done, 1 the job failed, 2 refused (nothing changed), 3 damaged data, "
        "4 too many images without features (--max-rejects), 130 interrupted.",
        argument_default=argparse.SUPPRESS,
        allow_abbrev=False,
    )
    made.add_argument("source", metavar="SOURCE", help="folder, s3a://bucket/prefix, hdfs://...")
    made.add_argument("output", metavar="OUTPUT", help="folder or URI that Spark can write")
    _add(made, "source")
    _add(made.add_argument_group("Storage", "adds to what spark.hadoop.fs.s3a.* says"), "storage")
    _add(made.add_argument_group("Model"), "model")
    _add(made.add_argument_group("Images"), "images")

    group = made.add_argument_group("Output")
    group.add_argument(
        "--mode", choices=["errorifexists", "overwrite", "append", "ignore"],
        default="errorifexists",
        help="where OUTPUT is there already (errorifexists); overwrite removes an earlier table, "
        "nothing else",
    )  # fmt: skip
    group.add_argument("--overwrite", action="store_const", const="overwrite", dest="mode",
                       help="--mode overwrite")  # fmt: skip
    _add(group, "output", but={"overwrite"})
    group.set_defaults(features_as="array", on_error="reject", max_rejects=None)
    group.add_argument("--report", metavar="FILE", default=None, help="report also to this file")
    group.add_argument("--json", action="store_true", default=False, help="report to stdout")
    group.add_argument("--quiet", action="store_true", default=False, help="only errors")

    group = made.add_argument_group("Spark", "threads and below: of each task")
    group.add_argument("--master", default=None, help="where spark-submit does not say it")
    group.add_argument("--name", default="pomona", help="of the application (pomona)")
    group.add_argument("--partitions", type=int, default=None, metavar="N",
                       help="tasks to cut the images into (some 20 s of work each)")  # fmt: skip
    _add(group, "resources")
    _add(group, "stream")
    made.add_argument("--version", action="version", version=f"pomona {pomona.__version__}")
    return made


def _add(group: Any, name: str, but: frozenset[str] | set[str] = _SECRETS) -> None:
    """The options of a group of the table."""
    for option in option_names.TABLE.values():
        if option["group"] == name and option["name"] not in but:
            group.add_argument(option["flag"], dest=option["name"], **_kind(option))


def _kind(option: dict[str, Any]) -> dict[str, Any]:
    kind: dict[str, Any] = {"help": option_names.describe(option).replace("%", "%%")}
    if option["type"] == "flag":
        # What is on by itself here can be turned off.
        is_on = option_names.DEFAULTS.get(option["name"]) == "True"
        kind["action"] = argparse.BooleanOptionalAction if is_on else "store_true"
    elif option["type"] == "patterns":
        kind["action"] = "append"
    elif option["choices"]:
        kind["choices"] = option["choices"]
    elif option["unit"] == "bytes":
        kind |= {"type": size, "metavar": "SIZE"}
    elif option["unit"] == "seconds":
        kind |= {"type": float, "metavar": "SECONDS"}
    elif option["type"] == "integer":
        kind |= {"type": int, "metavar": "N"}
    elif option["type"] == "limit":
        kind["metavar"] = "N|P%"
    return kind


def storage_of(arguments: argparse.Namespace) -> dict[str, Any]:
    return {name: value for name, value in vars(arguments).items() if name in option_names.STORAGE}
