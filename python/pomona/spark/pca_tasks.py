"""Principal components in Spark's Python workers, which need nothing of pyspark.ml for it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import pomona
from pomona.spark.worker import task_threads


def statistics_of(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Batches of one column of features in, one row of statistics out; none without features."""
    statistics = None
    for batch in batches:
        features = batch.column(0).drop_null()
        if len(features):
            if statistics is None:
                statistics = pomona.PcaStatistics(_dim(features), task_threads())
            statistics.update(features)
    if statistics is not None:
        yield _as_batch(statistics)


def _dim(features: pa.Array) -> int:
    """Of lists, or of Spark's vectors: structs, whose size is null where they are dense."""
    if pa.types.is_struct(features.type):
        return features.field("size")[0].as_py() or len(features.field("values")[0])
    return len(features[0])


def merged(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Rows of statistics in, that of all out."""
    whole = None
    for batch in batches:
        for part in batch.column(0):
            statistics = pomona.PcaStatistics.from_bytes(part.as_py())
            if whole is None:
                whole = statistics
            else:
                whole.merge(statistics)
    if whole is not None:
        yield _as_batch(whole)


def _as_batch(statistics: pomona.PcaStatistics) -> pa.RecordBatch:
    column = pa.array([statistics.to_bytes()], pa.binary())
    return pa.RecordBatch.from_arrays([column], names=["statistics"])


class Project:
    """Arrays of features in, arrays of projections out."""

    def __init__(self, model: bytes):
        self._bytes = model

    def __call__(self, columns: Iterator[pa.Array]) -> Iterator[pa.Array]:
        model = pomona.PcaModel.from_bytes(self._bytes)
        threads = task_threads()
        for column in columns:
            rows = column.drop_null()
            lengths = (
                pc.unique(pc.list_value_length(rows)).to_pylist() if len(rows) else [model.dim]
            )
            if lengths != [model.dim]:
                raise pomona.DamagedData(f"rows have {lengths} features, not {model.dim}")
            values = rows.flatten().to_numpy().reshape(-1, model.dim) if len(rows) else None
            projected = np.empty(0) if values is None else model.transform(values, threads).ravel()
            # A null among the offsets is a null list.
            ends = np.cumsum(column.is_valid().to_numpy(zero_copy_only=False) * model.k)
            offsets = np.concatenate([[0], ends]).astype(np.int32)
            mask = np.append(column.is_null().to_numpy(zero_copy_only=False), False)
            yield pa.ListArray.from_arrays(
                pa.array(offsets, mask=mask), pa.array(projected, pa.float64(), from_pandas=False)
            )
