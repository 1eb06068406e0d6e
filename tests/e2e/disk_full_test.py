"""No room left: the run stops cleanly, says so, and can be continued when there is room again."""

import os
import resource
import subprocess

import pytest
from program import FAILED, OK
from table import Table

OPTIONS = ("--rows-per-file", 10)


def check_continues(pomona, some_images, output, tmp_path):
    pomona.ok("extract", some_images, output, *OPTIONS)
    pomona.ok("extract", some_images, tmp_path / "calm", *OPTIONS)
    assert Table(output).content() == Table(tmp_path / "calm").content()
    assert pomona("verify", output).code == OK


def test_a_file_that_may_not_grow(pomona, some_images, tmp_path):
    """A limit on the size of a file stops each part in the middle of its writing."""

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    result = pomona("extract", some_images, tmp_path / "table", *OPTIONS, preexec_fn=limit)
    assert result.code == FAILED, (result.code, result.stderr)
    assert not Table(tmp_path / "table").is_finished()
    assert Table(tmp_path / "table").part_paths() == []
    check_continues(pomona, some_images, tmp_path / "table", tmp_path)


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=144k", "tmpfs", folder], stderr=subprocess.DEVNULL
    )
    if os.geteuid() != 0 or mounted.returncode != 0:
        pytest.skip("LEFT OUT: mounting a small disk takes root")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_full_disk(pomona, some_images, tmp_path, small_disk):
    output = small_disk / "table"
    result = pomona("extract", some_images, output, *OPTIONS)
    assert result.code == FAILED, (result.code, result.stderr)
    assert "space" in result.stderr, result.stderr
    assert not Table(output).is_finished()
    kept = len(Table(output).part_paths())
    subprocess.run(["mount", "-o", "remount,size=16m", small_disk], check=True)
    plan = pomona.ok("plan", some_images, output, *OPTIONS, "--explain")
    assert plan.stdout.count("skip part") == kept > 0, plan.stdout
    check_continues(pomona, some_images, output, tmp_path)
