"""What is bound from C++. Import it from `pomona`, which says what it does."""

from collections.abc import Iterable, Sequence
from os import PathLike
from types import TracebackType
from typing import Any, Literal, Protocol, Self

import numpy
import numpy.typing
import pyarrow
from typing_extensions import Buffer

from pomona.listing_summary import ListingSummary
from pomona.options import Storage

__version__: str

def shown_message(message: str) -> str:
    """A message for people: no credentials, and nothing a terminal obeys."""

def shown_uri(uri: str) -> str:
    """A URI for people, in the same way and on one line."""

class _ArrowStream(Protocol):
    """Tables, readers and frames of pyarrow, pandas, polars, DuckDB, ..."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> object: ...

_Batches = _ArrowStream | Iterable[pyarrow.RecordBatch]

class Stream:
    """Arrow record batches, read once, as they come.

    Iterate it, or give it to anything that reads `__arrow_c_stream__`: `pyarrow.table(stream)`,
    `polars.DataFrame(stream)`, DuckDB's `FROM stream`; pandas by way of pyarrow. All take from the
    same stream, and whoever begins to read it after its end gets a PomonaError. Work goes on
    between batches, a bounded number of them ahead.

    Ctrl-C while iterating is KeyboardInterrupt, and the stream can be read on. A library that
    reads the stream on the main thread gets an error from it at once, and raises its own
    (pyarrow.ArrowInvalid, "Cancelled: interrupted"). So with errors: iterating raises those of
    pomona.errors, other readers raise theirs.
    """

    def __iter__(self) -> Self: ...
    def __next__(self) -> pyarrow.RecordBatch: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None: ...
    def close(self) -> None:
        """Ends the work behind the stream, as dropping it does."""

    def read_all(self) -> pyarrow.Table:
        """What is left of the stream, in memory."""

    @property
    def schema(self) -> pyarrow.Schema: ...

class ImageStream(Stream):
    """A stream of references, which tells what its listing left out."""

    def summary(self) -> ListingSummary:
        """What the listing came upon so far; complete when the stream is read to its end."""

class FeatureStream(Stream):
    """A stream of feature rows: one row an image, in the order of the images.

    Either `features` (list<float>) or `reject` (a code: "truncated", "not_found", ...) is set;
    `message` says more.
    """

    def counters(self) -> dict[str, int]:
        """What the stream has done so far: images (with features), rejects, bytes, requests,
        retries, fetch_ns, decode_ns, resize_ns, infer_ns (sums over threads), streams, workers."""

    def listing(self) -> ListingSummary | None:
        """What the listing of the source came upon so far, and did not take. None for a stream that
        is not made from a source."""

def list_images(source: object, **options: Any) -> ImageStream:
    """See pomona.list_images."""

def extract(source: object, **options: Any) -> FeatureStream:
    """See pomona.extract."""

class Extractor:
    """See pomona.Extractor."""

    def __init__(self, **options: Any) -> None: ...
    def extract(self, references: _Batches, *, apart: int = 0) -> FeatureStream: ...
    def extract_images(self, images: _Batches, *, apart: int = 0) -> FeatureStream: ...
    def extract_bytes(self, images: Sequence[Buffer]) -> numpy.typing.NDArray[numpy.float32]: ...
    @property
    def feature_dim(self) -> int: ...
    @property
    def model(self) -> str:
        """Name of the model."""

    @property
    def model_digest(self) -> str:
        """sha256:... of the model's files."""

    @property
    def feature_tensor(self) -> str: ...
    @property
    def feature_origin(self) -> str:
        """Why that tensor, and what is done to it: "the input of the last dense layer"."""

    @property
    def feature_layout(self) -> Literal["NCHW", "NHWC"] | None:
        """Of a tensor that is averaged over its pixels."""

    @property
    def feature_slices(self) -> list[dict[str, Any]]:
        """What is where in a row's features: tensor, pool ("mean", "std", "" as it is), length."""

    @property
    def input_size(self) -> tuple[int, int]:
        """Width and height in pixels of the image that the network gets."""

    @property
    def views(self) -> str | None:
        """Positions in which each picture is looked at as well: names with commas between."""

    @property
    def precision(self) -> Literal["f32", "bf16", "int8"]:
        """What really runs."""

def preset_options(source: Any, **options: Any) -> dict[str, Any]:
    """What the options of extract() are with their preset: precision, views, features and
    input_size, the last two where they are not the model's own. `source` None: not known."""

def options() -> list[dict[str, Any]]:
    """All options of a run, as the table of the core has them: name, flag, group, type, unit,
    default, default_text, help, choices, surfaces, changes_rows, makes_features."""

def run(source: object, output: object, progress: object, **options: Any) -> dict[str, Any]:
    """See pomona.run."""

