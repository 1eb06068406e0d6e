"""Run by the archive's own launcher, to see that what is in it is enough.

Extracts the features of one image and prints, a line each, the shared libraries that this took from
outside of the archive.
"""

import importlib
import importlib.util
import pathlib
import struct
import sys
import zlib

import pomona


def _png() -> bytes:
    """8 x 8 pixels, grey."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes(range(0, 256, 32))) * 8)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def _libraries() -> set[pathlib.Path]:
    """What this process has mapped that is a shared library."""
    mapped = set()
    for line in pathlib.Path("/proc/self/maps").read_text().splitlines():
        path = line.split(maxsplit=5)[5:]
        if path and ".so" in path[0]:
            mapped.add(pathlib.Path(path[0]))
    return mapped


def main() -> None:
    if importlib.util.find_spec("pandas"):
        importlib.import_module("pandas")
    home = pathlib.Path(pomona.__file__).resolve().parents[1]
    extractor = pomona.Extractor(threads=1)
    features = extractor.extract_bytes([_png()])
    if features.shape != (1, extractor.feature_dim) or not features.any():
        sys.exit(f"features are wrong: {features}")
    for library in sorted(_libraries()):
        if not library.is_relative_to(home):
            print(library)


if __name__ == "__main__":
    main()
