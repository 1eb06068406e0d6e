"""Columns of Spark's as the core's input: paths, encoded bytes, and the `image` struct."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

import numpy as np
import pyarrow as pa
from pyspark.sql import types as spark_types

import pomona
from pomona.spark.references import REFERENCES

# OpenCV's types that Spark's image source writes (ImageSchema.ocvTypes), by number of channels.
GREY, BGR, BGRA = 0, 16, 24
_CHANNELS = {GREY: 1, BGR: 3, BGRA: 4}


def from_paths(paths: pa.Array) -> pa.RecordBatch:
    """References of which only the address is known: nothing is compared when they are read."""
    columns = [paths.cast(pa.string())]
    columns += [pa.nulls(len(paths), field.type) for field in list(REFERENCES)[1:]]
    return pa.RecordBatch.from_arrays(columns, schema=REFERENCES)


def from_encoded_paths(paths: pa.Array) -> pa.RecordBatch:
    """The same of percent-encoded addresses. Bytes that are no UTF-8 become \\xNN, as listed."""
    decoded = [
        None if path is None else unquote_to_bytes(path).decode("utf-8", "backslashreplace")
        for path in paths.to_pylist()
    ]
    return from_paths(pa.array(decoded, pa.string()))


def from_content(content: pa.Array) -> pa.RecordBatch:
    """Encoded images."""
    if pa.types.is_null(content.type):
        content = content.cast(pa.large_binary())
    return pa.RecordBatch.from_arrays([content], names=["image"])


def from_image_structs(images: pa.Array) -> pa.RecordBatch:
    """Pixels of Spark's `image` struct (BGR, row by row from the top) as PNM files in memory, which
    is how the core takes pixels. What Spark could not read itself has no pixels and becomes the
    reject empty_file; a mode that Spark does not document becomes unsupported_format."""
    numbers = [images.field(name).cast(pa.int32()) for name in ("height", "width", "mode")]
    fields = [field.to_pylist() for field in (*numbers, images.field("data"))]
    rows = zip(images.is_valid().to_pylist(), *fields, strict=True)
    encoded = [_pnm(*row) if there else None for there, *row in rows]
    return from_content(pa.array(encoded, pa.large_binary()))


def _pnm(height: int, width: int, mode: int, data: bytes | None) -> bytes:
    if not data:
        return b""
    channels = _CHANNELS.get(mode)
    if channels is None:
        return b"an image struct of mode %d" % mode
    if mode == GREY:
        return b"P5 %d %d 255\n" % (width, height) + data
    size = height * width * channels
    if len(data) < size:
        pixels = b""  # the header promises more: truncated
    else:
        pixels = np.frombuffer(data, np.uint8, size).reshape(-1, channels)
        pixels = (pixels[:, ::-1] if mode == BGR else pixels[:, [2, 1, 0, 3]]).tobytes()
    if mode == BGR:
        return b"P6 %d %d 255\n" % (width, height) + pixels
    header = b"P7\nWIDTH %d\nHEIGHT %d\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n"
    return header % (width, height) + pixels


def reader_of(data_type: spark_types.DataType, decode: bool = False):
    """The function above that takes a column of this type. InvalidOption if there is none, or
    nothing to `decode` in it."""
    if isinstance(data_type, spark_types.StringType):
        return from_encoded_paths if decode else from_paths
    if decode:
        raise pomona.InvalidOption(
            f"decode is for a column of paths, not for one of {data_type.simpleString()}"
        )
    if isinstance(data_type, spark_types.BinaryType):
        return from_content
    if isinstance(data_type, spark_types.StructType):
        names = set(data_type.names)
        if {"height", "width", "nChannels", "mode", "data"} <= names:
            return from_image_structs
    raise pomona.InvalidOption(
        f"no images in a column of type {data_type.simpleString()}\n"
        "hint: a path (string), the bytes of a file (binary), or Spark's image struct"
    )
