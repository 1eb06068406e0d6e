"""Principal components from Python, against numpy's eigenvectors of the covariance."""

import pickle
import threading

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import pomona

DIM = 40


@pytest.fixture(scope="module")
def rows():
    random = np.random.default_rng(1)
    axes = np.linalg.qr(random.normal(size=(DIM, DIM)))[0]
    return (random.normal(size=(700, DIM)) * 0.9 ** np.arange(DIM)) @ axes.T + 3


def fit(rows, **options):
    statistics = pomona.PcaStatistics(rows.shape[1])
    statistics.update(rows)
    return statistics.solve(**options)


def expected(rows, k):
    values, vectors = np.linalg.eigh(np.cov(rows, rowvar=False))
    vectors = vectors[:, ::-1][:, :k]
    largest = np.take_along_axis(vectors, np.abs(vectors).argmax(axis=0)[None], axis=0)
    return values[::-1], vectors * np.sign(largest)


def test_the_model_is_that_of_numpy(rows):
    model = fit(rows, k=6)
    values, vectors = expected(rows, 6)
    np.testing.assert_allclose(model.components, vectors, atol=1e-9)
    np.testing.assert_allclose(model.variance, values, rtol=1e-9)
    np.testing.assert_allclose(model.scree, values / values.sum(), rtol=1e-9)
    np.testing.assert_allclose(model.explained_variance, model.scree[:6], rtol=0)
    np.testing.assert_allclose(model.mean, rows.mean(axis=0), rtol=1e-13)
    assert model.scale is None
    assert (model.dim, model.k, model.rows) == (DIM, 6, 700)
    assert (model.center, model.standardize) == (True, False)
    assert model.components_for(0.75) == np.searchsorted(np.cumsum(model.scree), 0.75) + 1
    with pytest.raises(ValueError):
        model.mean[0] = 1  # a view of the model


def test_views_outlive_the_model(rows):
    components = fit(rows, k=3).components
    copy = fit(rows, k=3).components.copy()
    np.testing.assert_array_equal(components, copy)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_transform_keeps_the_type(rows, kind):
    model = fit(rows, k=4)
    projected = model.transform(rows.astype(kind), threads=2)
    assert (projected.dtype, projected.shape) == (kind, (700, 4))
    plain = (rows.astype(kind) - model.mean) @ model.components
    np.testing.assert_allclose(projected, plain, atol=1e-5 if kind is np.float32 else 1e-12)
    uncentred = fit(rows, k=4, center=False)
    np.testing.assert_allclose(uncentred.transform(rows), rows @ model.components, atol=1e-12)


