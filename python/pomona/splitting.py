"""Rows of a feature table are told apart: to learn from, and to judge by."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import Literal, cast

from pomona import _core
from pomona.options import Storage
from pomona.reports import SplitReport

Place = str | bytes | PathLike[str]


def split(
    features: Place,
    split: Place,
    *,
    by: Literal["official"] | None = None,
    group: str | None = None,
    group_column: str | None = None,
    within: float = 0.01,
    twins: bool = False,
    train: str | None = None,
    test_share: float | None = None,
    calibration_share: float | None = None,
    hold_out: Sequence[str] | None = None,
    folds: int | None = None,
    seed: int = 1,
    column: str = "features",
    overwrite: bool = False,
    threads: int = 0,
    storage: Storage | None = None,
) -> SplitReport:
    """Writes a split: one Parquet file `path, label, group, split, fold`, a row for each row of the
    table, as `pomona split` does. docs/format/split.md says what it holds.

    features: a folder or URI of a feature table, or one Parquet file. Its columns `path` and
        `label` are read, and its features where near rows are looked for.
    split: the file or URI to write.
    by: "official": the last folder Training, Test or Validation of the path says it.
    group: a regular expression (ECMAScript) on the path; what its groups capture names the group,
        whose rows stay together. "fruits-360": class and movie. "duplicates": rows that are near
        each other, or that a chain of near ones joins. Default: each row by itself.
    group_column: the column that holds the group.
    within: greatest cosine distance of near rows, for `group="duplicates"` and for twins.
    twins: count the rows that are judged and have a near twin in training, in a table of more than
        10,000 rows, too. It holds the features in memory.
    train: a regular expression: groups (paths, where there are none) in which it is found are for
        training, the others for the test.
    test_share: share of the rows for the test, whole groups, of each label alike.
    calibration_share: share of the rows for training that is for calibration instead.
    hold_out: labels that are never learned, to judge "unknown" by.
    folds: folds of the rows for training, 2 to 100.
    seed: of the order in which groups are dealt.
    column: that of the features.
    overwrite: replace an earlier file.
    threads: cores to use; 0: all.
    storage: see Storage.

    InvalidOption, also for a part that would be empty; DamagedData (labels or paths that are
    missing, a path twice, one label); StorageError: nothing was written.
    """
    told = _core.split(
        features,
        split,
        by=by,
        group=group,
        group_column=group_column,
        within=within,
        twins=twins,
        train=train,
        test_share=test_share,
        calibration_share=calibration_share,
        hold_out=hold_out,
        folds=folds,
        seed=seed,
        column=column,
        overwrite=overwrite,
        threads=threads,
        storage=storage,
    )
    return cast(SplitReport, told)
