"""A whole job: list, extract, write, report."""

from __future__ import annotations

import argparse
import pathlib
import sys
import tempfile
import time
from typing import Any, Unpack

from pyspark.sql import SparkSession

import pomona
from pomona._core import shown_message, shown_uri
from pomona._signature import takes
from pomona.options import SparkOptions
from pomona.spark import arguments as command_line
from pomona.spark import frames, given, hadoop, references, report, shares
from pomona.spark import options as option_names
from pomona.spark.accumulators import Rejects, counters
from pomona.spark.failure import kind_of, message_of
from pomona.spark.output_store import SUCCESS, OutputStore
from pomona.spark.worker import REJECTS, decode_shares

DONE, FAILED, REFUSED, DAMAGED, TOO_MANY_REJECTS, INTERRUPTED = 0, 1, 2, 3, 4, 130
REJECTS_FOLDER = "_pomona/rejects"
REPORT_FILE = "_pomona/report.json"

# The mark is written here, when all is: Spark's committer would write it before the rejects, and
# before anybody knows that there are too many.
_UNMARKED = {"mapreduce.fileoutputcommitter.marksuccessfuljobs": "false"}


@takes(SparkOptions)
def run(
    spark: SparkSession,
    source: str,
    output: str,
    *,
    mode: str = "errorifexists",
    storage: dict[str, Any] | None = None,
    partitions: int | None = None,
    on_error: str = "reject",
    max_rejects: str | int | None = None,
    features_as: str = "array",
    **options: Unpack[SparkOptions],
) -> dict[str, Any] | None:
    """Writes the features of `source` to `output` with Spark's own committer, then the rejects as
    the table OUTPUT/_pomona/rejects and the report as OUTPUT/_pomona/report.json. Returns the
    report; None where mode "ignore" found the output there.

    `mode`: as of Spark's DataFrameWriter, but "overwrite" removes an earlier table, nothing else,
    once the source is listed: an output that is the source, holds it, or holds anything but a table
    is refused. The rest as in pomona.spark.extract. Every image is read and computed once for both
    tables. Not on Spark Connect.
    `max_rejects`: how many images may have no features, "100" or "2.5%"; None: any number, but not
    all. More are an error, and the output, which is there with its rejects and report, has no
    _SUCCESS.
    Errors: InvalidOption, NotFound, StorageError (also if all images vanished after they were
    listed), TooManyRejects; what Spark raises when the job fails.
    """
    began = time.monotonic()
    limit = pomona.RejectLimit(max_rejects)
    given.check_session(spark)
    store = OutputStore(spark, output)
    store.refuse_other_things([hadoop.qualified(spark, source)])
    if mode in ("errorifexists", "ignore") and store.exists():
        if mode == "ignore":
            return None
        raise pomona.InvalidOption(
            f"{output} is there already\nhint: mode is overwrite, append or ignore"
        )
    sums = counters(spark)
    before, before_rejects = sums.value(), sums.rejects()
    collected = Rejects(spark.sparkContext)
    extraction = frames.prepare(spark, source, storage, partitions, on_error, options)
    listed = extraction.list(spark)
    if not listed.summary["references"]:
        raise pomona.InvalidOption(
            ": ".join([f"no images in {source}", *listed.summary["remarks"]])
        )
    frame = extraction.rows(spark, listed, collect_rejects=collected)
    extracting = time.monotonic()
    if mode == "overwrite":
        store.clear()
    writer = frames.as_features(frame, features_as).write.options(
        **frames.PARQUET_OPTIONS, **_UNMARKED
    )
    # Spark's own overwriting takes all that lies there, whatever it is.
    writer.mode("append" if mode == "overwrite" else mode).parquet(output)
    extract_seconds = time.monotonic() - extracting

    rejected = collected.table(REJECTS)
    if rejected.num_rows:
        table = shares.share_frame(spark, [references.encode(rejected)])
        table = table.mapInArrow(
            decode_shares, "uri string, label string, reason string, message string, size long"
        )
        table.write.mode("append").parquet(f"{output.rstrip('/')}/{REJECTS_FOLDER}")

    counted = {name: value - before[name] for name, value in sums.value().items()}
    reasons = {
        reason: number - before_rejects.get(reason, 0)
        for reason, number in sums.rejects().items()
        if number > before_rejects.get(reason, 0)
    }
    if not counted["images"] and reasons.keys() == {"not_found"}:
        raise pomona.StorageError(
            f"all {reasons['not_found']} images of {source} vanished after they were listed"
        )
    made = report.make(
        extraction.sources[0], output, extraction.network, counted, reasons,
        counted["images"], time.monotonic() - began, extract_seconds,
        spark.sparkContext.defaultParallelism, frame.rdd.getNumPartitions(),
        listed.summary,
    )  # fmt: skip
    store.write(REPORT_FILE, report.text(made))
    try:
        limit.check(made["references"], reasons)
    except pomona.TooManyRejects:
        store.delete(SUCCESS)  # that of a table which this one was appended to
        raise
    store.write(SUCCESS, "")
    return made


def main(command: list[str] | None = None) -> int:
    """The command line; its exit code."""
    arguments = command_line.parser().parse_args(command)
    try:
        return _main(arguments)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        print(f"error: {shown_message(message_of(error))}", file=sys.stderr)
        if isinstance(error, pomona.TooManyRejects):
            return TOO_MANY_REJECTS
        # On the driver alone: what a task meets is met when there is something there already.
        if isinstance(error, pomona.InvalidOption | pomona.NotFound):
            return REFUSED
        return DAMAGED if kind_of(error) is pomona.DamagedData else FAILED


def _main(arguments: argparse.Namespace) -> int:
    storage = command_line.storage_of(arguments)
    options = {
        name: value for name, value in vars(arguments).items() if name in option_names.OPTIONS
    }
    asked = option_names.split(options)
    # Before a session is started, or a cluster asked for machines. The source is not looked at:
    # where its credentials are is known when there is a session.
    with tempfile.TemporaryDirectory() as nothing:
        pomona.list_images(nothing, **asked.listing, storage=storage)
    pomona.RejectLimit(arguments.max_rejects)
    given.number_of_partitions(arguments.partitions)
    shares.check(asked.for_tasks(storage, arguments.on_error))

    builder = SparkSession.builder.appName(arguments.name)
    if arguments.master:
        builder = builder.master(arguments.master)
    spark = builder.getOrCreate()
    try:
        made = run(
            spark, arguments.source, arguments.output, mode=arguments.mode, storage=storage,
            partitions=arguments.partitions, on_error=arguments.on_error,
            max_rejects=arguments.max_rejects, features_as=arguments.features_as, **options,
        )  # fmt: skip
    finally:
        spark.stop()
    if made is None:
        if not arguments.quiet:
            print(f"{shown_uri(arguments.output)} is there already: nothing done", file=sys.stderr)
        return DONE
    if arguments.report:
        pathlib.Path(arguments.report).write_text(report.text(made))
    if arguments.json:
        print(report.text(made), end="")
    if not arguments.quiet:
        print(report.summary(made), file=sys.stderr)
        for remark in made["remarks"]:
            print(remark, file=sys.stderr)
    return DONE
