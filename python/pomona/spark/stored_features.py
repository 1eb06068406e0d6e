"""Features that are stored as they stand: the tasks read their files with the core."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa
from pyspark.sql import DataFrame

import pomona
from pomona.spark import hadoop, hdfs
from pomona.spark.shares import share_frame
from pomona.spark.worker import task_threads

Task = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]

_READ_BY_THE_CORE = frozenset({"file", "s3", "s3a", "hdfs"})


def in_tasks(features: DataFrame, tasks: int, task: Task, schema: str) -> DataFrame | None:
    """What features.coalesce(tasks).mapInArrow(task, schema) gives, up to the rows' order, without
    the JVM between the files and `task`.

    `features` has one column. None where this is not possible: it is not the column of a Parquet
    table as it is stored (anything filtered, joined, cached, computed), there are fewer files than
    tasks, the core does not know their storage, or nobody can tell, as on Spark Connect.
    """
    files = _files(features)
    places = {urlsplit(file)[:2] for file in files}
    if len(files) < tasks or len(places) != 1 or places.pop()[0] not in _READ_BY_THE_CORE:
        return None
    spark = features.sparkSession
    shares = [json.dumps(files[first::tasks]).encode() for first in range(tasks)]
    read = _Read(features.columns[0], hadoop.storage_options(spark, files[0]), task)
    return share_frame(spark, shares).mapInArrow(read, schema)


def _files(features: DataFrame) -> list[str]:
    """URIs of the Parquet files that hold `features` and nothing else; none if there is more to it.

    That shows in the optimised plan, which is a file relation, or its projection to the column.
    """
    if not hasattr(features, "_jdf"):
        return []
    plan = features._jdf.queryExecution().optimizedPlan()
    if _class(plan) == "Project":
        if _class(plan.projectList().head()) != "AttributeReference":
            return []
        plan = plan.child()
    if _class(plan) != "LogicalRelation" or _class(plan.relation()) != "HadoopFsRelation":
        return []
    relation = plan.relation()
    if _class(relation.fileFormat()) != "ParquetFileFormat":
        return []
    if features.columns[0] not in list(relation.dataSchema().fieldNames()):  # Spark ignores case
        return []
    return [unquote(file) for file in features.inputFiles()]


def _class(java: Any) -> str:
    return java.getClass().getSimpleName()


class _Read:
    """Shares of file names in; what `task` makes of the features in those files out.

    Travels inside the function that Spark pickles, and nowhere else: `storage` may hold
    credentials."""

    def __init__(self, column: str, storage: dict[str, Any], task: Task):
        self._column = column
        self._storage = storage
        self._task = task

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        shares = (share for batch in batches for share in batch.column(0))
        return self._task(
            self._rows(file for share in shares for file in json.loads(share.as_py()))
        )

    def _rows(self, files: Iterator[str]) -> Iterator[pa.RecordBatch]:
        for file in files:
            hdfs.prepare(file)
            yield from pomona.read_features(
                file, column=self._column, threads=task_threads(), storage=self._storage
            )
