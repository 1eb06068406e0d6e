"""pomona.neighbors and pomona.duplicates: Arrow in Python's hands."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import pomona

ROWS, DIM = 500, 32


@pytest.fixture
def values():
    return np.random.default_rng(3).normal(size=(ROWS, DIM)).astype(np.float32)


@pytest.fixture
def table(values, tmp_path):
    columns = {
        "path": [f"/i/{row}.jpg" for row in range(ROWS)],
        "label": [f"label {row % 3}" for row in range(ROWS)],
        "features": pa.array(list(values), pa.list_(pa.float32())),
    }
    pq.write_table(pa.table(columns), tmp_path / "features.parquet")
    return tmp_path / "features.parquet"


def test_neighbors_are_those_of_brute_force(table, values):
    found = pa.table(pomona.neighbors(table, k=4, threads=2))
    assert found.schema.names == ["path", "neighbors"]
    unit = values.astype(np.float64) / np.linalg.norm(values.astype(np.float64), axis=1)[:, None]
    similar = unit @ unit.T
    np.fill_diagonal(similar, -2)
    expected = np.argsort(-similar, axis=1)[:, :4]
    rows = found["neighbors"].to_pylist()
    np.testing.assert_array_equal([row["ids"] for row in rows], expected)
    np.testing.assert_allclose(
        [row["distances"] for row in rows],
        1 - np.take_along_axis(similar, expected, 1),
        atol=1e-6,
    )


def test_neighbors_have_the_recall_of_faiss(table, values):
    faiss = pytest.importorskip("faiss")
    unit = values / np.linalg.norm(values, axis=1)[:, None]
    index = faiss.IndexFlatIP(DIM)
    index.add(unit)
    expected = index.search(unit, 6)[1][:, 1:]
    rows = pa.table(pomona.neighbors(table, k=5))["neighbors"].to_pylist()
    assert all(set(row["ids"]) == set(ids) for row, ids in zip(rows, expected, strict=True))


def test_of_another_table_and_of_a_label(table):
    found = pomona.neighbors(table, of=table, k=1, metric="euclidean").read_all()
    assert [row["ids"] for row in found["neighbors"].to_pylist()] == [[row] for row in range(ROWS)]
    found = pomona.neighbors(table, k=2, where="label=label 1").read_all()
    assert all(i % 3 == 1 for row in found["neighbors"].to_pylist() for i in row["ids"])


def test_duplicates_are_sets(table, values, tmp_path):
    copied = pq.read_table(table)
    twice = pa.concat_tables([copied, copied.slice(0, 2)])
    pq.write_table(twice, tmp_path / "twice.parquet")
    found = pomona.duplicates(tmp_path / "twice.parquet", threshold=0.001).read_all()
    assert found.schema.names == ["path", "set", "label", "keep"]
    assert found["set"].to_pylist() == [0, 1] + [None] * (ROWS - 2) + [0, 1]
    assert found["keep"].to_pylist() == [True] * ROWS + [False] * 2


def test_what_cannot_be_is_said(table, tmp_path):
    with pytest.raises(pomona.InvalidOption, match="k must be 1 to 10000, not 0"):
        pomona.neighbors(table, k=0)
    with pytest.raises(pomona.InvalidOption, match="there are only 499 other rows"):
        pomona.neighbors(table, k=ROWS)
    with pytest.raises(pomona.InvalidOption, match="must be cosine or euclidean"):
        pomona.neighbors(table, metric="manhattan")
    with pytest.raises(pomona.InvalidOption, match="names no photo"):
        pomona.neighbors(table, [])
    with pytest.raises(pomona.InvalidOption, match="does not say which network"):
        pomona.neighbors(table, tmp_path / "photo.jpg")
    with pytest.raises(pomona.InvalidOption, match="must be 0 to below 1"):
        pomona.duplicates(table, threshold=1.5)
    with pytest.raises(pomona.StorageError):
        pomona.duplicates(tmp_path / "missing")
    with pytest.raises(TypeError):
        pomona.neighbors(table, k="ten")
