"""The options of functions. Written by scripts/reference, from the table of the core."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import Literal, TypedDict


class Storage(TypedDict, total=False):
    """How to reach storage. Without any of it, things are found as the AWS SDK finds them."""

    s3_endpoint: str | None
    """Another S3 server has this URL. Default: AWS_ENDPOINT_URL, else AWS."""
    s3_region: str | None
    """The bucket is in this region. Default: AWS_REGION, the profile, or what the bucket says."""
    s3_access_key: str | None
    """Requests are signed with this key, which is never logged and never written. Default: the
    SDK's chain finds one."""
    s3_secret_key: str | None
    """The access key has this secret. Default: the SDK's chain finds one."""
    s3_session_token: str | None
    """A temporary access key has this token. Default: none."""
    s3_anonymous: bool | None
    """Requests are not signed, as public buckets allow. Default: False."""
    s3_requester_pays: bool | None
    """Who asks pays for listing and reading, as some buckets demand. Default: False."""
    timeout: float | None
    """One request may take so many seconds. Default: 30."""
    max_attempts: int | None
    """A request that fails for a reason that may pass is tried so many times. Default: 8."""


class SourceGroup(TypedDict, total=False):
    """Which images there are."""

    glob: str | Sequence[str] | None
    """Images are files whose names match one of these patterns (*, ?, [abc], {a,b}), in any case.
    Default: *.jpg, *.jpeg, *.jpe, *.jfif, *.jif, *.png, *.webp, *.gif, *.bmp, *.tif, *.tiff,
    *.avif, *.heic, *.heif."""
    label: str | None
    """An image's label is parent (the name of its folder), none, or what this regular expression
    finds in the URI: its first group, or all of the match. Default: parent."""


class StreamGroup(TypedDict, total=False):
    """How a stream comes."""

    batch_rows: int | None
    """A batch of the stream has so many rows at most. Default: 256."""


class ModelGroup(TypedDict, total=False):
    """What computes."""

    model: str | PathLike[str] | None
    """The network has this name in the catalogue, or this path. Default: efficientnet-lite0."""
    preset: Literal["same", "fast", "rich"] | None
    """What the other options are that are not given: same (f32, the network's own size), fast (the
    fastest precision whose answers hold, and images no larger than the source's justify), rich
    (features=levels, views=dihedral: better answers). Default: same."""
    features: str | None
    """Features are read from these tensors (names with commas between), from the last layer before
    the classes (last), or from maps of several sizes and the last layer (levels). Default: the
    preset's, or last: the card's, else the input of the last dense layer, where that is clear."""
    pool: Literal["mean", "mean+std"] | None
    """Of a tensor that is a map of pixels, features have the mean of each channel (mean), or the
    means and the standard deviations (mean+std). Default: mean, and mean+std of levels."""
    features_layout: Literal["NCHW", "NHWC"] | None
    """A tensor that is a map of pixels holds its channels in the axis that NCHW or NHWC says.
    Default: the graph tells, or the model is refused."""
    input_size: int | None
    """The network gets square images of so many pixels a side: time grows with their square. For
    networks of convolutions and pooling. Default: the network's own size, or the preset's."""
    precision: Literal["f32", "bf16", "auto", "int8"] | None
    """The network computes in f32 (the same numbers everywhere), bf16, auto (bf16 where the CPU
    does it in hardware, else f32), or int8 (other numbers with about the same answers, for models
    that have an int8 file). Default: f32, or the preset's."""
    views: str | None
    """Each image is also looked at turned and mirrored, as these names with commas between say
    (rot90, rot180, rot270, mirror, mirror-rot90, mirror-rot180, mirror-rot270; dihedral is all,
    none none): these features are one more column, views. Costs the network's time once for each.
    Default: none, or the preset's."""
    views_average: bool | None
    """The features of an image are the mean over it and its views, which have no column then.
    Default: False."""
    preprocess: Literal["keras-tf", "keras-caffe", "torch", "lite", "none"] | None
    """Pixels are normalised this way, whatever the model's card says: keras-tf, keras-caffe, torch,
    lite or none. Default: the card's."""


class ImagesGroup(TypedDict, total=False):
    """How bytes become pixels."""

    resize: Literal["bicubic", "bilinear", "nearest"] | None
    """Images are resized bicubic, bilinear or nearest, exactly as by Pillow. Default: bicubic."""
    background: str | None
    """Transparent images are put on #rrggbb, white, black or grey. Default: alpha is dropped."""
    exif_rotate: bool | None
    """Images are turned as their EXIF data says. Default: False."""
    dct_scaling: bool | None
    """Large JPEGs are shrunk while they are decoded: faster, other pixels. Default: False."""
    max_pixels: int | None
    """Images with more pixels are rejects. Default: 178956970."""
    max_bytes: int | None
    """Larger files are rejects, and are not read. Default: 256MiB."""
    max_image_seconds: float | None
    """Images that take more CPU time are rejects. Default: 10."""
    max_image_memory: int | None
    """Images that take more memory are rejects. Default: 1GiB."""


