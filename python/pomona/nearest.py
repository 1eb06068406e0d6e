"""Which rows of a feature table are near each other."""

from collections.abc import Iterable
from os import PathLike

from pomona import _core
from pomona.options import Storage

Place = str | bytes | PathLike[str]


def neighbors(
    table: Place,
    queries: Place | Iterable[Place] | None = None,
    k: int = 10,
    *,
    of: Place | None = None,
    metric: str | None = None,
    where: str | None = None,
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
