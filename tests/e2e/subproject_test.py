"""Pomona in a folder of somebody else's project: add_subdirectory(pomona).

The library is not compiled again: its commands are those of the build that is there, whose library
then stands in for it.
"""

import json
import pathlib
import shlex
import shutil
import subprocess

import pytest
from program import REPOSITORY, binary

PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(other LANGUAGES CXX)
add_subdirectory("{repository}" pomona)
add_executable(extract_folder "{repository}/examples/extract_folder/extract_folder.cc")
target_link_libraries(extract_folder PRIVATE pomona::pomona)
"""


def run(*command, **options) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def settings(build: pathlib.Path) -> dict[str, str]:
    lines = (build / "CMakeCache.txt").read_text().splitlines()
    pairs = (line.split("=", 1) for line in lines if ":" in line.split("=")[0] and "=" in line)
    return {name.split(":")[0]: value for name, value in pairs}


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """The project of somebody else, configured."""
    folder = tmp_path_factory.mktemp("other")
    (folder / "CMakeLists.txt").write_text(PROJECT.format(repository=REPOSITORY))
    ours = settings(binary().parent)
    kept = ("CMAKE_BUILD_TYPE", "CMAKE_CXX_COMPILER", "Python3_EXECUTABLE", "POMONA_WERROR")
    given = [f"-D{name}={ours[name]}" for name in kept if name in ours]
    run("cmake", "-G", "Ninja", "-S", folder, "-B", folder / "build",
        "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", *given)  # fmt: skip
    return folder / "build"


def commands(build: pathlib.Path, tree: pathlib.Path) -> dict[str, list[str]]:
    """What compiles each file, but for the names of what comes out. `tree`: where Pomona is built,
    and its files are put together."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        words = [word.replace(str(tree), "TREE") for word in shlex.split(entry["command"])]
        at = words.index("-o")
        found[entry["file"].replace(str(tree), "TREE")] = words[:at] + words[at + 2 :]
    return found


def test_the_library_is_compiled_as_on_its_own_and_nothing_else_is(build):
    theirs = commands(build, build / "pomona")
    theirs.pop(str(REPOSITORY / "examples" / "extract_folder" / "extract_folder.cc"))
    ours = commands(binary().parent, binary().parent)
    assert set(theirs) == {
        file for file in ours
        if "/src/pomona/" in file and "_test." not in file and "/test_" not in file
    }  # fmt: skip
    assert {file: ours[file] for file in theirs} == theirs


def test_a_program_of_the_project_is_built_and_runs(build, some_images):
    shutil.copytree(binary().parent / "share", build / "pomona" / "share")
    for library in binary().parent.glob("libpomona.so*"):
        shutil.copy(library, build / "pomona", follow_symlinks=False)
    last = run("ninja", "-C", build, "-t", "commands", "extract_folder").splitlines()
    for command in [line for line in last if "extract_folder" in line]:
        run("sh", "-c", command, cwd=build)
    lines = run(build / "extract_folder", some_images).splitlines()
    assert len(lines) == 48


def test_the_project_gets_no_tests_and_no_installation_unasked(build):
    targets = run("ninja", "-C", build, "-t", "targets", "all").splitlines()
    assert not {"test", "install"} & {target.split(":")[0] for target in targets}
