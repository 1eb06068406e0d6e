"""What a caller gave, looked at before anything begins: so that a slip is said in words, and not by
whatever it meets first inside."""

from __future__ import annotations

import operator
import os
import shutil
from typing import Any

from pyspark.sql import Column, DataFrame, functions
from pyspark.sql.types import DataType

import pomona


def _is(value: Any, kind: str) -> bool:
    """Of the classic class or of Spark Connect's, which have one name and no parent in common."""
    return any(base.__name__ == kind for base in type(value).__mro__)


def check_session(spark: Any) -> None:
    """TypeError if `spark` is no session; InvalidOption if it has ended, or starts its workers with
    another Python than it was told."""
    if not _is(spark, "SparkSession"):
        raise TypeError(
            f"expected a SparkSession, got {type(spark).__name__}\n"
            'hint: the session comes first: pomona.spark.extract(spark, "s3a://bucket/photos")'
        )
    if not hasattr(spark, "_jsparkSession"):  # of Spark Connect
        return
    if spark.sparkContext._jsc is None:
        raise pomona.InvalidOption(
            "the Spark session was stopped\nhint: SparkSession.builder.getOrCreate() makes another"
        )
    _check_worker_python(spark)


def _check_worker_python(spark: Any) -> None:
    """Spark reads spark.pyspark.python when it starts a driver's Python itself, as spark-submit
    does. Where that runs already, as in every notebook, only PYSPARK_PYTHON counts."""
    wanted = spark.conf.get("spark.pyspark.python", None)
    used = spark.sparkContext.pythonExec
    if wanted and _program(wanted) != _program(used):
        raise pomona.InvalidOption(
            f"spark.pyspark.python is `{wanted}`, but Spark starts the workers of this session "
            f"with `{used}`: a session that is made in Python does not look at the setting\n"
            f'hint: os.environ["PYSPARK_PYTHON"] = "{wanted}" before the session is made, or '
            f"spark-submit --conf spark.pyspark.python={wanted}"
        )


def _program(name: str) -> str:
    return os.path.realpath(shutil.which(name) or name)


def check_frame(frame: Any) -> None:
    """TypeError if `frame` is no DataFrame; as check_session for its session."""
    if not _is(frame, "DataFrame") or not hasattr(frame, "sparkSession"):
        raise TypeError(
            f"expected a DataFrame of Spark, got {type(frame).__name__}\n"
            'hint: the DataFrame comes first: pomona.spark.extract_column(frame, "path")'
        )
    check_session(frame.sparkSession)


def sources_of(source: Any) -> list[str]:
    """A source, or a list of them: strings or paths. TypeError; InvalidOption if there is none."""
    given = list(source) if isinstance(source, list | tuple) else [source]
    if not given:
        raise pomona.InvalidOption("no source: the list is empty")
    for one in given:
        if not isinstance(one, str | bytes | os.PathLike):
            raise TypeError(
                f"expected a source (a folder or URI, or a list of them), got {type(one).__name__}"
            )
    return [os.fsdecode(one) for one in given]


def number_of_partitions(partitions: Any) -> int | None:
    """TypeError if it is no whole number; InvalidOption if it is below 1."""
    if partitions is None:
        return None
    try:
        if isinstance(partitions, bool):
            raise TypeError
        number = operator.index(partitions)
    except TypeError:
        raise TypeError(
            f"partitions must be a whole number, got {partitions!r} ({type(partitions).__name__})"
        ) from None
    if number < 1:
        raise pomona.InvalidOption(f"partitions must be at least 1, got {number}")
    return number


def input_column(frame: DataFrame, column: Any, what: str = "input_col") -> tuple[Column, DataType]:
    """A column of `frame` and its type: by its name, that of a nested field ("image.origin"), or an
    expression. TypeError; InvalidOption if there is no such column."""
    found = column
    if isinstance(column, str):
        # A name may have dots in it, which are no steps into a struct.
        found = functions.col(f"`{column}`" if column in frame.columns else column)
    elif not _is(column, "Column"):
        raise TypeError(f"{what} must be a column or its name, got {type(column).__name__}")
    try:
        return found, frame.select(found).schema.fields[0].dataType
    except Exception as error:
        if not isinstance(column, str) or "UNRESOLVED" not in str(error):
            raise
        raise pomona.InvalidOption(
            f"no column `{column}`\nhint: there are {', '.join(frame.columns)}"
        ) from None


def check_new_columns(frame: DataFrame, names: list[str]) -> None:
    """InvalidOption if a column that is to be made is there already."""
    there = {name.lower() for name in frame.columns}  # Spark does not look at the case
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"a new column's name must be a string, got {type(name).__name__}")
        if name.lower() in there:
            raise pomona.InvalidOption(
                f"there is a column `{name}` already\n"
                "hint: give the new one another name, or drop() the old one first"
            )


def check_set(stage: Any, *params: str) -> None:
    """InvalidOption if a Param of a Pipeline's stage is not set."""
    for name in params:
        if not stage.isDefined(name):
            raise pomona.InvalidOption(f"{type(stage).__name__} needs {name}, which is not set")
