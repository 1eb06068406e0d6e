"""Killed at any instant and run again: the same table as an undisturbed run."""

import random
import time

import images as image_folders
import pytest
from program import KILLED, OK, finish
from table import Table

# Where the program can be made to kill itself, in the order of a part's commit.
COMMIT_POINTS = [
    "part_staged", "part_synced", "part_renamed", "refs_written", "rejects_written",
    "entry_written", "before_success", "after_success",
]  # fmt: skip
PASSAGES = {
    "rejects_written": 4,
    "before_success": 1,
    "after_success": 1,
}  # the others: 8, once a part
OPTIONS = ("--rows-per-file", 7)
SEEDS = range(8)


@pytest.fixture(scope="module")
def images_with_rejects(images, tmp_path_factory):
    """48 images and 4 files that are none: 8 parts of at most 7, half of them with a reject."""
    folder = image_folders.copy_some(
        images, tmp_path_factory.mktemp("resume") / "images", labels=4, each=12
    )
    for number, label in enumerate(sorted(folder.iterdir())):
        (label / f"{number}_bad.jpg").write_bytes(b"no image")
    return folder


@pytest.fixture(scope="module")
def undisturbed(pomona, images_with_rejects, tmp_path_factory):
    output = tmp_path_factory.mktemp("undisturbed") / "table"
    pomona.ok("extract", images_with_rejects, output, *OPTIONS)
    return Table(output).content()


def check(pomona, output, undisturbed):
    table = Table(output)
    assert table.content() == undisturbed
    assert table.is_finished()
    assert pomona("verify", output).code == OK
    leftovers = [path for path in output.rglob("*") if "staging" in path.parts and path.is_file()]
    assert leftovers == []


@pytest.mark.parametrize("passage", [1, 2, 5])
@pytest.mark.parametrize("point", COMMIT_POINTS)
def test_killed_at_a_commit_point(
    pomona, images_with_rejects, tmp_path, undisturbed, point, passage
):
    output = tmp_path / "table"
    command = ("extract", images_with_rejects, output, *OPTIONS)
    killed = pomona(*command, env={"POMONA_FAULT_KILL": f"{point}:{passage}"})
    assert killed.code == (KILLED if passage <= PASSAGES.get(point, 8) else OK), killed.stderr
    pomona.ok(*command)
    check(pomona, output, undisturbed)


@pytest.mark.parametrize("seed", SEEDS)
def test_killed_at_several_points_one_after_the_other(
    pomona, images_with_rejects, tmp_path, undisturbed, seed
):
    output = tmp_path / "table"
    command = ("extract", images_with_rejects, output, *OPTIONS)
    chance = random.Random(seed)
    for _ in range(4):
        where = f"{chance.choice(COMMIT_POINTS)}:{chance.randint(1, 3)}"
        assert pomona(*command, env={"POMONA_FAULT_KILL": where}).code in (OK, KILLED)
    pomona.ok(*command)
    check(pomona, output, undisturbed)


@pytest.mark.parametrize("seed", SEEDS)
def test_killed_at_random_times(pomona, images_with_rejects, tmp_path, undisturbed, seed):
    output = tmp_path / "table"
    command = ("extract", images_with_rejects, output, *OPTIONS)
    chance = random.Random(seed)
    for _ in range(3):
        process = pomona.start(*command)
        time.sleep(chance.uniform(0.05, 1.0))
        process.kill()
        assert finish(process).code in (OK, KILLED)
    pomona.ok(*command)
    check(pomona, output, undisturbed)


def test_a_killed_run_shows_no_success_and_keeps_its_parts(pomona, images_with_rejects, tmp_path):
    output = tmp_path / "table"
    command = ("extract", images_with_rejects, output, *OPTIONS)
    pomona(*command, env={"POMONA_FAULT_KILL": "entry_written:3"})
    assert not Table(output).is_finished()
    report = pomona.ok(*command, "--json").json()
    assert report["unchanged"] == 3 * 7
    assert report["images"] + sum(report["rejects"].values()) == report["references"] - 3 * 7


def test_a_finished_run_does_nothing_more(pomona, some_images, tmp_path):
    pomona.ok("extract", some_images, tmp_path / "table")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")}
    report = pomona.ok("extract", some_images, tmp_path / "table", "--json").json()
    assert report["images"] == 0
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")} == before


@pytest.mark.parametrize(
    "point", ["part_staged", "part_renamed", "entry_written", "before_success"]
)
def test_killed_on_s3(s3, some_images, point):
    s3.put_folder(some_images, "source")
    pomona = s3.pomona()
    pomona.ok("extract", s3.uri("source"), s3.uri("undisturbed"), *OPTIONS)
    command = ("extract", s3.uri("source"), s3.uri("table"), *OPTIONS)
    assert pomona(*command, env={"POMONA_FAULT_KILL": f"{point}:1"}).code == KILLED
    pomona.ok(*command)
    assert s3.table("table").content() == s3.table("undisturbed").content()
    assert pomona("verify", s3.uri("table")).code == OK
