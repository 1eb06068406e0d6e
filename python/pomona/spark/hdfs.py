"""Hadoop's native client in a Python worker, which has no Hadoop environment of its own."""

from __future__ import annotations

import glob
import os
import pathlib
import shutil
import subprocess
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc


def prepared(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Batches of references; before the first that has one on HDFS, prepare()."""
    waiting = True
    for batch in batches:
        if waiting:
            found = pc.starts_with(batch.column("uri"), "hdfs:", ignore_case=True)
            if pc.any(found).as_py():
                prepare("hdfs:")
                waiting = False
        yield batch


def prepare(*uris: str) -> None:
    """Before `uris` are opened, if one is on HDFS: makes CLASSPATH name the jars of a Hadoop
    client, as libhdfs wants them. Those that it names by a wildcard, as in a container of YARN;
    else those of `hadoop classpath --glob`, from HADOOP_HOME or PATH; else Spark's own. Where there
    is none, nothing changes and the core says what it misses.

    ARROW_LIBHDFS_DIR (or HADOOP_HOME/lib/native) and JAVA_HOME are for the cluster to set; EMR
    does. Cost: a second, once a process, if `hadoop` is asked. The client reads the variable when
    it starts.
    """
    if not any(uri.lower().startswith("hdfs:") for uri in uris):
        return
    present = _expanded(os.environ.get("CLASSPATH", ""))
    if ".jar" not in present:
        present = ":".join(filter(None, [present, _from_hadoop() or _from_spark()]))
    os.environ["CLASSPATH"] = present


def _expanded(classpath: str) -> str:
    """With the jars that "folder/*" stands for, as `java` understands it and libhdfs does not."""
    entries: list[str] = []
    for entry in filter(None, classpath.split(":")):
        folder = entry.removesuffix("/*")
        entries += [entry] if folder == entry else sorted(glob.glob(f"{glob.escape(folder)}/*.jar"))
    return ":".join(entries)


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
    jars = _expanded(f"{home}/jars/*")
    configuration = os.environ.get("HADOOP_CONF_DIR")
    return f"{configuration}:{jars}" if configuration and jars else jars
