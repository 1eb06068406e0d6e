"""pomona.neighbors and pomona.duplicates: Arrow in Python's hands."""

import faiss
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


def test_an_index_answers_single_queries(table, values, tmp_path):
    index = pomona.NeighborIndex(table, tmp_path / "index", threads=2)
    assert (len(index), index.dim) == (ROWS, DIM)
    again = pomona.NeighborIndex(table, tmp_path / "index")
    expected = pa.table(pomona.neighbors(table, of=table, k=3))["neighbors"].to_pylist()
    for of in (index, again):
        ids, distances = of.find(values[7], k=3)
        assert (ids.shape, ids.dtype, distances.dtype) == ((1, 3), np.int64, np.float32)
        assert ids[0].tolist() == expected[7]["ids"]
        ids, distances = of.find(values, k=3, threads=1)
        assert ids.tolist() == [row["ids"] for row in expected]
        assert distances.tolist() == [row["distances"] for row in expected]
    ids, _ = index.find(
        values[:2].astype("float64"), k=5, metric="euclidean", where="label=label 1"
    )
    assert (ids % 3 == 1).all()
    assert (index.path(7), index.label(7)) == ("/i/7.jpg", "label 1")
    assert (index.path(ROWS), index.label(-1)) == (None, None)
    with pytest.raises(pomona.InvalidOption, match="queries have 5 features, rows 32"):
        index.find(np.ones(5))
    with pytest.raises(pomona.DamagedData, match="not finite"):
        index.find(np.full(DIM, np.nan))
    with pytest.raises(pomona.InvalidOption, match="there are only 500 rows"):
        index.find(values[0], k=ROWS + 1)
    found = pomona.neighbors(table, of=table, k=3, index=tmp_path / "index").read_all()
    assert found["neighbors"].to_pylist() == expected
    pq.write_table(pq.read_table(table).slice(1), table)
    with pytest.raises(pomona.InvalidOption, match="remove it, and it is made anew"):
        pomona.NeighborIndex(table, tmp_path / "index")


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
