"""A feature table as a page to look at."""

from __future__ import annotations

from os import PathLike
from typing import cast

from pomona import _core
from pomona.options import Storage
from pomona.reports import PageReport

Place = str | bytes | PathLike[str]


def report(
    features: Place,
    output: Place,
    *,
    title: str | None = None,
    max_size: int = 20 << 20,
    classifier: Place | None = None,
    split: Place | None = None,
    labels: Place | None = None,
    target: str | None = None,
    compare: Place | None = None,
    data: Place | None = None,
    column: str = "features",
    overwrite: bool = False,
    threads: int = 0,
    storage: Storage | None = None,
) -> PageReport:
    """Shows a feature table as one HTML page, as `pomona report` does, with its data as Parquet
    files beside it: docs/format/report.md.

    features: a folder or URI of a feature table, or one Parquet file.
    output: the page to write, a path or URI that ends in `.html`.
    title: what the page is called. Default: the table's name.
    max_size: the page has so many bytes at most: as many pictures are shown as fit. Default:
        20 MiB.
    classifier: a file of pomona.train, whose answers are shown. Default: what other rows teach of
        each.
    split: a file of pomona.split. Default: the folders called Training, Validation, Test.
    labels: a label map, CSV: what each label or path is to be called instead.
    target: the target of that map. Default: its first.
    compare: another feature table: what is new, what is gone, what drifted.
    data: the folder of the data files. Default: output without `.html`.
    column: the column that holds the features.
    overwrite: replace an earlier page and its data.
    threads: cores to use; 0: all. They do not change the page.
    storage: see Storage.

    What cannot be shown is said on the page, and in report["remarks"]. InvalidOption; DamagedData;
    StorageError: nothing was written. Ctrl-C ends it with KeyboardInterrupt.
    """
    told = _core.report(
        features,
        output,
        title=title,
        max_size=max_size,
        classifier=classifier,
        split=split,
        labels=labels,
        target=target,
        compare=compare,
        data=data,
        column=column,
        overwrite=overwrite,
        threads=threads,
        storage=storage,
    )
    return cast(PageReport, told)
