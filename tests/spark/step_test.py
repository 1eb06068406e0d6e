"""The step of deploy/aws, as it stands, on a real YARN, with the archive where a node's bootstrap
puts it."""

import hashlib
import os
import pathlib
import subprocess
import sys

import pyspark
import pytest
import sessions
from conftest import SPARK_4, by_path
from program import OK, REPOSITORY, Result, finish
from servers import spark_settings

sys.path.append(str(REPOSITORY / "deploy" / "aws"))

if not SPARK_4:
    pytest.skip("the s3a connector that is here goes with Spark 4", allow_module_level=True)

from pomona_aws import spark_submit, template  # noqa: E402

JOB = REPOSITORY / "examples" / "spark_job.py"
JOB_KEY = "pomona/spark_job.py"


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    """/opt/pomona of a node: bootstrap.sh has unpacked there what `pomona pack` made."""
    folder = tmp_path_factory.mktemp("node")
    archive = folder / "env.tar.gz"
    pomona = pathlib.Path(sys.executable).parent / "pomona"
    subprocess.run([pomona, "pack", "--output", archive], check=True)
    for name, body in {
        "sudo": 'exec "$@"', "dnf": "exit 0", "systemctl": "exit 0",
        "aws": f'cp "{archive}" "$5"',
        "python3.11": f'exec "{sys._base_executable}" "$@"',
    }.items():  # fmt: skip
        (folder / name).write_text(f"#!/bin/sh\n{body}\n")
        (folder / name).chmod(0o755)
    subprocess.run(
        [REPOSITORY / "deploy" / "aws" / "bootstrap.sh", "s3://bucket/pomona/env.tar.gz",
         hashlib.sha256(archive.read_bytes()).hexdigest()],
        env={"PATH": f"{folder}:{os.defpath}", "POMONA_HOME": str(folder / "pomona")}, check=True,
    )  # fmt: skip
    return folder


def defaults(folder: pathlib.Path, settings: dict[str, str]) -> pathlib.Path:
    """A folder with spark-defaults.conf, as EMR writes it on its nodes."""
    folder.mkdir()
    lines = [f"{name} {value}" for name, value in settings.items()]
    (folder / "spark-defaults.conf").write_text("\n".join(lines) + "\n")
    return folder


def cluster_defaults(node: pathlib.Path) -> dict[str, str]:
    """What cluster.yaml configures, with this test's place of the archive."""
    cluster = template.load("cluster").content["Resources"]["Cluster"]["Properties"]
    (spark,) = [c for c in cluster["Configurations"] if c["Classification"] == "spark-defaults"]
    return {
        name: value.replace("/opt/pomona", str(node / "pomona"))
        for name, value in spark["ConfigurationProperties"].items()
    }


def this_machine(yarn, s3) -> dict[str, str]:
    """What EMR's own defaults are to a cluster, for the one of this test."""
    home = pathlib.Path(pyspark.__file__).parent
    local = {k: v for k, v in spark_settings.LOCAL.items() if not k.startswith("spark.driver.")}
    del local["spark.hadoop.fs.defaultFS"]
    places = {"JAVA_HOME": yarn["JAVA_HOME"], "POMONA_PYTHON": sys._base_executable}
    return {
        **local,
        **spark_settings.s3a(s3.endpoint, s3.credentials),
        # EMR's own file system for s3:// is not to be had here.
        "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        "spark.master": "yarn",
        "spark.yarn.jars": f"local:{home}/jars/*",
        "spark.executor.instances": "1",
        "spark.driver.memory": "512m",
        **{f"spark.executorEnv.{name}": value for name, value in places.items()},
        **{f"spark.yarn.appMasterEnv.{name}": value for name, value in places.items()},
    }


def run(yarn, words: list[str], configuration: pathlib.Path) -> Result:
    """Runs a step's command line as EMR's command-runner does: words, no shell."""
    home = pathlib.Path(pyspark.__file__).parent
    environment = sessions.environment(
        HADOOP_CONF_DIR=yarn["HADOOP_CONF_DIR"], JAVA_HOME=yarn["JAVA_HOME"],
        SPARK_HOME=str(home), SPARK_CONF_DIR=str(configuration),
        # As on a node of EMR: a Python that is not ours, and the file system for s3:// in each
        # class path.
        PYSPARK_PYTHON="/usr/bin/python3",
        SPARK_DIST_CLASSPATH=spark_settings.s3a_jars().replace(",", ":"),
        PATH=f"{home / 'bin'}:{os.environ['PATH']}",
    )  # fmt: skip
    return finish(
        subprocess.Popen(
            words, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, errors="replace",
        )
    )  # fmt: skip


def test_the_step_extracts_from_bucket_to_bucket(yarn, node, s3, some_images, expected, tmp_path):
    s3.put_folder(some_images, "images/Test")
    s3.put(JOB_KEY, JOB.read_bytes())
    configuration = defaults(
        tmp_path / "conf", {**this_machine(yarn, s3), **cluster_defaults(node)}
    )
    source, output = f"s3://{s3.bucket}/images/Test", f"s3://{s3.bucket}/features/Test"
    words = spark_submit.command(s3.bucket, JOB_KEY, source, output, ["--mode", "errorifexists"])
    result = run(yarn, words, configuration)
    assert result.code == OK, result.stderr
    table = s3.table("features/Test")
    moved = {path.replace(f"file:{some_images}", source): row for path, row in expected.items()}
    rows = {
        path.replace("s3a://", "s3://"): row
        for path, row in by_path(table.rows().to_pylist()).items()
    }
    assert rows == moved
    assert table.is_finished()
    assert table.report()["images"] == 48
    assert s3.credentials["AWS_SECRET_ACCESS_KEY"] not in result.stderr
