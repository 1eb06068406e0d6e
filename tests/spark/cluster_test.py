"""A cluster of two executors (local-cluster), some of which die."""

import os
import pathlib
import signal
import time

import pytest
import sessions
from conftest import by_path
from odd_files import encoded, picture, write_files
from program import OK, finish
from servers import spark_settings
from servers.proxy import FaultProxy
from table import Table

CLUSTER = "local-cluster[2,1,1024]"


def children(pid):
    """All descendants of a process: {pid: command line}."""
    parents, commands = {}, {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
                commands[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
            parents[int(entry.name)] = int(stat.rsplit(")", 1)[1].split()[1])
    found, waiting = {}, [pid]
    while waiting:
        parent = waiting.pop()
        for child, its_parent in parents.items():
            if its_parent == parent and child not in found:
                found[child] = commands[child]
                waiting.append(child)
    return found


def wait_for(condition, seconds=120):
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)
    return value


@pytest.fixture
def many_images(tmp_path):
    """Enough for a job to be under way when something is killed."""
    data = encoded(picture(), "JPEG")
    folder = tmp_path / "many"
    write_files(folder, {f"{label}/{n}.jpg": data for label in "abcd" for n in range(400)})
    return folder


def test_rows_are_those_of_the_command_line(some_images, expected, tmp_path):
    result = finish(
        sessions.start(CLUSTER, {}, "-m", "pomona.spark", some_images, tmp_path / "table",
                       "--partitions", "4")
    )  # fmt: skip
    assert result.code == OK, result.stderr
    assert by_path(Table(tmp_path / "table").rows().to_pylist()) == expected


def is_executor(command):
    return "CoarseGrainedExecutorBackend" in command


def is_worker(command):
    return "pyspark.daemon" in command or "pyspark/daemon" in command


@pytest.mark.parametrize(
    ("what", "settings"),
    [
        ("executor", {}),
        ("worker", {}),
        ("executor", {"spark.speculation": "true", "spark.speculation.multiplier": "1.1",
                      "spark.speculation.quantile": "0.3", "spark.speculation.interval": "50ms"}),
    ],
    ids=["executor", "python-worker", "executor-with-speculation"],
)  # fmt: skip
def test_killed_processes_cost_no_row(many_images, tmp_path, what, settings):
    output = tmp_path / "table"
    driver = sessions.start(
        CLUSTER, settings, "-m", "pomona.spark", many_images, output, "--partitions", "16"
    )

    def first_parts_and_victims():
        assert driver.poll() is None, driver.communicate()[1]
        family = children(driver.pid)
        victims = [pid for pid, command in family.items() if is_executor(command)]
        if what == "worker":
            # The daemon's children; the daemon itself is an executor's child.
            daemons = {pid for pid, command in family.items() if is_worker(command)}
            victims = [pid for pid in daemons if pid not in _parents_of(daemons)]
        written = list(output.glob("_temporary/0/task_*"))
        return victims if len(written) >= 2 and victims else None

    victim = wait_for(first_parts_and_victims)[0]
    os.kill(victim, signal.SIGKILL)
    result = finish(driver)
    assert result.code == OK, result.stderr
    table = Table(output)
    assert sorted(table.paths()) == sorted(f"file:{path}" for path in many_images.rglob("*.jpg"))
    assert table.report()["images"] == 1_600
    features = table.rows()["features"]
    assert len({tuple(row) for row in features.to_pylist()}) == 1


def _parents_of(pids):
    found = set()
    for pid in pids:
        try:
            stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            continue
        found.add(int(stat.rsplit(")", 1)[1].split()[1]))
    return found


def test_workers_are_used_again(some_images, tmp_path):
    """One process loads the network once, whatever number of tasks it gets."""
    driver = sessions.script(
        tmp_path,
        """
        import os, sys
        import pyarrow as pa
        from pyspark.sql import SparkSession
        import pomona.spark
        from pomona.spark import worker

        spark = SparkSession.builder.getOrCreate()
        frame = pomona.spark.extract(spark, sys.argv[1], partitions=12)

        def process(batches):
            for batch in batches:
                pid = pa.array([os.getpid()] * batch.num_rows)
                network = pa.array([id(worker._loaded[1])] * batch.num_rows)
                yield pa.RecordBatch.from_arrays([pid, network], ["pid", "network"])

        frame.count()
        frame.write.format("noop").mode("overwrite").save()
        seen = spark.range(8, numPartitions=8).mapInArrow(process, "pid long, network long")
        print(len({row.pid for row in seen.collect()}), len(set(seen.collect())))
        """,
    )
    result = finish(sessions.start("local[2]", {}, driver, some_images))
    assert result.code == OK, result.stderr
    processes, networks = map(int, result.stdout.split())
    assert processes <= 2
    assert networks == processes


def test_from_a_bucket_with_executors_that_have_no_keys(s3, some_images, tmp_path):
    """Keys travel with the task; one GET an image, though tasks are in two executors."""
    s3.put_folder(some_images, "Test")
    with FaultProxy(s3.endpoint) as proxy:
        settings = spark_settings.s3a(proxy.endpoint, s3.credentials)
        result = finish(
            sessions.start(CLUSTER, settings, "-m", "pomona.spark", f"s3a://{s3.bucket}/Test",
                           tmp_path / "table", "--partitions", "4")
        )  # fmt: skip
        assert result.code == OK, result.stderr
        counts = proxy.counts()
    assert counts["GET"] == 48
    assert counts.get("HEAD", 0) == 0
    assert len(Table(tmp_path / "table").paths()) == 48
    assert s3.credentials["AWS_SECRET_ACCESS_KEY"] not in result.stderr
