"""What is said of a run: the same, by the same names, as in the JSON of the command line."""

from typing import Any, NotRequired, TypedDict


class RunProgress(TypedDict):
    """What a run knows while it goes on."""

    images: int
    """Rows computed by this run."""
    rejects: int
    unchanged: int
    """References found done already."""
    references: int | None
    """In the source, once they are counted."""
    seconds: float
    bottleneck: str
    """"infer", "decode", "fetch" or "write"."""


class NetworkReport(TypedDict):
    """The network that computed."""

    name: str
    digest: str
    features: str
    features_origin: str
    features_layout: str | None
    feature_dim: int
    precision: str
    width: int
    """Of the network's image, in pixels."""
    height: int
    views: str | None
    """Names with commas between."""


class NotTaken(TypedDict):
    """Files of the source that are no images by their names."""

    files: int
    suffixes: dict[str, int]
    by_old_rule: int
    """Of them, those that a new table would take."""


class _Listed(TypedDict):
    references: int
    """Images in the source."""
    not_taken: NotTaken
    unlabelled: int
    remarks: list[str]
    """For people, a line each; empty if all is well."""


class RunReport(_Listed):
    """What a finished run did: the table's `_pomona/report.json`."""

    pomona: str
    source: str
    output: str
    model: NetworkReport
    rows: int
    """In the table now."""
    images: int
    """Rows computed by this run."""
    unchanged: int
    """References found done already."""
    dropped: int
    """References taken out: deleted or changed in the source."""
    repaired: int
    """Parts that were damaged, and are whole again."""
    lost: list[str]
    """Rows of damaged parts that could not be computed again: their images, and why."""
    rejects: dict[str, int]
    """Of this run, by reason."""
    counts: dict[str, int]
    """Of predict: rows of this run that are `unknown`, or whose set is a `single` label."""
    parts: int
    parts_written: int
    bytes: int
    requests: int
    retries: int
    seconds: float
    extract_seconds: float
    images_per_second: float
    images_per_second_per_core: float
    cores: int
    busy: dict[str, float]
    """Share of the time that each stage was at work, 0 to 1."""
    bottleneck: str
    peak_memory_bytes: int
    price_per_hour: NotRequired[float]
    cost_per_million_images: NotRequired[float]


class PlannedPart(TypedDict):
    """One part of a table."""

    index: int
    action: str
    """"skip", "rewrite" or "extract"."""
    references: int
    reason: str


class Plan(_Listed):
    """What a run would do."""

    unchanged: int
    added: int
    changed: int
    deleted: int
    retried: int
    bytes_to_fetch: int
    finished: bool
    """There is nothing to do."""
    parts: list[PlannedPart]
    refusal: NotRequired[str]
    """Why the run would be refused."""


class VerifyReport(TypedDict):
    """What verify found."""

    parts: int
    rows: int
    rejects: int
    references: int
    bytes: int
    problems: list[str]
    """For people; empty: the table is proved."""


class SplitPart(TypedDict):
    """Rows of one part of a split."""

    rows: int
    groups: int
    labels: int
    rows_seen_in_training: int
    """Rows of groups that have rows in training, or in calibration where this is not it, too."""
    rows_with_twin_in_training: int | None
    """Rows with a near row there; None: they were not looked for."""


class SplitFold(TypedDict):
    """Rows of one fold."""

    rows: int
    groups: int
    labels: int


class SplitReport(TypedDict):
    """What split told apart."""

    rows: int
    groups: int
    labels: int
    parts: dict[str, SplitPart]
    """By "train", "calibration", "test" and "held-out"."""
    folds: list[SplitFold]
    groups_on_both_sides: int
    """Groups with such rows."""
    rows_with_twin_in_another_fold: int | None
    """Of the rows of folds; None: they were not looked for."""
    labels_not_in_train: list[str]
    """Labels that are judged and not learned."""
    labels_of_few_groups: list[str]
    """Labels with fewer groups in training than there are folds."""
    remarks: list[str]
    """For people: what to know before the split is used."""


class TrainReport(TypedDict):
    """What train learned, and from what."""

    pomona: str
    features: str
    output: str
    rows: int
    """Learned from."""
    views: int
    """Turned pictures learned from."""
    like: int
    """Rows whose mean is taken off in the place of that of training."""
    calibration: int
    """Rows that answers were calibrated on, beside the folds."""
    left_out: int
    folds: int
    honest_folds: bool
    """Groups were kept whole, as a split says."""
    slices: str
    """Of the features: "all", or those that judge best."""
    features_used: int
    shrinkage: float
    principal_axes: int
    """That logistic regression learned in; 0 without it."""
    penalty: float | None
    """Where the method is logistic."""
    discriminant_accuracy: float | None
    """Of rows of folds; None where one method was asked for alone."""
    logistic_accuracy: float | None
    evaluation: NotRequired[dict[str, Any]]
    """Of rows of each fold, by what the others taught."""
    method: str
    score: str
    dim: int
    classes: int
    rank: int
    temperature: float
    doubt: float
    set_quantile: float
    unknown_threshold: float
    remarks: list[str]
    """For people: what was chosen for them, and what was left out."""
    seconds: float
    peak_memory_bytes: int


