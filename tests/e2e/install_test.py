"""What `make install` puts somewhere: the program runs from there, and a project of somebody else's
builds against it."""

import os
import subprocess

import pytest
from program import REPOSITORY, binary


def run(*command, **options) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    folder = tmp_path_factory.mktemp("install") / "prefix"
    run("cmake", "--install", binary().parent, "--prefix", folder)
    return folder


def test_the_installed_program_has_its_model(prefix, some_images, tmp_path):
    environment = {**os.environ, "POMONA_CACHE": str(tmp_path / "cache")}
    run(prefix / "bin" / "pomona", "extract", some_images, tmp_path / "table", env=environment)
    assert (tmp_path / "table" / "_SUCCESS").exists()


def test_the_example_builds_against_the_package(prefix, some_images, tmp_path):
    source = REPOSITORY / "examples" / "extract_folder"
    run("cmake", "-S", source, "-B", tmp_path / "build", f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", tmp_path / "build")
    lines = run(tmp_path / "build" / "extract_folder", some_images).splitlines()
    assert len(lines) == 48
    assert all(line.split("\t")[2].startswith("list<element: float>[") for line in lines)


def test_the_version_is_the_projects(prefix):
    project = (REPOSITORY / "CMakeLists.txt").read_text().split("project(pomona VERSION ")[1]
    assert run(prefix / "bin" / "pomona", "--version") == f"pomona {project.split()[0]}\n"
