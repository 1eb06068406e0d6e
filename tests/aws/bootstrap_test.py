"""The bootstrap script, a node's commands played: it unpacks the archive that was meant or ends."""

import hashlib
import os
import shutil
import subprocess

import conftest
import pytest


@pytest.fixture
def node(tmp_path):
    """A folder with the commands of an EMR node: what they were asked is in its `asked`."""
    commands = tmp_path / "commands"
    commands.mkdir()
    for name, body in {
        "sudo": 'exec "$@"',
        "dnf": 'echo "dnf $*" >>"$ASKED"',
        "systemctl": 'echo "systemctl $*" >>"$ASKED"',
        # aws s3 cp --no-progress s3://bucket/key FILE
        "aws": 'cp "$BUCKET/${4#s3://bucket/}" "$5"',
    }.items():
        command = commands / name
        command.write_text(f"#!/bin/sh\n{body}\n")
        command.chmod(0o755)
    (tmp_path / "bucket").mkdir()
    return tmp_path


def bootstrap(node, *arguments):
    return subprocess.run(
        [conftest.DEPLOY / "bootstrap.sh", *arguments],
        capture_output=True, text=True,
        env={
            "PATH": f"{node / 'commands'}:{os.environ['PATH']}", "ASKED": str(node / "asked"),
            "BUCKET": str(node / "bucket"), "POMONA_HOME": str(node / "home"),
        },
    )  # fmt: skip


def test_the_archive_that_was_meant_is_unpacked(node, archive):
    shutil.copyfile(archive, node / "bucket" / "env.tar.gz")
    sha256 = hashlib.sha256(archive.read_bytes()).hexdigest()
    done = bootstrap(node, "s3://bucket/env.tar.gz", sha256)
    assert done.returncode == 0, done.stderr
    assert os.access(node / "home" / "bin" / "python", os.X_OK)
    assert "install python3.11" in (node / "asked").read_text()


def test_another_archive_ends_the_node(node, archive):
    (node / "bucket" / "env.tar.gz").write_bytes(archive.read_bytes() + b"one byte more")
    sha256 = hashlib.sha256(archive.read_bytes()).hexdigest()
    done = bootstrap(node, "s3://bucket/env.tar.gz", sha256)
    assert done.returncode != 0
    assert "error: s3://bucket/env.tar.gz is not the archive" in done.stderr
    assert "hint: " in done.stderr
    assert not (node / "home").exists()


def test_an_archive_that_is_missing_ends_the_node(node):
    assert bootstrap(node, "s3://bucket/env.tar.gz", "0" * 64).returncode != 0


def test_a_call_without_a_checksum_is_refused(node):
    done = bootstrap(node, "s3://bucket/env.tar.gz")
    assert done.returncode != 0
    assert "usage" in done.stderr
    assert not (node / "asked").exists()
