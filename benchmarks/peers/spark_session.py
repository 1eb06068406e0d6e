"""The Spark session of every contestant that runs on Spark: local, quiet, s3a where asked for.

s3a:// is read from job.s3_endpoint(), with the jars in BENCH_SPARK_JARS (paths, comma-separated).
"""

import os
import sys

from job import s3_endpoint
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql.functions import col, element_at, split


def session(tasks: int) -> SparkSession:
    """A session that has run one job, so that Spark is up when the clock starts."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    builder = (
        SparkSession.builder.master(f"local[{tasks}]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.memory", "4g")
        .config("spark.hadoop.fs.defaultFS", "file:///")
    )
    server = s3_endpoint()
    if server:
        s3a = {
            "endpoint": server["endpoint"],
            "endpoint.region": server["region"],
            "path.style.access": "true",
            "connection.ssl.enabled": "false",
            "access.key": server["key"],
            "secret.key": server["secret"],
        }
        builder = builder.config("spark.jars", os.environ["BENCH_SPARK_JARS"])
        for key, value in s3a.items():
            builder = builder.config(f"spark.hadoop.fs.s3a.{key}", value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    spark.range(1).count()
    return spark


def images(spark: SparkSession, source: str) -> DataFrame:
    """path, content of every .jpg below `source`."""
    reader = spark.read.format("binaryFile").option("pathGlobFilter", "*.jpg")
    return reader.option("recursiveFileLookup", "true").load(source).select("path", "content")


def write(images: DataFrame, features: Column, output: str) -> None:
    """The table that every contestant makes: path, label (the parent folder), features."""
    label = element_at(split(col("path"), "/"), -2).alias("label")
    table = images.select("path", label, features.alias("features"))
    table.write.mode("overwrite").parquet(output)
