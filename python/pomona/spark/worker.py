"""What runs in Spark's Python workers: references or images in, rows out, through the core."""

from __future__ import annotations

import collections
import itertools
import os
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyspark import SparkFiles, TaskContext

import pomona
from pomona.spark import hdfs, references
from pomona.spark.accumulators import Counters, Rejects
from pomona.spark.options import TaskOptions

REJECTS = pa.schema(
    [
        ("uri", pa.string()),
        ("label", pa.string()),
        ("reason", pa.string()),
        ("message", pa.string()),
        ("size", pa.int64()),
    ]
)

# The one network of this process, and what it was loaded with. A worker serves one task at a time,
# and Spark gives it the next one when that is done, so the network is compiled once for all.
_loaded: tuple[dict[str, Any], pomona.Extractor] | None = None
_loading = threading.Lock()


def task_threads() -> int:
    """Cores that belong to this task: spark.task.cpus, or all of them outside of a task."""
    context = TaskContext.get()
    return context.cpus() if context is not None else 0


def apart() -> int:
    """Images to decode in processes of their own: all, where this task was tried before, as that
    attempt may have died of one of them."""
    context = TaskContext.get()
    return sys.maxsize if context is not None and context.attemptNumber() > 0 else 0


def with_shipped_model(extraction: dict[str, Any]) -> dict[str, Any]:
    """Options of an extractor, where the model may be a file that came with the application
    (--files, SparkContext.addFile): on the driver and in tasks it is found by its name."""
    model = os.fspath(extraction.get("model", ""))
    if not model or os.path.isabs(model) or os.path.exists(model):
        return extraction
    try:
        shipped = SparkFiles.get(model)
    except Exception:  # without a SparkContext there is no folder for such files
        return extraction
    return {**extraction, "model": shipped} if os.path.exists(shipped) else extraction


def extractor(options: TaskOptions) -> pomona.Extractor:
    """The network of this process: loaded if it is not the one that `options` asks for."""
    global _loaded
    extraction = with_shipped_model(options.extraction)
    wanted = {"threads": task_threads(), **extraction, "storage": options.storage}
    with _loading:
        if _loaded is None or _loaded[0] != wanted:
            _loaded = None  # never two networks at once in memory
            # Workers side by side would bind their threads to the same cores.
            _loaded = (wanted, pomona.Extractor(**{"share_cores": True, **wanted}))
        return _loaded[1]


def refuse_rejects(uris: pa.Array | None, reasons: pa.Array, messages: pa.Array) -> None:
    """Raises ImageError for the first image without features."""
    for row, reason in enumerate(reasons.to_pylist()):
        if reason is not None:
            uri = uris[row].as_py() if uris is not None else None
            error = pomona.ImageError(
                f"{uri or 'an image'}: {messages[row].as_py()} ({reason})\n"
                "hint: with on_error=reject it would have no features, and the job go on"
            )
            error.uri, error.reason = uri, reason
            raise error


def decode_shares(
    batches: Iterator[pa.RecordBatch], batch_rows: int = references.CHUNK_ROWS
) -> Iterator[pa.RecordBatch]:
    """What the encoded tables in the first column of `batches` hold, one after another."""
    for batch in batches:
        for share in batch.column(0):
            yield from references.decode(share.as_py(), batch_rows)


class ExtractReferences:
    """Shares of references in (one binary column), rows (path, label, features) out.

    `with_rejects`: two more columns, reject and message, and a row for each image. Otherwise images
    without features have no row, and are in `rejects` if that is given. The end of a task adds to
    `counters` and `rejects`.
    """

    def __init__(
        self,
        options: TaskOptions,
        with_rejects: bool = False,
        counters: Counters | None = None,
        rejects: Rejects | None = None,
    ):
        self._options = options
        self._with_rejects = with_rejects
        self._counters = counters
        self._rejects = rejects

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return self.rows(decode_shares(batches, self._options.batch_rows))

    def rows(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The same from batches of references: all of them one stream, so that work goes on
        while the next are being read."""
        first = next(batches, None)
        if first is None:
            return
        stream = extractor(self._options).extract(
            hdfs.prepared(itertools.chain([first], batches)), apart=apart()
        )
        reasons: collections.Counter[str] = collections.Counter()
        rejected: list[pa.RecordBatch] = []
        for batch in stream:
            reject = batch.column("reject")
            if reject.null_count < batch.num_rows:
                if self._options.on_error == "fail":
                    refuse_rejects(batch.column("uri"), reject, batch.column("message"))
                bad = batch.filter(pc.is_valid(reject))
                reasons.update(bad.column("reject").to_pylist())
                if self._rejects is not None:
                    names = ["uri", "label", "reject", "message", "size"]
                    columns = [bad.column(name) for name in names]
                    rejected.append(pa.RecordBatch.from_arrays(columns, schema=REJECTS))
                if not self._with_rejects:
                    batch = batch.filter(pc.is_null(reject))
            yield self._row_batch(batch)
        if self._counters is not None:
            self._counters.add_task(stream.counters(), reasons)
        if rejected:
            self._rejects.add_task(pa.Table.from_batches(rejected))

    def _row_batch(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        columns = ["uri", "label", "features"]
        if self._options.has_views:
            columns.append("views")
        if self._with_rejects:
            columns += ["reject", "message"]
        return batch.select(columns).rename_columns(["path", *columns[1:]])


class ExtractColumn:
    """Arrow arrays of paths, encoded images or Spark image structs in; structs out, row by row:
    features, views (if asked for), reject, message. `as_batch` makes the core's input of an array:
    references where the batch has a `uri`, else one column of encoded images."""

    def __init__(
        self,
        options: TaskOptions,
        as_batch: Callable[[pa.Array], pa.RecordBatch],
        counters: Counters | None = None,
    ):
        self._options = options
        self._as_batch = as_batch
        self._counters = counters

    @property
    def has_views(self) -> bool:
        return self._options.has_views

    def __call__(self, arrays: Iterator[pa.Array]) -> Iterator[pa.StructArray]:
        first = next((array for array in arrays if len(array)), None)
        if first is None:
            return
        with_paths = "uri" in self._as_batch(first.slice(0, 1)).schema.names

        def inputs() -> Iterator[pa.RecordBatch]:
            for array in itertools.chain([first], arrays):
                for start in range(0, len(array), self._options.batch_rows):
                    yield self._as_batch(array.slice(start, self._options.batch_rows))

        network = extractor(self._options)
        if with_paths:
            stream = network.extract(hdfs.prepared(inputs()), apart=apart())
        else:
            stream = network.extract_images(inputs(), apart=apart())
        reasons: collections.Counter[str] = collections.Counter()
        for batch in stream:
            reject, message = batch.column("reject"), batch.column("message")
            if reject.null_count < batch.num_rows:
                if self._options.on_error == "fail":
                    refuse_rejects(batch.column("uri") if with_paths else None, reject, message)
                reasons.update(reject.drop_null().to_pylist())
            names = ["features", *(["views"] if self.has_views else []), "reject", "message"]
            yield pa.StructArray.from_arrays([batch.column(name) for name in names], names=names)
        if self._counters is not None:
            self._counters.add_task(stream.counters(), reasons)
