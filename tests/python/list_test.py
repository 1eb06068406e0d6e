"""pomona.list_images."""

import json
import os
import pathlib
import subprocess

import conftest
import pyarrow
import pytest

import pomona


def test_it_is_what_the_command_line_lists(images):
    table = pomona.list_images(images).read_all()
    listed = subprocess.run(
        [conftest.COMMAND, "list", images, "--format", "json"], capture_output=True, check=True
    ).stdout.splitlines()
    expected = [(row["uri"], row["size"], row["label"]) for row in map(json.loads, listed)]
    columns = [table[name].to_pylist() for name in ("uri", "size", "label")]
    assert list(zip(*columns, strict=True)) == expected


def test_the_schema_is_known_before_the_first_batch(images):
    schema = pomona.list_images(str(images)).schema
    assert schema.names == ["uri", "size", "mtime", "version", "label"]
    assert schema.field("mtime").type == pyarrow.timestamp("us", "UTC")


def test_batches_are_as_large_as_asked_for(images):
    assert [batch.num_rows for batch in pomona.list_images(images, batch_rows=20)] == [20, 20, 8]


@pytest.mark.parametrize("glob", ["1*.JPG", ["1*.jpg"]])
def test_one_pattern_or_several(images, glob):
    uris = pomona.list_images(images, glob=glob).read_all()["uri"].to_pylist()
    assert uris and all(uri.rsplit("/", 1)[1].startswith("1") for uri in uris)


def test_labels(images):
    assert pomona.list_images(images, label="none").read_all()["label"].null_count == 48
    labels = pomona.list_images(images, label=r"(\d+)_\d+\.jpg").read_all()["label"].to_pylist()
    assert all(label.isdigit() for label in labels)


def test_iteration_and_arrow_share_the_stream(images):
    stream = pomona.list_images(images, batch_rows=20)
    assert next(stream).num_rows == 20
    assert pyarrow.table(stream).num_rows == 28


def test_another_schema_can_be_asked_for(images):
    stream = pomona.list_images(images)
    wanted = stream.schema.set(0, pyarrow.field("uri", pyarrow.large_string()))
    table = pyarrow.table(stream, schema=wanted)
    assert table.schema.field("uri").type == pyarrow.large_string()


def test_what_is_not_taken_is_told(tmp_path):
    folder = tmp_path / "Lemon"
    folder.mkdir()
    for name in ("1.jpg", "_2.jpg", "a.xyz", "b.XYZ", "README", ".hidden"):
        (folder / name).write_bytes(b"x")
    stream = pomona.list_images(tmp_path, label="/(Lime)/")
    assert stream.read_all().num_rows == 2
    summary = stream.summary()
    assert summary["references"] == summary["unlabelled"] == 2
    assert summary["not_taken"] == 3
    assert summary["not_taken_by_suffix"] == {".xyz": 2, "": 1}
    assert summary["unlabelled_example"] == f"file:{folder}/1.jpg"
    assert summary["remarks"][0].startswith("3 other files not taken: 2 .xyz, 1 without suffix")
    stream.close()
    assert stream.summary() == summary


def test_a_pattern_in_the_source_is_refused_with_what_to_write(images):
    with pytest.raises(pomona.InvalidOption, match=r'with glob="\*\.jpg"'):
        pomona.list_images(images / "*" / "*.jpg")


def test_braces_and_commas_in_a_pattern(images):
    taken = pomona.list_images(images, glob="*.{jpg,png}").read_all()
    assert taken.num_rows == 48
    with pytest.raises(pomona.InvalidOption, match="hint: one pattern each"):
        pomona.list_images(images, glob="*.jpg,*.png")


def test_several_sources_are_listed_one_after_the_other(images):
    folders = sorted(folder for folder in images.iterdir() if folder.is_dir())
    apart = [pomona.list_images(folder).read_all() for folder in folders]
    for sources in (folders, tuple(map(str, folders))):
        assert pomona.list_images(sources).read_all() == pyarrow.concat_tables(apart)


def test_a_path_may_be_bytes_and_have_any_in_it(tmp_path, images):
    folder = os.fsencode(tmp_path) + b"/caf\xe9"
    os.mkdir(folder)
    (picture,) = [next(images.rglob("*.jpg")).read_bytes()]
    with open(folder + b"/1.jpg", "wb") as file:
        file.write(picture)
    for source in (folder, os.fsdecode(folder), pathlib.Path(os.fsdecode(folder))):
        (uri,) = pomona.list_images(source).read_all()["uri"].to_pylist()
        assert uri.endswith("/caf\\xe9/1.jpg")
