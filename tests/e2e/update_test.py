"""--update: only what is new or changed is computed, and what is gone disappears."""

import json
import os
import shutil

import pytest
import states
from crash import killed_at
from program import OK, REFUSED
from table import Table

OPTIONS = ("--rows-per-file", 10)


@pytest.fixture(scope="module")
def options(small_network):
    return (*OPTIONS, *small_network)


@pytest.fixture
def grown(pomona, own_images, options, tmp_path):
    """An output of 48 images, whose source then changed: 2 new, 1 changed, 3 deleted."""
    output = tmp_path / "table"
    pomona.ok("extract", own_images, output, *options)
    files = sorted(own_images.rglob("*.jpg"))
    shutil.copyfile(files[0], files[0].with_name("zz new.jpg"))
    shutil.copyfile(files[20], files[20].with_name("000 new.jpg"))
    shutil.copyfile(files[47], files[5])
    os.utime(files[5], (1_000_000_000, 1_000_000_000))
    for gone in (files[1], files[15], files[30]):
        gone.unlink()
    return own_images, output


def features_by_path(output):
    rows = Table(output).rows()
    return dict(zip(rows["path"].to_pylist(), rows["features"].to_pylist(), strict=True))


def check(pomona, source, output, options, tmp_path):
    pomona.ok("extract", source, tmp_path / "anew", *options)
    assert features_by_path(output) == features_by_path(tmp_path / "anew")
    assert len(Table(output).paths()) == 47
    assert pomona("verify", output).code == OK


def test_only_new_and_changed_images_are_computed(pomona, grown, options, tmp_path):
    source, output = grown
    report = pomona.ok("extract", source, output, *options, "--update", "--json").json()
    assert report["images"] == 3
    assert report["rows"] == 47
    check(pomona, source, output, options, tmp_path)


def test_without_update_a_changed_source_is_refused(pomona, grown, options):
    source, output = grown
    before = Table(output).content()
    result = pomona("extract", source, output, *options)
    assert result.code == REFUSED, result.stderr
    assert "--update" in result.stderr
    assert Table(output).content() == before


def test_a_second_update_has_nothing_to_do(pomona, grown, options):
    source, output = grown
    pomona.ok("extract", source, output, *options, "--update")
    report = pomona.ok("extract", source, output, *options, "--update", "--json").json()
    assert (report["images"], report["parts_written"]) == (0, 0)


@pytest.mark.parametrize("number", range(3, 90, 6))
def test_a_killed_update_can_be_continued(pomona, grown, options, tmp_path, number):
    source, output = grown
    command = ("extract", source, output, *options, "--update")
    killed_at(pomona, command, output, number)
    pomona.ok(*command)
    check(pomona, source, output, options, tmp_path)


def test_rejects_of_bad_images_are_kept_until_the_file_changes(pomona, own_images, tmp_path):
    bad = own_images / "bad.jpg"
    bad.write_bytes(b"")
    output = tmp_path / "table"
    pomona.ok("extract", own_images, output, *OPTIONS)
    report = pomona.ok("extract", own_images, output, *OPTIONS, "--update", "--json").json()
    assert (report["images"], report["rejects"]) == (0, {})
    good = next(path for path in own_images.rglob("*.jpg") if path != bad)
    shutil.copyfile(good, bad)
    report = pomona.ok("extract", own_images, output, *OPTIONS, "--update", "--json").json()
    assert report["images"] == 1
    assert Table(output).rejects() == []
    assert len(Table(output).paths()) == 49


def test_a_source_that_became_empty_is_not_taken_for_deleted(pomona, own_images, tmp_path):
    output = tmp_path / "table"
    pomona.ok("extract", own_images, output, *OPTIONS)
    shutil.rmtree(own_images)
    own_images.mkdir()
    result = pomona("extract", own_images, output, *OPTIONS, "--update")
    assert result.code != OK, "an unmounted source would empty the table"
    assert len(Table(output).paths()) == 48


def test_update_on_s3(s3, some_images):
    s3.put_folder(some_images, "source")
    pomona = s3.pomona()
    pomona.ok("extract", s3.uri("source"), s3.uri("table"), *OPTIONS)
    image = next(some_images.rglob("*.jpg")).read_bytes()
    s3.put("source/New Label/new.jpg", image)
    s3.filesystem.delete_file(s3.table("table").paths()[7].removeprefix("s3a://"))
    report = pomona.ok("extract", s3.uri("source"), s3.uri("table"), *OPTIONS, "--update", "--json")
    assert report.json()["images"] == 1
    assert len(s3.table("table").paths()) == 48
    assert pomona("verify", s3.uri("table")).code == OK


def test_a_table_that_was_begun_before_newer_options_goes_on_by_the_rule_of_then(
    pomona, grown, options, tmp_path
):
    """As 0.1.0 wrote it at first: without what is recorded since, and with fewer patterns."""
    source, output = grown
    states.make_first_format(output)
    run = output / "_pomona" / "run.json"
    record = json.loads(run.read_text())
    for key in ("hidden", "features_layout", "layout", "max_bytes"):
        del record["options"][key]
    record["options"]["glob"] = ["*.jpg", "*.jpeg", "*.png", "*.webp"]
    run.write_text(json.dumps(record))
    some = next(source.rglob("*.jpg"))
    for name in ("_DSC0001.jpg", "photo.jfif"):
        shutil.copyfile(some, some.with_name(name))
    done = pomona.ok("extract", source, output, *options, "--update")
    assert "today's rule would take 2 of them" in done.stderr
    assert len(Table(output).paths()) == 47
    assert pomona("verify", output).code == OK
