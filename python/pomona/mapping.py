"""Rows as points of the plane, beside rows that are like them."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from pomona import _core
from pomona.options import Storage
from pomona.reports import MapReport

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Place = str | bytes | PathLike[str]


def map(
    features: Place,
    output: Place,
    *,
    neighbors: int = 15,
    metric: str = "cosine",
    keep_features: bool = True,
    column: str = "features",
    rows_per_file: int = 65_536,
    overwrite: bool = False,
    threads: int = 0,
    storage: Storage | None = None,
) -> MapReport:
    """Gives each row of a table a place in the plane, beside rows that are like it, as `pomona map`
    does. The output is the same table with projection_x, projection_y and neighbors {ids,
    distances} (ids are rows, from 0 on), null for rows without features.

    features: a folder or URI of a feature table, or one Parquet file.
    output: the folder or URI of the table to make. The same call leaves a finished one as it is.
    neighbors: nearest rows of each that are to lie beside it, and that are written.
    metric: "cosine" (1 less the cosine) or "euclidean".
    keep_features: keep the features, and views, in the output.
    column: the column that holds the features.
    rows_per_file: rows of each file of the output.
    overwrite: remove an earlier table.
    threads: cores to use; 0: all. They do not change the table.
    storage: see Storage.

    InvalidOption; DamagedData (no row with features); StorageError. Ctrl-C ends it with
    KeyboardInterrupt.
    """
    told = _core.map(
        features,
        output,
        neighbors=neighbors,
        metric=metric,
        keep_features=keep_features,
        column=column,
        rows_per_file=rows_per_file,
        overwrite=overwrite,
        threads=threads,
        storage=storage,
    )
    return cast(MapReport, told)


class Projection(NamedTuple):
    """Rows as points, and their neighbours, which the points were found by."""

    x: NDArray[Any]
    """[n], float32."""
    y: NDArray[Any]
    """[n], float32."""
    ids: NDArray[Any]
    """[n, k], int64: the nearest other rows, the nearest first; k is less where there are fewer."""
    distances: NDArray[Any]
    """[n, k], float32."""


def project(
    rows: ArrayLike, *, neighbors: int = 15, metric: str = "cosine", threads: int = 0
) -> Projection:
    """Lays rows in memory out in the plane, each beside its nearest.

    rows: [n, dim], turned into float32, all finite.
    neighbors: nearest rows of each that are to lie beside it, 2 to 1,000.
    metric: "cosine" (1 less the cosine) or "euclidean".
    threads: cores to use; 0: all. They do not change the picture.

    InvalidOption; DamagedData for a value that is not finite. Ctrl-C ends it with
    KeyboardInterrupt.
    """
    import numpy as np

    values = np.ascontiguousarray(rows, dtype=np.float32)
    if values.ndim != 2:
        raise ValueError(f"rows have two dimensions, these have {values.ndim}")
    return Projection(*_core.project(values, neighbors=neighbors, metric=metric, threads=threads))
