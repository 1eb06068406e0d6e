"""`pomona split`: which rows are learned from and which judge, by whole groups."""

import collections
import json
import pathlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from program import PROBLEM, REFUSED


def table(
    folder: pathlib.Path,
    paths: list[str],
    labels: list[str | None],
    likes: list[int] | None = None,
    **more,
) -> pathlib.Path:
    """A feature table of two files, as somebody else would write it. Rows are at right angles to
    each other, but for those that are like the same row."""
    folder.mkdir()
    features = pa.array(
        [
            [float(like == other) for other in range(len(paths))]
            for like in likes or range(len(paths))
        ],
        pa.list_(pa.float32()),
    )
    whole = pa.table({"path": paths, "label": pa.array(labels, pa.string()), **more,
                      "features": features})  # fmt: skip
    half = len(paths) // 2
    pq.write_table(whole.slice(0, half), folder / "part-00000.parquet")
    pq.write_table(whole.slice(half), folder / "part-00001.parquet")
    return folder


@pytest.fixture
def fruits(tmp_path) -> pathlib.Path:
    """Frames as those of fruits-360: three movies of two classes, the official folders mixed."""
    paths = [
        f"file:/data/{'Test' if frame % 4 == 3 else 'Training'}/{label}/{movie}{frame}_100.jpg"
        for label in ("Apple Braeburn", "Lemon")
        for movie in ("", "r_", "r2_")
        for frame in range(8)
    ]
    return table(tmp_path / "fruits", paths, [path.split("/")[3] for path in paths])


def rows_of(split: pathlib.Path) -> list[dict]:
    return pq.read_table(split).to_pylist()


def test_the_honest_split_of_fruits_360_is_one_command(pomona, fruits, tmp_path):
    split = tmp_path / "split.parquet"
    result = pomona.ok("split", fruits, split, "--group", "fruits-360", "--train", "/plain$")
    assert result.stdout == ""
    read = pq.read_table(split)
    assert read.schema.names == ["path", "label", "group", "split", "fold"]
    assert read["path"].to_pylist() == pq.read_table(fruits)["path"].to_pylist()
    rows = read.to_pylist()
    movies = ("plain", "r", "r2")
    assert {row["group"] for row in rows} == {
        f"{label}/{movie}" for label in ("Apple Braeburn", "Lemon") for movie in movies
    }
    assert all((row["split"] == "train") == row["group"].endswith("/plain") for row in rows)
    assert "note:" not in result.stderr
    assert json.loads(pq.read_metadata(split).metadata[b"pomona.split"])["format"] == 1


def test_the_official_split_says_loudly_what_leaks(pomona, fruits, tmp_path):
    result = pomona.ok("split", fruits, tmp_path / "split.parquet", "--group", "fruits-360",
                       "--by", "official", "--json")  # fmt: skip
    assert "12 of 12 test rows have a row of the same group in training" in result.stderr
    report = json.loads(result.stdout)
    assert report["groups_on_both_sides"] == 6
    assert report["parts"]["test"]["rows_seen_in_training"] == 12


def test_no_group_is_in_two_parts_or_two_folds(pomona, tmp_path):
    paths = [f"/bananas/{n}_{side}.jpg" for n in range(40) for side in "FB"]
    source = table(tmp_path / "t", paths, ["ripe" if i % 3 else "green" for i in range(80)])
    split = tmp_path / "split.parquet"
    pomona.ok("split", source, split, "--group", "/([^/_]+)_[^/]*$", "--test-share", "0.25",
              "--calibration-share", "0.2", "--folds", "4")  # fmt: skip
    places = collections.defaultdict(set)
    for row in rows_of(split):
        places[row["group"]].add((row["split"], row["fold"]))
        assert (row["fold"] is not None) == (row["split"] == "train")
    assert all(len(place) == 1 for place in places.values())
    parts = collections.Counter(part for ((part, _),) in places.values())
    assert (parts["test"], parts["calibration"], parts["train"]) == (10, 6, 24)


def test_groups_of_a_column_and_labels_that_are_held_out(pomona, tmp_path):
    labels = ["a", "b", "c"] * 8
    source = table(tmp_path / "t", [f"/i/{i}" for i in range(24)], labels,
                   visit=[f"v{i // 3}" for i in range(24)])  # fmt: skip
    split = tmp_path / "split.parquet"
    result = pomona.ok("split", source, split, "--group-column", "visit", "--hold-out", "c",
                       "--test-share", "0.25")  # fmt: skip
    rows = rows_of(split)
    assert {row["split"] for row in rows if row["label"] == "c"} == {"held-out"}
    assert {row["group"] for row in rows} == {f"v{i}" for i in range(8)}
    assert "held-out rows have a row of the same group in training" in result.stderr


