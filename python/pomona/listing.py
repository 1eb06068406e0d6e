"""What images there are."""

from collections.abc import Sequence
from os import PathLike
from typing import Unpack

from pomona import _core
from pomona._signature import takes
from pomona.options import ListOptions, Storage

Source = str | bytes | PathLike[str] | Sequence[str | bytes | PathLike[str]]


@takes(ListOptions)
def list_images(source: Source, **options: Unpack[ListOptions]) -> _core.ImageStream:
    """Streams references to the images under `source`, in byte order of the URI: uri, size (bytes),
    mtime, version (the ETag), label. Memory does not grow with their number. What is no image is in
    summary().

    source: a folder, a file, or s3://bucket/prefix (s3a:// is the same), hdfs://, gs://, abfs://;
        or a list of them, one after the other (an image below two of them comes twice).
    {options}

    InvalidOption; StorageError, when read, if the source is missing or may not be listed.
    """
    return _core.list_images(source, **options)


def read_features(
    table: str | bytes | PathLike[str],
    *,
    column: str | None = None,
    threads: int | None = None,
    storage: Storage | None = None,
) -> _core.Stream:
    """Streams the features of a stored table, one column as it is stored, in the order of its rows:
    what PcaStatistics.update takes.

    table: a folder of Parquet files, or one file; local or a URI, as of list_images.
    column: its name. Default "features".
    threads: row groups decoded at once. Default 1; 0: all cores.
    storage: see Storage.

    InvalidOption if it has no such column; DamagedData if it is no table or is damaged;
    StorageError if there is none.
    """
    return _core.read_features(table, column=column, threads=threads, storage=storage)