class IssuesReport(TypedDict):
    """What issues found."""

    pomona: str
    features: str
    output: str
    rows: int
    skipped: int
    """Rows without features."""
    dim: int
    classes: int
    judged: int
    """Rows whose label was judged."""
    unlabelled: int
    unjudged: int
    """Rows of labels that nothing else teaches."""
    folds: int
    honest_folds: bool
    """Groups were kept whole, as a split says."""
    accuracy: dict[str, float] | None
    """The share of labels that are named by what the other folds taught."""
    slices: str
    """Of the features: "all", or those that judge best."""
    label_issues: int
    outlier_issues: int
    neighbors: int
    """An outlier is far from so many nearest rows."""
    outlier_threshold: float
    """Of their mean distance."""
    near_duplicate_issues: int
    near_duplicate_sets: int
    threshold: float
    """Of near duplicates."""
    sets_across_labels: int
    rows_across_labels: int
    class_imbalance_issues: int
    small_classes: list[dict[str, Any]]
    """label, rows: the smallest first."""
    shown: list[dict[str, Any]]
    """The ten worst rows: issue, score, given_label, predicted_label, path."""
    remarks: list[str]
    """For people: what was chosen for them, and what was left out."""
    cores: int
    seconds: float
    peak_memory_bytes: int


class PageReport(TypedDict):
    """What a page of `report` shows."""

    pomona: str
    features: str
    output: str
    data: str
    """The folder of its data files."""
    rows: int
    left_out: int
    """Rows without features, or with such as are none."""
    classes: int
    points: int
    """Rows that the page has."""
    thumbnails: int
    """Rows of which it has pictures."""
    missing: int
    """Pictures that could not be read."""
    duplicate_sets: int
    label_issues: int
    rejects: int
    page_bytes: int
    remarks: list[str]
    """For people, each after its section: what was left out, what could not be shown, and why."""
    read_seconds: float
    judge_seconds: float
    duplicates_seconds: float
    map_seconds: float
    thumbnail_seconds: float
    seconds: float
    cores: int
    peak_memory_bytes: int


class SuggestReport(TypedDict):
    """What suggest says to label next."""

    pomona: str
    features: str
    classifier: str | None
    output: str | None
    rows: int
    skipped: int
    """Rows without features."""
    dim: int
    candidates: int
    """Rows that could be suggested."""
    labelled: int
    known: int
    """Places that were known before: labelled rows, or labels of the classifier."""
    budget: int
    suggested: list[dict[str, Any]]
    """row, path, uncertainty, predicted_label, distance: the most useful first."""
    remarks: list[str]
    cores: int
    seconds: float
    peak_memory_bytes: int


class MapReport(TypedDict):
    """What map made."""

    pomona: str
    features: str
    output: str
    rows: int
    skipped: int
    """Rows without features: they have no place."""
    unusable: int
    """Of these, rows whose features are of another length, or not finite."""
    dim: int
    compared: int
    """Features of the last layer, by which rows are compared."""
    neighbors: int
    metric: str
    kept_features: bool
    parts: int
    finished_before: bool
    """The same call had made the table: nothing was done."""
    cores: int
    peak_memory_bytes: int
    seconds: dict[str, float]
    """read, projection, write, all."""


class EvaluateReport(TypedDict):
    """How good a classifier is."""

    pomona: str
    features: str
    classifier: str
    left_out: int
    evaluations: list[dict[str, Any]]
    """Of all rows that judge; and, where some are of groups that were learned from, of others."""
    remarks: list[str]
    """For people: what the numbers mean."""


class PredictReport(TypedDict):
    """What predict answered: of a feature table its `_pomona/report.json`."""

    pomona: str
    features: NotRequired[str]
    """The feature table."""
    source: NotRequired[str]
    """Of images."""
    output: str
    rows: int
    skipped: int
    """Rows without features; of images those that are rejects."""
    unknown: int
    """Rows of this call that look like no label."""
    single: int
    """Rows of this call whose set has one label."""
    parts: int
    finished_before: bool
    """The same call had made the table: nothing was done."""
    classes: int
    coverage: float
    false_alarms: float
    seconds: float
    peak_memory_bytes: int
    run: NotRequired[RunReport]
    """Of images: their run, `_pomona/report.json`."""
