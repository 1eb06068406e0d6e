"""pomona.map and project: the command's work from Python."""

import pathlib
import typing

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import pomona


@pytest.fixture
def values() -> np.ndarray:
    random = np.random.default_rng(3)
    return random.normal(size=(4, 12))[np.arange(200) % 4] + 0.2 * random.normal(size=(200, 12))


@pytest.fixture
def features(values, tmp_path) -> pathlib.Path:
    table = {
        "path": [f"/{r}.jpg" for r in range(200)],
        "features": pa.array(list(values.astype(np.float32)), pa.list_(pa.float32())),
    }
    pq.write_table(pa.table(table), tmp_path / "features.parquet")
    return tmp_path / "features.parquet"


def test_map_writes_and_reports_what_project_finds(features, values, tmp_path):
    report = pomona.map(features, tmp_path / "map", neighbors=5, keep_features=False)
    assert report.keys() == typing.get_type_hints(pomona.MapReport).keys()
    assert (report["rows"], report["neighbors"]) == (200, 5)
    rows = pa.concat_tables(pq.read_table(part) for part in (tmp_path / "map").glob("part-*"))
    assert rows.column_names == ["path", "projection_x", "projection_y", "neighbors"]
    found = pomona.project(values, neighbors=5)
    np.testing.assert_array_equal(rows["projection_x"].to_numpy(), found.x)
    np.testing.assert_array_equal(rows["projection_y"].to_numpy(), found.y)
    ids = np.array([one["ids"] for one in rows["neighbors"].to_pylist()])
    np.testing.assert_array_equal(ids, found.ids)
    assert (ids % 4 == np.arange(200)[:, None] % 4).all()
    with pytest.raises(pomona.InvalidOption):
        pomona.map(features, tmp_path / "map")


def test_project_of_rows_in_memory(values):
    made = pomona.project(values, metric="euclidean", threads=1)
    assert (made.x.shape, made.y.dtype, made.ids.shape) == ((200,), np.float32, (200, 15))
    again = pomona.project(values, metric="euclidean", threads=3)
    np.testing.assert_array_equal(made.x, again.x)
    assert pomona.project(values[:1]).ids.shape == (1, 0)
    with pytest.raises(pomona.InvalidOption, match="neighbors"):
        pomona.project(values, neighbors=1)
    with pytest.raises(pomona.DamagedData, match="row 7"):
        pomona.project(np.where(np.arange(200)[:, None] == 7, np.nan, values))
    with pytest.raises(ValueError, match="two dimensions"):
        pomona.project(values[0])
