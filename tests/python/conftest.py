"""Images, and programs that run in a Python of their own."""

import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
COMMAND = pathlib.Path(sys.executable).with_name("pomona")


# The end-to-end tests know images; the command beside this Python draws them where there are none.
sys.path.append(str(REPOSITORY / "tests" / "e2e"))
os.environ["POMONA_BIN"] = str(COMMAND)

import images as image_folders  # noqa: E402


def pytest_report_header():
    data = image_folders.real_images()
    return f"images: {data}" if data else "images: DRAWN ones (POMONA_TEST_DATA can name others)"


@pytest.fixture(scope="session")
def images(tmp_path_factory) -> pathlib.Path:
    """48 images with 4 labels, one with a space in it. Not to be changed: see own_images."""
    return image_folders.some_images(tmp_path_factory, labels=4, each=12)


@pytest.fixture
def own_images(images, tmp_path) -> pathlib.Path:
    """The same, for a test that changes them."""
    return pathlib.Path(shutil.copytree(images, tmp_path / "images"))


@pytest.fixture(scope="session")
def extractor():
    import pomona

    return pomona.Extractor(threads=2, share_cores=True)


@pytest.fixture
def start(tmp_path):
    """Starts a program, given as text, in a Python of its own."""
    started = []

    def start(program: str, *arguments, **environment) -> subprocess.Popen:
        file = tmp_path / f"program{len(started)}.py"
        file.write_text(program)
        process = subprocess.Popen(
            [sys.executable, file, *map(str, arguments)],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        # What it forked would keep its pipes open.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
