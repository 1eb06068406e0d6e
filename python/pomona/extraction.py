"""Images become features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from pomona import _core
from pomona._signature import takes
from pomona.listing import Source
from pomona.options import ExtractOptions, ExtractorOptions

if TYPE_CHECKING:
    import numpy
    import numpy.typing
    from typing_extensions import Buffer

    from pomona._core import _Batches


@takes(ExtractOptions)
def extract(source: Source, **options: Unpack[ExtractOptions]) -> _core.FeatureStream:
    """Streams a feature row for each image under `source`: what list_images gives, and features,
    reject, message. Loads the model (about a second, 0.1 s the next time) and starts at once.

    source: see list_images.
    {options}

    InvalidOption; NotFound (the model); StorageError.
    """
    return _core.extract(source, **options)


@takes(ExtractorOptions)
class Extractor(_core.Extractor):
    """A network ready to extract: load it once, use it for many streams.

    Thread-safe; streams of one extractor share its cores. Not for the child of a fork.

    {options}

    InvalidOption; NotFound (the model, a tensor).
    """

    def __init__(self, **options: Unpack[ExtractorOptions]) -> None:
        super().__init__(**options)

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
