"""Features of a column of images, as a function of Spark SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa
import pyspark
from pyspark.sql import Column, functions

from pomona.spark.shares import column_schema
from pomona.spark.worker import ExtractColumn

_HAS_ARROW_UDF = tuple(map(int, pyspark.__version__.split(".")[:2])) >= (4, 1)


def features_of(column: Column, task: ExtractColumn) -> Column:
    """struct<features, views (if asked for), reject, message> of an image column."""
    return arrow_function(task, column_schema(task.has_views))(column)


def arrow_function(run: Callable[[Iterator[pa.Array]], Iterator[pa.Array]], result: str):
    """A function of Spark SQL from one that takes and gives Arrow arrays, row by row the same.

    Only its column goes to Python, all others stay in the JVM. Spark must not copy it into a filter
    and compute it again, so it is declared not to be deterministic.
    """
    make = _arrow_udf if _HAS_ARROW_UDF else _pandas_udf
    return make(run, result).asNondeterministic()


def _arrow_udf(run, result):
    def pomona_column(arrays: Iterator[pa.Array]) -> Iterator[pa.Array]:
        yield from run(arrays)

    return functions.arrow_udf(pomona_column, result)


def _pandas_udf(run, result):
    """The same before Spark 4.1, by way of pandas."""
    import pandas

    def pomona_column(columns):
        for array in run(_as_arrow(column) for column in columns):
            if pa.types.is_struct(array.type):
                yield pa.Table.from_struct_array(array).to_pandas()
            else:
                yield array.to_pandas()

    # By these, Spark knows what kind of function it is.
    made = pandas.DataFrame if result.startswith("struct") else pandas.Series
    pomona_column.__annotations__ = {
        "columns": Iterator[pandas.Series],
        "return": Iterator[made],
    }
    return functions.pandas_udf(pomona_column, result)


def _as_arrow(column) -> pa.Array:
    """A struct comes as a DataFrame, all else as a Series."""
    if column.ndim == 2:
        return pa.RecordBatch.from_pandas(column, preserve_index=False).to_struct_array()
    first = next((value for value in column if value is not None), None)
    # More than 2 GiB of bytes do not fit into Arrow's smaller type.
    kind = pa.large_binary() if isinstance(first, bytes | bytearray) else None
    return pa.Array.from_pandas(column, type=kind)
