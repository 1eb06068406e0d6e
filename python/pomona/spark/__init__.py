"""Pomona inside Spark 3.5 and 4: images become a DataFrame of features.

    features = pomona.spark.extract(spark, "s3a://bucket/photos")
    features.write.parquet("s3a://bucket/features")

PARQUET_OPTIONS makes that write cheaper: features.write.options(**PARQUET_OPTIONS).parquet(...).
extract() reads a folder or bucket, extract_column() a column of paths, bytes or image structs;
PomonaFeaturizer and PCA are stages of a pyspark.ml Pipeline; register() makes
spark.read.format("pomona") work on Spark 4; `python -m pomona.spark` is the whole job.
Workers need this package and nothing else.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pomona.spark.accumulators import Counters, counters
    from pomona.spark.featurizer import PomonaFeaturizer
    from pomona.spark.frames import PARQUET_OPTIONS, extract, extract_column
    from pomona.spark.hadoop import storage_options
    from pomona.spark.pca import PCA, PCAModel

_MODULES = {
    "accumulators": ["Counters", "counters"],
    "featurizer": ["PomonaFeaturizer"],
    "frames": ["PARQUET_OPTIONS", "extract", "extract_column"],
    "hadoop": ["storage_options"],
    "pca": ["PCA", "PCAModel"],
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "PARQUET_OPTIONS",
    "PCA",
    "Counters",
    "PCAModel",
    "PomonaFeaturizer",
    "counters",
    "extract",
    "extract_column",
    "register",
    "storage_options",
]


def register(spark, storage=None) -> None:
    """See pomona.spark.data_source.register; here so that Spark 3.5, which has no Python data
    sources, need not import it."""
    from pomona.spark import data_source

    data_source.register(spark, storage)


def __getattr__(name: str):
    """Each other name when it is first asked for: pyspark.ml and pandas, which stages of a Pipeline
    need, take longer to import than all else, and most workers do without."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
