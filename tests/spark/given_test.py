"""What a caller gives by mistake is said in words, before anything begins."""

import os
import pathlib
import shutil
import subprocess
import sys

import pomona.spark
import pytest
import sessions
from program import OK, finish
from pyspark.sql import functions

import pomona


@pytest.fixture(scope="module")
def paths(spark, some_images):
    """(path string) of the images."""
    rows = [(f"file:{file}",) for file in sorted(some_images.rglob("*.jpg"))]
    return spark.createDataFrame(rows, "path string")


def test_a_path_object_and_several_sources(spark, some_images, expected):
    folders = sorted(folder for folder in some_images.iterdir() if folder.is_dir())
    frame = pomona.spark.extract(spark, folders)
    assert {row.path for row in frame.select("path").collect()} == expected.keys()
    one = pomona.spark.extract(spark, pathlib.Path(folders[0]))
    assert one.count() == len(list(folders[0].glob("*.jpg")))


@pytest.mark.spark4
def test_several_sources_of_the_data_source(spark, some_images, expected):
    folders = sorted(str(folder) for folder in some_images.iterdir() if folder.is_dir())
    pomona.spark.register(spark)
    frame = spark.read.format("pomona").load(folders)
    assert {row.path for row in frame.select("path").collect()} == expected.keys()


def test_wrong_kinds_are_named(spark, some_images, paths):
    source = str(some_images)
    with pytest.raises(TypeError, match="expected a SparkSession, got str\nhint: .*comes first"):
        pomona.spark.extract(source, spark)
    with pytest.raises(TypeError, match="expected a source .*, got int"):
        pomona.spark.extract(spark, 5)
    with pytest.raises(TypeError, match="expected a source .*, got NoneType"):
        pomona.spark.extract(spark, [source, None])
    for partitions in ("2", 2.5, True):
        with pytest.raises(TypeError, match="partitions must be a whole number"):
            pomona.spark.extract(spark, source, partitions=partitions)
    with pytest.raises(pomona.InvalidOption, match="list is empty"):
        pomona.spark.extract(spark, [])
    with pytest.raises(TypeError, match="expected a DataFrame of Spark, got str"):
        pomona.spark.extract_column("path", paths)
    with pytest.raises(TypeError, match="input_col must be a column or its name, got int"):
        pomona.spark.extract_column(paths, 5)
    with pytest.raises(pomona.InvalidOption, match="no column `paht`\nhint: there are path"):
        pomona.spark.extract_column(paths, "paht")
    with pytest.raises(TypeError, match="expected a SparkSession"):
        pomona.spark.counters(source)


@pytest.mark.spark4
def test_register_names_a_wrong_kind(some_images):
    with pytest.raises(TypeError, match="expected a SparkSession"):
        pomona.spark.register(str(some_images))


def test_stages_name_what_is_wrong(paths):
    with pytest.raises(pomona.InvalidOption, match="no features in the column path of type string"):
        pomona.spark.PCA(k=2, inputCol="path", outputCol="pca").fit(paths)
    with pytest.raises(pomona.InvalidOption, match="no column `nope`"):
        pomona.spark.PCA(k=2, inputCol="nope", outputCol="pca").fit(paths)
    with pytest.raises(pomona.InvalidOption, match="PCA needs inputCol"):
        pomona.spark.PCA(k=2).fit(paths)
    with pytest.raises(pomona.InvalidOption, match="PomonaFeaturizer needs inputCol"):
        pomona.spark.PomonaFeaturizer(outputCol="features").transform(paths)


def test_a_column_is_not_overwritten(paths):
    for name in ("features", "FEATURES"):
        frame = paths.withColumn(name, functions.lit(1))
        with pytest.raises(pomona.InvalidOption, match="there is a column `features` already"):
            pomona.spark.extract_column(frame, "path")
    with pytest.raises(pomona.InvalidOption, match="`reject` already"):
        frame = paths.withColumn("reject", functions.lit(1))
        pomona.spark.extract_column(frame, "path", rejects=True)


def test_nested_fields_and_expressions_are_columns(paths, some_images, expected):
    nested = paths.select(functions.struct(functions.col("path").alias("where")).alias("image"))
    for column in ("image.where", functions.col("image.where"), nested.image["where"]):
        row = pomona.spark.extract_column(nested, column).first()
        assert list(row.features) == expected[row.image["where"]][1]
    dotted = paths.withColumnRenamed("path", "the.path")
    assert pomona.spark.extract_column(dotted, "the.path").first().features