class OutputGroup(TypedDict, total=False):
    """How a table is written."""

    rows_per_file: int | None
    """A part, which is the unit of commit, has so many images. Default: 8192."""
    features_as: Literal["array", "vector"] | None
    """Features are stored as array (list of float), or vector (Spark ML); those of views as array.
    Default: array."""
    on_error: Literal["reject", "fail"] | None
    """A bad image is a reject, which is recorded while the run goes on, or makes it fail. Default:
    reject."""
    max_rejects: str | int | None
    """The run ends with an error of its own if more images have no features: N, or P% of all.
    Default: if none has."""
    overwrite: bool | None
    """An earlier table is removed, and the run starts anew. Default: False."""
    update: bool | None
    """The source has changed: new and changed images are extracted, deleted ones dropped. Default:
    False."""
    repair: bool | None
    """All of the table is read first, and parts that are damaged are computed again. Default:
    False."""
    price_per_hour: float | None
    """This machine costs so much an hour: the report says what a million images cost. Default: not
    known."""


class ResourcesGroup(TypedDict, total=False):
    """What a run may use."""

    threads: int | None
    """So many cores compute. Default: all that the process may use."""
    share_cores: bool | None
    """Threads are not bound to cores, as others compute here too. Default: False."""
    memory: int | None
    """So many fetched bytes may wait for a decoder. Default: 64MiB."""
    fetches: int | None
    """So many requests are under way at once. Default: 64."""
    cache_dir: str | PathLike[str] | None
    """Compiled models are kept in this folder. Default: POMONA_CACHE, else the user's."""


class ListOptions(SourceGroup, StreamGroup, total=False):
    """Of pomona.list_images."""

    storage: Storage | None


class ExtractorOptions(ModelGroup, ImagesGroup, ResourcesGroup, total=False):
    """Of pomona.Extractor."""

    storage: Storage | None


class ExtractOptions(
    SourceGroup, StreamGroup, ModelGroup, ImagesGroup, ResourcesGroup, total=False
):
    """Of pomona.extract."""

    storage: Storage | None


class RunOptions(SourceGroup, ModelGroup, ImagesGroup, OutputGroup, ResourcesGroup, total=False):
    """Of pomona.run and pomona.plan."""

    storage: Storage | None


class PredictOptions(TypedDict, total=False):
    """Of pomona.predict."""

    glob: str | Sequence[str] | None
    """Images are files whose names match one of these patterns (*, ?, [abc], {a,b}), in any case.
    Default: *.jpg, *.jpeg, *.jpe, *.jfif, *.jif, *.png, *.webp, *.gif, *.bmp, *.tif, *.tiff,
    *.avif, *.heic, *.heif."""
    label: str | None
    """An image's label is parent (the name of its folder), none, or what this regular expression
    finds in the URI: its first group, or all of the match. Default: parent."""
    max_pixels: int | None
    """Images with more pixels are rejects. Default: 178956970."""
    max_bytes: int | None
    """Larger files are rejects, and are not read. Default: 256MiB."""
    max_image_seconds: float | None
    """Images that take more CPU time are rejects. Default: 10."""
    max_image_memory: int | None
    """Images that take more memory are rejects. Default: 1GiB."""
    features_as: Literal["array", "vector"] | None
    """Features are stored as array (list of float), or vector (Spark ML); those of views as array.
    Default: array."""
    on_error: Literal["reject", "fail"] | None
    """A bad image is a reject, which is recorded while the run goes on, or makes it fail. Default:
    reject."""
    max_rejects: str | int | None
    """The run ends with an error of its own if more images have no features: N, or P% of all.
    Default: if none has."""
    overwrite: bool | None
    """An earlier table is removed, and the run starts anew. Default: False."""
    update: bool | None
    """The source has changed: new and changed images are extracted, deleted ones dropped. Default:
    False."""
    repair: bool | None
    """All of the table is read first, and parts that are damaged are computed again. Default:
    False."""
    price_per_hour: float | None
    """This machine costs so much an hour: the report says what a million images cost. Default: not
    known."""
    threads: int | None
    """So many cores compute. Default: all that the process may use."""
    share_cores: bool | None
    """Threads are not bound to cores, as others compute here too. Default: False."""
    memory: int | None
    """So many fetched bytes may wait for a decoder. Default: 64MiB."""
    fetches: int | None
    """So many requests are under way at once. Default: 64."""
    cache_dir: str | PathLike[str] | None
    """Compiled models are kept in this folder. Default: POMONA_CACHE, else the user's."""

    storage: Storage | None


class SparkColumnOptions(StreamGroup, ModelGroup, ImagesGroup, ResourcesGroup, total=False):
    """Of pomona.spark.extract_column."""


class SparkOptions(SourceGroup, StreamGroup, ModelGroup, ImagesGroup, ResourcesGroup, total=False):
    """Of pomona.spark.extract."""
