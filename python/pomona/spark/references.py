"""References on their way to the tasks: listed once, cut into equal shares, compressed.

A share is what one task extracts: Arrow IPC streams one after another, each of at most CHUNK_ROWS
references, compressed with zstd. Neighbours in a listing have nearly the same address, so a
reference takes some 35 bytes, 20 of them its ETag.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa

# What pomona.list_images gives, and Extractor.extract takes.
REFERENCES = pa.schema(
    [
        ("uri", pa.string()),
        ("size", pa.int64()),
        ("mtime", pa.timestamp("us", "UTC")),
        ("version", pa.string()),
        ("label", pa.string()),
    ]
)

# One image costs the engine about as much as decoding this many bytes of JPEG costs the decoder.
BYTES_PER_COST = 128 << 10

# Of an IPC stream: enough for zstd to find what neighbours have in common.
CHUNK_ROWS = 8192

# A share below this costs more in starting a task than it gains in balance.
SMALLEST_SHARE = 64

# About 20 s on one core in f32: long enough to forget a task's start, short enough that the last
# tasks of a job end close to each other and that a lost executor costs little.
USUAL_SHARE = 4096

# What Spark's driver schedules without trouble; above it, shares grow instead.
MOST_SHARES = 20_000

_WRITE_OPTIONS = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", compression_level=6))


class Chunk(NamedTuple):
    """Consecutive references, encoded."""

    data: bytes
    rows: int
    cost: float


def costs(batch: pa.RecordBatch) -> np.ndarray:
    """What each reference will cost, in images: float64 [rows]. An unknown size counts nothing."""
    sizes = batch.column("size").fill_null(0).to_numpy(zero_copy_only=False)
    return 1.0 + np.maximum(sizes, 0) / BYTES_PER_COST


def encode(table: pa.Table | pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=_WRITE_OPTIONS) as writer:
        writer.write(table)
    return sink.getvalue().to_pybytes()


def decode(share: bytes, batch_rows: int = CHUNK_ROWS) -> Iterator[pa.RecordBatch]:
    """The references of a share, in order, at most so many at a time."""
    source = pa.BufferReader(share)
    while source.tell() < source.size():
        for batch in pa.ipc.open_stream(source):
            for start in range(0, batch.num_rows, batch_rows):
                yield batch.slice(start, batch_rows)


def chunks(references: Iterable[pa.RecordBatch]) -> list[Chunk]:
    """Takes in a whole listing, encoded as it comes."""
    taken: list[Chunk] = []
    waiting: list[pa.RecordBatch] = []

    def flush() -> None:
        table = pa.Table.from_batches(waiting).combine_chunks()
        cost = float(sum(costs(batch).sum() for batch in waiting))
        taken.append(Chunk(encode(table), table.num_rows, cost))
        waiting.clear()

    for batch in references:
        if sum(b.num_rows for b in waiting) + batch.num_rows > CHUNK_ROWS and waiting:
            flush()
        if batch.num_rows:
            waiting.append(batch)
    if waiting:
        flush()
    return taken


def share_count(cost: float, parallelism: int) -> int:
    """How many shares `cost` (in images) is best cut into for `parallelism` tasks at a time.

    Where there is work for all, a multiple of `parallelism`: then the last round is full, too.
    """
    most_useful = math.ceil(cost / SMALLEST_SHARE)
    rounds = math.ceil(cost / USUAL_SHARE / parallelism)
    return max(1, min(rounds * parallelism, most_useful, max(MOST_SHARES, parallelism)))


def cut(listing: list[Chunk], count: int) -> list[bytes]:
    """At most `count` shares, in the listing's order, of nearly equal cost: each differs from the
    mean by less than its first and last image cost. None is empty; fewer come out where single
    images cost more than a share. Only chunks that a cut goes through are decoded."""
    total = sum(chunk.cost for chunk in listing)
    shares: dict[int, list[bytes]] = {}
    before = 0.0
    for chunk in listing:
        after = before + chunk.cost
        first, last = (min(int(at / total * count), count - 1) for at in (before, after))
        if first == last:
            shares.setdefault(first, []).append(chunk.data)
        else:
            table = pa.ipc.open_stream(chunk.data).read_all()
            weights = costs(table.to_batches()[0])
            # An image belongs where its middle lies.
            middles = before + np.cumsum(weights) - weights / 2
            owners = np.minimum((middles / total * count).astype(np.int64), count - 1)
            starts = np.flatnonzero(np.diff(owners, prepend=-1))
            for start, end in zip(starts, [*starts[1:], chunk.rows], strict=True):
                piece = encode(table.slice(start, end - start))
                shares.setdefault(int(owners[start]), []).append(piece)
        before = after
    return [b"".join(shares[index]) for index in sorted(shares)]
