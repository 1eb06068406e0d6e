"""Spark sessions of the tests, in this process and in processes of their own."""

import os
import pathlib
import subprocess
import sys
import textwrap

from servers import artifacts

# For every session: nothing leaves this machine, and there is something to read a bucket with.
LOCAL = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "2",
    # The test servers' Hadoop configuration would make HDFS the home of plain paths.
    "spark.hadoop.fs.defaultFS": "file:///",
    "spark.python.worker.faulthandler.enabled": "true",
}


def s3a(endpoint: str, credentials: dict[str, str]) -> dict[str, str]:
    """Settings with which Spark, and so Pomona, reads a bucket of the test server."""
    return {
        "spark.hadoop.fs.s3a.endpoint": endpoint,
        "spark.hadoop.fs.s3a.endpoint.region": credentials["AWS_REGION"],
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.access.key": credentials["AWS_ACCESS_KEY_ID"],
        "spark.hadoop.fs.s3a.secret.key": credentials["AWS_SECRET_ACCESS_KEY"],
    }


def s3a_jars() -> str:
    """hadoop-aws for this Spark. Only the one that goes with Spark 4 is among the artifacts."""
    return ",".join(map(str, sorted((artifacts.s3a() / "lib").glob("*.jar"))))


def environment(**more: str) -> dict[str, str]:
    """For a driver: without the keys of the test runner, as a cluster would not have them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        **kept,
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "AWS_EC2_METADATA_DISABLED": "true",
        **more,
    }


def start(master: str, settings: dict[str, str], *arguments, **options) -> subprocess.Popen:
    """Starts python with `arguments` as a driver on `master`."""
    configured = {**LOCAL, **settings, "spark.master": master}
    submit = " ".join(f'--conf "{name}={value}"' for name, value in configured.items())
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        env=environment(PYSPARK_SUBMIT_ARGS=f"{submit} pyspark-shell"),
        **{
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "text": True,
            "errors": "replace",
            **options,
        },
    )


def script(folder: pathlib.Path, text: str) -> pathlib.Path:
    path = folder / "driver.py"
    path.write_text(textwrap.dedent(text))
    return path