def test_statistics_merge_and_travel(rows):
    whole = fit(rows, variance=0.9)
    merged = pomona.PcaStatistics(DIM)
    for piece in np.array_split(rows, 7):
        statistics = pomona.PcaStatistics(DIM, threads=2)
        statistics.update(piece)
        data = statistics.to_bytes()
        assert len(data) == 8 * (3 + DIM + DIM * (DIM + 1) // 2)
        merged.merge(pomona.PcaStatistics.from_bytes(data))
    assert merged.count == 700
    again = pickle.loads(pickle.dumps(merged)).solve(variance=0.9)
    assert again.k == whole.k
    np.testing.assert_allclose(again.components, whole.components, atol=1e-10)


def test_arrow_columns_give_what_arrays_give(rows):
    wanted = fit(rows.astype(np.float32), k=3)
    values = rows.astype(np.float32).tolist()
    for kind in (pa.list_(pa.float32()), pa.large_list(pa.float64()), pa.list_(pa.float32(), DIM)):
        statistics = pomona.PcaStatistics(DIM)
        assert statistics.update(pa.array([None, *values[:300], None], kind)) == 2
        assert statistics.update(pa.chunked_array([values[300:500], values[500:]], kind)) == 0
        np.testing.assert_array_equal(statistics.solve(k=3).components, wanted.components)


def test_a_stream_is_projected(rows):
    model = fit(rows, k=2)
    table = pa.table({
        "label": [str(row) for row in range(700)],
        "embedding": pa.array([*rows[:699].tolist(), None], pa.list_(pa.float64())),
    })  # fmt: skip
    projected = model.project(table, "embedding", features_as="vector").read_all()
    assert projected["label"].to_pylist() == [str(row) for row in range(699)]
    vectors = projected["embedding"].to_pylist()
    assert {(vector["type"], vector["size"], vector["indices"]) for vector in vectors} == {
        (1, None, None)
    }
    values = np.array([vector["values"] for vector in vectors])
    np.testing.assert_array_equal(values, model.transform(rows[:699]))
    arrays = model.project(table, "embedding").read_all()["embedding"]
    assert arrays.type.value_type == pa.float32()


def test_a_model_is_saved_and_loaded(rows, tmp_path):
    model = fit(rows, k=5, standardize=True)
    (tmp_path / "model.parquet").write_bytes(model.to_bytes())
    for other in (
        pomona.PcaModel.load(tmp_path / "model.parquet"),
        pickle.loads(pickle.dumps(model)),
    ):
        np.testing.assert_array_equal(other.components, model.components)
        np.testing.assert_array_equal(other.scale, model.scale)
        np.testing.assert_array_equal(other.transform(rows), model.transform(rows))
    with pytest.raises(pomona.InvalidOption, match="there is no PCA model"):
        pomona.PcaModel.load(tmp_path / "missing")


def test_errors_say_what_is_wrong(rows):
    statistics = pomona.PcaStatistics(DIM)
    with pytest.raises(pomona.DamagedData, match="at least 2 rows, there are 0"):
        statistics.solve()
    bad = rows.copy()
    bad[5, 7] = np.nan
    with pytest.raises(pomona.DamagedData, match="row 5 has nan as feature 7"):
        statistics.update(bad)
    assert statistics.count == 0
    with pytest.raises(pomona.DamagedData, match="rows have 39 features, not 40"):
        statistics.update(rows[:, 1:])
    with pytest.raises(pomona.InvalidOption, match="holds no features"):
        statistics.update(pa.array(["text"]))
    for wrong in (rows[0], rows.astype(np.int64), "text", rows.astype(np.float16)):
        with pytest.raises(TypeError, match="expected a float32 or float64 array"):
            statistics.update(wrong)
    statistics.update(rows)
    with pytest.raises(pomona.InvalidOption, match="k is 41, there are only 40 features"):
        statistics.solve(k=41)
    with pytest.raises(pomona.InvalidOption, match="cannot merge into themselves"):
        statistics.merge(statistics)
    with pytest.raises(pomona.DamagedData, match="rows have 3 features, not 40"):
        statistics.solve(k=1).transform(np.ones((2, 3)))
    with pytest.raises(pomona.DamagedData, match="these are no PCA statistics"):
        pomona.PcaStatistics.from_bytes(b"nothing")
    with pytest.raises(pomona.DamagedData, match="this is no PCA model"):
        pomona.PcaModel.from_bytes(b"nothing")


def test_rows_of_any_layout_in_memory(rows):
    wanted = fit(rows, k=2).components
    np.testing.assert_array_equal(fit(np.asfortranarray(rows), k=2).components, wanted)
    every_other = np.repeat(rows, 2, axis=0)[::2]
    np.testing.assert_array_equal(fit(every_other, k=2).components, wanted)


def test_threads_of_python_may_share_statistics(rows):
    statistics = pomona.PcaStatistics(DIM)
    threads = [threading.Thread(target=statistics.update, args=(rows,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statistics.count == 8 * 700
    np.testing.assert_allclose(statistics.solve(k=2).scree, fit(rows, k=2).scree, rtol=1e-10)


def stored(folder, name, rows, kind):
    folder.mkdir(exist_ok=True)
    features = pa.array(rows.tolist(), pa.list_(kind))
    table = pa.table({"id": pa.array(range(len(rows)), pa.int64()), "features": features})
    pq.write_table(table, folder / name, row_group_size=150)


def test_features_of_a_stored_table_are_read(rows, tmp_path):
    table = tmp_path / "table"
    stored(table, "part-00000.parquet", rows[:300], pa.float64())
    stored(table, "part-00001.parquet", rows[300:], pa.float64())
    stored(table, "part-00002.parquet", rows[:0], pa.float64())
    (table / "_SUCCESS").touch()
    statistics = pomona.PcaStatistics(DIM)
    with pomona.read_features(table, threads=2) as stream:
        assert stream.schema.names == ["features"]
        for batch in stream:
            statistics.update(batch.column(0))
    assert statistics.count == 700
    wanted = pomona.PcaStatistics(DIM)
    wanted.update(rows)
    assert statistics.to_bytes() == wanted.to_bytes()
    one = pomona.read_features(str(table / "part-00001.parquet")).read_all()
    np.testing.assert_array_equal(np.array(one["features"].to_pylist()), rows[300:])


def test_what_cannot_be_read_as_features_is_said(rows, tmp_path):
    with pytest.raises(pomona.StorageError, match="there is no table"):
        pomona.read_features(tmp_path / "missing")
    stored(tmp_path / "table", "part-00000.parquet", rows[:5], pa.float32())
    with pytest.raises(pomona.InvalidOption, match="no column pixels, only id, features"):
        pomona.read_features(tmp_path / "table", column="pixels")
    with pytest.raises(pomona.InvalidOption, match="id"):
        pomona.read_features(tmp_path / "table", column="id")
    with pytest.raises(
        pomona.InvalidOption, match=r"threads must be 0 \(all cores\) to 1024, got -1"
    ):
        pomona.read_features(tmp_path / "table", threads=-1)
    with pytest.raises(pomona.InvalidOption, match="column must not be empty"):
        pomona.read_features(tmp_path / "table", column="")
    with pytest.raises(TypeError, match="colum"):
        pomona.read_features(tmp_path / "table", colum="features")
    stored(tmp_path / "table", "part-00001.parquet", rows[:5], pa.float64())
    with pytest.raises(pomona.DamagedData, match=r"part-00001.parquet: features are list<.*double"):
        pomona.read_features(tmp_path / "table").read_all()
