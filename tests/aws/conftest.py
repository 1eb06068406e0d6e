"""Fixtures: an account, the command that is tried, an archive to bring.

Run by the Python of the environment that holds the wheel and moto (scripts/env aws).
"""

import io
import os
import pathlib
import subprocess
import sys
import tarfile

import pytest

TESTS = pathlib.Path(__file__).resolve().parent.parent
DEPLOY = TESTS.parent / "deploy" / "aws"
# The end-to-end tests know images and the program; what is beside this Python is meant.
sys.path += [str(TESTS / "e2e"), str(DEPLOY)]
os.environ.setdefault("POMONA_BIN", str(pathlib.Path(sys.executable).parent / "pomona"))

import images as image_folders  # noqa: E402
import program  # noqa: E402
from account import Account  # noqa: E402


@pytest.fixture(scope="session")
def server():
    account = Account()
    yield account
    account.stop()


@pytest.fixture
def aws(server):
    """An empty account."""
    server.forget()
    return server


@pytest.fixture
def pomona_aws(aws):
    """Runs the command as a user does."""

    def run(*words, **environment) -> program.Result:
        done = subprocess.run(
            [sys.executable, DEPLOY / "pomona-aws", *map(str, words)],
            capture_output=True, text=True, env=aws.environment(**environment), timeout=240,
        )  # fmt: skip
        return program.Result(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def archive(tmp_path_factory) -> pathlib.Path:
    """Begins as an archive of `pomona pack` does, and has nothing else."""
    path = tmp_path_factory.mktemp("archive") / "env.tar.gz"
    launcher = b"#!/bin/sh\nexit 0\n"
    with tarfile.open(path, "w:gz") as packed:
        entry = tarfile.TarInfo("bin/python")
        entry.size, entry.mode = len(launcher), 0o755
        packed.addfile(entry, io.BytesIO(launcher))
    return path


@pytest.fixture
def installed(pomona_aws, archive) -> dict[str, str]:
    """The outputs of an installation with a cluster."""
    done = pomona_aws("up", "--archive", archive, "--yes")
    assert done.code == program.OK, done.stderr
    lines = done.stdout.splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line.split(" ")[0])


@pytest.fixture(scope="session")
def some_images(tmp_path_factory) -> pathlib.Path:
    """12 images with 2 labels, one with a space in it. Not to be changed."""
    return image_folders.some_images(tmp_path_factory, labels=2, each=6)
