"""spark.read.format("pomona"): Spark 4's Python data source, on Spark Connect too."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition
from pyspark.sql.pandas.types import to_arrow_schema

import pomona
from pomona.spark import given, hadoop, shares
from pomona.spark import options as option_names
from pomona.spark.options import TaskOptions
from pomona.spark.worker import ExtractReferences

# What is neither of the table nor text, as the table would have it.
_TYPES = {"partitions": "integer", "rejects": "flag", "paths": "json"}
_TYPES |= {name: option["type"] for name, option in option_names.TABLE.items()}
_OWN = frozenset({"path", "paths", "partitions", "on_error", "rejects"})


class PomonaDataSource(DataSource):
    """Rows (path, label, features) of the images below the path that is loaded.

    Options are those of pomona.spark.extract and, one by one, of its `storage`, as text: a number,
    "true", a list of globs with commas. register() makes Spark know it, with the storage settings
    of the session; without, and on Connect, credentials are found on the server's machines as the
    AWS SDK finds them.
    """

    # Of the session that registered: see register().
    session_storage: dict[str, Any] = {}
    parallelism = 1
    task_cpus = 1

    @classmethod
    def name(cls) -> str:
        return "pomona"

    def schema(self) -> str:
        values = self._values()
        asked = {name: value for name, value in values.items() if name in option_names.EXTRACTION}
        options = option_names.split(asked).for_tasks({}, "reject")
        return shares.row_schema(options.has_views, bool(values.get("rejects")))

    def reader(self, schema) -> _Reader:
        values = self._values()
        # Spark gives one path as it is, several as a list in JSON.
        sources = values.get("paths") or [path for path in [values.get("path")] if path]
        if not sources:
            raise pomona.InvalidOption('no source\nhint: .load("s3a://bucket/photos")')
        storage = {name: values.pop(name) for name in values.keys() & option_names.STORAGE}
        own = {name: values.pop(name) for name in values.keys() & _OWN}
        asked = option_names.split(values)
        return _Reader(
            sources,
            asked.listing,
            asked.for_tasks(
                {**self.session_storage, **storage}, own.get("on_error", "reject"), sources
            ),
            own.get("partitions"),
            bool(own.get("rejects")),
            self.parallelism,
            to_arrow_schema(schema),
            self.task_cpus,
        )

    def _values(self) -> dict[str, Any]:
        return {name: _parse(name, text) for name, text in self.options.items()}


def _parse(name: str, text: str) -> Any:
    kind = _TYPES.get(name)
    try:
        return _READERS[kind](text) if kind in _READERS else text
    except (ValueError, KeyError):
        wanted = "true or false" if kind == "flag" else "a number"
        raise pomona.InvalidOption(f"{name} must be {wanted}, got `{text}`") from None


def _patterns(text: str) -> list[str]:
    """What commas separate; those in braces, or behind a backslash, are part of a pattern."""
    patterns, depth, escaped = [""], 0, False
    for letter in text:
        if letter == "," and not depth and not escaped:
            patterns.append("")
            continue
        patterns[-1] += letter
        if not escaped:
            depth += (letter == "{") - (letter == "}" and depth > 0)
        escaped = letter == "\\" and not escaped
    return patterns


_READERS = {
    "integer": int,
    "number": float,
    "flag": lambda text: {"true": True, "false": False}[text.lower()],
    "patterns": _patterns,
    "json": json.loads,
}


class _Share(InputPartition):
    pass


class _Reader(DataSourceReader):
    def __init__(
        self,
        sources: list[str],
        listing: dict[str, Any],
        options: TaskOptions,
        partitions: int | None,
        with_rejects: bool,
        parallelism: int,
        schema: pa.Schema,
        task_cpus: int,
    ):
        shares.check(options, task_cpus)
        self._sources = sources
        self._listing = listing
        self._options = options
        self._partitions = given.number_of_partitions(partitions)
        self._with_rejects = with_rejects
        self._parallelism = parallelism
        self._schema = schema

    def partitions(self) -> list[_Share]:
        listed = shares.list_shares(
            self._sources, self._listing, self._options.storage, self._partitions, self._parallelism
        )
        return [_Share(share) for share in listed.shares or [b""]]

    def read(self, partition: _Share):
        from pomona.spark import references

        task = ExtractReferences(self._options, self._with_rejects)
        for batch in task.rows(references.decode(partition.value, self._options.batch_rows)):
            yield batch.cast(self._schema)


def register(spark, storage: dict[str, Any] | None = None) -> None:
    """Makes spark.read.format("pomona") work in this session, with the fs.s3a.* settings that hold
    now for all buckets, and what `storage` adds: so credentials are in no option of a plan. Spark 4
    and later. On Connect only `storage` is known here. Registering again replaces it."""
    given.check_session(spark)

    class SessionPomonaDataSource(PomonaDataSource):
        session_storage = {**hadoop.storage_options(spark), **(storage or {})}
        parallelism = _parallelism(spark)
        task_cpus = shares.task_cpus(spark)

    spark.dataSource.register(SessionPomonaDataSource)


def _parallelism(spark) -> int:
    """Tasks that run at a time; a Connect client cannot know, and takes what is usual for a
    task."""
    classic = hasattr(spark, "_jsparkSession")
    return spark.sparkContext.defaultParallelism if classic else 1


def load(spark, sources: list[str], *, storage: dict[str, Any] | None, **options) -> DataFrame:
    """The DataFrame of `sources` by this data source, with the options of pomona.spark.extract."""
    register(spark, storage)
    reader = spark.read.format("pomona")
    for name, value in options.items():
        if value is not None:
            text = ",".join(value) if name == "glob" else str(value)
            reader = reader.option(name, text.lower() if isinstance(value, bool) else text)
    return reader.load(sources[0] if len(sources) == 1 else sources)
