"""Images, and programs that run in a Python of their own."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
COMMAND = pathlib.Path(sys.executable).with_name("pomona")


def real_images() -> pathlib.Path | None:
    default = REPOSITORY.parent / "shared" / "fruits-360"
    folder = pathlib.Path(os.environ.get("POMONA_TEST_DATA", default)).resolve()
    return folder if folder.is_dir() else None


def pytest_report_header():
    data = real_images()
    return f"images: {data}" if data else "images: DRAWN ones (POMONA_TEST_DATA can name others)"


@pytest.fixture(scope="session")
def images(tmp_path_factory) -> pathlib.Path:
    """48 images with 4 labels, one with a space in it. Not to be changed: see own_images."""
    source = real_images()
    if source is None:
        source = tmp_path_factory.mktemp("drawn")
        subprocess.run([COMMAND, "demo", "--draw-only", source], check=True)
    labels: dict[str, list[pathlib.Path]] = {}
    for image in sorted(source.rglob("*.jpg")):
        labels.setdefault(image.parent.name, []).append(image)
    target = tmp_path_factory.mktemp("some") / "images"
    for label, files in list(labels.items())[:4]:
        (target / label).mkdir(parents=True)
        for image in files[:12]:
            shutil.copyfile(image, target / label / image.name)
    return target


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
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()
