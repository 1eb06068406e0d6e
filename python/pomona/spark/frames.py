"""Features of a folder, a bucket or a column of images, as a DataFrame."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import Any, NamedTuple, Unpack

from pyspark.sql import Column, DataFrame, functions

import pomona
from pomona._signature import takes
from pomona.options import SparkColumnOptions, SparkOptions
from pomona.reports import NetworkReport
from pomona.spark import given, hadoop, hdfs, images
from pomona.spark import options as option_names
from pomona.spark.accumulators import Rejects, counters
from pomona.spark.column import features_of
from pomona.spark.options import TaskOptions
from pomona.spark.shares import (
    Listed,
    check,
    list_shares,
    row_schema,
    share_frame,
    task_cpus,
)
from pomona.spark.worker import ExtractColumn, ExtractReferences

# For DataFrameWriter.options, where features are written as Parquet. Hardly two of them are equal,
# and Spark's writer gives up the dictionary that it begins for each column only when it is full.
# Nobody looks for rows by the least and greatest of all their features. Our own writer leaves out
# both, too.
PARQUET_OPTIONS = {
    f"parquet.{what}#{column}": "false"
    for what in ("enable.dictionary", "column.statistics.enabled")
    for column in (
        "features.list.element",
        "features.values.list.element",
        "views.list.element.features.list.element",
    )
}


@takes(SparkOptions)
def extract(
    spark,
    source: str | PathLike[str] | Sequence[str | PathLike[str]],
    *,
    storage: dict[str, Any] | None = None,
    partitions: int | None = None,
    on_error: str = "reject",
    rejects: bool = False,
    features_as: str = "array",
    **options: Unpack[SparkOptions],
) -> DataFrame:
    """A DataFrame (path string, label string, features array<float>), a row an image below
    `source`, in the order and with the values of `pomona extract`. With `views`, one more column of
    that name: array<struct<view: string, features: array<float>>>.

    `source`: a folder that all machines see, s3a://bucket/prefix, hdfs://..., or a list of them,
    one after the other (an image below two of them comes twice). It is listed now, on the driver;
    images are read by the tasks, once each time the DataFrame is computed: write it, or cache it.
    No image passes through the JVM or a shuffle.

    `storage`: as in pomona.extract; adds to what the session's Hadoop configuration says.
    `partitions`: into how many tasks the images are cut, evenly by number and bytes. Default: some
    20 s of work each, all cores busy.
    `on_error`: "reject" leaves out images without features; "fail" fails the job, with the URI.
    `rejects`: two more columns, reject and message, and those images too, without features.
    `features_as`: "array", or "vector" for Spark ML's VectorUDT.
    The rest are options of pomona.list_images and pomona.extract, but `threads` is spark.task.cpus
    and `share_cores` True unless given.

    On Spark Connect the server lists, through the data source "pomona".
    Errors: TypeError, InvalidOption and NotFound for a bad option, before anything is listed;
    StorageError when the source cannot be listed. Cost of the driver: some 35 bytes an image.
    """
    given.check_session(spark)
    check_format(features_as)
    if not hasattr(spark, "_jsparkSession"):
        from pomona.spark.data_source import load

        frame = load(
            spark, given.sources_of(source), storage=storage,
            partitions=given.number_of_partitions(partitions), on_error=on_error,
            rejects=rejects, **options,
        )  # fmt: skip
        return as_features(frame, features_as)
    extraction = prepare(spark, source, storage, partitions, on_error, options)
    frame = extraction.rows(spark, extraction.list(spark), with_rejects=rejects)
    return as_features(frame, features_as)


class Extraction(NamedTuple):
    """A source and all that its tasks need to know, checked."""

    sources: list[str]
    listing: dict[str, Any]
    options: TaskOptions
    partitions: int | None
    network: NetworkReport

    def list(self, spark) -> Listed:
        """Lists the sources now."""
        return list_shares(
            self.sources, self.listing, self.options.storage, self.partitions,
            spark.sparkContext.defaultParallelism,
        )  # fmt: skip

    def rows(
        self,
        spark,
        listed: Listed,
        with_rejects: bool = False,
        collect_rejects: Rejects | None = None,
    ) -> DataFrame:
        """`collect_rejects` takes what has no row."""
        task = ExtractReferences(self.options, with_rejects, counters(spark), collect_rejects)
        schema = row_schema(self.options.has_views, with_rejects)
        return share_frame(spark, listed.shares).mapInArrow(task, schema)


def prepare(
    spark,
    source: Any,
    storage: dict[str, Any] | None,
    partitions: int | None,
    on_error: str,
    options: dict[str, Any],
) -> Extraction:
    """What extract() is told, completed by what classic Spark's configuration says."""
    given.check_session(spark)
    partitions = given.number_of_partitions(partitions)
    asked = option_names.split(options)
    sources = [hadoop.qualified(spark, one) for one in given.sources_of(source)]
    storage = {**_storage_of_all(spark, sources), **(storage or {})}
    hdfs.prepare(*sources)
    task_options = asked.for_tasks(storage, on_error, sources)
    network = check(task_options, task_cpus(spark))
    return Extraction(sources, asked.listing, task_options, partitions, network)


