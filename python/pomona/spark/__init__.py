"""Pomona inside Spark 3.5 and 4: images become a DataFrame of features.

    features = pomona.spark.extract(spark, "s3a://bucket/photos")
    features.write.parquet("s3a://bucket/features")

PARQUET_OPTIONS makes that write cheaper: features.write.options(**PARQUET_OPTIONS).parquet(...).
extract() reads a folder or bucket, extract_column() a column of paths, bytes or image structs;
PomonaFeaturizer and PCA are stages of a pyspark.ml Pipeline; register() makes
spark.read.format("pomona") work on Spark 4; `python -m pomona.spark` is the whole job.
Workers need this package and nothing else.
"""

from pomona.spark.counters import Counters, counters
from pomona.spark.featurizer import PomonaFeaturizer
from pomona.spark.frames import PARQUET_OPTIONS, extract, extract_column
from pomona.spark.hadoop import storage_options
from pomona.spark.pca import PCA, PCAModel


def register(spark, storage=None) -> None:
    """See pomona.spark.data_source.register; here so that Spark 3.5, which has no Python data
    sources, need not import it."""
    from pomona.spark import data_source

    data_source.register(spark, storage)


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
