"""A classifier of rows in memory, with scikit-learn's manners, which is not needed for it."""

from __future__ import annotations

import inspect
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal, cast

from pomona import _core
from pomona.errors import DamagedData, InvalidOption
from pomona.options import Storage
from pomona.reports import TrainReport

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Place = str | bytes | PathLike[str]


def _column(rows: Any) -> NDArray[Any] | None:
    """The column `features` of an Arrow table or stream; None where this is neither."""
    import numpy as np
    import pyarrow as pa

    if not hasattr(rows, "__arrow_c_stream__"):
        return None
    # pyarrow names columns in one way, pandas and polars in another.
    columns = getattr(rows, "column_names", None) or list(getattr(rows, "columns", []))
    if hasattr(rows, "__array__") and "features" not in columns:
        return None  # a table of numbers
    table = pa.table(rows)
    if "features" not in table.column_names:
        raise ValueError("X has no column `features`")
    lists = table["features"]
    if lists.null_count > 0:
        raise DamagedData(f"X: {lists.null_count} rows have no features")
    chunks = [chunk.flatten().to_numpy(zero_copy_only=False) for chunk in lists.chunks]
    values = np.concatenate(chunks) if chunks else np.empty(0, np.float32)
    count = len(lists)
    lengths = {length for chunk in lists.chunks for length in _lengths(chunk)}
    if len(lengths) > 1:
        raise DamagedData(f"X: rows have {min(lengths)} to {max(lengths)} features")
    return values.reshape(count, -1) if count else values.reshape(0, 0)


def _lengths(lists: Any) -> list[int]:
    import pyarrow.compute as pc

    return pc.unique(pc.list_value_length(lists)).to_pylist()


def _matrix(rows: Any) -> NDArray[Any]:
    """[n, dim], float32, row-major, finite."""
    import numpy as np

    if hasattr(rows, "toarray") and hasattr(rows, "tocsr"):
        raise TypeError("sparse rows are not taken: X.toarray() makes them dense")
    given = _column(rows)
    if given is None:
        given = np.asarray(rows)
    if given.dtype.kind == "c":
        raise ValueError("Complex data not supported")
    if given.ndim != 2:
        raise ValueError(
            f"X has two dimensions, this has {given.ndim}. Reshape your data: X.reshape(1, -1) is "
            "one row"
        )
    for axis, what in ((0, "sample"), (1, "feature")):
        if given.shape[axis] == 0:
            shape = tuple(given.shape)
            raise ValueError(
                f"Found array with 0 {what}(s) (shape={shape}) while a minimum of 1 is required."
            )
    with np.errstate(over="ignore"):
        values = np.ascontiguousarray(given, dtype=np.float32)
    if not np.isfinite(values).all():
        raise ValueError("X holds NaN or infinity, or what float32 has not: a value is not finite")
    return values


