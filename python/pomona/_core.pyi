"""The public API, as bound from C++. Import it from `pomona`."""

from collections.abc import Sequence
from os import PathLike
from types import TracebackType
from typing import Any, Literal, Protocol, Self

import numpy
import numpy.typing
import pyarrow
from typing_extensions import Buffer

from pomona.storage import Storage

__version__: str

def shown_message(message: str) -> str:
    """A message for people: no credentials, and nothing a terminal obeys."""

def shown_uri(uri: str) -> str:
    """A URI for people, in the same way and on one line."""

class _ArrowStream(Protocol):
    """Tables, readers and frames of pyarrow, pandas, polars, DuckDB, ..."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> object: ...

class Stream:
    """Arrow record batches, read once, as they come.

    Iterate it, or give it to anything that reads `__arrow_c_stream__`: `pyarrow.table(stream)`,
    `polars.DataFrame(stream)`, DuckDB's `FROM stream`; pandas by way of pyarrow. All take from the
    same stream. Work goes on between batches, a bounded number of them ahead.

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
        """Ends the work behind the stream, as dropping it does. Waits for the batch in work."""

    def read_all(self) -> pyarrow.Table:
        """What is left of the stream, in memory."""

    @property
    def schema(self) -> pyarrow.Schema: ...

class FeatureStream(Stream):
    """A stream of feature rows: one row an image, in the order of the images.

    Either `features` (list<float>) or `reject` (a code: "truncated", "not_found", ...) is set;
    `message` says more.
    """

    def counters(self) -> dict[str, int]:
        """What the stream has done so far: images (with features), rejects, bytes, requests,
        retries, fetch_ns, decode_ns, resize_ns, infer_ns (sums over threads), streams, workers."""

def list_images(
    source: str | PathLike[str],
    *,
    glob: str | Sequence[str] | None = None,
    label: str | None = None,
    batch_rows: int | None = None,
    storage: Storage | None = None,
) -> Stream:
    """Streams references to the images under `source`, in byte order of the URI: uri, size (bytes),
    mtime, version (the ETag), label. Memory does not grow with their number.

    source: a folder, a file, or s3://bucket/prefix (s3a:// is the same), hdfs://, gs://, abfs://.
    glob: file name patterns, in any case. Default: *.jpg, *.jpeg, *.png, *.webp.
    label: "parent" (the folder's name; the default), "none", or a regular expression that is
        searched in the URI; its first group, or all of the match, is the label.
    batch_rows: references in a batch. Default 256.
    storage: see Storage.

    InvalidOption; StorageError, when read, if the source is missing or may not be listed.
    """

def extract(
    source: str | PathLike[str],
    *,
    glob: str | Sequence[str] | None = None,
    label: str | None = None,
    batch_rows: int | None = None,
    model: str | PathLike[str] | None = None,
    features: str | None = None,
    features_layout: Literal["NCHW", "NHWC"] | None = None,
    precision: Literal["f32", "bf16", "auto"] | None = None,
    preprocess: str | None = None,
    resize: Literal["bicubic", "bilinear", "nearest"] | None = None,
    background: str | None = None,
    exif_rotate: bool | None = None,
    dct_scaling: bool | None = None,
    max_pixels: int | None = None,
    max_bytes: int | None = None,
    threads: int | None = None,
    memory: int | None = None,
    fetches: int | None = None,
    share_cores: bool | None = None,
    cache_dir: str | PathLike[str] | None = None,
    storage: Storage | None = None,
) -> FeatureStream:
    """Streams a feature row for each image under `source`: what list_images gives, and features,
    reject, message. Loads the model (about a second, 0.1 s the next time) and starts at once.

    Options: those of list_images, and those of Extractor. InvalidOption; NotFound (the model);
    StorageError.
    """

