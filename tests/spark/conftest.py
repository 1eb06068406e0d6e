"""Fixtures: images, the installed command line, one local Spark for all tests, real servers.

Run by the Python of an environment that holds the wheel (scripts/env spark, scripts/env spark35).
"""

import os
import pathlib
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parent.parent
# The end-to-end tests know stores, images and the program; what is beside this Python is meant.
sys.path.append(str(TESTS / "e2e"))
os.environ["POMONA_BIN"] = str(pathlib.Path(sys.executable).parent / "pomona")

import images as image_folders  # noqa: E402
import program  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyspark  # noqa: E402
import sessions  # noqa: E402
from pomona.spark import stored_features  # noqa: E402
from servers import spark_settings  # noqa: E402
from servers.hdfs import Hadoop  # noqa: E402
from servers.running import environment_of  # noqa: E402
from servers.s3 import VersityGateway  # noqa: E402
from stores import S3Store  # noqa: E402
from table import Table  # noqa: E402

SPARK_4 = int(pyspark.__version__.split(".")[0]) >= 4


def pytest_report_header():
    return f"pyspark {pyspark.__version__} in {sys.prefix}"


def pytest_collection_modifyitems(items):
    for item in items:
        if item.get_closest_marker("spark4") and not SPARK_4:
            item.add_marker(pytest.mark.skip(reason="Spark 4 brought this"))


def pytest_configure(config):
    config.addinivalue_line("markers", "spark4: for Spark 4 and later only")


@pytest.fixture(scope="session")
def command():
    """The installed command line."""
    return program.Pomona()


@pytest.fixture(scope="session")
def some_images(tmp_path_factory):
    """48 images with 4 labels, one with a space in it. Not to be changed."""
    return image_folders.some_images(tmp_path_factory, labels=4, each=12)


@pytest.fixture(scope="session")
def expected(command, some_images, tmp_path_factory):
    """What the command line makes of some_images: {path: (label, features)}."""
    output = tmp_path_factory.mktemp("expected") / "table"
    command.ok("extract", some_images, output)
    return by_path(Table(output).rows().to_pylist())


def by_path(rows):
    """{path: (label, features)} of rows, and no path twice."""
    found = {row["path"]: (row["label"], list(row["features"])) for row in rows}
    assert len(found) == len(rows), "a path is there twice"
    return found


def read_by_the_core(frame, tasks=2):
    """Rows that the core reads of a frame of one column; None: it does not read this one."""

    def count(batches):
        yield pa.RecordBatch.from_pydict({"rows": [sum(batch.num_rows for batch in batches)]})

    made = stored_features.in_tasks(frame, tasks, count, "rows long")
    return None if made is None else sum(row.rows for row in made.collect())


@pytest.fixture(scope="session")
def s3_environment():
    yield from environment_of("POMONA_TEST_S3_ENDPOINT", VersityGateway)


@pytest.fixture(scope="module")
def yarn():
    """The environment of a running YARN with HDFS; as it is large, no longer than it is needed."""
    yield from environment_of("POMONA_TEST_YARN", lambda: Hadoop(yarn=True))


@pytest.fixture
def s3(s3_environment):
    keys = {name: value for name, value in s3_environment.items() if name.startswith("AWS_")}
    return S3Store(s3_environment["POMONA_TEST_S3_ENDPOINT"], keys)


@pytest.fixture(scope="session")
def metrics(tmp_path_factory):
    """Where the local session writes Spark's metrics, as CSV files, every second."""
    return tmp_path_factory.mktemp("metrics")


@pytest.fixture(scope="session")
def spark(s3_environment, metrics):
    """local[2], with the test server's keys in Hadoop's configuration and nowhere else."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(sessions.environment())
    builder = pyspark.sql.SparkSession.builder.master("local[2]").appName("pomona tests")
    settings = {
        **spark_settings.LOCAL,
        **spark_settings.s3a(s3_environment["POMONA_TEST_S3_ENDPOINT"], s3_environment),
    }
    sink = "spark.metrics.conf.driver.sink.csv"
    settings[f"{sink}.class"] = "org.apache.spark.metrics.sink.CsvSink"
    settings |= {f"{sink}.directory": str(metrics), f"{sink}.period": "1"}
    if SPARK_4:
        settings["spark.jars"] = spark_settings.s3a_jars()
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()