def _classes(y: Any, count: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """(classes, sorted; the number of each row's)."""
    import numpy as np

    if y is None:
        raise ValueError("requires y to be passed, but the target y is None")
    labels = np.asarray(y)
    if labels.ndim != 1:
        raise ValueError(f"y has one dimension, this has {labels.ndim}: y.ravel() makes it one")
    if len(labels) != count:
        raise ValueError(f"X has {count} rows, y {len(labels)}: inconsistent numbers of samples")
    if labels.dtype.kind == "f":
        if not np.isfinite(labels).all():
            raise ValueError("Input y contains NaN or infinity")
        if (labels != np.floor(labels)).any():
            raise ValueError("Unknown label type: continuous; classes are text or whole numbers")
    classes, number = np.unique(labels, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(f"y has one class, {classes[0]!r}: there is nothing to tell apart")
    return classes, number.astype(np.int32)


def _not_fitted(what: str) -> Exception:
    message = f"this {what} is not fitted: call fit, or Classifier.load"
    try:
        from sklearn.exceptions import NotFittedError
    except ImportError:
        return ValueError(message)
    return NotFittedError(message)


class Classifier:
    """Names labels of rows of features, and says how sure that is: what `pomona train` learns, from
    rows in memory. For any number of threads at once, once it is fitted.

    Rows are [n, dim] arrays, or anything with a column `features` that Arrow reads (pyarrow,
    polars, a stream of pomona). They are taken as float32, which features are.

    method: discriminant analysis, logistic regression, or whichever of them names more held-out
        rows rightly ("auto"); or the nearest mean of a label ("centroid").
    penalty: of logistic regression: of the squared weights, in units of the features' mean
        variance. None: what names most held-out rows rightly.
    balanced: of logistic regression: all labels count the same, however many rows they have.
    shrinkage: how far the covariance is drawn towards a ball, above 0 to 1. None: what names most
        held-out rows rightly.
    score_kind: "cosine" or "distance": what is near. None: what makes held-out labels likelier.
    coverage: the share of cases in which sets of labels shall hold the right one.
    false_alarms: the share of known rows that may be called unknown.
    threads: cores to use; 0: all. They do not change the answers.

    After load: `targets_`, the targets that the file holds. After fit: `classes_`,
    `n_features_in_`, and `report_`, what was learned and how good it is by
    rows that were held out: see TrainReport.
    """

    _estimator_type = "classifier"

    def __init__(
        self,
        method: Literal["discriminant", "logistic", "centroid", "auto"] = "discriminant",
        *,
        penalty: float | None = None,
        balanced: bool = False,
        shrinkage: float | None = None,
        score_kind: Literal["cosine", "distance"] | None = None,
        coverage: float = 0.95,
        false_alarms: float = 0.05,
        threads: int = 0,
    ) -> None:
        self.method = method
        self.penalty = penalty
        self.balanced = balanced
        self.shrinkage = shrinkage
        self.score_kind = score_kind
        self.coverage = coverage
        self.false_alarms = false_alarms
        self.threads = threads

    @classmethod
    def load(
        cls, path: Place, *, target: str | None = None, storage: Storage | None = None
    ) -> Classifier:
        """What train or save wrote, from a file or URI; its classes are text.

        target: of a file of several targets the one that is wanted; all of them are in `targets_`.
            Default: there is one.

        InvalidOption: there is no such file or target, or several and none is named. StorageError,
        DamagedData.
        """
        cores = _core.CoreClassifier.load(path, storage=storage)
        targets = [core.target for core in cores if core.target]
        if target is None and len(cores) > 1:
            raise InvalidOption(f"{path!s} has several targets\nhint: target is one of {targets}")
        core = next((one for one in cores if target is None or one.target == target), None)
        if core is None:
            raise InvalidOption(f"{path!s} has no target {target!r}\nhint: it has {targets}")
        made = cls(
            cast(Literal["discriminant", "logistic", "centroid"], core.method),
            score_kind=cast(Literal["cosine", "distance"], core.score_kind),
            coverage=core.coverage,
            false_alarms=core.false_alarms,
        )
        made._take(core, core.labels)
        made.targets_ = targets
        return made

    def save(self, path: Place, *, overwrite: bool = False, storage: Storage | None = None) -> None:
        """Writes the file that load, `pomona predict` and `pomona evaluate` read:
        docs/format/classifier.md. Classes become text. InvalidOption, StorageError: nothing was
        written."""
        self._fitted().save(path, overwrite=overwrite, storage=storage)

    def fit(self, X: ArrayLike, y: ArrayLike, groups: ArrayLike | None = None) -> Classifier:  # noqa: N803
        """Learns from rows and their labels.

        X: [n, dim].
        y: [n], text or whole numbers, at least two different ones.
        groups: [n], of any kind. Rows of one group look alike (photos of one fruit, of one visit),
            and are kept in one fold, so that what is learned is judged honestly. Default: the rows
            of each label are cut into five folds in their order.

        ValueError, and its kinds InvalidOption and DamagedData (also where nothing tells the labels
        apart). Ctrl-C ends it with KeyboardInterrupt.
        """
        import numpy as np

        rows = _matrix(X)
        classes, number = _classes(y, len(rows))
        names = [str(one) for one in classes.tolist()]
        if len(set(names)) < len(names):
            raise ValueError("y has classes that are the same as text, in which they are kept")
        dealt = None
        if groups is not None:
            dealt = np.unique(np.asarray(groups), return_inverse=True)[1].astype(np.int32).ravel()
        core, report = _core.CoreClassifier.fit(
            rows,
            names,
            number,
            dealt,
            method=self.method,
            penalty=self.penalty,
            balanced=self.balanced,
            shrinkage=self.shrinkage,
            score=self.score_kind,
            coverage=self.coverage,
            false_alarms=self.false_alarms,
            threads=self.threads,
        )
        self._take(core, names)
        self.classes_ = classes
        self.report_ = cast(TrainReport, report)
        return self

    def _take(self, core: _core.CoreClassifier, names: list[str]) -> None:
        import numpy as np

        place = {label: at for at, label in enumerate(core.labels)}
        self._core = core
        # The core's classes are in byte order, these in that of their kind.
        self._order = np.array([place[name] for name in names])
        self.classes_: NDArray[Any] = np.array(names)
        self.n_features_in_ = core.dim
        self.targets_: list[str] = [core.target] if core.target else []

    def _fitted(self) -> _core.CoreClassifier:
        if not hasattr(self, "_core"):
            raise _not_fitted(type(self).__name__)
        return self._core

    def _answer(
        self, rows: Any, threads: int | None, nearest: int = 0
    ) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        core = self._fitted()
        values = _matrix(rows)
        if values.shape[1] != core.dim:
            raise DamagedData(
                f"X has {values.shape[1]} features, but {type(self).__name__} is expecting "
                f"{core.dim} features as input"
            )
        return core.answer(values, self.threads if threads is None else threads, nearest)

    def predict_proba(self, X: ArrayLike, threads: int | None = None) -> NDArray[Any]:  # noqa: N803
        """[n, classes], float32, in the order of classes_."""
        return self._answer(X, threads)[0][:, self._order]

    def predict(self, X: ArrayLike, threads: int | None = None) -> NDArray[Any]:  # noqa: N803
        """[n]: the likeliest label of each."""
        likeliest = self.predict_proba(X, threads).argmax(axis=1)
        return self.classes_[likeliest]

    def predict_set(self, X: ArrayLike, threads: int | None = None) -> NDArray[Any]:  # noqa: N803
        """[n, classes], bool: the labels of each row's set, which holds the right one in the
        promised share of cases."""
        doubts = 1 - self.predict_proba(X, threads).astype("float64")
        return doubts <= self._core.set_quantile

    def unknown(self, X: ArrayLike, threads: int | None = None) -> NDArray[Any]:  # noqa: N803
        """[n], bool: which rows look like no label."""
        return self._answer(X, threads)[1] > self._core.unknown_threshold

    @property
    def prototypes(self) -> list[list[tuple[str, NDArray[Any]]]]:
        """Of each of classes_ some rows of training: their paths, and their positions among the
        classes. Rows in memory have no paths, and leave none."""
        of_class = self._fitted().prototypes
        return [of_class[at] for at in self._order]

    def nearest(self, X: ArrayLike, k: int = 3, threads: int | None = None) -> list[list[str]]:  # noqa: N803
        """Of each row the paths of the k nearest prototypes, the nearest first."""
        if k < 1:
            raise InvalidOption(f"k is {k}, it must be 1 or more")
        found = self._answer(X, threads, k)[2]
        paths = [path for of_class in self._fitted().prototypes for path, _ in of_class]
        return [[paths[at] for at in row] for row in found]

    def score(self, X: ArrayLike, y: ArrayLike) -> float:  # noqa: N803
        """The share of rows that are named rightly. Worth what the rows are: see
        docs/guides/learn.md."""
        import numpy as np

        return float(np.mean(self.predict(X) == np.asarray(y)))

    # scikit-learn's: a value of each parameter, for clone, searches and pipelines.

    @classmethod
    def _parameters(cls) -> list[str]:
        return [name for name in inspect.signature(cls.__init__).parameters if name != "self"]

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters by name. `deep` is of no account: none is an estimator."""
        return {name: getattr(self, name) for name in self._parameters()}

    def set_params(self, **params: Any) -> Classifier:
        """Sets some. ValueError for a name that is none."""
        for name, value in params.items():
            if name not in self._parameters():
                raise ValueError(
                    f"Invalid parameter {name!r} for estimator {self!r}. Valid parameters are: "
                    f"{self._parameters()!r}."
                )
            setattr(self, name, value)
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "_core")

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import ClassifierTags, Tags, TargetTags

        return Tags(
            estimator_type="classifier",
            target_tags=TargetTags(required=True),
            classifier_tags=ClassifierTags(),
        )

    def __repr__(self) -> str:
        defaults = inspect.signature(type(self).__init__).parameters
        given = [
            f"{name}={value!r}"
            for name, value in self.get_params().items()
            if value != defaults[name].default
        ]
        return f"{type(self).__name__}({', '.join(given)})"

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__.copy()
        if "_core" in state:
            state["_core"] = self._core.to_bytes()
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if "_core" in state:
            self._core = _core.CoreClassifier.from_bytes(state["_core"])
