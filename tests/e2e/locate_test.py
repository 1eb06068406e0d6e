"""`pomona locate`: boxes in photos that are put together from images of known labels."""

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image
from program import REFUSED

COLUMNS = ["path", "label", "score", "x", "y", "width", "height", "reject"]


@pytest.fixture(scope="module")
def classifier(pomona, some_images, tmp_path_factory):
    made = tmp_path_factory.mktemp("locate")
    pomona.ok("extract", some_images, made / "table")
    pomona.ok("train", made / "table", made / "fruits.classifier", "--method", "centroid")
    return made / "fruits.classifier"


@pytest.fixture(scope="module")
def photos(some_images, tmp_path_factory):
    """two.png: an image of the first label above on the left, one of the last label below on the
    right, and white; and a file that is no image."""
    folder = tmp_path_factory.mktemp("photos")
    labels = sorted(path.name for path in some_images.iterdir())
    photo = np.full((600, 600, 3), 255, np.uint8)
    for corner, label in ((0, labels[0]), (300, labels[-1])):
        with Image.open(sorted((some_images / label).iterdir())[0]) as image:
            one = np.asarray(image.convert("RGB").resize((300, 300)))
        photo[corner : corner + 300, corner : corner + 300] = one
    Image.fromarray(photo).save(folder / "two.png")
    (folder / "z_bad.png").write_bytes(b"no image")
    return folder, labels[0], labels[-1]


def test_boxes_lie_where_the_fruits_are(pomona, classifier, photos, tmp_path):
    folder, left, right = photos
    report = pomona.ok("locate", folder, tmp_path / "boxes.parquet", "--classifier", classifier,
                       "--input-size", 448, "--cells", 5, "--draw", tmp_path / "drawn",
                           "--json").json()  # fmt: skip
    assert (report["images"], report["rejects"], report["empty"]) == (1, 1, 0)
    assert (report["map_width"], report["map_height"]) == (14, 14)
    table = pq.read_table(tmp_path / "boxes.parquet")
    assert table.column_names == COLUMNS
    rows = table.to_pylist()
    assert rows[-1]["reject"] == "unsupported_format" and rows[-1]["label"] is None
    boxes = rows[:-1]
    assert len(boxes) == report["boxes"]
    scores = [box["score"] for box in boxes]
    assert scores == sorted(scores, reverse=True) and min(scores) >= 0.3
    for box in boxes:
        assert 0 <= box["x"] < box["x"] + box["width"] <= 600
        assert 0 <= box["y"] < box["y"] + box["height"] <= 600

    def middle(label):
        best = next(box for box in boxes if box["label"] == label)
        return best["x"] + best["width"] / 2, best["y"] + best["height"] / 2

    assert max(middle(left)) < 300 < min(middle(right))
    [drawn] = (tmp_path / "drawn").iterdir()
    assert drawn.name == "000001-two.png.svg"
    assert drawn.read_text().count("<rect") == len(boxes)


def test_the_same_rows_for_any_number_of_threads(pomona, classifier, photos, tmp_path):
    for threads in (1, 2):
        pomona.ok("locate", photos[0], tmp_path / f"{threads}.parquet", "--classifier", classifier,
                  "--threads", threads)  # fmt: skip
    assert (tmp_path / "1.parquet").read_bytes() == (tmp_path / "2.parquet").read_bytes()


def test_an_image_without_a_box_has_a_row(pomona, classifier, photos, tmp_path):
    pomona.ok("locate", photos[0] / "two.png", tmp_path / "boxes.parquet",
              "--classifier", classifier, "--least-score", 1)  # fmt: skip
    [row] = pq.read_table(tmp_path / "boxes.parquet").to_pylist()
    assert row["path"].endswith("two.png")
    assert all(row[name] is None for name in COLUMNS[1:])


def test_what_cannot_be_done_is_refused_and_nothing_is_written(
    pomona, classifier, photos, some_images, tmp_path_factory, tmp_path
):
    made = tmp_path_factory.mktemp("refused")
    pomona.ok("extract", some_images, made / "levels", "--input-size", 96,
              "--features", "blocks.2.residual,blocks.4.residual")  # fmt: skip
    pomona.ok("extract", some_images, made / "last", "--input-size", 96)
    pomona.ok("train", made / "levels", made / "levels.classifier", "--score", "cosine")
    pomona.ok("train", made / "last", made / "distance.classifier", "--score", "distance")
    for source, learned, options, wanted in (
        (photos[0], made / "levels.classifier", (), "no mean over one map"),
        (photos[0], made / "distance.classifier", (), "scores by distance"),
        (photos[0], classifier, ("--cells", 0), "--cells is 0"),
        (photos[0], classifier, ("--input-size", 20), "--input-size is 20"),
        (photos[0], classifier, ("--least-score", 2), "--least-score is 2"),
        (tmp_path, classifier, ("--draw", tmp_path / "drawn"), "no image"),
    ):
        result = pomona("locate", source, tmp_path / "boxes.parquet", "--classifier", learned,
                        *options)  # fmt: skip
        assert result.code == REFUSED, result.stderr
        assert wanted in result.stderr
        assert not (tmp_path / "boxes.parquet").exists()
