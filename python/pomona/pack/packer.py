"""Writes the archive, and tries what was written."""

import dataclasses
import gzip
import hashlib
import importlib.metadata
import io
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable

from pomona.pack import contents

# What Spark's workers want besides Pomona, where it is installed.
_OPTIONAL = ["pandas"]

# The libraries of any Linux with a Python: libc's, the compiler's, and those of Python's modules.
_EVERYWHERE = re.compile(
    r"(ld-linux.*|lib(c|m|dl|rt|pthread|util|resolv|nss_\w+|gcc_s|stdc\+\+|z|python3[\w.]*"
    r"|ffi|bz2|lzma|crypto|ssl|expat|uuid))([-.][\d.]+)?\.so(\.\d+)*$"
)


class PackError(Exception):
    """The archive could not be made as it must be. Nothing was written."""


@dataclasses.dataclass(frozen=True)
class PackedArchive:
    path: pathlib.Path
    size: int
    """Bytes."""
    sha256: str
    """Of the file; the same packages give the same."""


def _version() -> str:
    return "{}.{}".format(*sys.version_info)


def _launcher() -> bytes:
    text = pathlib.Path(__file__).with_name("launcher.sh").read_text()
    return text.replace("@VERSION@", _version()).encode()


def _packages(more: Iterable[str]) -> list[importlib.metadata.Distribution]:
    names = ["pomona", *more]
    for name in _OPTIONAL:
        try:
            importlib.metadata.distribution(name)
            names.append(name)
        except importlib.metadata.PackageNotFoundError:
            print(f"pack: {name} is not installed, and so not packed", file=sys.stderr)
    try:
        return contents.packages(names)
    except importlib.metadata.PackageNotFoundError as missing:
        raise PackError(
            f"package `{missing.name}` is not installed\nhint: python -m pip install it first"
        ) from None


def _write(target: io.BufferedIOBase, packages: list[importlib.metadata.Distribution]) -> None:
    """A tar with nothing in it that depends on when, where or by whom it was made."""

    def add(name: str, data: bytes, executable: bool) -> None:
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        entry.mode = 0o755 if executable else 0o644
        archive.addfile(entry, io.BytesIO(data))

    found = sorted({pair for package in packages for pair in contents.files(package)})
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=target, compresslevel=6, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive,
    ):
        add("bin/python", _launcher(), True)
        for path, file in found:
            add(f"site-packages/{path}", file.read_bytes(), os.access(file, os.X_OK))


def _try(archive: pathlib.Path) -> None:
    """Unpacks it and extracts an image with nothing else in reach. PackError."""
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(archive) as packed:
            # Python 3.11.3 and older do not know of filters.
            packed.extraction_filter = getattr(tarfile, "data_filter", None)
            packed.extractall(folder)
        done = subprocess.run(
            # -S: without the packages of the Python that runs it.
            [f"{folder}/bin/python", "-S", pathlib.Path(__file__).with_name("trial.py")],
            capture_output=True,
            text=True,
            cwd=folder,
            env={
                "PATH": os.defpath,
                "POMONA_PYTHON": getattr(sys, "_base_executable", sys.executable),
                "POMONA_CACHE": f"{folder}/cache",
            },
        )
    if done.returncode != 0:
        raise PackError(f"what is packed does not work: {done.stderr.strip()}")
    foreign = [name for name in done.stdout.splitlines() if not _is_everywhere(name)]
    if foreign:
        raise PackError(
            f"workers would need libraries of this machine: {', '.join(foreign)}\n"
            "hint: install the wheel that `make wheel` makes, which holds them"
        )


def _is_everywhere(library: str) -> bool:
    path = pathlib.Path(library)
    return path.parent.name == "lib-dynload" or _EVERYWHERE.fullmatch(path.name) is not None


def pack(output: pathlib.Path, more: Iterable[str] = ()) -> PackedArchive:
    """Packs pomona, what it depends on, pandas where it is installed, and the packages `more`.

    `output` appears whole or not at all. Takes about half a minute; needs twice the unpacked size
    (0.5 GB) in the temporary folder. PackError, OSError.
    """
    packages = _packages(more)
    partial = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        with partial.open("wb") as target:
            _write(target, packages)
        _try(partial)
        with partial.open("rb") as written:
            sha256 = hashlib.file_digest(written, "sha256").hexdigest()
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)
    return PackedArchive(output, output.stat().st_size, sha256)