def _storage_of_all(spark, sources: list[str]) -> dict[str, Any]:
    """What the session's configuration says about the buckets of all sources: the same."""
    first, *others = (hadoop.storage_options(spark, source) for source in sources)
    if any(other != first for other in others):
        raise pomona.InvalidOption(
            "the buckets of these sources have fs.s3a.bucket.* settings that differ\n"
            "hint: extract them one by one, and union() the DataFrames"
        )
    return first


def check_format(features_as: str) -> None:
    if features_as not in ("array", "vector"):
        raise pomona.InvalidOption(f"features_as must be array or vector, got `{features_as}`")


@takes(SparkColumnOptions)
def extract_column(
    frame: DataFrame,
    input_col: str | Column,
    output_col: str = "features",
    *,
    storage: dict[str, Any] | None = None,
    on_error: str = "reject",
    rejects: bool = False,
    features_as: str = "array",
    decode: bool = False,
    **options: Unpack[SparkColumnOptions],
) -> DataFrame:
    """`frame` with the features of the images in `input_col`, in a new column `output_col`.

    `input_col` is a column's name, that of a nested field ("image.origin"), or a Column. By its
    type: string, the path of an image, as binaryFile shows it or `pomona.list_images` gives it,
    which the tasks read with one request; binary, the bytes of a file (`content` of binaryFile);
    struct, Spark's `image` (BGR; modes 0, 16 and 24). All rows and other columns stay; with `views`
    there is one more column of that name. An image
    without features has null there, and with `rejects` its reason in the columns `reject` and
    `message`; `on_error="fail"` fails the job.

    `decode`: paths are percent-encoded, as of input_file_name(), _metadata.file_path and
    image.origin, while names are otherwise taken as they are.

    Give this DataFrame enough partitions for its images: they are not moved. `storage`,
    `features_as` and the other options as in extract(); a path does not tell the bucket at this
    moment, so of the fs.s3a.* settings only those that hold for all buckets count.
    Errors: TypeError; InvalidOption, also where a new column is there already; NotFound.
    """
    given.check_frame(frame)
    check_format(features_as)
    spark = frame.sparkSession
    column, data_type = given.input_column(frame, input_col)
    asked = option_names.without_listing(options)
    storage = {**hadoop.storage_options(spark), **(storage or {})}
    task_options = asked.for_tasks(storage, on_error)
    others = (["views"] if task_options.has_views else []) + (
        ["reject", "message"] if rejects else []
    )
    given.check_new_columns(frame, [output_col, *others])
    as_batch = images.reader_of(data_type, decode)
    check(task_options, task_cpus(spark))
    result = features_of(column, ExtractColumn(task_options, as_batch, counters(spark)))
    # One column first, and its parts after: so it is computed once.
    hidden = "__pomona"
    added = {output_col: functions.col(f"{hidden}.features")}
    added |= {name: functions.col(f"{hidden}.{name}") for name in others}
    frame = frame.withColumn(hidden, result).withColumns(added).drop(hidden)
    return as_features(frame, features_as, output_col)


def as_features(frame: DataFrame, features_as: str, column: str = "features") -> DataFrame:
    """`frame` with its feature column as "array" (it is one) or "vector"."""
    if features_as == "array":
        return frame
    from pyspark.ml.functions import array_to_vector

    features = functions.col(f"`{column}`")
    vector = functions.when(features.isNotNull(), array_to_vector(features))
    return frame.withColumn(column, vector)
