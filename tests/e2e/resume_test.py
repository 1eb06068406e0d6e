"""Killed at any instant and run again: the same table as an undisturbed run."""

import random
import shutil
import time

import images as image_folders
import pytest
from crash import changes, instants, killed_after_parts, killed_at
from program import KILLED, OK, PROBLEM, REFUSED, finish
from servers.proxy import FaultProxy
from table import Table

ROWS = 3  # of a part
SEEDS = range(8)


@pytest.fixture(scope="module")
def options(small_network):
    return ("--rows-per-file", ROWS, *small_network)


@pytest.fixture(scope="module")
def images_with_rejects(images, tmp_path_factory):
    """6 images and 3 files that are none: 3 parts, each with a reject."""
    folder = image_folders.copy_some(
        images, tmp_path_factory.mktemp("resume") / "images", labels=3, each=ROWS - 1
    )
    for number, label in enumerate(sorted(folder.iterdir())):
        (label / f"{number}_bad.jpg").write_bytes(b"no image")
    return folder


@pytest.fixture(scope="module")
def undisturbed(pomona, images_with_rejects, options, tmp_path_factory):
    output = tmp_path_factory.mktemp("undisturbed") / "table"
    pomona.ok("extract", images_with_rejects, output, *options)
    return Table(output).content()


def check(pomona, output, undisturbed):
    table = Table(output)
    assert table.content() == undisturbed
    assert table.is_finished()
    assert pomona("verify", output).code == OK
    leftovers = [path for path in output.rglob("*") if "staging" in path.parts and path.is_file()]
    assert leftovers == []


def test_killed_before_each_of_its_changes(
    pomona, images_with_rejects, options, tmp_path, undisturbed
):
    """Every create, write, sync, rename and delete of the whole run, one after the other."""
    counted = tmp_path / "counted"
    made = changes(pomona, ("extract", images_with_rejects, counted, *options), counted,
                   tmp_path / "trace")  # fmt: skip
    assert len(made) > 50
    for number in instants(made):
        output = tmp_path / f"table-{number}"
        command = ("extract", images_with_rejects, output, *options)
        # Syncs and renames of the lease run beside: the last few may not be reached.
        assert killed_at(pomona, command, output, number) or number > len(made) - 5
        pomona.ok(*command)
        check(pomona, output, undisturbed)


def test_killed_after_some_of_its_changes(
    pomona, images_with_rejects, options, tmp_path, undisturbed
):
    """The change itself is made: of every 4th, and of those near the end."""
    counted = tmp_path / "counted"
    made = changes(pomona, ("extract", images_with_rejects, counted, *options), counted,
                   tmp_path / "trace")  # fmt: skip
    total = len(made)
    for number in sorted({*instants(made[:-6])[::4], *range(total - 6, total - 3)}):
        output = tmp_path / f"table-{number}"
        command = ("extract", images_with_rejects, output, *options)
        assert killed_at(pomona, command, output, number, when="after")
        pomona.ok(*command)
        check(pomona, output, undisturbed)


@pytest.fixture(scope="module")
def older(pomona, images_with_rejects, options, small_network, tmp_path_factory):
    """Finished tables that `--overwrite` is to replace: of other options, and of the same."""
    folder = tmp_path_factory.mktemp("older")
    pomona.ok("extract", images_with_rejects, folder / "other", "--rows-per-file", 2,
              *small_network)  # fmt: skip
    pomona.ok("extract", images_with_rejects, folder / "same", *options)
    return folder


@pytest.mark.parametrize("kind", ["other", "same"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_an_overwrite_killed_at_some_of_its_changes(
    pomona, images_with_rejects, options, older, tmp_path, undisturbed, kind, when
):
    """Run again without --overwrite it makes the table, or says that --overwrite is needed: what is
    left of the older table is never taken for whole."""

    def output_of(name):
        output = tmp_path / str(name)
        shutil.copytree(older / kind, output)
        return output, ("extract", images_with_rejects, output, *options)

    counted, command = output_of("counted")
    made = changes(pomona, (*command, "--overwrite"), counted, tmp_path / "trace")
    for number in instants(made[:-5])[0 if when == "before" else 3 :: 6]:
        output, command = output_of(number)
        assert killed_at(pomona, (*command, "--overwrite"), output, number, when)
        plain = pomona(*command)
        # Other options than the table's are refused; parts that are gone are damage.
        assert plain.code in (OK, REFUSED, PROBLEM), plain.stderr
        if plain.code != OK:
            assert "--overwrite" in plain.stderr
            pomona.ok(*command, "--overwrite")
        check(pomona, output, undisturbed)


@pytest.mark.parametrize("seed", SEEDS)
def test_killed_again_and_again(pomona, images_with_rejects, options, tmp_path, undisturbed, seed):
    output = tmp_path / "table"
    command = ("extract", images_with_rejects, output, *options)
    chance = random.Random(seed)
    for _ in range(5):
        killed_at(pomona, command, output, chance.randint(1, 60))
    pomona.ok(*command)
    check(pomona, output, undisturbed)


@pytest.mark.parametrize("seed", SEEDS)
def test_killed_at_random_times(pomona, images_with_rejects, options, tmp_path, undisturbed, seed):
    output = tmp_path / "table"
    command = ("extract", images_with_rejects, output, *options)
    began = time.monotonic()
    pomona.ok("extract", images_with_rejects, tmp_path / "timed", *options)
    seconds = time.monotonic() - began
    chance = random.Random(seed)
    for _ in range(5):
        process = pomona.start(*command)
        time.sleep(chance.uniform(0, seconds))
        process.kill()
        assert finish(process).code in (OK, KILLED)
    pomona.ok(*command)
    check(pomona, output, undisturbed)


def test_a_killed_run_shows_no_success_and_keeps_its_parts(
    pomona, images_with_rejects, options, tmp_path
):
    output = tmp_path / "table"
    command = ("extract", images_with_rejects, output, *options)
    killed_after_parts(pomona, command, output, 2, tmp_path)
    assert not Table(output).is_finished()
    report = pomona.ok(*command, "--json").json()
    assert report["unchanged"] == 2 * ROWS
    assert report["images"] + sum(report["rejects"].values()) == report["references"] - 2 * ROWS


def test_a_finished_run_does_nothing_more(pomona, some_images, tmp_path):
    pomona.ok("extract", some_images, tmp_path / "table")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")}
    report = pomona.ok("extract", some_images, tmp_path / "table", "--json").json()
    assert report["images"] == 0
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")} == before


@pytest.mark.parametrize("parts", range(4))
def test_killed_on_s3(s3, some_images, parts):
    s3.put_folder(some_images, "source")
    pomona = s3.pomona()
    options = ("--rows-per-file", 7)
    pomona.ok("extract", s3.uri("source"), s3.uri("undisturbed"), *options)
    command = ("extract", s3.uri("source"), s3.uri("table"), *options)
    with FaultProxy(s3.endpoint, "--latency", "20ms") as proxy:
        process = s3.pomona(proxy.endpoint).start(*command)
        while len(s3.table("table").part_paths()) < parts:
            assert process.poll() is None, process.communicate()
        process.kill()
        assert finish(process).code == KILLED
    pomona.ok(*command)
    assert s3.table("table").content() == s3.table("undisturbed").content()
    assert pomona("verify", s3.uri("table")).code == OK
