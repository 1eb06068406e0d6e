"""predict of images: extract and predict in one run, row by row, whatever happens to it."""

import os
import shutil

import images as image_folders
import networks
import pyarrow.parquet as pq
import pytest
import states
from crash import changes, instants, killed_at
from program import OK, PROBLEM, REFUSED
from table import Table

ROWS = 3  # of a part
ANSWERS = ["predicted", "probability", "set", "unknown", "unknown_score", "probabilities",
           "nearest"]  # fmt: skip


@pytest.fixture(scope="module")
def folder(images, tmp_path_factory):
    """6 images of 3 labels, and 3 files that are none: 3 parts, each with a reject."""
    folder = tmp_path_factory.mktemp("predict") / "images"
    image_folders.copy_some(images, folder, labels=3, each=ROWS - 1)
    for number, label in enumerate(sorted(folder.iterdir())):
        (label / f"{number}_bad.jpg").write_bytes(b"no image")
    return folder


@pytest.fixture(scope="module")
def classifiers(pomona, some_images, small_network, tmp_path_factory):
    """Two of the same network, learned from 48 images of 4 labels."""
    made = tmp_path_factory.mktemp("classifiers")
    pomona.ok("extract", some_images, made / "features", *small_network)
    for name, shrinkage in (("one", 0.1), ("other", 0.5)):
        pomona.ok("train", made / "features", made / name, "--shrinkage", shrinkage)
    return made


@pytest.fixture(scope="module")
def options(classifiers, small_network):
    """Of every prediction here. A network of no catalogue is named; how pixels are normalised, the
    classifier knows."""
    return ("--classifier", classifiers / "one", *small_network[:2], "--rows-per-file", ROWS)


@pytest.fixture(scope="module")
def undisturbed(pomona, folder, options, tmp_path_factory):
    output = tmp_path_factory.mktemp("undisturbed") / "answers"
    pomona.ok("predict", folder, output, *options)
    return output


def check(pomona, output, wanted):
    assert Table(output).content() == Table(wanted).content()
    assert Table(output).is_finished()
    assert pomona("verify", output).code == OK


def test_rows_are_those_of_extract_and_predict(
    pomona, folder, classifiers, small_network, undisturbed, tmp_path
):
    pomona.ok("extract", folder, tmp_path / "features", *small_network)
    pomona.ok("predict", tmp_path / "features", tmp_path / "answers",
              "--classifier", classifiers / "one")  # fmt: skip
    wanted, rows = Table(tmp_path / "answers").rows(), Table(undisturbed).rows()
    assert rows.column_names == ["path", "label", *ANSWERS]
    assert rows.equals(wanted) and rows.num_rows == 6
    assert Table(undisturbed).rejects() == Table(tmp_path / "features").rejects()
    kept = undisturbed / "_pomona" / "classifier.parquet"
    assert kept.read_bytes() == (classifiers / "one").read_bytes()
    assert pomona("verify", undisturbed).code == OK


def test_the_default_network_is_found_and_read_as_the_table_was(pomona, some_images, tmp_path):
    """Levels, a size and views to learn from: all of it is in the classifier."""
    how = ("--features", "levels", "--input-size", 96, "--exif-rotate", "--background", "white")
    pomona.ok("extract", some_images, tmp_path / "views", *how, "--views", "mirror")
    pomona.ok("train", tmp_path / "views", tmp_path / "c")
    pomona.ok("extract", some_images, tmp_path / "features", *how)
    command = ("--classifier", tmp_path / "c")
    pomona.ok("predict", tmp_path / "features", tmp_path / "of-table", *command)
    pomona.ok("predict", some_images, tmp_path / "of-images", *command, "--keep-features")
    rows = Table(tmp_path / "of-images").rows()
    assert rows.drop_columns("features").equals(Table(tmp_path / "of-table").rows())
    assert rows["features"].equals(Table(tmp_path / "features").rows()["features"])
    # With its features it is a feature table as well, of the same kind.
    pomona.ok("predict", tmp_path / "of-images", tmp_path / "again", *command)
    assert Table(tmp_path / "again").rows().equals(Table(tmp_path / "of-table").rows())


def test_kept_features_may_be_vectors(pomona, folder, options, tmp_path):
    pomona.ok("predict", folder, tmp_path / "out", *options, "--keep-features",
              "--features-as", "vector")  # fmt: skip
    rows = Table(tmp_path / "out").rows()
    assert rows.column_names == ["path", "label", "features", *ANSWERS]
    assert len(rows["features"][0].as_py()["values"]) == 3  # mean colours
    assert pomona("predict", folder, tmp_path / "no", *options, "--features-as", "vector").code == (
        REFUSED
    )


