"""Real HDFS as source and output."""

import pytest
from program import KILLED, OK, Pomona, finish
from table import Table

OPTIONS = ("--rows-per-file", 10)


def by_name(table: Table):
    rows = table.rows().to_pylist()
    return [(*row["path"].split("/")[-2:], row["label"], row["features"]) for row in rows]


@pytest.fixture
def source(hdfs, some_images):
    hdfs.put_folder(some_images, "source")
    return hdfs.uri("source")


@pytest.fixture
def hdfs_pomona(hdfs):
    return Pomona()  # the variables of libhdfs are set by the fixture


def test_hdfs_to_hdfs_gives_the_rows_of_the_local_folder(
    hdfs, hdfs_pomona, source, some_images, tmp_path
):
    hdfs_pomona.ok("extract", source, hdfs.uri("table"), *OPTIONS)
    hdfs_pomona.ok("extract", some_images, tmp_path / "table", *OPTIONS)
    assert by_name(hdfs.table("table")) == by_name(Table(tmp_path / "table"))
    assert hdfs.table("table").is_finished()
    assert all(path.startswith("hdfs://") for path in hdfs.table("table").paths())
    assert hdfs_pomona("verify", hdfs.uri("table")).code == OK


@pytest.mark.parametrize("seed", range(3))
def test_killed_on_hdfs(hdfs, hdfs_pomona, source, seed):
    command = ("extract", source, hdfs.uri("table"), "--rows-per-file", 4)
    process = hdfs_pomona.start(*command)
    while len(hdfs.table("table").part_paths()) <= 3 * seed:
        assert process.poll() is None, process.communicate()
    process.kill()
    assert finish(process).code in (OK, KILLED)
    hdfs_pomona.ok(*command)
    assert len(hdfs.table("table").paths()) == 48
    assert hdfs_pomona("verify", hdfs.uri("table")).code == OK
