"""YARN and HDFS, with workers whose own Python has nothing: all they get is one archive."""

import pathlib
import subprocess
import sys

import pyspark
import pytest
import sessions
from conftest import SPARK_4, by_path
from program import OK, Result, finish
from servers import spark_settings
from stores import HdfsStore
from table import Table

pytestmark = pytest.mark.skipif(not SPARK_4, reason="one Spark on YARN is enough")

JOB = pathlib.Path(__file__).resolve().parents[2] / "examples" / "spark_job.py"


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """What `pomona pack` makes of this environment."""
    path = tmp_path_factory.mktemp("archive") / "env.tar.gz"
    pomona = pathlib.Path(sys.executable).parent / "pomona"
    subprocess.run([pomona, "pack", "--output", path], check=True)
    return path


@pytest.fixture
def hdfs(yarn, monkeypatch):
    for name in ("ARROW_LIBHDFS_DIR", "CLASSPATH", "JAVA_HOME"):
        monkeypatch.setenv(name, yarn[name])
    return HdfsStore(yarn["POMONA_TEST_HDFS"])


def submit(yarn, archive, mode: str, *arguments, settings=None, jars: str = "") -> Result:
    """Runs the job on YARN with one executor of two cores."""
    home = pathlib.Path(pyspark.__file__).parent
    python = "./env/bin/python"
    everywhere = {"JAVA_HOME": yarn["JAVA_HOME"], "ARROW_LIBHDFS_DIR": yarn["ARROW_LIBHDFS_DIR"]}
    configured = {
        **{name: value for name, value in spark_settings.LOCAL.items() if "defaultFS" not in name},
        "spark.yarn.jars": f"local:{home}/jars/*",
        "spark.yarn.am.memory": "512m",
        "spark.executor.cores": "2",
        "spark.yarn.appMasterEnv.PYSPARK_PYTHON": python,
        "spark.executorEnv.PYSPARK_PYTHON": python,
        "spark.pyspark.python": python,
        # A driver here has no archive beside it.
        **({"spark.pyspark.driver.python": sys.executable} if mode == "client" else {}),
        **{f"spark.executorEnv.{name}": value for name, value in everywhere.items()},
        **{f"spark.yarn.appMasterEnv.{name}": value for name, value in everywhere.items()},
        **(settings or {}),
    }
    if mode == "cluster":
        configured = {k: v for k, v in configured.items() if not k.startswith("spark.driver.")}
    command = [home / "bin" / "spark-submit", "--master", "yarn", "--deploy-mode", mode]
    command += ["--num-executors", "1", "--executor-memory", "512m", "--driver-memory", "512m"]
    command += ["--archives", f"{archive}#env", *(["--jars", jars] if jars else [])]
    for name, value in configured.items():
        command += ["--conf", f"{name}={value}"]
    environment = sessions.environment(
        HADOOP_CONF_DIR=yarn["HADOOP_CONF_DIR"],
        JAVA_HOME=yarn["JAVA_HOME"],
        ARROW_LIBHDFS_DIR=yarn["ARROW_LIBHDFS_DIR"],
        SPARK_HOME=str(home),
    )
    environment.pop("CLASSPATH", None)  # the job is to find it
    environment.pop("PYSPARK_PYTHON", None)
    return finish(
        subprocess.Popen(
            [*map(str, command), str(JOB), *map(str, arguments)],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, errors="replace",
        )
    )  # fmt: skip


@pytest.mark.parametrize("mode", ["client", "cluster"])
def test_from_hdfs_to_hdfs(yarn, archive, hdfs, some_images, expected, mode):
    hdfs.put_folder(some_images, "photos")
    result = submit(yarn, archive, mode, hdfs.uri("photos"), hdfs.uri("features"))
    assert result.code == OK, result.stderr
    moved = {
        path.replace(f"file:{some_images}", hdfs.uri("photos")): row
        for path, row in expected.items()
    }
    assert by_path(hdfs.table("features").rows().to_pylist()) == moved
    assert hdfs.table("features").is_finished()
    assert hdfs.table("features").report()["images"] == 48


def test_paths_without_a_scheme_are_on_hdfs(yarn, archive, hdfs, some_images):
    hdfs.put_folder(some_images, "photos")
    folder = hdfs.folder
    result = submit(yarn, archive, "client", f"{folder}/photos", f"hdfs://{folder}/features")
    assert result.code == OK, result.stderr
    paths = hdfs.table("features").paths()
    assert len(paths) == 48
    # Hadoop's configuration calls this name node by another name.
    name_node = hdfs.root.replace("127.0.0.1", "localhost")
    assert all(path.startswith(f"{name_node}{folder}/photos/") for path in paths)


@pytest.mark.parametrize("mode", ["client", "cluster"])
def test_from_s3_to_s3(yarn, archive, s3, some_images, expected, mode):
    s3.put_folder(some_images, "Test")
    uri = f"s3a://{s3.bucket}"
    result = submit(
        yarn, archive, mode, f"{uri}/Test", f"{uri}/features",
        settings=spark_settings.s3a(s3.endpoint, s3.credentials), jars=spark_settings.s3a_jars(),
    )  # fmt: skip
    assert result.code == OK, result.stderr
    moved = {
        path.replace(f"file:{some_images}", f"{uri}/Test"): row for path, row in expected.items()
    }
    table: Table = s3.table("features")
    assert by_path(table.rows().to_pylist()) == moved
    assert table.report()["requests"] == 48
    assert s3.credentials["AWS_SECRET_ACCESS_KEY"] not in result.stderr