def test_killed_before_each_of_its_changes(pomona, folder, options, tmp_path, undisturbed):
    counted = tmp_path / "counted"
    command = ("predict", folder, counted, *options)
    made = changes(pomona, command, counted, tmp_path / "trace")
    assert any(change.endswith("/_pomona/classifier.parquet") for change in made)
    for number in instants(made)[::3]:
        output = tmp_path / f"out-{number}"
        command = ("predict", folder, output, *options)
        # Syncs and renames of the lease run beside: the last few may not be reached.
        assert killed_at(pomona, command, output, number) or number > len(made) - 5
        pomona.ok(*command)
        check(pomona, output, undisturbed)


def killed_in_the_middle(pomona, folder, options, tmp_path):
    """A table of some parts, unfinished."""
    counted = tmp_path / "counted"
    made = changes(pomona, ("predict", folder, counted, *options), counted, tmp_path / "trace")
    (second,) = (n for n, change in enumerate(made, start=1)
                 if change.startswith("rename") and change.endswith("/00000002.jsonl"))  # fmt: skip
    output = tmp_path / "killed"
    assert killed_at(pomona, ("predict", folder, output, *options), output, second + 1)
    return output


def test_a_run_goes_on_with_its_own_classifier_alone(
    pomona, folder, options, classifiers, small_network, tmp_path, undisturbed
):
    output = killed_in_the_middle(pomona, folder, options, tmp_path)
    before = sorted(path.name for path in output.rglob("*.parquet"))
    other = ("--classifier", classifiers / "other")
    for command in [
        ("predict", folder, output, *options, *other),
        ("extract", folder, output, *small_network, "--rows-per-file", ROWS),
        # A table that is made anew where it was killed does not take this one for its own.
        ("predict", classifiers / "features", output, *other),
    ]:
        result = pomona(*command)
        assert result.code == REFUSED, result.stderr
        assert "classifier: " in result.stderr
        assert sorted(path.name for path in output.rglob("*.parquet")) == before
    report = pomona.ok("predict", folder, output, *options, "--json").json()
    assert report["run"]["unchanged"] == 2 * ROWS
    check(pomona, output, undisturbed)
    again = pomona.ok("predict", folder, output, *options, "--json").json()
    assert (again["finished_before"], again["rows"], again["skipped"]) == (True, 6, 3)


def test_update_answers_what_is_new_and_drops_what_is_gone(
    pomona, own_images, classifiers, options, tmp_path
):
    output = tmp_path / "out"
    command = ("predict", own_images, output, *options, "--rows-per-file", 10)
    pomona.ok(*command)
    files = image_folders.jpegs(own_images)
    shutil.copyfile(files[0], files[0].with_name("zz new.jpg"))
    files[7].unlink()
    refused = pomona(*command)
    assert refused.code == REFUSED and "--update" in refused.stderr
    plan = pomona.ok("plan", own_images, output, "--update", "--rows-per-file", 10, "--model",
                     options[3], "--classifier", classifiers / "one", "--json").json()  # fmt: skip
    assert (plan["added"], plan["deleted"], plan["unchanged"]) == (1, 1, 47)
    report = pomona.ok(*command, "--update", "--json").json()
    assert (report["run"]["images"], report["run"]["dropped"], report["rows"]) == (1, 1, 48)
    anew = tmp_path / "anew"
    pomona.ok("predict", own_images, anew, *options)
    by_path = [sorted(Table(place).rows().to_pylist(), key=lambda row: row["path"])
               for place in (output, anew)]  # fmt: skip
    assert by_path[0] == by_path[1]
    assert pomona("verify", output).code == OK


