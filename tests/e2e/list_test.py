"""list shows what extract would read; plan what it would do."""

import csv
import io
import json

import images as image_folders
import pytest
from crash import killed_after_parts
from program import REFUSED
from table import Table


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


@pytest.fixture
def camera_folder(own_images):
    """The 48 images, some under names that cameras and people give, and files that are none."""
    first, second, third = image_folders.jpegs(own_images)[:3]
    first.rename(first.with_name("_DSC0002.JPG"))
    second.rename(second.with_name("_MG_0003.jfif"))
    (own_images / "_unknown_").mkdir()
    third.rename(own_images / "_unknown_" / "1.jpe")
    for name in ("a.xyz", "b.xyz", "notes.txt", ".DS_Store", "._DSC0002.JPG"):
        (own_images / name).write_bytes(b"x")
    return own_images


NOT_TAKEN = "3 other files not taken: 2 .xyz, 1 .txt; --glob takes them"


def test_images_are_taken_whatever_their_names_and_other_files_are_counted(
    pomona, camera_folder, tmp_path
):
    listed = pomona.ok("list", camera_folder, "--format", "csv")
    assert len(listed.stdout.splitlines()) == 1 + 48
    planned = pomona.ok("plan", camera_folder, tmp_path / "table")
    done = pomona.ok("extract", camera_folder, tmp_path / "table")
    for result in (listed, planned, done):
        assert result.stderr.splitlines()[-1] == NOT_TAKEN
    table = Table(tmp_path / "table")
    names = {path.rsplit("/", 1)[1] for path in table.paths()}
    assert len(table.paths()) == 48
    assert {"_DSC0002.JPG", "_MG_0003.jfif", "1.jpe"} <= names
    not_taken = {"files": 3, "suffixes": {".txt": 1, ".xyz": 2}, "by_old_rule": 0}
    assert table.report()["not_taken"] == not_taken
    plan = pomona.ok("plan", camera_folder, tmp_path / "table", "--json").json()
    assert plan["not_taken"] == not_taken


def test_a_folder_of_images_alone_has_nothing_to_say(pomona, some_images):
    assert pomona.ok("list", some_images).stderr == ""


def test_labels_that_no_image_has_are_a_warning(pomona, some_images, tmp_path):
    done = pomona.ok("extract", some_images, tmp_path / "table", "--label", "/(no such)/")
    first = image_folders.jpegs(some_images)[0]
    assert f"warning: no image has a label: --label finds none in file:{first}" in done.stderr
    label = sorted(image_folders.by_label(some_images))[0]
    some = pomona.ok("list", some_images, "--label", f"/({label})/").stderr
    assert "warning: 36 of 48 images (75.0 %) have no label" in some
    assert "warning" not in pomona.ok("list", some_images, "--label", "none").stderr


def test_braces_in_a_glob_and_a_comma_that_is_refused(pomona, some_images):
    listed = pomona.ok("list", some_images, "--glob", "*.{jp{e,}g,png}", "--format", "csv")
    assert len(listed.stdout.splitlines()) == 1 + 48
    refused = pomona("list", some_images, "--glob", "*.jpg,*.png")
    assert refused.code == REFUSED
    assert "*.{jpg,png}" in refused.stderr


def test_a_source_with_a_pattern_is_refused_with_the_glob_to_give(pomona, some_images, tmp_path):
    result = pomona("extract", f"{some_images}/*/*.jpg", tmp_path / "table")
    assert result.code == REFUSED
    assert f"{some_images} with --glob '*.jpg'" in result.stderr
    assert not (tmp_path / "table").exists()


def test_on_s3_patterns_and_markers(s3, some_images):
    image = image_folders.jpegs(some_images)[0].read_bytes()
    for key in ("p/Lemon/1.jpg", "p/Lemon_$folder$", "p/_unknown_/2.jpg", "p/notes.txt"):
        s3.put(key, image)
    listed = s3.pomona().ok("list", s3.uri("p"), "--format", "json")
    shown = {
        one["uri"].removeprefix(f"s3a://{s3.bucket}/"): one["label"]
        for one in map(json.loads, listed.stdout.splitlines())
    }
    assert shown == {"p/Lemon/1.jpg": "Lemon", "p/_unknown_/2.jpg": "_unknown_"}
    assert "1 other file not taken: 1 .txt" in listed.stderr
    refused = s3.pomona()("list", s3.uri("p/*/*.jpg"))
    assert refused.code == REFUSED
    assert f"{s3.uri('p')} with --glob '*.jpg'" in refused.stderr


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
