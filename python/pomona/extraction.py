"""Images become features."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING, Literal

from pomona import _core
from pomona.listing import Source
from pomona.storage import Storage

if TYPE_CHECKING:
    import numpy
    import numpy.typing
    from typing_extensions import Buffer

    from pomona._core import _Batches


def extract(
    source: Source,
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
    max_image_seconds: float | None = None,
    max_image_memory: int | None = None,
    threads: int | None = None,
    memory: int | None = None,
    fetches: int | None = None,
    share_cores: bool | None = None,
    cache_dir: str | PathLike[str] | None = None,
    storage: Storage | None = None,
) -> _core.FeatureStream:
    """Streams a feature row for each image under `source`: what list_images gives, and features,
    reject, message. Loads the model (about a second, 0.1 s the next time) and starts at once.

    source, glob, label, batch_rows: see list_images. The others: see Extractor.

    InvalidOption; NotFound (the model); StorageError.
    """
    return _core.extract(
        source, glob=glob, label=label, batch_rows=batch_rows, model=model, features=features,
        features_layout=features_layout, precision=precision, preprocess=preprocess,
        resize=resize, background=background, exif_rotate=exif_rotate, dct_scaling=dct_scaling,
        max_pixels=max_pixels, max_bytes=max_bytes, max_image_seconds=max_image_seconds,
        max_image_memory=max_image_memory, threads=threads,
        memory=memory, fetches=fetches, share_cores=share_cores, cache_dir=cache_dir,
        storage=storage,
    )  # fmt: skip


class Extractor(_core.Extractor):
    """A network ready to extract: load it once, use it for many streams.

    Thread-safe; streams of one extractor share its cores. Not for the child of a fork.

    model: a name of models(), or a path. Default "efficientnet-lite0".
    features: the tensor to read. Default: the card's, else the input of the last dense layer, where
        that is clear.
    features_layout: which axis of that tensor holds the channels, where it is a map of pixels:
        "NCHW" or "NHWC". Default: the graph tells, or it is InvalidOption.
    precision: "f32" (the same numbers everywhere; the default), "bf16", or "auto" (what the CPU
        does in hardware).
    preprocess: for a model without a card: "keras-tf", "keras-caffe", "torch", "lite", "none".
    resize: Pillow's filters. Default "bicubic".
    background: "#rrggbb", "white", "black" or "grey" under transparent images. Default: alpha is
        dropped.
    exif_rotate: turn images as their EXIF data says. Default False.
    dct_scaling: shrink large JPEGs while decoding: faster, other pixels. Default False.
    max_pixels: images with more are rejects. Default 178,956,970.
    max_bytes: larger files are rejects, and are not read. Default 256 MiB.
    max_image_seconds: images that take more CPU time are rejects. Default 10.
    max_image_memory: images that take more bytes of memory are rejects. Default 1 GiB.
    threads: cores to use. Default: all that this process may use.
    memory: bytes fetched and not yet decoded. Default 64 MiB.
    fetches: reads under way at once. Default 64.
    share_cores: do not bind threads to cores, as others compute here too. Default False.
    cache_dir: for compiled models. Default: $POMONA_CACHE, else the user's.
    storage: see Storage.

    InvalidOption; NotFound (the model, a tensor).
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
        max_image_seconds: float | None = None,
        max_image_memory: int | None = None,
        threads: int | None = None,
        memory: int | None = None,
        fetches: int | None = None,
        share_cores: bool | None = None,
        cache_dir: str | PathLike[str] | None = None,
        storage: Storage | None = None,
    ) -> None:
        super().__init__(
            model=model, features=features, features_layout=features_layout, precision=precision,
            preprocess=preprocess, resize=resize, background=background, exif_rotate=exif_rotate,
            dct_scaling=dct_scaling, max_pixels=max_pixels, max_bytes=max_bytes,
            max_image_seconds=max_image_seconds, max_image_memory=max_image_memory,
            threads=threads, memory=memory, fetches=fetches, share_cores=share_cores,
            cache_dir=cache_dir, storage=storage,
        )  # fmt: skip

    def extract(self, references: _Batches, *, apart: int = 0) -> _core.FeatureStream:
        """Streams a feature row for each reference, in their order, in batches of 1,024 at most.

        references: a table, frame or reader of whatever library, or an iterable (a generator, a
            list) of pyarrow.RecordBatch. The columns of list_images by name; only `uri` must be
            there, and what is null or missing is not known. Further columns are left out.
        apart: so many of the first images are decoded in a process each, as an earlier attempt may
            have died of one of them; those that kill their process even alone are rejects, poison.

        What a generator raises is raised when its place in the stream is read.
        """
        return super().extract(references, apart=apart)

    def extract_images(self, images: _Batches, *, apart: int = 0) -> _core.FeatureStream:
        """Streams features, reject and message of encoded images, a row an image, batch for batch.

        images: as of extract(), with one column of binary type: the bytes of files.
        apart: see extract().
        """
        return super().extract_images(images, apart=apart)

    def extract_bytes(self, images: Sequence[Buffer]) -> numpy.typing.NDArray[numpy.float32]:
        """Features of encoded images in memory: [n, feature_dim].

        ImageError for the first image that has none: `index` and `reason` say which and why.
        """
        return super().extract_bytes(images)