def test_repair_answers_again_what_is_damaged(pomona, folder, options, tmp_path, undisturbed):
    output = tmp_path / "out"
    shutil.copytree(undisturbed, output)
    for damaged in (sorted(output.glob("part-*"))[1], output / "_pomona" / "classifier.parquet"):
        data = bytearray(damaged.read_bytes())
        data[len(data) // 2] ^= 1
        damaged.write_bytes(data)
        found = pomona("verify", output)
        assert found.code == PROBLEM and damaged.name in found.stdout + found.stderr
    pomona.ok("predict", folder, output, *options, "--repair")
    check(pomona, output, undisturbed)


def test_overwrite_leaves_nothing_of_the_answers(pomona, folder, small_network, options, tmp_path):
    output = tmp_path / "out"
    pomona.ok("predict", folder, output, *options)
    pomona.ok("extract", folder, output, *small_network, "--overwrite")
    assert not (output / "_pomona" / "classifier.parquet").exists()
    pomona.ok("predict", folder, output, *options, "--overwrite")
    assert Table(output).rows().column_names == ["path", "label", *ANSWERS]
    assert pomona("verify", output).code == OK


def test_features_of_another_kind_are_refused(pomona, folder, options, classifiers, tmp_path):
    def refused(*arguments):
        result = pomona("predict", folder, tmp_path / "out", *arguments)
        assert result.code == REFUSED, result.stderr
        assert not (tmp_path / "out").exists()
        return result.stderr

    classifier = options[:2]
    assert "--model" in refused(*classifier)  # its name is in no catalogue
    other = networks.small_network(tmp_path / "network", features=31)
    words = refused(*classifier, *other[:2])
    assert "model.digest" in words and "--model" in words
    # The classifier of a table that does not say how it was made.
    rows = Table(classifiers / "features").rows().replace_schema_metadata(None)
    pq.write_table(rows, tmp_path / "rows.parquet")
    pomona.ok("train", tmp_path / "rows.parquet", tmp_path / "c")
    assert "does not say" in refused("--classifier", tmp_path / "c")


def test_a_damaged_classifier_changes_nothing(pomona, folder, options, classifiers, tmp_path):
    (tmp_path / "cut").write_bytes((classifiers / "one").read_bytes()[:-100])
    result = pomona("predict", folder, tmp_path / "out", *options, "--classifier", tmp_path / "cut")
    assert result.code == PROBLEM
    assert not (tmp_path / "out").exists()


def test_images_and_tables_are_told_apart(pomona, own_images, options, classifiers, tmp_path):
    table = ("predict", classifiers / "features", tmp_path / "out", *options[:2])
    for option in (("--glob", "*.jpg"), ("--update",), ("--keep-features",), options[2:4]):
        result = pomona(*table, *option)
        assert result.code == REFUSED and "is a feature table" in result.stderr, result.stderr
    of_images = pomona("predict", own_images, tmp_path / "out", *options, "--column", "other")
    assert of_images.code == REFUSED and "holds images" in of_images.stderr
    # A Parquet file beside images is no table; alone it is one, as is its folder.
    rows = Table(classifiers / "features").rows()
    pq.write_table(rows, own_images / "list.parquet")
    pomona.ok("predict", own_images, tmp_path / "beside", *options)
    assert len(Table(tmp_path / "beside").paths()) == 48
    (tmp_path / "table").mkdir()
    shutil.move(own_images / "list.parquet", tmp_path / "table" / "list.parquet")
    for source in (tmp_path / "table", tmp_path / "table" / "list.parquet"):
        pomona.ok("predict", source, tmp_path / "rows", *options[:2], "--overwrite")
        assert len(Table(tmp_path / "rows").paths()) == 48
    # One image is a source, too.
    pomona.ok("predict", image_folders.jpegs(own_images)[0], tmp_path / "single", *options)
    assert len(Table(tmp_path / "single").paths()) == 1


def test_a_source_that_is_neither_is_refused(pomona, options, tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("no image")
    result = pomona("predict", tmp_path / "texts", tmp_path / "out", *options)
    assert result.code == REFUSED
    assert "no feature table" in result.stderr and "no images" in result.stderr
    result = pomona("predict", tmp_path / "none", tmp_path / "out", *options)
    assert result.code not in (OK, REFUSED) and "none" in result.stderr
    assert not (tmp_path / "out").exists()


def test_an_unfinished_table_is_no_folder_of_images(pomona, folder, options, classifiers, tmp_path):
    shutil.copytree(classifiers / "features", tmp_path / "features")
    os.remove(tmp_path / "features" / "_SUCCESS")
    result = pomona("predict", tmp_path / "features", tmp_path / "out", *options[:2])
    assert result.code == REFUSED and "not finished" in result.stderr


def test_the_record_names_the_classifier(undisturbed, classifiers):
    import hashlib

    record = states.record(undisturbed)["options"]
    digest = hashlib.sha256((classifiers / "one").read_bytes()).hexdigest()
    assert (record["classifier"], record["keep_features"]) == (digest, False)


def test_on_s3(s3, some_images, classifiers, options, tmp_path):
    s3.put_folder(some_images, "source")
    pomona = s3.pomona()
    pomona.ok("predict", s3.uri("source"), s3.uri("answers"), *options)
    assert pomona("verify", s3.uri("answers")).code == OK
    assert len(s3.table("answers").paths()) == 48
    assert pomona.ok("predict", s3.uri("source"), s3.uri("answers"), *options, "--json").json()[
        "finished_before"
    ]
