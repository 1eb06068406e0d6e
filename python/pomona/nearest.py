"""Which rows of a feature table are near each other."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from typing import TYPE_CHECKING, Any

from pomona import _core
from pomona.options import Storage

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Place = str | bytes | PathLike[str]


def neighbors(
    table: Place,
    queries: Place | Iterable[Place] | None = None,
    k: int = 10,
    *,
    of: Place | None = None,
    metric: str | None = None,
    where: str | None = None,
    index: Place | None = None,
    column: str | None = None,
    model: Place | None = None,
    threads: int | None = None,
    storage: Storage | None = None,
) -> _core.Stream:
    """The exact k nearest rows of a stored table, a row a query: path, neighbors {ids, distances}.
    `ids` are rows of the table, from 0 on, the nearest first. The table is held in memory.

    table: a folder of Parquet files, or one file; local or a URI, as of list_images.
    queries: photos, whose features are computed as the table's were. Default: each row of the
        table, which is not its own neighbour.
    k: neighbours of each.
    of: instead, a table whose rows are the queries.
    metric: "cosine" (default; 1 less the cosine) or "euclidean".
    where: "label=NAME": only such rows are found.
    index: a file of this machine that keeps the table ready for single queries; made if it is not
        there, refused when the table has changed. NeighborIndex keeps it open.
    column: that of the features. Default "features".
    model: the network for photos. Default: that of the table's record.
    threads: cores to use. Default 0: all.
    storage: see Storage.

    InvalidOption, also where k is not below the rows, and for features of another network;
    DamagedData, also for a photo that gives no features; StorageError if the table or a photo is
    missing. Ctrl-C ends it with KeyboardInterrupt.
    """
    return _core.neighbors(
        table,
        queries,
        of=of,
        k=k,
        metric=metric,
        where=where,
        index=index,
        column=column,
        model=model,
        threads=threads,
        storage=storage,
    )


def duplicates(
    table: Place,
    *,
    threshold: float | None = None,
    column: str | None = None,
    threads: int | None = None,
    storage: Storage | None = None,
) -> _core.Stream:
    """Sets of equal and near-equal rows of a stored table, a row a row of it: path, set (null: it
    is alone), label, keep (false: an earlier row of its set is kept). Any two rows of a set are
    within the threshold.

    table: a folder of Parquet files, or one file, with a column of paths.
    threshold: greatest cosine distance in a set. Default 0.01.
    column: that of the features. Default "features".
    threads: cores to use. Default 0: all.
    storage: see Storage.

    InvalidOption; DamagedData; StorageError if there is no such table. Ctrl-C ends it with
    KeyboardInterrupt.
    """
    return _core.duplicates(
        table, threshold=threshold, column=column, threads=threads, storage=storage
    )


class NeighborIndex:
    """A stored table that answers single queries in some milliseconds, exactly. For any number of
    threads at once."""

    def __init__(
        self,
        table: Place,
        index: Place,
        *,
        column: str | None = None,
        threads: int | None = None,
        storage: Storage | None = None,
    ) -> None:
        """Opens the index of a table, and makes it first where there is no such file.

        table: a folder of Parquet files, or one file; local or a URI.
        index: a file of this machine: docs/format/index.md.
        column: that of the features. Default "features".
        threads: cores to use while it is made. Default 0: all.
        storage: see Storage.

        InvalidOption, also for an index of another table, or of this one before it changed;
        DamagedData; StorageError. Ctrl-C ends it with KeyboardInterrupt.
        """
        self._core = _core.CoreIndex.open(
            table, index, column=column, threads=threads, storage=storage
        )

    def __len__(self) -> int:
        """Rows with features."""
        return self._core.rows

    @property
    def dim(self) -> int:
        """Features of a row."""
        return self._core.dim

    def find(
        self,
        queries: ArrayLike,
        k: int = 10,
        *,
        metric: str | None = None,
        where: str | None = None,
        threads: int | None = None,
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """The nearest rows of each query: ids [n, k], int64, rows of the table from 0 on, and
        distances [n, k], float32, the nearest first.

        queries: features [n, dim], or [dim] of one, made as the table's were.
        k: neighbours of each.
        metric: "cosine" (default) or "euclidean".
        where: "label=NAME": only such rows are found.
        threads: cores to use. Default 0: all.

        InvalidOption; DamagedData, also for features that are not finite.
        """
        import numpy as np

        rows = np.atleast_2d(np.ascontiguousarray(queries, dtype=np.float32))
        return self._core.find(rows, k=k, metric=metric, where=where, threads=threads)

    def path(self, id: int) -> str | None:
        """Of a row of the table; None: not known."""
        return self._core.path(id) or None

    def label(self, id: int) -> str | None:
        """Of a row of the table; None: it has none."""
        return self._core.label(id) or None
