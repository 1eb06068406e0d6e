"""Features of a data set under one configuration: extracted once, and read as arrays.

A table is used again where the same flags, network, program and images made it. The program counts
by its bytes, not by its version: a kernel that is being worked on keeps the version, and its
answers are what is asked about.
"""

import dataclasses
import functools
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from answers_configurations import Configuration
from measure import BUILD, POMONA

TABLES = pathlib.Path(os.environ.get("POMONA_ANSWERS_WORK", BUILD / "answers"))


class NotKnownError(Exception):
    """This `pomona` has no such flag, value or network; the message is its own."""


@dataclasses.dataclass(frozen=True)
class Features:
    """Of all images of a data set, in order of their paths."""

    folder: pathlib.Path  # has the table, and what was learned from it
    paths: list[str]
    original: np.ndarray  # [images, numbers], float32
    views: np.ndarray | None  # [images, views, numbers]: the same images, turned
    lengths: list[int]  # of the blocks of numbers that were made in one way, in order
    seconds: float  # of `pomona extract`, its whole process, when the table was made


@functools.cache
def program_digest() -> str:
    """Of the command and of its library, where it is one."""
    files = [POMONA, *sorted(BUILD.glob("libpomona.so.[0-9]"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


@functools.cache
def network_digest(model: str) -> str:
    shown = subprocess.run(
        [POMONA, "model", "show", model, "--json"], capture_output=True, text=True
    )
    if shown.returncode != 0:
        raise NotKnownError(first_line(shown.stderr))
    return json.loads(shown.stdout)["digest"]


@functools.cache
def images_digest(source: pathlib.Path) -> str:
    listed = [
        (str(path.relative_to(source)), path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted(source.rglob("*"))
        if path.is_file()
    ]
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()


def first_line(text: str) -> str:
    return next((line for line in text.splitlines() if line.strip()), "no message")


def features_of(configuration: Configuration, source: pathlib.Path) -> Features:
    """Extracts where it must. NotKnownError: this program cannot."""
    flags = configuration.flags
    model = flags[flags.index("--model") + 1] if "--model" in flags else "efficientnet-lite0"
    made_of = {
        "flags": flags,
        "network": network_digest(model),
        "program": program_digest(),
        "images": images_digest(source),
    }
    key = hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:12]
    folder = TABLES / f"{configuration.name}-{source.name}-{key}"
    record = folder / "made.json"
    if not record.exists():
        shutil.rmtree(folder, ignore_errors=True)
        TABLES.mkdir(parents=True, exist_ok=True)
        seconds = extract(source, folder / "table", flags)
        record.write_text(json.dumps({**made_of, "seconds": seconds}, indent=2) + "\n")
    return read(folder, json.loads(record.read_text())["seconds"])


def extract(source: pathlib.Path, output: pathlib.Path, flags: tuple[str, ...]) -> float:
    start = time.monotonic()
    # Others may compute here, too, for hours; rows do not depend on it.
    always = ("--quiet", "--on-error", "fail", "--share-cores")
    done = subprocess.run(
        [POMONA, "extract", source, output, *always, *flags],
        capture_output=True,
        text=True,
    )
    if done.returncode == 2:
        raise NotKnownError(first_line(done.stderr))
    if done.returncode != 0:
        raise RuntimeError(f"pomona extract {source.name} failed: {first_line(done.stderr)}")
    return time.monotonic() - start


def lists(array: pa.Array) -> np.ndarray:
    """[lists, numbers] of lists of one length."""
    return np.asarray(array.flatten(), np.float32).reshape(len(array), -1)


def read(folder: pathlib.Path, seconds: float) -> Features:
    parts = [pq.read_table(part) for part in sorted(folder.glob("table/part-*.parquet"))]
    paths = [path for part in parts for path in part["path"].to_pylist()]
    original = np.concatenate([lists(part["features"].combine_chunks()) for part in parts])
    views = None
    if "views" in parts[0].column_names:
        views = np.concatenate([views_of(part["views"].combine_chunks()) for part in parts])
    order = np.argsort(paths)
    return Features(
        folder,
        [paths[row] for row in order],
        original[order],
        None if views is None else views[order],
        block_lengths(parts[0].schema.metadata, original.shape[1]),
        seconds,
    )


def views_of(array: pa.Array) -> np.ndarray:
    """[rows, views, numbers] of lists of structs `view, features`, as many in each row."""
    turned = lists(array.flatten().field("features"))
    return turned.reshape(len(array), -1, turned.shape[1])


def block_lengths(metadata: dict[bytes, bytes], numbers: int) -> list[int]:
    """What the table says of its blocks; a table of one tensor has one."""
    said = json.loads(metadata[b"pomona.preprocessing"]).get("feature_slices")
    return [one["length"] for one in said] if said else [numbers]
