"""What the tasks did, added up on the driver and shown in Spark's metrics.

Spark adds up what a task reports when the task succeeds, once for each partition of a job's last
stage: a retried, lost or speculated attempt counts once. Extracting before a shuffle counts again
what Spark has to compute again. Python accumulators exist in classic Spark only, not on Connect.
"""

from __future__ import annotations

import collections
import threading
import weakref
from typing import Any

import pyarrow as pa
from pyspark import SparkContext
from pyspark.accumulators import AccumulatorParam

from pomona.spark import given
from pomona.spark.references import encode

NAMES = (
    "images", "rejects", "bytes", "requests", "retries",
    "fetch_ns", "decode_ns", "resize_ns", "infer_ns",
)  # fmt: skip
REASON = "reject."  # before a reason code


class _Sums(AccumulatorParam):
    """Adds dictionaries of numbers; on the driver, passes each update on to Spark's metrics."""

    def __init__(self, gauges: dict[str, Any] | None = None):
        self._gauges = gauges or {}

    def __reduce__(self):
        return (_Sums, ())  # the gauges belong to the driver's JVM

    def zero(self, value: dict[str, int]) -> dict[str, int]:
        return {}

    def addInPlace(self, value1: dict[str, int], value2: dict[str, int]) -> dict[str, int]:
        for name, number in value2.items():
            value1[name] = value1.get(name, 0) + number
            if name in self._gauges:
                self._gauges[name].add(number)
        return value1


class _Pieces(AccumulatorParam):
    """Collects byte strings."""

    def zero(self, value: list[bytes]) -> list[bytes]:
        return []

    def addInPlace(self, value1: list[bytes], value2: list[bytes]) -> list[bytes]:
        value1.extend(value2)
        return value1


class Counters:
    """Sums over tasks. Read on the driver, added to by tasks; picklable. Thread-safe to read."""

    def __init__(self, context: SparkContext):
        """Also makes Spark show them, as pomona.images and so on, wherever spark.metrics.conf sends
        its metrics."""
        jvm = context._jvm
        gauges = {name: context._jsc.sc().longAccumulator(f"pomona.{name}") for name in NAMES}
        by_name = jvm.java.util.HashMap()
        for name, gauge in gauges.items():
            by_name.put(f"pomona.{name}", gauge)
        # A Scala object whose class has a method of the same name has no static one.
        source = getattr(jvm, "org.apache.spark.metrics.source.LongAccumulatorSource$")
        registry = getattr(source, "MODULE$")
        registry.register(context._jsc.sc(), jvm.PythonUtils.toScalaMap(by_name))
        self._sums = context.accumulator({}, _Sums(gauges))

    def add_task(self, counters: dict[str, int], reasons: collections.Counter[str]) -> None:
        """For a task: what one finished stream counted, and its rejects by reason code."""
        update = {name: counters[name] for name in NAMES}
        update.update({f"{REASON}{reason}": number for reason, number in reasons.items()})
        self._sums.add(update)

    def value(self) -> dict[str, int]:
        """On the driver: all of NAMES, in the units of their names."""
        sums = dict(self._sums.value)
        return {name: sums.get(name, 0) for name in NAMES}

    def rejects(self) -> dict[str, int]:
        """On the driver: images without features, by reason code."""
        sums = dict(self._sums.value)
        return {
            name.removeprefix(REASON): number
            for name, number in sorted(sums.items())
            if name.startswith(REASON)
        }


class Rejects:
    """The rejects themselves, from tasks to the driver: some 30 bytes each, compressed. So one pass
    over the images gives two tables, and nothing is computed twice or kept on disk in between."""

    def __init__(self, context: SparkContext):
        self._pieces = context.accumulator([], _Pieces())

    def add_task(self, rejects: pa.Table) -> None:
        self._pieces.add([encode(rejects)])

    def table(self, schema: pa.Schema) -> pa.Table:
        """On the driver: all of them, in byte order of the address."""
        tables = [pa.ipc.open_stream(piece).read_all() for piece in self._pieces.value]
        if not tables:
            return schema.empty_table()
        return pa.concat_tables(tables).sort_by("uri")


_counters: weakref.WeakKeyDictionary[SparkContext, Counters] = weakref.WeakKeyDictionary()
_making = threading.Lock()


def counters(spark) -> Counters | None:
    """Those of everything that `spark`'s application extracted so far; None on Spark Connect."""
    given.check_session(spark)
    if not hasattr(spark, "_jsparkSession"):
        return None
    context = spark.sparkContext
    with _making:
        if context not in _counters:
            _counters[context] = Counters(context)
        return _counters[context]
