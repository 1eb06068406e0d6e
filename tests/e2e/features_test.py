"""Features of several tensors, of views and of other sizes, and the presets: in a table, in its
record, and what is refused."""

import json
import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import states
from PIL import Image
from table import Table

VIEWS = {
    "rot90": [Image.Transpose.ROTATE_90],
    "rot180": [Image.Transpose.ROTATE_180],
    "rot270": [Image.Transpose.ROTATE_270],
    "mirror": [Image.Transpose.FLIP_LEFT_RIGHT],
    "mirror-rot90": [Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_90],
    "mirror-rot180": [Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_180],
    "mirror-rot270": [Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_270],
}


def features_of(table):
    rows = Table(table).rows().sort_by("path")
    return np.stack(rows["features"].to_numpy())


def refuse(pomona, *arguments):
    result = pomona("extract", *arguments)
    assert result.code == 2, result.stderr
    return result


@pytest.fixture
def pictures(tmp_path):
    """Three pictures of the network's own size, so that nothing is resized."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    random = np.random.default_rng(3)
    for name in "abc":
        small = random.integers(0, 256, (7, 7, 3), np.uint8)
        Image.fromarray(small).resize((224, 224)).save(folder / f"{name}.png")
    (folder / "d.png").write_bytes(b"no picture")
    return folder


def test_a_view_has_the_features_of_the_turned_picture(pomona, pictures, tmp_path):
    pomona.ok("extract", pictures, tmp_path / "t", "--views", "dihedral")
    assert pomona.ok("verify", tmp_path / "t")
    rows = Table(tmp_path / "t").rows().sort_by("path")
    views = rows["views"].to_pylist()
    assert [[view["view"] for view in row] for row in views] == [list(VIEWS)] * 3
    assert len(Table(tmp_path / "t").rejects()) == 1
    for name, turns in VIEWS.items():
        turned = tmp_path / name
        turned.mkdir()
        for path in pictures.glob("[abc].png"):
            image = Image.open(path)
            for turn in turns:
                image = image.transpose(turn)
            image.save(turned / path.name)
        pomona.ok("extract", turned, tmp_path / f"{name}-t")
        expected = features_of(tmp_path / f"{name}-t")
        found = [next(v["features"] for v in row if v["view"] == name) for row in views]
        assert (np.array(found, np.float32) == expected).all(), name


def test_the_average_is_the_mean_over_the_picture_and_its_views(pomona, pictures, tmp_path):
    flags = ("--views", "rot180,mirror")
    pomona.ok("extract", pictures, tmp_path / "t", *flags)
    pomona.ok("extract", pictures, tmp_path / "mean", *flags, "--views-average")
    rows = Table(tmp_path / "t").rows().sort_by("path")
    looks = [[row["features"], *(view["features"] for view in row["views"])]
             for row in rows.to_pylist()]  # fmt: skip
    np.testing.assert_allclose(features_of(tmp_path / "mean"), np.mean(looks, axis=1), rtol=1e-6)
    assert "views" not in Table(tmp_path / "mean").rows().column_names


def test_views_have_a_type_that_readers_know(pomona, pictures, tmp_path):
    pomona.ok("extract", pictures, tmp_path / "t", "--views", "mirror", "--features-as", "vector")
    (part,) = Table(tmp_path / "t").part_paths()
    assert pq.read_schema(part).field("views").type == pa.list_(
        pa.field(
            "element",
            pa.struct(
                {"view": pa.string(), "features": pa.list_(pa.field("element", pa.float32()))}
            ),
        )
    )
    spark = json.loads(
        pq.read_metadata(part).metadata[b"org.apache.spark.sql.parquet.row.metadata"]
    )
    assert [field["name"] for field in spark["fields"]] == ["path", "label", "features", "views"]


def test_row_groups_are_bounded_in_bytes(pomona, images, tmp_path):
    pomona.ok("extract", images / "Test", tmp_path / "t", "--preset", "rich", "--input-size", 32)
    for part in Table(tmp_path / "t").part_paths():
        metadata = pq.read_metadata(part)
        groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
        assert sum(group.num_rows for group in groups) == metadata.num_rows
        assert max(group.total_byte_size for group in groups) <= 70 << 20


def test_a_table_records_what_its_features_are(pomona, some_images, tmp_path):
    pomona.ok("extract", some_images, tmp_path / "t", "--features", "levels", "--input-size", 96)
    record = states.record(tmp_path / "t")["options"]
    assert (record["width"], record["height"], record["pool"]) == (96, 96, "mean+std")
    slices = record["feature_slices"]
    assert [part["length"] for part in slices[::2]] == [16, 24, 40, 80, 112, 192, 320, 1280]
    assert sum(part["length"] for part in slices) == record["feature_dim"] == 2848
    (part,) = Table(tmp_path / "t").part_paths()
    footer = json.loads(pq.read_metadata(part).metadata[b"pomona.preprocessing"])
    assert footer["feature_slices"] == slices
    for others in (
        ("--features", "levels"),
        ("--features", "levels", "--input-size", 96, "--pool", "mean"),
        ("--features", "levels", "--input-size", 96, "--views", "mirror"),
        ("--input-size", 96),
    ):
        refused = refuse(pomona, some_images, tmp_path / "t", *others)
        assert "was made with other options" in refused.stderr


def test_fast_is_chosen_once(pomona, own_images, tmp_path):
    """A table keeps the size that the first images of its source justified."""
    first = pomona.ok("extract", own_images, tmp_path / "t", "--preset", "fast")
    assert "160x160 pixels, as the first images of the source have 100" in first.stderr
    for path in own_images.rglob("*.jpg"):
        Image.open(path).resize((400, 400)).save(path)
    again = pomona.ok("extract", own_images, tmp_path / "t", "--preset", "fast", "--update")
    assert "160x160 pixels, as the table was begun with" in again.stderr
    refused = refuse(pomona, own_images, tmp_path / "t")
    assert "preset: fast in the output, null now" in refused.stderr
    new = pomona.ok("extract", own_images, tmp_path / "new", "--preset", "fast")
    assert "the network's own size, as" in new.stderr or "224x224" in new.stderr


@pytest.mark.parametrize(
    "flags, said",
    [
        (("--input-size", 31), "--input-size must be 32 to 2048 pixels, got 31"),
        (("--input-size", 2049), "--input-size must be 32 to 2048 pixels, got 2049"),
        (("--views", "rot45"), "--views names no view `rot45`"),
        (("--views", "mirror,mirror"), "--views names mirror twice"),
        (("--views-average",), "--views-average has nothing to average"),
        (("--pool", "max"), "max"),
        (("--preset", "best"), "best"),
        (("--features", "levels,nothing"), "no tensor `nothing`"),
        (("--features", "last,features"), "names tensor `features` twice"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_made(
    pomona, some_images, tmp_path, flags, said
):
    refused = refuse(pomona, some_images, tmp_path / "t", *flags)
    assert said in refused.stderr
    assert not (tmp_path / "t").exists()


def test_components_of_other_features_are_refused(pomona, some_images, tmp_path):
    for size in (32, 64):
        pomona.ok("extract", some_images, tmp_path / str(size), "--input-size", size)
    pomona.ok("pca", tmp_path / "32", tmp_path / "pca", "--k", 2)
    pomona.ok("pca", tmp_path / "32", tmp_path / "again", "--model", tmp_path / "pca")
    refused = pomona("pca", tmp_path / "64", tmp_path / "other", "--model", tmp_path / "pca")
    assert refused.code == 2
    assert "features of another kind" in refused.stderr
    assert "height: 32 and 64, width: 32 and 64" in refused.stderr
    assert not (tmp_path / "other").exists()


def test_parts_of_two_kinds_are_no_table(pomona, some_images, tmp_path):
    both = tmp_path / "both"
    both.mkdir()
    for size in (32, 64):
        pomona.ok("extract", some_images, tmp_path / str(size), "--input-size", size)
        (part,) = (tmp_path / str(size)).glob("part-*")
        shutil.copy(part, both / f"{size}.parquet")
    refused = pomona("pca", both, tmp_path / "pca", "--k", 2)
    assert refused.code == 3, refused.stderr
    assert "features of another kind" in refused.stderr
