"""Hadoop's native client in a Python worker, which has no Hadoop environment of its own."""

from __future__ import annotations

import glob
import os
import pathlib
import shutil
import subprocess


def prepare(uri: str) -> None:
    """Before `uri` is opened, if it is on HDFS: sets CLASSPATH for libhdfs, where it is not set:
    from `hadoop classpath --glob` of HADOOP_HOME or PATH, else Spark's own jars, which hold a
    Hadoop client. Does nothing where neither is there, and before the client has started only: it
    reads the variable once.

    ARROW_LIBHDFS_DIR (or HADOOP_HOME/lib/native) and JAVA_HOME are for the cluster to set; EMR
    does. Cost: a second, once a process, where there is a `hadoop`; processes forked later inherit
    it.
    """
    if not uri.startswith("hdfs:") or ".jar" in os.environ.get("CLASSPATH", ""):
        return
    jars = _from_hadoop() or _from_spark()
    if jars:
        before = os.environ.get("CLASSPATH", "")
        os.environ["CLASSPATH"] = f"{before}:{jars}" if before else jars


def _from_hadoop() -> str:
    home = os.environ.get("HADOOP_HOME")
    program = f"{home}/bin/hadoop" if home else shutil.which("hadoop")
    if not program or not os.access(program, os.X_OK):
        return ""
    asked = subprocess.run([program, "classpath", "--glob"], capture_output=True, text=True)
    return asked.stdout.strip() if asked.returncode == 0 else ""


def _from_spark() -> str:
    import pyspark

    home = os.environ.get("SPARK_HOME") or str(pathlib.Path(pyspark.__file__).parent)
    jars = sorted(glob.glob(f"{glob.escape(home)}/jars/*.jar"))
    configuration = os.environ.get("HADOOP_CONF_DIR", "")
    return ":".join([configuration, *jars] if configuration and jars else jars)