def test_a_twin_across_the_split_is_found_and_can_be_kept_together(pomona, tmp_path):
    likes = [*range(38), 0, 1]
    paths = [f"/i/{'Training' if i < 30 else 'Test'}/{i}.jpg" for i in range(40)]
    source = table(tmp_path / "t", paths, ["a", "b"] * 20, likes)
    split = tmp_path / "split.parquet"
    result = pomona.ok("split", source, split, "--by", "official", "--json")
    assert "2 of 10 test rows have a near twin in training, within 0.01" in result.stderr
    assert "(--group duplicates keeps them together)" in result.stderr
    report = json.loads(result.stdout)
    assert report["parts"]["test"]["rows_with_twin_in_training"] == 2
    result = pomona.ok("split", source, split, "--group", "duplicates", "--test-share", "0.4",
                       "--folds", "4", "--overwrite", "--json")  # fmt: skip
    report = json.loads(result.stdout)
    assert (report["groups"], report["parts"]["test"]["rows_with_twin_in_training"]) == (38, 0)
    rows = rows_of(split)
    for twin, first in ((38, 0), (39, 1)):
        assert rows[twin]["group"] == paths[first]
        assert [rows[twin][key] for key in ("split", "fold")] == [
            rows[first][key] for key in ("split", "fold")
        ]


def test_a_large_table_is_searched_for_twins_when_told(pomona, tmp_path):
    folder = tmp_path / "t"
    folder.mkdir()
    rows = 10_002
    features = pa.array([[1.0, 0.0], [0.0, 1.0]] * (rows // 2), pa.list_(pa.float32()))
    labels = ["a", "b"] * (rows // 2)
    whole = pa.table(
        {"path": [f"/{i}" for i in range(rows)], "label": labels, "features": features}
    )
    pq.write_table(whole, folder / "part.parquet")
    split = tmp_path / "split.parquet"
    untold = pomona.ok("split", folder, split, "--test-share", "0.5", "--json")
    assert "near twins were not looked for" in untold.stderr
    assert json.loads(untold.stdout)["parts"]["test"]["rows_with_twin_in_training"] is None
    told = pomona.ok("split", folder, split, "--test-share", "0.5", "--twins", "--overwrite",
                     "--json")  # fmt: skip
    test = json.loads(told.stdout)["parts"]["test"]
    assert test["rows_with_twin_in_training"] == test["rows"]
    one = pomona("split", folder, split, "--group", "duplicates", "--folds", "3", "--overwrite")
    assert "only 2 groups" in one.stderr


def test_a_file_that_is_there_is_replaced_only_when_told(pomona, fruits, tmp_path):
    split = tmp_path / "split.parquet"
    split.write_bytes(b"something")
    refused = pomona("split", fruits, split, "--by", "official")
    assert refused.code == REFUSED
    assert "hint: --overwrite replaces it" in refused.stderr
    assert split.read_bytes() == b"something"
    pomona.ok("split", fruits, split, "--by", "official", "--overwrite", "--quiet")
    first = split.read_bytes()
    pomona.ok("split", fruits, split, "--by", "official", "--overwrite", "--threads", "3")
    assert split.read_bytes() == first


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "nothing says what is for training"),
        (("--by", "chance"), "--by must be official, not chance"),
        (("--test-share", "1.5"), "must be above 0 and below 1"),
        (("--group", "Apple", "--test-share", "0.5"), "24 of 48 paths do not match it"),
        (("--group", "/data/", "--test-share", "0.5"), "all rows are of one group"),
        (("--hold-out", "Pear"), "no row has the label Pear"),
        (("--group", "fruits-360", "--folds", "7"), "only 6 groups"),
        (("--group-column", "visit", "--folds", "2"), "no column `visit`"),
        (("--train", "Pear"), "no row is left to train on"),
        (("--group", "/(Apple|Lemon)[^/]*/", "--test-share", "0.5"), "no row is left to test on"),
        (("--group", "/(Apple|Lemon)[^/]*/", "--calibration-share", "0.5"), "to calibrate on"),
    ],
)
def test_what_is_refused_leaves_nothing(pomona, fruits, tmp_path, options, words):
    result = pomona("split", fruits, tmp_path / "split.parquet", *options)
    assert (result.code, words in result.stderr) == (REFUSED, True), result.stderr
    assert not (tmp_path / "split.parquet").exists()


def test_a_table_that_is_damaged_leaves_nothing(pomona, tmp_path):
    source = table(tmp_path / "t", ["/1", "/2", "/3"], ["a", None, "b"])
    result = pomona("split", source, tmp_path / "split.parquet", "--folds", "2")
    assert result.code == PROBLEM
    assert "1 row has no label (null or empty); the first is /2" in result.stderr
    assert not (tmp_path / "split.parquet").exists()
