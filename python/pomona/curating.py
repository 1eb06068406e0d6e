"""What is wrong with labelled photos, and which to label next."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Any, cast

from pomona import _core
from pomona.options import Storage
from pomona.reports import IssuesReport, SuggestReport

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Place = str | bytes | PathLike[str]


def issues(
    features: Place,
    output: Place,
    *,
    split: Place | None = None,
    labels: Place | None = None,
    target: str | None = None,
    threshold: float | None = None,
    probabilities: bool = False,
    column: str = "features",
    overwrite: bool = False,
    threads: int = 0,
    storage: Storage | None = None,
) -> IssuesReport:
    """Finds wrong labels, outliers, near duplicates and small classes, as `pomona issues` does, and
    writes one Parquet file, the worst rows first: docs/format/issues.md.

    features: a folder or URI of a feature table, or one Parquet file, with a column `label`.
    output: the file or URI to write.
    split: a file of pomona.split: labels are judged by the other folds of its train. Default: five
        folds that cut through groups.
    labels: a label map, CSV: what each label or path is to be called instead.
    target: the target of that map. Default: its first.
    threshold: greatest cosine distance of near duplicates of a set. Default: 0.13 of the median
        distance to the nearest row.
    probabilities: also write a column of out-of-fold probabilities.
    column: the column that holds the features.
    overwrite: replace an earlier file.
    threads: cores to use; 0: all. They do not change the file.
    storage: see Storage.

    InvalidOption; DamagedData (fewer than two labels, a bad row); StorageError: nothing was
    written. Ctrl-C ends it with KeyboardInterrupt.
    """
    told = _core.issues(
        features,
        output,
        split=split,
        labels=labels,
        target=target,
        threshold=threshold,
        probabilities=probabilities,
        column=column,
        overwrite=overwrite,
        threads=threads,
        storage=storage,
    )
    return cast(IssuesReport, told)


def find_label_issues(
    labels: ArrayLike, probabilities: ArrayLike, *, least: int = 10
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Labels that are likely to be wrong, by confident learning, as cleanlab's Datalab finds them:
    (is_issue [n] bool, score [n] float32: the probability of the given label).

    labels: [n], whole numbers, 0 to classes - 1.
    probabilities: [n, classes], of rows that whoever says so has not learned from.
    least: classes of so many rows or fewer have no issues.

    InvalidOption; DamagedData for a probability that is not finite.
    """
    import numpy as np

    given = np.ascontiguousarray(labels)
    if given.ndim != 1 or not np.issubdtype(given.dtype, np.integer):
        raise ValueError("labels are whole numbers in one dimension")
    values = np.ascontiguousarray(probabilities, dtype=np.float32)
    if values.ndim != 2:
        raise ValueError(f"probabilities have two dimensions, these have {values.ndim}")
    found, score = _core.find_label_issues(given.astype(np.int32), values, least)
    return found.astype(bool), score


def suggest(
    features: Place,
    budget: int,
    *,
    classifier: Place | None = None,
    target: str | None = None,
    output: Place | None = None,
    column: str = "features",
    overwrite: bool = False,
    threads: int = 0,
    storage: Storage | None = None,
) -> SuggestReport:
    """Says which rows to label next, as `pomona suggest` does: unsure ones that are unlike each
    other. Their paths are report["suggested"][i]["path"], the most useful first.

    features: a folder or URI of a feature table, or one Parquet file. Its rows without a label may
        be suggested, or any if all have one.
    budget: how many.
    classifier: a file of pomona.train: rows that it is unsure of come first. Default: by where rows
        lie alone, far from each other and from labelled ones.
    target: the target of the classifier that is unsure, where its file has several.
    output: a Parquet file to write. Default: none.
    column: the column that holds the features.
    overwrite: replace an earlier file.
    threads: cores to use; 0: all. They do not change the answer.
    storage: see Storage.

    InvalidOption; DamagedData; StorageError: nothing was written. Ctrl-C ends it with
    KeyboardInterrupt.
    """
    told = _core.suggest(
        features,
        budget,
        classifier=classifier,
        target=target,
        output=output,
        column=column,
        overwrite=overwrite,
        threads=threads,
        storage=storage,
    )
    return cast(SuggestReport, told)