def test_odd_addresses_are_rejects_each_with_its_reason(spark, paths, some_images):
    odd = ["http://h/x", "s3n://b/x", "viewfs://c/x", "wasbs://c@a/x", "s3a://", "dbfs:/x", "S3://"]
    frame = spark.createDataFrame([(uri,) for uri in odd], "path string").union(paths)
    rows = pomona.spark.extract_column(frame, "path", rejects=True).collect()
    assert {row.path for row in rows if row.reject == "bad_address"} == set(odd)
    assert sum(row.features is not None for row in rows) == 48
    with pytest.raises(Exception, match="unknown scheme `|no bucket or host"):
        pomona.spark.extract_column(frame, "path", on_error="fail").collect()


@pytest.mark.parametrize("name", ["_metadata.file_path", "input_file_name()", "image.origin"])
def test_sparks_encoded_paths_are_decoded(spark, some_images, expected, name):
    kind = "image" if name == "image.origin" else "binaryFile"
    files = spark.read.format(kind).load(f"{some_images}/*")
    frame = files.select(functions.expr(name).alias("file"))
    assert any("%20" in row.file for row in frame.collect())
    plain = pomona.spark.extract_column(frame, "file", rejects=True)
    lost = [row for row in plain.collect() if row.reject]
    assert lost and all("percent-encoded" in row.message for row in lost)
    found = pomona.spark.extract_column(frame, "file", decode=True).collect()
    assert sorted(list(row.features) for row in found) == sorted(
        values for _, values in expected.values()
    )
    with pytest.raises(pomona.InvalidOption, match="decode is for a column of paths"):
        pomona.spark.extract_column(files, files.columns[-1], decode=True)


def test_a_network_of_addfile_is_found_by_its_name(spark, paths, expected, tmp_path):
    (known,) = [model for model in pomona.models() if model.name == "efficientnet-lite0"]
    for suffix in (".xml", ".bin"):
        file = tmp_path / f"shipped-network{suffix}"
        shutil.copy(pathlib.Path(known.path).with_suffix(suffix), file)
        spark.sparkContext.addFile(str(file))
    frame = pomona.spark.extract_column(
        paths, "path", model="shipped-network.xml", preprocess="lite"
    )
    found = {row.path: list(row.features) for row in frame.collect()}
    assert found == {path: features for path, (_, features) in expected.items()}


def _driver(tmp_path, text, **environment):
    """Runs a driver of its own."""
    program = sessions.script(tmp_path, text)
    return finish(
        subprocess.Popen(
            [sys.executable, program], env=sessions.environment(**environment),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
    )  # fmt: skip


def test_a_python_that_spark_ignores_and_a_session_that_was_stopped(tmp_path):
    other = tmp_path / "python"
    other.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    other.chmod(0o755)
    result = _driver(
        tmp_path,
        f"""
        import pomona, pomona.spark
        from pyspark.sql import SparkSession
        def refused(work):
            try: work()
            except pomona.InvalidOption as error: print(error)
        builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
        spark = builder.config("spark.pyspark.python", "{other}").getOrCreate()
        refused(lambda: pomona.spark.extract(spark, "{tmp_path}"))
        frame = spark.range(1)
        spark.stop()
        refused(lambda: pomona.spark.extract(spark, "{tmp_path}"))
        refused(lambda: pomona.spark.extract_column(frame, "id"))
        """,
    )
    assert result.code == OK, result.stderr
    ignored, hint, *stopped = result.stdout.splitlines()
    assert str(other) in ignored and "workers" in ignored
    assert hint.startswith(f'hint: os.environ["PYSPARK_PYTHON"] = "{other}"')
    assert stopped[::2] == ["the Spark session was stopped"] * 2
    assert os.access(other, os.X_OK)


def test_features_that_nobody_asks_for_are_not_computed(spark, paths):
    counters = pomona.spark.counters(spark)
    before = counters.value()["images"]
    for form in ("array", "vector"):
        frame = pomona.spark.extract_column(paths, "path", features_as=form)
        assert frame.count() == 48
        assert len(frame.select("path").collect()) == 48
    assert counters.value()["images"] == before
