"""The archive of `pomona pack`, unpacked where there is nothing else."""

import hashlib
import pathlib
import re
import subprocess
import sys

import conftest
import pytest

# What a worker may need of its system: libc, zlib, and what compilers bring.
SYSTEM = {
    "ld-linux-x86-64.so.2", "libc.so.6", "libdl.so.2", "libgcc_s.so.1", "libm.so.6",
    "libpthread.so.0", "libresolv.so.2", "librt.so.1", "libstdc++.so.6", "libutil.so.1",
    "libz.so.1",
}  # fmt: skip


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    path = tmp_path_factory.mktemp("pack") / "env.tar.gz"
    done = subprocess.run(
        [conftest.COMMAND, "pack", "--output", path], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert done.stdout.rstrip().endswith(f"sha256:{digest}")
    return path


@pytest.fixture(scope="module")
def unpacked(archive, tmp_path_factory):
    folder = tmp_path_factory.mktemp("worker") / "env"
    folder.mkdir()
    subprocess.run(["tar", "-xzf", archive, "-C", folder], check=True)
    return folder


def run(unpacked: pathlib.Path, program: str, *arguments, **environment):
    """In the archive's Python, with an environment that has nothing else in it."""
    return subprocess.run(
        [unpacked / "bin" / "python", "-c", program, *arguments],
        capture_output=True,
        text=True,
        cwd=unpacked.parent,
        env={"PATH": "/usr/bin:/bin", "POMONA_PYTHON": sys._base_executable, **environment},
    )


def test_it_extracts_the_same_features(unpacked, images, extractor, tmp_path):
    image = next(images.rglob("*.jpg"))
    program = (
        "import sys, pomona; sys.stdout.write(pomona.Extractor(threads=1, share_cores=True)"
        ".extract_bytes([open(sys.argv[1], 'rb').read()]).tobytes().hex())"
    )
    done = run(unpacked, program, image, POMONA_CACHE=str(tmp_path))
    assert done.stdout == extractor.extract_bytes([image.read_bytes()]).tobytes().hex(), done.stderr


def test_the_packages_are_its_own(unpacked):
    program = (
        "import numpy, pandas, pomona, pyarrow.dataset, pyarrow.parquet\n"
        "for module in (numpy, pandas, pomona, pyarrow): print(module.__file__)"
    )
    done = run(unpacked, program)
    assert done.returncode == 0, done.stderr
    files = done.stdout.splitlines()
    assert len(files) == 4
    assert all(pathlib.Path(file).is_relative_to(unpacked) for file in files)


def test_its_libraries_need_nothing_but_libc(unpacked):
    """Each NEEDED of each library is in the archive, or every Linux's."""
    files = [file for file in unpacked.rglob("*") if re.search(r"\.so(\.|$)", file.name)]
    files.append(unpacked / "site-packages" / "pomona" / "bin" / "pomona")
    inside = {file.name for file in files}
    missing = {}
    for file in files:
        shown = subprocess.run(["readelf", "-d", file], capture_output=True, text=True, check=True)
        for needed in re.findall(r"\(NEEDED\).*\[(.*)\]", shown.stdout):
            if needed not in inside | SYSTEM:
                missing.setdefault(needed, []).append(file.name)
    assert missing == {}


def test_it_does_not_depend_on_the_moment(archive, tmp_path):
    again = tmp_path / "again.tar.gz"
    subprocess.run([sys.executable, "-m", "pomona.pack", "--output", again], check=True)
    assert again.read_bytes() == archive.read_bytes()


def test_it_says_which_python_is_missing(unpacked):
    done = run(unpacked, "", POMONA_PYTHON="/nowhere/python", PATH="/nowhere")
    assert done.returncode == 127
    version = "{}.{}".format(*sys.version_info)
    assert f"needs Python {version}" in done.stderr
    assert "hint: POMONA_PYTHON" in done.stderr


def test_an_unknown_package_is_refused(tmp_path):
    output = tmp_path / "env.tar.gz"
    done = subprocess.run(
        [conftest.COMMAND, "pack", "--output", output, "--with", "nosuchpackage"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "package `nosuchpackage` is not installed" in done.stderr
    assert list(tmp_path.iterdir()) == []
