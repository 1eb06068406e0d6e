"""The command line of `pomona pack`."""

import argparse
import pathlib
import sys

from pomona.pack.packer import PackError, pack


def main(arguments: list[str]) -> int:
    """Exit code: 0 done, 1 failed, 2 refused."""
    parser = argparse.ArgumentParser(
        prog="pomona pack",
        description="Makes one archive with all that a cluster's workers need: "
        "spark-submit --archives env.tar.gz#env --conf spark.pyspark.python=./env/bin/python",
    )
    parser.add_argument(
        "--output",
        type=pathlib.Path,
        default=pathlib.Path("env.tar.gz"),
        metavar="FILE",
        help="the archive (default: env.tar.gz); replaced if it is there",
    )
    parser.add_argument(
        "--with",
        action="append",
        default=[],
        dest="packages",
        metavar="PACKAGE",
        help="an installed package to add, with what it depends on; repeatable",
    )
    options = parser.parse_args(arguments)
    try:
        archive = pack(options.output, options.packages)
    except (PackError, OSError) as error:
        message, _, hint = str(error).partition("\nhint: ")
        print(f"error: {message}", file=sys.stderr)
        if hint:
            print(f"hint: {hint}", file=sys.stderr)
        return 2 if isinstance(error, PackError) else 1
    print(f"{archive.path}  {archive.size / 1e6:.1f} MB  sha256:{archive.sha256}")
    return 0
