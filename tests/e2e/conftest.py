"""Fixtures: the program, images, real servers (those of tests/run, else started here), Spark."""

import os
import sys

import images as image_folders
import networks
import program
import pytest
from servers import artifacts, spark_settings
from servers.azure import Azurite
from servers.gcs import FakeGcs
from servers.hdfs import Hadoop
from servers.running import environment_of, or_skip
from servers.s3 import S3Proxy, VersityGateway
from stores import AzureStore, GcsStore, HdfsStore, S3Store


def pytest_addoption(parser):
    parser.addoption(
        "--snapshot-update",
        action="store_true",
        help="rewrite tests/e2e/snapshots from the program",
    )


def pytest_report_header():
    data = image_folders.real_images()
    if data is None:
        return "images: DRAWN ones (there is no fruits-360 here; POMONA_TEST_DATA can name it)"
    return f"images: {data}"


@pytest.fixture(scope="session")
def pomona():
    if not program.binary().exists():
        pytest.fail(f"{program.binary()} is not built: run make build, or set POMONA_BIN")
    return program.Pomona()


@pytest.fixture(scope="session")
def images(pomona, tmp_path_factory):
    """The whole set: fruits-360, or the drawn one."""
    return image_folders.all_images(tmp_path_factory)


@pytest.fixture(scope="session")
def some_images(images, tmp_path_factory):
    """48 images with 4 labels, one with a space in it. Not to be changed: see own_images."""
    folder = tmp_path_factory.mktemp("some") / "images"
    return image_folders.copy_some(images, folder, labels=4, each=12)


@pytest.fixture
def own_images(images, tmp_path):
    """The same, for a test that changes them."""
    return image_folders.copy_some(images, tmp_path / "images", labels=4, each=12)


@pytest.fixture(scope="session")
def small_network(tmp_path_factory):
    """Options with which an extraction costs little beside its reading and writing."""
    return networks.small_network(tmp_path_factory.mktemp("network"))


@pytest.fixture(scope="session")
def full_table(pomona, images, tmp_path_factory):
    """The whole set extracted with default options, once for all tests that only read it."""
    output = tmp_path_factory.mktemp("full") / "table"
    pomona.ok("extract", images, output)
    return output


@pytest.fixture(scope="session")
def versitygw_environment():
    yield from environment_of("POMONA_TEST_S3_ENDPOINT", VersityGateway)


@pytest.fixture(scope="session")
def s3proxy_environment():
    yield from environment_of("POMONA_TEST_S3PROXY_ENDPOINT", S3Proxy)


@pytest.fixture(scope="session")
def hdfs_environment():
    for environment in environment_of("POMONA_TEST_HDFS", Hadoop):
        for name in ("ARROW_LIBHDFS_DIR", "CLASSPATH", "JAVA_HOME"):
            os.environ[name] = environment[name]
        yield environment


@pytest.fixture(scope="session")
def gcs_environment():
    yield from environment_of("POMONA_TEST_GCS_ENDPOINT", FakeGcs)


@pytest.fixture(scope="session")
def azure_environment():
    yield from environment_of("POMONA_TEST_AZURE_ENDPOINT", Azurite)


def _credentials(environment):
    return {name: environment[name] for name in environment if name.startswith("AWS_")}


@pytest.fixture
def s3(versitygw_environment):
    endpoint = versitygw_environment["POMONA_TEST_S3_ENDPOINT"]
    return S3Store(endpoint, _credentials(versitygw_environment))


@pytest.fixture
def s3proxy(s3proxy_environment):
    endpoint = s3proxy_environment["POMONA_TEST_S3PROXY_ENDPOINT"]
    return S3Store(endpoint, _credentials(s3proxy_environment))


@pytest.fixture(params=["versitygw", "s3proxy"])
def any_s3(request):
    """A test that uses this runs against both S3 servers."""
    return request.getfixturevalue({"versitygw": "s3", "s3proxy": "s3proxy"}[request.param])


@pytest.fixture
def gcs(gcs_environment):
    return GcsStore(gcs_environment["POMONA_TEST_GCS_ENDPOINT"])


@pytest.fixture
def azure(azure_environment):
    endpoint = azure_environment["POMONA_TEST_AZURE_ENDPOINT"]
    return AzureStore(endpoint, azure_environment["AZURE_STORAGE_KEY"])


@pytest.fixture
def hdfs(hdfs_environment):
    return HdfsStore(hdfs_environment["POMONA_TEST_HDFS"])


@pytest.fixture(scope="session")
def prometheus_is_here():
    or_skip(artifacts.prometheus)


@pytest.fixture(scope="session")
def spark(versitygw_environment):
    """A local Spark that can read s3a:// from the test server."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    endpoint = versitygw_environment["POMONA_TEST_S3_ENDPOINT"]
    settings = {
        **spark_settings.LOCAL,
        **spark_settings.s3a(endpoint, versitygw_environment),
        "spark.jars": spark_settings.s3a_jars(),
    }
    builder = SparkSession.builder.master("local[2]").appName("pomona tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()
