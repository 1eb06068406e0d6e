"""spark.read.format("pomona"), in a classic session and through Spark Connect."""

import json
import shutil
import subprocess
import sys

import pomona.spark
import pytest
import sessions
from conftest import by_path
from program import OK, finish

import pomona

pytestmark = pytest.mark.spark4


@pytest.fixture
def registered(spark):
    pomona.spark.register(spark)
    return spark


def rows(frame):
    return by_path([row.asDict() for row in frame.collect()])


def test_rows_are_those_of_the_command_line(registered, some_images, expected):
    frame = registered.read.format("pomona").load(str(some_images))
    assert frame.schema.simpleString() == "struct<path:string,label:string,features:array<float>>"
    assert rows(frame) == expected


def test_options(registered, some_images, tmp_path):
    shutil.copytree(some_images, tmp_path / "images")
    (tmp_path / "images" / "bad.jpg").write_bytes(b"")
    frame = (
        registered.read.format("pomona")
        .option("model", "efficientnet-lite0").option("glob", "*{0,5}.jp{e,}g,bad.*")
        .option("label", "none").option("partitions", 2).option("rejects", "true")
        .load(str(tmp_path / "images"))
    )  # fmt: skip
    assert frame.rdd.getNumPartitions() == 2
    collected = frame.collect()
    assert {row.label for row in collected} == {None}
    assert [row.reject for row in collected if row.path.endswith("/bad.jpg")] == ["empty_file"]
    assert all(row.features for row in collected if not row.path.endswith("/bad.jpg"))


@pytest.mark.parametrize(
    ("name", "value"),
    [("threads", "many"), ("modle", "x"), ("rejects", "maybe"), ("model", "none")],
)
def test_bad_options_are_named(registered, some_images, name, value):
    reader = registered.read.format("pomona").option(name, value)
    with pytest.raises(Exception, match=name if name != "model" else "none"):
        reader.load(str(some_images)).collect()


def test_a_bucket_with_the_keys_of_the_session(registered, s3, some_images):
    s3.put_folder(some_images, "Test")
    pomona.spark.register(registered)
    frame = registered.read.format("pomona").load(f"s3a://{s3.bucket}/Test")
    assert len(rows(frame)) == 48
    plan = registered._jvm.PythonSQLUtils.explainString(frame._jdf.queryExecution(), "extended")
    assert s3.credentials["AWS_SECRET_ACCESS_KEY"] not in plan


def test_spark_connect(some_images, expected, s3, tmp_path):
    """A client without a JVM: extract(), the data source, a column, and the featurizer."""
    s3.put_folder(some_images, "Test")
    driver = sessions.script(
        tmp_path,
        """
        import json, sys
        from pyspark.sql import SparkSession
        import pomona.spark

        folder, bucket, storage = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
        spark = SparkSession.builder.remote("local[2]").getOrCreate()
        assert "connect" in type(spark).__module__

        def rows(frame):
            return {row.path: list(row.features) for row in frame.collect()}

        local = rows(pomona.spark.extract(spark, folder))
        remote = rows(pomona.spark.extract(spark, bucket, storage=storage))
        assert sorted(remote.values()) == sorted(local.values())
        files = spark.read.format("binaryFile").option("recursiveFileLookup", "true")
        files = files.load(f"file:{folder}")  # the servers' Hadoop would look on HDFS
        assert rows(pomona.spark.extract_column(files, "content")) == local
        featurizer = pomona.spark.PomonaFeaturizer(inputCol="path", outputCol="features")
        assert rows(featurizer.transform(files)) == local
        print(json.dumps(local))
        """,
    )
    storage = {
        "s3_endpoint": s3.endpoint,
        "s3_access_key": s3.credentials["AWS_ACCESS_KEY_ID"],
        "s3_secret_key": s3.credentials["AWS_SECRET_ACCESS_KEY"],
    }
    result = finish(
        subprocess.Popen(
            [sys.executable, driver, some_images, f"s3a://{s3.bucket}/Test", json.dumps(storage)],
            env=sessions.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )
    )  # fmt: skip
    assert result.code == OK, result.stderr
    found = json.loads(result.stdout.splitlines()[-1])
    assert found == {path: features for path, (_, features) in expected.items()}
