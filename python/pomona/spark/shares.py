"""What every way into Spark needs: the network checked on the driver, the listing cut for tasks."""

from __future__ import annotations

from typing import Any, NamedTuple

from pyspark.sql import DataFrame

import pomona
from pomona.reports import NetworkReport
from pomona.spark import hdfs, references
from pomona.spark.options import TaskOptions
from pomona.spark.worker import with_shipped_model

_VIEWS = "array<struct<view: string, features: array<float>>>"


def row_schema(has_views: bool, with_rejects: bool) -> str:
    """Of the rows of a task: path, label, features, and what else is asked for."""
    views = f", views {_VIEWS}" if has_views else ""
    rejects = ", reject string, message string" if with_rejects else ""
    return f"path string, label string, features array<float>{views}{rejects}"


def column_schema(has_views: bool) -> str:
    """Of what a task makes of one image."""
    views = f", views: {_VIEWS}" if has_views else ""
    return f"struct<features: array<float>{views}, reject: string, message: string>"


class Listed(NamedTuple):
    """The references of a source, cut for the tasks, and what their listing left out."""

    shares: list[bytes]
    summary: pomona.ListingSummary


def check(options: TaskOptions, task_cpus: int = 1) -> NetworkReport:
    """Loads the network once and forgets it: a bad option shows here and not in a task. Also leaves
    the compiled network in the cache, where workers on this machine find it: a network is compiled
    for a number of threads, so it is for theirs."""
    usual = {"share_cores": True, "threads": task_cpus}
    extraction = with_shipped_model(options.extraction)
    loaded = pomona.Extractor(**{**usual, **extraction}, storage=options.storage)
    width, height = loaded.input_size
    return NetworkReport(
        name=loaded.model,
        digest=loaded.model_digest,
        features=loaded.feature_tensor,
        features_origin=loaded.feature_origin,
        features_layout=loaded.feature_layout,
        feature_dim=loaded.feature_dim,
        precision=loaded.precision,
        width=width,
        height=height,
        views=loaded.views,
    )


def task_cpus(spark) -> int:
    """Cores of a task; a Connect client cannot know, and takes Spark's default."""
    if not hasattr(spark, "_jsparkSession"):
        return 1
    return int(spark.sparkContext.getConf().get("spark.task.cpus", "1"))


def list_shares(
    sources: list[str],
    listing: dict[str, Any],
    storage: dict[str, Any],
    partitions: int | None,
    parallelism: int,
) -> Listed:
    """Lists the sources, and cuts the references for the tasks: see references.cut."""
    hdfs.prepare(*sources)
    images = pomona.list_images(sources, **listing, storage=storage)
    chunks = references.chunks(images)
    cost = sum(chunk.cost for chunk in chunks)
    shares = references.cut(chunks, partitions or references.share_count(cost, parallelism))
    return Listed(shares, images.summary())


def share_frame(spark, shares: list[bytes]) -> DataFrame:
    """One binary column, `share`, one row a partition, one partition a share.

    Built by the JVM from the bytes that SparkContext.parallelize hands it, as a DataFrame made from
    a Python RDD would run a second Python worker in every task, and that one may get the network.
    """
    context = spark.sparkContext
    count = max(len(shares), 1)
    raw = context._serialize_to_jvm(
        shares,
        _Raw(),
        lambda file: context._jvm.PythonRDD.readRDDFromFile(context._jsc, file, count),
        lambda: context._jvm.PythonParallelizeServer(context._jsc.sc(), count),
    )
    encoder = context._jvm.org.apache.spark.sql.Encoders.BINARY()
    frame = spark._jsparkSession.createDataset(raw.rdd(), encoder).toDF()
    return DataFrame(frame, spark).withColumnRenamed("value", "share")


class _Raw:
    """Writes byte strings as PythonRDD reads them: a length, then the bytes."""

    def dump_stream(self, iterator, stream) -> None:
        for data in iterator:
            stream.write(len(data).to_bytes(4, "big"))
            stream.write(data)
