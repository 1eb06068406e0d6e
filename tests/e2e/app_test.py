"""`pomona app`: what it writes, and what it refuses. What the page does is tests/browser's."""

import hashlib
import json
import re
import shutil

import pytest
from program import OK, PROBLEM, REFUSED

CARDS = (
    "id,labels,name_en,name_fr,scientific_name,family,origin_en,origin_fr,season_en,season_fr,"
    "fact_en,fact_fr,source_1,source_2,fact_source,season_source,checked,licence\n"
)


@pytest.fixture(scope="module")
def made(pomona, some_images, tmp_path_factory):
    """A classifier of the catalogue's network, and an app of it."""
    folder = tmp_path_factory.mktemp("app")
    photos = folder / "photos"
    shutil.copytree(some_images, photos)
    pomona.ok("extract", photos, folder / "features")
    pomona.ok("train", folder / "features", folder / "classifier")
    report = pomona.ok("app", folder / "classifier", folder / "app", "--json", "--quiet").json()
    return folder, report


def files_of(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_folder_is_whole_and_every_file_is_in_its_list(made):
    folder, report = made
    files = files_of(folder / "app")
    worker = files.pop("service_worker.js").decode()
    listed = json.loads(json.loads(re.search(r'JSON\.parse\((".*")\)', worker)[1]))
    assert {name: file["sha256"] for name, file in listed.items()} == {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items()
    }
    assert "{{" not in worker + files["index.html"].decode()
    assert report["files"] == len(files) + 1
    assert report["bytes"] == sum(map(len, files.values())) + len(worker)
    assert report["bytes"] < 25e6
    assert report["precision"] == "int8"


def test_what_is_told_of_labels_is_what_the_classifier_has(made):
    folder, report = made
    told = json.loads((folder / "app/app.json").read_text())
    assert len(told["labels"]) == report["labels"] == 4
    assert len(told["cards"]) == report["cards"]
    pictures = told["prototypes"]["pictures"]
    assert len(pictures) == report["pictures"] == 12
    assert all(picture["sheet"] == 0 and "/" not in picture["name"] for picture in pictures)
    positions = (folder / "app/prototypes.bin").stat().st_size
    assert positions % (4 * len(pictures)) == 0


def test_the_same_input_makes_the_same_bytes(pomona, made, tmp_path):
    folder, _ = made
    pomona.ok("app", folder / "classifier", tmp_path / "again", "--threads", 1)
    assert files_of(tmp_path / "again") == files_of(folder / "app")


def test_pictures_that_are_gone_are_counted_and_named(pomona, made, tmp_path):
    folder, _ = made
    (folder / "photos").rename(folder / "elsewhere")
    try:
        report = pomona.ok("app", folder / "classifier", tmp_path / "app", "--json").json()
    finally:
        (folder / "elsewhere").rename(folder / "photos")
    assert (report["pictures"], report["missing"]) == (0, 12)
    assert "12 pictures cannot be shown (not_found)" in report["remarks"][0]
    told = json.loads((tmp_path / "app/app.json").read_text())
    assert {picture["sheet"] for picture in told["prototypes"]["pictures"]} == {None}


def test_cards_of_ones_own_take_the_place_of_those_that_came_with_it(pomona, made, tmp_path):
    folder, _ = made
    label = json.loads((folder / "app/app.json").read_text())["labels"][0]
    (tmp_path / "cards.csv").write_text(
        f"{CARDS}mine,{label},Mine,Le mien,Mea mea,Meaceae,,,,,,,,,,,0,CC0-1.0\n"
    )
    report = pomona.ok(
        "app", folder / "classifier", tmp_path / "app", "--cards", tmp_path / "cards.csv", "--json"
    ).json()
    assert (report["cards"], report["labels_without_card"]) == (1, 3)


def test_an_app_that_is_there_is_replaced_only_if_that_was_asked_for(pomona, made, tmp_path):
    folder, _ = made
    shutil.copytree(folder / "app", tmp_path / "app")
    before = files_of(tmp_path)
    refused = pomona("app", folder / "classifier", tmp_path / "app")
    assert (refused.code, files_of(tmp_path)) == (REFUSED, before)
    assert "--overwrite" in refused.stderr
    done = pomona("app", folder / "classifier", tmp_path / "app", "--title", "Other", "--overwrite")
    assert done.code == OK
    assert [path.name for path in tmp_path.iterdir()] == ["app"]
    assert "<title>Other</title>" in (tmp_path / "app/index.html").read_text()


def test_a_folder_of_something_else_is_left_alone(pomona, made, tmp_path):
    folder, _ = made
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/1.jpg").write_bytes(b"a photo")
    refused = pomona("app", folder / "classifier", tmp_path / "photos", "--overwrite")
    assert (refused.code, files_of(tmp_path)) == (REFUSED, {"photos/1.jpg": b"a photo"})


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("missing", "app"), REFUSED, "pomona train"),
        (("classifier", "s3://bucket/app"), REFUSED, "local folder"),
        (("classifier", "no/app"), REFUSED, "no folder"),
        (("classifier", "app", "--title", ""), REFUSED, "--title"),
        (("classifier", "app", "--precision", "bf16"), REFUSED, "--precision"),
        (("classifier", "app", "--cards", "missing.csv"), REFUSED, "--cards"),
        (("classifier", "app", "--cards", "bad.csv"), PROBLEM, "`labels`"),
    ],
)
def test_what_cannot_be_done_is_refused_and_changes_nothing(
    pomona, made, tmp_path, arguments, code, said
):
    folder, _ = made
    shutil.copy(folder / "classifier", tmp_path)
    (tmp_path / "bad.csv").write_text("id,label\na,b\n")
    before = files_of(tmp_path)
    classifier, output, *options = arguments
    options = [tmp_path / one if one.endswith(".csv") else one for one in options]
    output = output if ":" in output else tmp_path / output
    refused = pomona("app", tmp_path / classifier, output, *options)
    assert (refused.code, files_of(tmp_path)) == (code, before)
    assert said in refused.stderr
