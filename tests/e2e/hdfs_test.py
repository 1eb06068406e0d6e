"""Real HDFS as source and output."""

import os
import signal

import images as image_folders
import pyarrow.fs
import pytest
from program import FAILED, KILLED, OK, Pomona, finish
from stores import HdfsStore
from table import Table

OPTIONS = ("--rows-per-file", 3)


def by_name(table: Table):
    rows = table.rows().to_pylist()
    return [(*row["path"].split("/")[-2:], row["label"], row["features"]) for row in rows]


@pytest.fixture(scope="module")
def few_images(images, tmp_path_factory):
    """A write to HDFS takes its time: 12 images, 4 parts."""
    return image_folders.copy_some(
        images, tmp_path_factory.mktemp("few") / "images", labels=4, each=3
    )


@pytest.fixture(scope="module")
def source(hdfs_environment, few_images):
    """Not to be changed."""
    store = HdfsStore(hdfs_environment["POMONA_TEST_HDFS"])
    store.put_folder(few_images, "source")
    return store.uri("source")


@pytest.fixture
def hdfs_pomona(hdfs):
    return Pomona()  # the variables of libhdfs are set by the fixture


def test_hdfs_to_hdfs_gives_the_rows_of_the_local_folder(
    hdfs, hdfs_pomona, source, few_images, tmp_path
):
    hdfs_pomona.ok("extract", source, hdfs.uri("table"), *OPTIONS)
    hdfs_pomona.ok("extract", few_images, tmp_path / "table", *OPTIONS)
    assert by_name(hdfs.table("table")) == by_name(Table(tmp_path / "table"))
    assert hdfs.table("table").is_finished()
    assert all(path.startswith("hdfs://") for path in hdfs.table("table").paths())
    assert hdfs_pomona("verify", hdfs.uri("table")).code == OK


@pytest.mark.parametrize("parts", range(1, 4))
def test_killed_on_hdfs(hdfs, hdfs_pomona, source, parts):
    command = ("extract", source, hdfs.uri("table"), *OPTIONS)
    process = hdfs_pomona.start(*command)
    while len(hdfs.table("table").part_paths()) < parts:
        assert process.poll() is None, process.communicate()
    process.kill()
    assert finish(process).code in (OK, KILLED)
    hdfs_pomona.ok(*command)
    assert len(hdfs.table("table").paths()) == 12
    assert hdfs_pomona("verify", hdfs.uri("table")).code == OK


def everything_below(hdfs, key):
    selector = pyarrow.fs.FileSelector(f"{hdfs.folder}/{key}", recursive=True)
    infos = hdfs.filesystem.get_file_info(selector)
    return {(info.path, info.size, info.mtime) for info in infos if info.is_file}


def test_a_run_that_sleeps_while_another_takes_over_changes_nothing(hdfs, hdfs_pomona, source):
    command = ("extract", source, hdfs.uri("table"), *OPTIONS)
    sleeper = hdfs_pomona.start(*command)
    while not hdfs.table("table").part_paths():
        assert sleeper.poll() is None, sleeper.communicate()
    os.kill(sleeper.pid, signal.SIGSTOP)
    try:
        # As the one does that finds its claim too old.
        hdfs.filesystem.delete_dir_contents(f"{hdfs.folder}/table/_pomona/lease")
        hdfs_pomona.ok(*command)
        before = everything_below(hdfs, "table")
    finally:
        os.kill(sleeper.pid, signal.SIGCONT)
    ended = finish(sleeper)
    assert ended.code == FAILED, ended.stderr
    assert "another run took over" in ended.stderr
    assert everything_below(hdfs, "table") == before
    assert len(hdfs.table("table").paths()) == 12
    assert hdfs_pomona("verify", hdfs.uri("table")).code == OK