def plan(source: object, output: object, classifier: object, **options: Any) -> dict[str, Any]:
    """See pomona.plan."""

def split(features: object, split: object, **options: Any) -> dict[str, Any]:
    """See pomona.split."""

def train(features: object, classifier: object, **options: Any) -> dict[str, Any]:
    """See pomona.train."""

def evaluate(features: object, classifier: object, **options: Any) -> dict[str, Any]:
    """See pomona.evaluate."""

def predict(
    source: object, output: object, classifier: object, progress: object, **options: Any
) -> dict[str, Any]:
    """See pomona.predict."""

class CoreClassifier:
    """What pomona.Classifier stands on."""

    @staticmethod
    def load(path: object, **options: Any) -> list[CoreClassifier]:
        """Those of all targets of a file."""

    @staticmethod
    def fit(
        rows: numpy.typing.NDArray[numpy.float32],
        names: list[str],
        label: numpy.typing.NDArray[numpy.int32],
        groups: numpy.typing.NDArray[numpy.int32] | None,
        **options: Any,
    ) -> tuple[CoreClassifier, dict[str, Any]]:
        """What was learned of rows [n, dim], and the report."""

    @staticmethod
    def from_bytes(bytes: bytes) -> CoreClassifier: ...
    def to_bytes(self) -> bytes: ...
    def save(self, path: object, **options: Any) -> None: ...
    @property
    def method(self) -> str: ...
    @property
    def score_kind(self) -> str: ...
    def answer(
        self, rows: numpy.typing.NDArray[numpy.float32], threads: int = 1, nearest: int = 0
    ) -> tuple[numpy.typing.NDArray[Any], numpy.typing.NDArray[Any], numpy.typing.NDArray[Any]]:
        """Probabilities [n, classes], unknown scores [n] and numbers of the nearest prototypes
        [n, nearest] of rows [n, dim], float32."""

    @property
    def target(self) -> str: ...
    @property
    def prototypes(self) -> list[list[tuple[str, numpy.typing.NDArray[numpy.float32]]]]:
        """Of each class its prototypes: path and position."""

    @property
    def labels(self) -> list[str]: ...
    @property
    def dim(self) -> int: ...
    @property
    def coverage(self) -> float: ...
    @property
    def set_quantile(self) -> float: ...
    @property
    def unknown_threshold(self) -> float: ...
    @property
    def false_alarms(self) -> float: ...
    @property
    def features(self) -> str: ...

def verify(output: object, **options: Any) -> dict[str, Any]:
    """See pomona.verify."""

