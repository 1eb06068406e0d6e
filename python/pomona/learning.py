"""What is learned from features of labelled photos: a label, how sure it is, or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os import PathLike
from typing import Literal, Unpack, cast

from pomona import _core
from pomona._signature import takes
from pomona.errors import InvalidOption
from pomona.options import PredictOptions, Storage
from pomona.reports import EvaluateReport, PredictReport, RunProgress, TrainReport

Place = str | bytes | PathLike[str]


def train(
    features: Place,
    classifier: Place,
    *,
    split: Place | None = None,
    labels: Place | None = None,
    target: str | None = None,
    targets: Sequence[str] | None = None,
    method: Literal["discriminant", "logistic", "centroid", "auto"] = "discriminant",
    like: Place | None = None,
    validate: Place | None = None,
    prototypes: int = 3,
    penalty: float | None = None,
    balanced: bool = False,
    shrinkage: float | None = None,
    score: Literal["cosine", "distance"] | None = None,
    views: bool = True,
    coverage: float = 0.95,
    false_alarms: float = 0.05,
    column: str = "features",
    overwrite: bool = False,
    threads: int = 0,
    storage: Storage | None = None,
) -> TrainReport:
    """Learns to name labels from a table's features, as `pomona train` does, and writes one file:
    docs/format/classifier.md. Classifier.load reads it.

    features: a folder or URI of a feature table, or one Parquet file, with a column `label`.
    classifier: the file or URI to write.
    split: a file of pomona.split: rows of its part train are learned from, in its folds, those of
        calibration say how sure answers are. Default: all rows are learned from.
    labels: a label map, CSV: what each label or path is to be called instead.
    target: the target of that map. Default: its first.
    targets: several of them, in place of target: each is learned by itself, and the file answers
        for all; the report then has one of each in `targets`. Their names are letters, digits and
        underscores.
    method: discriminant analysis, logistic regression, or whichever of them names more held-out
        rows rightly ("auto"); or the nearest mean of a label, in the features as they are.
    like: a feature table of photos like those that will be asked about, without labels: rows are
        seen from their mean. It may be of another input size.
    validate: a labelled feature table that resembles the use: it chooses how to learn and how sure
        to be, in place of folds, each of its labels counting the same. It may be of another input
        size.
    prototypes: rows of training that are kept of each label, by path, 0 to 20: predict says which
        are nearest.
    penalty: of logistic regression: of the squared weights, in units of the features' mean
        variance. Default: what names most held-out rows rightly.
    balanced: of logistic regression: all labels count the same, however many rows they have.
    shrinkage: how far the covariance is drawn towards a ball, above 0 to 1. Default: what names
        most held-out rows rightly.
    score: what is near, by the angle or by the distance. Default: what makes held-out labels
        likelier.
    views: learn from the column `views` as well, where there is one.
    coverage: the share of cases in which sets of labels shall hold the right one.
    false_alarms: the share of known rows that may be called unknown.
    column: the column that holds the features.
    overwrite: replace an earlier file.
    threads: cores to use; 0: all. They do not change the file.
    storage: see Storage.

    InvalidOption; DamagedData (fewer than two labels, a bad row); StorageError: nothing was
    written. Ctrl-C ends it with KeyboardInterrupt.
    """
    if target is not None and targets is not None:
        raise InvalidOption("target and targets exclude each other")
    told = _core.train(
        features,
        classifier,
        split=split,
        labels=labels,
        targets=list(targets) if targets is not None else [target] if target is not None else None,
        method=method,
        like=like,
        validate=validate,
        prototypes=prototypes,
        penalty=penalty,
        balanced=balanced,
        shrinkage=shrinkage,
        score=score,
        views=views,
        coverage=coverage,
        false_alarms=false_alarms,
        column=column,
        overwrite=overwrite,
        threads=threads,
        storage=storage,
    )
    return cast(TrainReport, told)


def evaluate(
    features: Place,
    classifier: Place,
    *,
    split: Place | None = None,
    labels: Place | None = None,
    target: str | None = None,
    draws: int = 2000,
    column: str = "features",
    threads: int = 0,
    storage: Storage | None = None,
) -> EvaluateReport:
    """Judges a classifier by rows whose labels are known, as `pomona evaluate` does.

    features: a folder or URI of a feature table, or one Parquet file, with a column `label`.
    classifier: the file that train wrote.
    split: the split that it was trained by: its parts test and held-out judge. Default: all rows.
    labels: the label map that it was trained by.
    target: the target of that map, and of a classifier of several. Default: the classifier's; of
        several all, and the report then has one of each in `targets`.
    draws: of the bootstrap behind the intervals; 0: none.
    column: the column that holds the features.
    threads: cores to use; 0: all.
    storage: see Storage.

    InvalidOption, also for features of another kind than the classifier learned from; DamagedData;
    StorageError. Ctrl-C ends it with KeyboardInterrupt.
    """
    told = _core.evaluate(
        features,
        classifier,
        split=split,
        labels=labels,
        target=target,
        draws=draws,
        column=column,
        threads=threads,
        storage=storage,
    )
    return cast(EvaluateReport, told)


@takes(PredictOptions)
def predict(
    source: Place,
    output: Place,
    classifier: Place,
    *,
    model: Place | None = None,
    column: str = "features",
    keep_features: bool = False,
    rows_per_file: int | None = None,
    progress: Callable[[RunProgress], object] | None = None,
    **options: Unpack[PredictOptions],
) -> PredictReport:
    """A table of answers, as `pomona predict` makes it: path, label, predicted, probability, set,
    unknown, unknown_score, probabilities and nearest of images; the same behind the columns of a
    feature table. A classifier of several targets answers for each: predicted_TARGET, and so on.
    Of images it is a run as run() does it: the same call continues it.

    source: a folder, file or URI of images; or a feature table: a Parquet file, or a folder with
        _SUCCESS or _pomona in it, or with Parquet files and no image.
    output: the folder or URI to write.
    classifier: the file that train wrote. It knows which network, precision, size and levels its
        features are of.
    model: the file of that network. Default: by its name in the catalogue.
    column: the column of a table that holds the features.
    keep_features: keep the features of images as well, in a column before the answers.
    rows_per_file: images, or rows, of each file of the output. Default: 8,192 images, 65,536 rows.
    progress: see run.
    {options}

    All options but these are of images: overwrite, threads, storage.

    InvalidOption, also for features of another kind than the classifier learned from, NotFound (the
    network): nothing was changed. TooManyRejects; DamagedData; StorageError. Ctrl-C ends it with
    KeyboardInterrupt: the same call goes on with images, and begins anew with a table.
    """
    told = _core.predict(
        source,
        output,
        classifier,
        progress,
        model=model,
        column=column,
        keep_features=keep_features,
        rows_per_file=rows_per_file,
        **options,
    )
    return cast(PredictReport, told)
