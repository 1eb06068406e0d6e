"""list shows what extract would read; plan what it would do."""

import csv
import io
import json

import images as image_folders
from crash import killed_after_parts


def test_list_shows_each_image_once_in_every_format(pomona, some_images):
    expected = sorted(f"file:{path}" for path in image_folders.jpegs(some_images))
    lines = pomona.ok("list", some_images, "--format", "json").stdout.splitlines()
    shown = [json.loads(line) for line in lines]
    assert [one["uri"] for one in shown] == expected
    for one in shown:
        assert one["label"] == one["uri"].split("/")[-2]
        assert one["size"] > 0
    rows = list(
        csv.DictReader(io.StringIO(pomona.ok("list", some_images, "--format", "csv").stdout))
    )
    assert [row["uri"] for row in rows] == expected
    table = pomona.ok("list", some_images, "--format", "table").stdout
    assert all(uri in table for uri in expected)


def test_summary_counts_labels(pomona, some_images):
    summary = pomona.ok("list", some_images, "--summary").stdout
    for label, files in image_folders.by_label(some_images).items():
        line = next(line for line in summary.splitlines() if label in line)
        assert str(len(files)) in line


def test_labels_by_pattern_and_none(pomona, some_images):
    command = ("list", some_images, "--format", "json", "--label")
    by_pattern = pomona.ok(*command, r"/(\w)[^/]*/[^/]*$").stdout.splitlines()
    for line in by_pattern:
        one = json.loads(line)
        assert one["label"] == one["uri"].split("/")[-2][0]
    none = pomona.ok(*command, "none").stdout.splitlines()
    assert {json.loads(line)["label"] for line in none} == {None}


def test_a_glob_chooses_files(pomona, own_images):
    first = image_folders.jpegs(own_images)[0]
    first.rename(first.with_name("special.JPEG"))
    lines = pomona.ok("list", own_images, "--format", "json", "--glob", "spec*.jpeg").stdout
    assert [json.loads(line)["uri"].rsplit("/", 1)[1] for line in lines.splitlines()] == [
        "special.JPEG"
    ]


def test_plan_says_what_would_be_done_and_does_nothing(pomona, some_images, tmp_path):
    output = tmp_path / "table"
    options = ("--rows-per-file", 10)
    fresh = pomona.ok("plan", some_images, output, *options, "--json").json()
    assert (fresh["references"], fresh["added"]) == (48, 48)
    assert not output.exists()
    killed_after_parts(pomona, ("extract", some_images, output, *options), output, 2, tmp_path)
    half = pomona.ok("plan", some_images, output, *options, "--json").json()
    assert half["unchanged"] == 20
    explained = pomona.ok("plan", some_images, output, *options, "--explain").stdout
    assert explained.count("skip part") == 2
    pomona.ok("extract", some_images, output, *options)
    assert pomona.ok("plan", some_images, output, *options, "--json").json()["finished"] is True


def test_a_reader_that_leaves_early_ends_the_listing(pomona, images):
    process = pomona.start("list", images, "--format", "csv")
    process.stdout.readline()
    process.stdout.close()
    process.stdout = None
    _, stderr = process.communicate(timeout=60)
    assert stderr == ""
