"""An image that kills the process which decodes it: every run ends, and none but it is blamed. The
kill is by tests/crash/poison_shim.c, which is preloaded: the program has no hook for it."""

import io

import pytest
from odd_files import good_files, write_files
from PIL import Image
from program import KILLED, binary
from table import Table

SHIM = binary().parent / "tests" / "libpoison_shim.so"
WIDTH = 77


@pytest.fixture
def folder(tmp_path):
    out = io.BytesIO()
    Image.new("RGB", (WIDTH, 20), "red").save(out, "JPEG")
    return write_files(tmp_path / "images", {"middle.jpg": out.getvalue(), **good_files()})


@pytest.fixture
def deadly():
    return {"LD_PRELOAD": str(SHIM), "POISON_SHIM_WIDTH": str(WIDTH)}


def test_an_image_that_kills_each_run_is_set_aside(pomona, folder, tmp_path, deadly):
    output = tmp_path / "table"
    command = ("extract", folder, output, "--rows-per-file", 3)
    assert pomona(*command, env=deadly).code == KILLED
    pomona.ok(*command, env=deadly)
    assert Table(output).reject_reasons() == {"middle.jpg": "poison"}
    # It has its row, and is not tried again.
    assert pomona.ok(*command, "--update", "--json", env=deadly).json()["images"] == 0

    # The others are what an undisturbed run makes of them.
    (folder / "middle.jpg").unlink()
    pomona.ok("extract", folder, tmp_path / "undisturbed", "--rows-per-file", 3)
    assert features(output) == features(tmp_path / "undisturbed")


def test_no_image_is_blamed_for_a_process_that_died_once(pomona, folder, tmp_path, deadly):
    command = ("extract", folder, tmp_path / "table")
    once = {**deadly, "POISON_SHIM_ONCE": str(tmp_path / "died")}
    assert pomona(*command, env=once).code == KILLED
    pomona.ok(*command, env=once)
    assert Table(tmp_path / "table").rejects() == []
    pomona.ok("extract", folder, tmp_path / "undisturbed")
    assert features(tmp_path / "table") == features(tmp_path / "undisturbed")


def features(output):
    return Table(output).rows().sort_by("path").to_pylist()
