"""Feature columns of Spark as matrices."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import pomona

_DENSE = 1  # VectorUDT's field `type`; 0 is sparse


def matrix_of(column: pa.Array) -> np.ndarray:
    """[rows, dim], float32 or float64: the rows of an array<float|double> column, or of a VectorUDT
    as Spark gives it to Arrow (struct<type, size, indices, values>). Nulls are left out. A view
    where the column has no nulls. InvalidOption if rows differ in length."""
    column = column.drop_null()
    if len(column) == 0:
        return np.empty((0, 0))
    if pa.types.is_struct(column.type):
        return _of_vectors(column)
    lengths = pc.unique(pc.list_value_length(column))
    if len(lengths) > 1:
        raise pomona.InvalidOption(
            f"features of {lengths[0]} and of {lengths[1]} values in one column"
        )
    return column.flatten().to_numpy(zero_copy_only=False).reshape(len(column), -1)


def _of_vectors(vectors: pa.StructArray) -> np.ndarray:
    kinds = vectors.field("type")
    if pc.all(pc.equal(kinds, _DENSE)).as_py() is not False:
        return matrix_of(vectors.field("values"))
    rows = []
    for vector in vectors.to_pylist():
        if vector["type"] == _DENSE:
            rows.append(np.asarray(vector["values"]))
            continue
        row = np.zeros(vector["size"])
        row[vector["indices"]] = vector["values"]
        rows.append(row)
    if len({len(row) for row in rows}) > 1:
        raise pomona.InvalidOption("vectors of different lengths in one column")
    return np.stack(rows)