class Extractor:
    """A network ready to extract: load it once, use it for many streams.

    Thread-safe; streams of one extractor share its cores. Not for the child of a fork.
    """

    def __init__(
        self,
        *,
        model: str | PathLike[str] | None = None,
        features: str | None = None,
        features_layout: Literal["NCHW", "NHWC"] | None = None,
        precision: Literal["f32", "bf16", "auto"] | None = None,
        preprocess: str | None = None,
        resize: Literal["bicubic", "bilinear", "nearest"] | None = None,
        background: str | None = None,
        exif_rotate: bool | None = None,
        dct_scaling: bool | None = None,
        max_pixels: int | None = None,
        max_bytes: int | None = None,
        threads: int | None = None,
        memory: int | None = None,
        fetches: int | None = None,
        share_cores: bool | None = None,
        cache_dir: str | PathLike[str] | None = None,
        storage: Storage | None = None,
    ) -> None:
        """
        model: a name of models(), or a path. Default "efficientnet-lite0".
        features: the tensor to read. Default: the card's, else the input of the last dense
            layer, where that is clear.
        features_layout: which axis of that tensor holds the channels, where it is a map of pixels:
            "NCHW" or "NHWC". Default: the graph tells, or it is InvalidOption.
        precision: "f32" (the same numbers everywhere; the default), "bf16", or "auto" (what the
            CPU does in hardware).
        preprocess: for a model without a card: "keras-tf", "keras-caffe", "torch", "lite", "none".
        resize: Pillow's filters. Default "bicubic".
        background: "#rrggbb", "white", "black" or "grey" under transparent images. Default: alpha
            is dropped.
        exif_rotate: turn images as their EXIF data says. Default False.
        dct_scaling: shrink large JPEGs while decoding: faster, other pixels. Default False.
        max_pixels: images with more are rejects. Default 178,956,970.
        max_bytes: larger files are rejects, and are not read. Default 256 MiB.
        threads: cores to use. Default: all that this process may use.
        memory: bytes fetched and not yet decoded. Default 64 MiB.
        fetches: reads under way at once. Default 64.
        share_cores: do not bind threads to cores, as others compute here too. Default False.
        cache_dir: for compiled models. Default: $POMONA_CACHE, else the user's.
        storage: see Storage.
        """

    def extract(self, references: _ArrowStream) -> FeatureStream:
        """Streams a feature row for each reference, in their order, in batches of 1,024 at most.

        references: the columns of list_images by name; only `uri` must be there, and what is null
        or missing is not known. Further columns are left out.
        """

    def extract_images(self, images: _ArrowStream) -> FeatureStream:
        """Streams features, reject and message of encoded images, a row an image, batch for batch.

        images: one column of binary type.
        """

    def extract_bytes(self, images: Sequence[Buffer]) -> numpy.typing.NDArray[numpy.float32]:
        """Features of encoded images in memory: [n, feature_dim].

        ImageError for the first image that has none: `index` and `reason` say which and why.
        """

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
    def precision(self) -> Literal["f32", "bf16"]:
        """What really runs."""

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

_Rows = numpy.typing.NDArray[numpy.float32] | numpy.typing.NDArray[numpy.float64]
_Doubles = numpy.typing.NDArray[numpy.float64]

class _ArrowArray(Protocol):
    def __arrow_c_array__(self, requested_schema: Any = None) -> tuple[object, object]: ...

def read_features(
    table: str | PathLike[str],
    *,
    column: str | None = None,
    threads: int | None = None,
    storage: Storage | None = None,
) -> Stream:
    """Streams the features of a stored table, one column as it is stored, in the order of its rows:
    what PcaStatistics.update takes.

    table: a folder of Parquet files, or one file; local or a URI, as of list_images.
    column: its name. Default "features".
    threads: row groups decoded at once. Default 1; 0: all cores.
    storage: see Storage.

    InvalidOption if there are no features in it; StorageError if there is no such table.
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
        InvalidOption if a value is not finite, or a row has another length: nothing is taken in.
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
        """From the output of `pomona pca`, or the file itself. StorageError, InvalidOption."""