class Model:
    """A network of the catalogue."""

    @property
    def name(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def license(self) -> str: ...
    @property
    def features(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def bytes(self) -> int: ...

def models() -> list[Model]:
    """All models that can be named, by name."""

class RejectLimit:
    """How many images of a table may be rejects before its run is an error. Immutable."""

    def __init__(self, limit: str | int | None = None) -> None:
        """limit: "100", so many; "2.5%", such a share. None: any number, but not all. InvalidOption
        for anything else."""

    def check(self, references: int, reasons: dict[str, int]) -> None:
        """Raises TooManyRejects where `reasons`, counts by reason code, are more than there may be
        of so many references."""

_Rows = numpy.typing.NDArray[numpy.float32] | numpy.typing.NDArray[numpy.float64]
_Doubles = numpy.typing.NDArray[numpy.float64]

class _ArrowArray(Protocol):
    def __arrow_c_array__(self, requested_schema: Any = None) -> tuple[object, object]: ...

def read_features(table: object, **options: Any) -> Stream:
    """See pomona.read_features."""

class CoreIndex:
    """What pomona.NeighborIndex stands on."""

    @staticmethod
    def open(table: object, index: object, **options: Any) -> CoreIndex: ...
    def find(
        self, queries: numpy.typing.NDArray[numpy.float32], **options: Any
    ) -> tuple[numpy.typing.NDArray[Any], numpy.typing.NDArray[Any]]: ...
    def path(self, id: int) -> str: ...
    def label(self, id: int) -> str: ...
    @property
    def rows(self) -> int: ...
    @property
    def dim(self) -> int: ...

def neighbors(table: object, queries: object | None, **options: Any) -> Stream:
    """See pomona.neighbors."""

def duplicates(table: object, **options: Any) -> Stream:
    """See pomona.duplicates."""

def issues(features: object, output: object, **options: Any) -> dict[str, Any]:
    """See pomona.issues."""

def find_label_issues(
    labels: numpy.typing.NDArray[Any], probabilities: numpy.typing.NDArray[Any], least: int
) -> tuple[numpy.typing.NDArray[Any], numpy.typing.NDArray[Any]]:
    """See pomona.find_label_issues."""

def report(features: object, output: object, **options: Any) -> dict[str, Any]:
    """See pomona.report."""

def suggest(features: object, budget: int, **options: Any) -> dict[str, Any]:
    """See pomona.suggest."""

def map(features: object, output: object, **options: Any) -> dict[str, Any]:
    """See pomona.map."""

def project(
    rows: numpy.typing.NDArray[numpy.float32], **options: Any
) -> tuple[
    numpy.typing.NDArray[Any],
    numpy.typing.NDArray[Any],
    numpy.typing.NDArray[Any],
    numpy.typing.NDArray[Any],
]:
    """See pomona.project."""

def check_output(
    output: str | PathLike[str],
    *,
    sources: Sequence[str | PathLike[str]] | None = None,
    tables_may_go: bool | None = None,
    names: Sequence[str] | None = None,
    storage: Storage | None = None,
) -> None:
    """The rule of `pomona extract` for outputs, for a table that another writer is to put there.
    Spark's DataFrameWriter in mode "overwrite" asks nothing: it deletes all that lies there.

    sources: what the table is made from; none of it may be `output` or lie in it, however it is
        spelt.
    tables_may_go: a table that is there already is not in the way. Default False.
    names: what lies directly in `output`, folders with a slash at their end, where another client
        has looked. Default: it is listed here.
    storage: see Storage.

    InvalidOption says what is in the way; StorageError if `output` cannot be listed.
    """

class PcaStatistics:
    """What principal components need to know of any number of rows, in one pass: count, mean,
    scatter matrix. Each worker takes its own; they merge into that of all rows.

    Thread-safe: threads wait for each other. Can be pickled. Memory: 13 MB for 1,280 features.
    """

    def __init__(self, dim: int, threads: int = 1) -> None:
        """dim: features of a row, 1 to 65,535. threads: cores that update uses; 0: all."""

    @property
    def dim(self) -> int: ...
    @property
    def count(self) -> int:
        """Rows so far."""

    def update(self, rows: _Rows | _ArrowArray | _ArrowStream) -> int:
        """Takes rows in; how many were null, and skipped.

        rows: [n, dim], or an Arrow column: lists of float or double, or Spark ML's vectors.
        DamagedData if a value is not finite, or a row has another length: nothing is taken in.
        """

    def merge(self, other: PcaStatistics) -> None:
        """Takes in what `other` took in, which stays as it is."""

    def solve(
        self,
        *,
        k: int | None = None,
        variance: float | None = None,
        center: bool = True,
        standardize: bool = False,
    ) -> PcaModel:
        """Components of the sample covariance matrix. About a second for 1,280 features.

        k: components to keep. variance: instead, as few as explain this share of it, above 0 to
            1. Neither: 0.95.
        center: projections subtract the mean, as scikit-learn's do; Spark's do not.
        standardize: divide each feature by its sample standard deviation first.
        """

    def to_bytes(self) -> bytes:
        """For transport: 6.6 MB for 1,280 features."""

    @staticmethod
    def from_bytes(data: bytes, threads: int = 1) -> PcaStatistics: ...

class PcaModel:
    """Principal components. Immutable, thread-safe; can be pickled."""

    @property
    def dim(self) -> int: ...
    @property
    def k(self) -> int: ...
    @property
    def rows(self) -> int:
        """That were fitted."""

    @property
    def center(self) -> bool: ...
    @property
    def standardize(self) -> bool: ...
    @property
    def components(self) -> _Doubles:
        """[dim, k], orthonormal columns by descending variance. The loading of largest magnitude
        is positive in each."""

    @property
    def explained_variance(self) -> _Doubles:
        """[k]: shares of the total variance, as Spark's explainedVariance."""

    @property
    def scree(self) -> _Doubles:
        """[dim]: the same of all components."""

    @property
    def variance(self) -> _Doubles:
        """[dim]: variance along each component."""

    @property
    def mean(self) -> _Doubles:
        """[dim]"""

    @property
    def scale(self) -> _Doubles | None:
        """[dim]: what each feature is divided by, with standardize."""

    def components_for(self, share: float) -> int:
        """How few components explain this share of the variance."""

    def transform(self, rows: _Rows, threads: int = 1) -> _Rows:
        """[n, dim] becomes [n, k], of the same type, computed in float64. threads 0: all cores."""

    def project(
        self,
        batches: _ArrowStream,
        column: str = "features",
        features_as: Literal["array", "vector"] = "array",
        threads: int = 1,
    ) -> Stream:
        """The stream with one column projected: list<float>, or Spark ML's vectors. Rows without
        features are left out, other columns stay."""

    def to_bytes(self) -> bytes:
        """A Parquet file: docs/format/pca.md."""

    @staticmethod
    def from_bytes(data: bytes) -> PcaModel: ...
    @staticmethod
    def load(path: str | PathLike[str], *, storage: Storage | None = None) -> PcaModel:
        """From the output of `pomona pca`, or the file itself. StorageError, DamagedData."""
