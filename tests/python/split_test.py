"""pomona.split: the command's work from Python."""

import pathlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import pomona


@pytest.fixture
def features(tmp_path) -> pathlib.Path:
    paths = [f"/bananas/{n}_{side}.jpg" for n in range(12) for side in "FB"]
    file = tmp_path / "features.parquet"
    pq.write_table(
        pa.table({
            "path": paths,
            "label": ["ripe", "ripe", "green", "green"] * 6,
            "features": pa.array([[1.0, 2.0]] * 24, pa.list_(pa.float32())),
        }),
        file,
    )  # fmt: skip
    return file


def test_split_writes_and_reports(features, tmp_path):
    report = pomona.split(features, tmp_path / "split.parquet", group="/([0-9]+)_",
                          test_share=0.25, folds=2)  # fmt: skip
    assert (report["rows"], report["groups"], report["labels"]) == (24, 12, 2)
    assert report["groups_on_both_sides"] == 0
    rows = pq.read_table(tmp_path / "split.parquet").to_pylist()
    assert len(rows) == 24
    assert sum(row["split"] == "test" for row in rows) == report["parts"]["test"]["rows"]
    assert {row["fold"] for row in rows if row["split"] == "train"} == {0, 1}


def test_what_is_refused_is_named_in_pythons_spelling(features, tmp_path):
    with pytest.raises(pomona.InvalidOption, match="test_share must be above 0 and below 1, not 2"):
        pomona.split(features, tmp_path / "split.parquet", test_share=2.0)
    with pytest.raises(TypeError, match="`folds` cannot be a str"):
        pomona.split(features, tmp_path / "split.parquet", folds="two")
    with pytest.raises(TypeError, match="`hold_out` cannot be a str"):
        pomona.split(features, tmp_path / "split.parquet", hold_out="ripe")
    pomona.split(features, tmp_path / "split.parquet", hold_out=["ripe"])
    with pytest.raises(pomona.InvalidOption, match="overwrite=True"):
        pomona.split(features, tmp_path / "split.parquet", hold_out=["ripe"])
    assert pq.read_table(tmp_path / "split.parquet").num_rows == 24
