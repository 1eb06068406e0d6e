"""An image that kills the Python worker which decodes it: Spark tries the task again, that attempt
decodes in processes of their own, and none but this image is blamed. The kill is by
tests/crash/poison_shim.c, which only the workers have."""

import shutil

import pytest
import sessions
from odd_files import encoded, picture
from program import OK, REPOSITORY, finish
from table import Table

SHIM = REPOSITORY / "build" / "release" / "tests" / "libpoison_shim.so"
WIDTH = 77

DRIVER = """
    import sys
    import pomona.spark
    from pyspark.sql import SparkSession

    source, output, *inputs = sys.argv[1:]
    spark = SparkSession.builder.getOrCreate()
    for what in inputs:
        if what == "references":
            made = pomona.spark.extract(spark, source, partitions=3, rejects=True)
        else:
            files = spark.read.format("binaryFile").option("recursiveFileLookup", "true")
            files = files.load(source).repartition(3)
            made = pomona.spark.extract_column(files, "content", rejects=True)
        made.select("path", "features", "reject").write.parquet(f"{output}/{what}")
    """


@pytest.fixture
def folder(some_images, tmp_path):
    """The images, and one more that is deadly."""
    copy = shutil.copytree(some_images, tmp_path / "images")
    (copy / "deadly.jpg").write_bytes(encoded(picture(size=(WIDTH, 20)), "JPEG"))
    return copy


@pytest.fixture
def extract(folder, tmp_path):
    def run(*inputs, **shim):
        """For each of `inputs` {name: row} of a job whose tasks have three attempts."""
        environment = {"LD_PRELOAD": SHIM, "POISON_SHIM_WIDTH": WIDTH, **shim}
        settings = {f"spark.executorEnv.{name}": str(value) for name, value in environment.items()}
        driver = sessions.script(tmp_path, DRIVER)
        output = tmp_path / "tables"
        result = finish(sessions.start("local[2,3]", settings, driver, folder, output, *inputs))
        assert result.code == OK, result.stderr
        assert "TaskSetManager: Lost task" in result.stderr
        for what in inputs:
            rows = Table(output / what).rows().to_pylist()
            assert len(rows) == 49
            yield {row["path"].removeprefix(f"file:{folder}/"): row for row in rows}

    return run


@pytest.fixture
def wanted(expected, some_images):
    """What the command line makes of the images, by their names."""
    return {
        path.removeprefix(f"file:{some_images}/"): features
        for path, (_, features) in expected.items()
    }


def test_an_image_that_kills_each_process_is_set_aside(extract, wanted):
    for rows in extract("references", "images"):
        deadly = rows.pop("deadly.jpg")
        assert (deadly["features"], deadly["reject"]) == (None, "poison")
        assert {name: row["features"] for name, row in rows.items()} == wanted


def test_no_image_is_blamed_for_a_worker_that_died_once(extract, wanted, tmp_path):
    (rows,) = extract("references", POISON_SHIM_ONCE=tmp_path / "died")
    assert (tmp_path / "died").exists()
    assert {row["reject"] for row in rows.values()} == {None}
    assert rows.pop("deadly.jpg")["features"] is not None
    assert {name: row["features"] for name, row in rows.items()} == wanted
