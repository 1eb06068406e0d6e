"""`pomona neighbors`: against brute force in float64, for tables of anybody's and for photos."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from images import copy_some
from program import FAILED, OK, PROBLEM, REFUSED

ROWS, DIM = 700, 24


def write(folder, values, **columns):
    """A table as somebody else would write it, in two files."""
    folder.mkdir()
    lists = [None if row is None else list(row) for row in values]
    paths = [f"/i/{row}.jpg" for row in range(len(values))]
    features = pa.array(lists, pa.list_(pa.float32()))
    table = pa.table({"path": paths, **columns, "features": features})
    half = len(values) // 2
    for number, part in enumerate((table.slice(0, half), table.slice(half))):
        pq.write_table(part, folder / f"part-{number:05}.parquet")
    return folder


def distances(queries, rows, metric="cosine"):
    a, b = (np.asarray(m, np.float64) for m in (queries, rows))
    if metric == "euclidean":
        return np.linalg.norm(a[:, None] - b[None], axis=2)
    return 1 - (a @ b.T) / np.linalg.norm(a, axis=1)[:, None] / np.linalg.norm(b, axis=1)


def nearest(all_distances, k):
    return np.argsort(all_distances, axis=1, kind="stable")[:, :k]


def answer(file):
    table = pq.read_table(file)
    assert table.schema.names == ["path", "neighbors"]
    found = table["neighbors"].to_pylist()
    return np.array([n["ids"] for n in found]), np.array([n["distances"] for n in found])


@pytest.fixture
def values():
    return np.random.default_rng(1).normal(size=(ROWS, DIM)).astype(np.float32) + 0.3


@pytest.fixture
def table(values, tmp_path):
    return write(tmp_path / "features", values, label=[f"label {r % 7}" for r in range(ROWS)])


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_rows_of_a_table_are_those_of_brute_force(pomona, table, values, tmp_path, metric):
    output = tmp_path / "near.parquet"
    done = pomona("neighbors", table, "-k", 5, "--metric", metric, "-o", output)
    assert (done.code, done.stdout) == (OK, "")
    expected = distances(values, values, metric)
    np.fill_diagonal(expected, np.inf)
    ids, found = answer(output)
    np.testing.assert_array_equal(ids, nearest(expected, 5))
    np.testing.assert_allclose(found, np.take_along_axis(expected, ids, 1), rtol=1e-5)


def test_another_tables_rows_ask(pomona, table, values, tmp_path):
    queries = np.random.default_rng(2).normal(size=(9, DIM))
    of = write(tmp_path / "queries", queries)
    done = pomona("neighbors", table, "--of", of, "-k", 3, "--json", "--quiet")
    assert (done.code, done.stderr) == (OK, "")
    expected = nearest(distances(queries, values), 3)
    report = done.json()
    assert (report["rows"], report["queries"], report["dim"]) == (ROWS, 9, DIM)
    assert [[n["id"] for n in q["neighbors"]] for q in report["shown"]] == expected.tolist()
    first = report["shown"][0]["neighbors"][0]
    assert first["path"] == f"/i/{first['id']}.jpg"
    assert first["label"] == f"label {first['id'] % 7}"
    text = pomona("neighbors", table, "--of", of, "-k", 3).stdout
    assert f"  {first['distance']:.6f}  {first['id']}  {first['label']}  {first['path']}\n" in text


def test_only_rows_of_a_label_are_found_and_none_finds_itself(pomona, table, values, tmp_path):
    output = tmp_path / "near.parquet"
    done = pomona("neighbors", table, "-k", 4, "--where", "label=label 3", "-o", output)
    assert done.code == OK
    expected = distances(values, values)
    np.fill_diagonal(expected, np.inf)
    expected[:, np.arange(ROWS) % 7 != 3] = np.inf
    np.testing.assert_array_equal(answer(output)[0], nearest(expected, 4))


def test_rows_without_features_are_said_and_counted_by_ids(pomona, values, tmp_path):
    holes = [None if row in (0, 5, 400) else v for row, v in enumerate(values)]
    output = tmp_path / "near.parquet"
    done = pomona("neighbors", write(tmp_path / "holes", holes), "-k", 2, "-o", output)
    assert done.code == OK
    assert "3 rows without features were left out; ids count them" in done.stderr
    kept = np.array([row for row, v in enumerate(holes) if v is not None])
    expected = distances(values[kept], values[kept])
    np.fill_diagonal(expected, np.inf)
    np.testing.assert_array_equal(answer(output)[0], kept[nearest(expected, 2)])
    assert pq.read_table(output)["path"].to_pylist() == [f"/i/{row}.jpg" for row in kept]


def test_any_number_of_threads_makes_the_same_file(pomona, table, tmp_path):
    for threads in (1, 2, 7):
        done = pomona("neighbors", table, "--threads", threads, "-o", tmp_path / str(threads))
        assert done.code == OK
    bytes_of = {(tmp_path / str(threads)).read_bytes() for threads in (1, 2, 7)}
    assert len(bytes_of) == 1


def test_a_photo_finds_itself_in_its_table(pomona, images, tmp_path):
    photos = copy_some(images, tmp_path / "photos", labels=3, each=4)
    features = tmp_path / "features"
    assert pomona("extract", photos, features, "--input-size", 96, "--pool", "mean").code == OK
    photo = sorted(photos.rglob("*.jpg"))[5]
    done = pomona("neighbors", features, photo, "-k", 2, "--json")
    assert done.code == OK, done.stderr
    (found, second) = done.json()["shown"][0]["neighbors"]
    assert found["path"] == f"file:{photo}"
    assert found["distance"] == pytest.approx(0, abs=1e-12)
    assert second["distance"] > 0
    # Another network's features are no answer.
    other = tmp_path / "other"
    assert pomona("extract", photos, other).code == OK
    refused = pomona("neighbors", features, "--of", other)
    assert refused.code == REFUSED
    assert "of different kinds: " in refused.stderr
    assert "width" in refused.stderr
    (tmp_path / "no.jpg").write_text("no picture")
    damaged = pomona("neighbors", features, photo, tmp_path / "no.jpg", "-k", 2)
    assert (damaged.code, damaged.stdout) == (PROBLEM, "")
    assert "no.jpg gives no features: unsupported_format" in damaged.stderr
    missing = pomona("neighbors", features, tmp_path / "missing.jpg", "-k", 2)
    assert missing.code == FAILED
    assert "not_found" in missing.stderr


@pytest.mark.parametrize(
    "made",
    [
        ("--features", "levels"),
        ("--preset", "fast"),
        ("--views", "rot90,mirror", "--views-average"),
    ],
)
def test_a_photo_is_computed_as_its_table_was(pomona, images, tmp_path, made):
    photos = copy_some(images, tmp_path / "photos", labels=2, each=3)
    features = tmp_path / "features"
    assert pomona("extract", photos, features, *made).code == OK
    photo = sorted(photos.rglob("*.jpg"))[4]
    done = pomona("neighbors", features, photo, "-k", 1, "--json")
    assert done.code == OK, done.stderr
    (found,) = done.json()["shown"][0]["neighbors"]
    assert found["path"] == f"file:{photo}"
    assert found["distance"] == pytest.approx(0, abs=1e-7)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-k", 0), "error: --k must be 1 to 10000, not 0"),
        (("-k", ROWS), f"error: --k is {ROWS}, there are only {ROWS - 1} other rows"),
        (("-k", 200, "--where", "label=label 1"), "there are only 99 other rows with this label"),
        (("--where", "label=Kiwi"), "has the label Kiwi\nhint: its 7 labels are label 0, label 1"),
        (("--where", "colour=red"), "--where must be label=NAME, not colour=red"),
        (("--metric", "manhattan"), "--metric must be cosine or euclidean"),
        (("--threads", -1), "threads"),
        (("--column", "pixels"), "no column pixels"),
        (("photo.jpg",), "the table does not say which network its features are of"),
        (("photo.jpg", "--of", "other"), "--of and photos exclude each other"),
        (("--model", "efficientnet-lite0"), "--model is for photos"),
        (("-o", "no/such/folder/x"), "there is no folder for"),
        (("--index", "no/such/folder/x"), "there is no folder for"),
        (("--index", "s3://bucket/x"), "--index must be a file of this machine"),
        (("--index", "features"), "--index: features is a folder"),
    ],
)
def test_what_cannot_be_is_refused(pomona, table, tmp_path, arguments, message):
    before = sorted(tmp_path.rglob("*"))
    done = pomona("neighbors", table, *arguments, cwd=tmp_path)
    assert (done.code, done.stdout) == (REFUSED, "")
    assert message in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_an_index_answers_as_the_table_does(pomona, table, values, tmp_path):
    of = write(tmp_path / "queries", np.random.default_rng(2).normal(size=(9, DIM)))
    index = tmp_path / "index"
    made = pomona("neighbors", table, "--of", of, "-k", 3, "--index", index, "--json")
    assert made.code == OK, made.stderr
    assert f"index     {index}, made" in made.stderr
    plain = pomona("neighbors", table, "--of", of, "-k", 3, "--json", "--quiet").json()
    for metric in ("cosine", "euclidean"):
        for where in ((), ("--where", "label=label 3")):
            asked = ("--of", of, "-k", 3, "--metric", metric, *where, "--json", "--quiet")
            mapped = pomona("neighbors", table, *asked, "--index", index).json()
            assert (mapped["index"], mapped["index_made"]) == (str(index), False)
            assert mapped["shown"] == pomona("neighbors", table, *asked).json()["shown"]
    assert made.json()["shown"] == plain["shown"]
    # All rows ask.
    for option in ((), ("--where", "label=label 3")):
        one, two = tmp_path / "one", tmp_path / "two"
        pomona.ok("neighbors", table, "-k", 4, "-o", one, "--overwrite", *option)
        pomona.ok("neighbors", table, "-k", 4, "-o", two, "--overwrite", "--index", index, *option)
        assert one.read_bytes() == two.read_bytes()


def test_an_index_is_of_one_state_of_one_table(pomona, table, values, tmp_path):
    index = tmp_path / "index"
    refused = pomona("neighbors", table, "--of", table, "-k", ROWS + 1, "--index", index)
    assert (refused.code, index.exists()) == (REFUSED, False)
    pomona.ok("neighbors", table, "--of", table, "-k", 2, "--index", index)
    whole = index.read_bytes()
    other = write(tmp_path / "other", values[:50])
    refused = pomona("neighbors", other, "--of", table, "-k", 2, "--index", index)
    assert refused.code == REFUSED
    assert "hint: remove it, and it is made anew" in refused.stderr
    index.write_bytes(whole[: len(whole) // 2])
    damaged = pomona("neighbors", table, "--of", other, "-k", 2, "--index", index)
    assert damaged.code == PROBLEM
    assert "this is no index" in damaged.stderr
    at = whole.index(values[17].tobytes())
    index.write_bytes(whole[:at] + b"\x00\x01" + whole[at + 2 :])
    damaged = pomona("neighbors", table, "--of", other, "-k", ROWS, "--index", index)
    assert damaged.code == PROBLEM
    assert "row 17 is not what was written" in damaged.stderr


def test_an_index_is_what_its_page_says(pomona, table, values, tmp_path):
    index = tmp_path / "index"
    pomona.ok("neighbors", table, "--of", table, "-k", 1, "--index", index)
    with pa.memory_map(str(index)) as file:
        read = pa.ipc.open_file(file).read_all()
    record = json.loads(read.schema.metadata[b"pomona.index"])
    assert (record["format"], record["dim"], record["rows"]) == (1, DIM, ROWS)
    sift = np.frombuffer(b"".join(read["sift"].to_pylist()), np.int8).reshape(ROWS, DIM)
    features = np.array(read["features"].to_pylist(), np.float32)
    np.testing.assert_array_equal(features, values)
    lengths = np.linalg.norm(values.astype(np.float64), axis=1)
    np.testing.assert_allclose(read["length"].to_numpy(), lengths, rtol=1e-12)
    step = read["step"].to_numpy().astype(np.float64)
    off = values / lengths[:, None] - sift * step[:, None]
    assert (np.linalg.norm(off, axis=1) <= read["error"].to_numpy()).all()
    words = values.view(np.uint32).astype(np.uint64)
    checks = (words * (2 * np.arange(DIM, dtype=np.uint64) + 1)).sum(axis=1)
    np.testing.assert_array_equal(read["check"].to_numpy(), checks)


def test_a_file_that_is_there_is_kept(pomona, table, tmp_path):
    output = tmp_path / "near.parquet"
    output.write_text("mine")
    done = pomona("neighbors", table, "-o", output)
    assert done.code == REFUSED
    assert "exists\nhint: --overwrite replaces it" in done.stderr
    assert output.read_text() == "mine"
    assert pomona("neighbors", table, "-o", output, "--overwrite").code == OK
    assert len(answer(output)[0]) == ROWS


def test_rows_of_other_lengths_and_missing_tables(pomona, table, tmp_path):
    narrow = write(tmp_path / "narrow", np.ones((4, DIM - 1)))
    done = pomona("neighbors", table, "--of", narrow)
    assert done.code == REFUSED
    assert f"the queries have {DIM - 1} features, the rows of" in done.stderr
    ragged = write(tmp_path / "ragged", [[1, 2], [3, 4], [5], [6, 7]])
    done = pomona("neighbors", ragged, "-k", 1)
    assert done.code == PROBLEM
    assert "row 0" in done.stderr
    assert pomona("neighbors", tmp_path / "missing").code == FAILED
