"""`pomona map`: a table with a place for each row, beside rows that are like it."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from crash import changes, instants, killed_at
from pca_test import lists, write
from program import FAILED, OK, PROBLEM, REFUSED, Pomona
from table import Table

CLUSTERS = 6


@pytest.fixture
def values():
    random = np.random.default_rng(5)
    cluster = np.arange(400) % CLUSTERS
    return (random.normal(size=(CLUSTERS, 20))[cluster]).astype(np.float32) + random.normal(
        scale=0.2, size=(400, 20)
    ).astype(np.float32)


@pytest.fixture
def source(values, tmp_path):
    return write(tmp_path / "features", lists(values), label=[f"l {r % 6}" for r in range(400)])


def nearest(values: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """By cosine, in numpy: ids and distances."""
    units = values.astype(float) / np.linalg.norm(values.astype(float), axis=1, keepdims=True)
    distance = 1 - units @ units.T
    np.fill_diagonal(distance, np.inf)
    ids = np.argsort(distance, axis=1, kind="stable")[:, :k]
    return ids, np.take_along_axis(distance, ids, axis=1)


def places(rows: pa.Table) -> np.ndarray:
    return np.stack([rows["projection_x"].to_numpy(), rows["projection_y"].to_numpy()], axis=1)


def test_the_table_stays_and_has_places_and_exact_neighbours(pomona, source, values, tmp_path):
    result = pomona.ok("map", source, tmp_path / "map", "-k", 7, "--rows-per-file", 150, "--json")
    output = Table(tmp_path / "map")
    rows = output.rows()
    before = pa.concat_tables(pq.read_table(part) for part in sorted(source.glob("part-*")))
    assert rows.select(before.column_names).equals(before)
    assert rows.column_names[3:] == ["projection_x", "projection_y", "neighbors"]
    assert rows.schema.field("projection_x").type == pa.float32()
    assert len(output.part_paths()) == 3
    ids, distances = nearest(values, 7)
    found = rows["neighbors"].combine_chunks()
    assert found.field("ids").to_pylist() == ids.tolist()
    np.testing.assert_allclose(found.field("distances").to_pylist(), distances, atol=1e-6)
    # Who lies nearest is of the same cluster.
    at = places(rows)
    away = np.linalg.norm(at[:, None] - at[None], axis=2)
    np.fill_diagonal(away, np.inf)
    assert np.mean(away.argmin(axis=1) % CLUSTERS == np.arange(400) % CLUSTERS) > 0.97
    report = result.json()
    assert report == output.report()
    assert (report["rows"], report["skipped"], report["neighbors"]) == (400, 0, 7)
    assert pomona("verify", tmp_path / "map").code == OK


def test_the_same_bytes_for_every_number_of_threads(pomona, source, tmp_path):
    contents = []
    for threads in (1, 2, 5):
        pomona.ok("map", source, tmp_path / str(threads), "--threads", threads)
        contents.append(Table(tmp_path / str(threads)).content())
    assert contents[0] == contents[1] == contents[2]


def test_rows_without_usable_features_have_no_place(pomona, values, tmp_path):
    column = lists(values).to_pylist()
    column[0] = None
    column[57] = [float("nan"), *column[57][1:]]
    column[399] = column[399][:19]
    source = write(tmp_path / "holes", pa.array(column, pa.list_(pa.float32())))
    result = pomona.ok("map", source, tmp_path / "map", "--json")
    report = result.json()
    assert (report["rows"], report["skipped"], report["unusable"]) == (400, 3, 2)
    assert "3 rows without features have no place, 2 of them because" in result.stderr
    rows = Table(tmp_path / "map").rows()
    empty = [0, 57, 399]
    for name in ("projection_x", "projection_y", "neighbors"):
        assert [r for r, one in enumerate(rows[name].to_pylist()) if one is None] == empty
    kept = np.setdiff1d(np.arange(400), empty)
    ids = kept[nearest(values[kept], 15)[0]]
    assert [rows["neighbors"][int(r)].as_py()["ids"] for r in kept] == ids.tolist()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_rows(pomona, values, tmp_path, count):
    source = write(tmp_path / "few", lists(values[:count]), files=1)
    pomona.ok("map", source, tmp_path / "map")
    rows = Table(tmp_path / "map").rows()
    assert np.isfinite(places(rows)).all()
    assert [len(one["ids"]) for one in rows["neighbors"].to_pylist()] == [count - 1] * count


def test_equal_rows(pomona, values, tmp_path):
    source = write(tmp_path / "equal", lists(np.repeat(values[:1], 100, axis=0)))
    pomona.ok("map", source, tmp_path / "map")
    assert np.isfinite(places(Table(tmp_path / "map").rows())).all()


def test_features_may_be_left_out(pomona, source, tmp_path):
    pomona.ok("map", source, tmp_path / "map", "--no-features")
    names = Table(tmp_path / "map").rows().column_names
    assert names == ["path", "label", "projection_x", "projection_y", "neighbors"]


def test_a_map_of_a_map_replaces_its_columns(pomona, source, tmp_path):
    pomona.ok("map", source, tmp_path / "first", "-k", 3)
    pomona.ok("map", tmp_path / "first", tmp_path / "second", "-k", 5)
    rows = Table(tmp_path / "second").rows()
    assert len(set(rows.column_names)) == len(rows.column_names) == 6
    assert len(rows["neighbors"][0].as_py()["ids"]) == 5


def test_levels_are_compared_by_the_last_layer_and_stay_what_they_are(
    pomona, some_images, tmp_path
):
    pomona.ok("extract", some_images, tmp_path / "rich", "--preset", "rich", "--precision", "f32")
    result = pomona.ok("map", tmp_path / "rich", tmp_path / "map", "-k", 3)
    assert "the 1,280 features of the last layer, of 2,848" in result.stderr
    rows = Table(tmp_path / "map").rows()
    assert rows.column_names[:4] == ["path", "label", "features", "views"]
    last = np.stack(rows["features"].to_pylist())[:, -1280:]
    assert [one["ids"] for one in rows["neighbors"].to_pylist()] == nearest(last, 3)[0].tolist()
    # The table still says how its features were made.
    path = rows["path"][0].as_py().removeprefix("file:")
    found = pomona.ok("neighbors", tmp_path / "map", path, "-k", 1).stdout.splitlines()
    assert found[1].split()[:2] == ["0.000000", "0"]


def test_the_same_command_again_does_nothing(pomona, source, tmp_path):
    pomona.ok("map", source, tmp_path / "map")
    before = Table(tmp_path / "map").content()
    again = pomona.ok("map", source, tmp_path / "map", "--json")
    assert again.json()["finished_before"]
    assert "done before" in again.stderr
    refused = pomona("map", source, tmp_path / "map", "-k", 5)
    assert refused.code == REFUSED
    assert "neighbors: 15 in the output, 5 now" in refused.stderr
    assert Table(tmp_path / "map").content() == before
    pomona.ok("map", source, tmp_path / "map", "-k", 5, "--overwrite")


def test_killed_anywhere_it_starts_anew(pomona, source, tmp_path):
    pomona.ok("map", source, tmp_path / "expected", "--rows-per-file", 150)
    expected = Table(tmp_path / "expected").content()
    options = ("--rows-per-file", 150)
    counted = tmp_path / "counted"
    made = changes(pomona, ("map", source, counted, *options), counted, tmp_path / "trace")
    assert len(made) > 15
    for number in instants(made):
        output = tmp_path / f"killed-{number}"
        command = ("map", source, output, *options)
        assert killed_at(pomona, command, output, number) or number > len(made) - 5
        pomona.ok(*command)
        assert Table(output).is_finished()
        assert Table(output).content() == expected


def test_spark_reads_the_output(spark, pomona, source, tmp_path):
    pomona.ok("map", source, tmp_path / "map", "-k", 4)
    frame = spark.read.parquet(str(tmp_path / "map"))
    assert frame.schema.simpleString() == (
        "struct<path:string,label:string,features:array<float>,projection_x:float,"
        "projection_y:float,neighbors:struct<ids:array<bigint>,distances:array<float>>>"
    )
    assert len(frame.first().neighbors.ids) == 4


def test_from_s3_to_s3(any_s3, pomona, source, tmp_path):
    any_s3.put_folder(source, "features")
    any_s3.pomona().ok("map", any_s3.uri("features"), any_s3.uri("out/map"))
    pomona.ok("map", source, tmp_path / "map")
    assert any_s3.table("out/map").content() == Table(tmp_path / "map").content()


def test_from_hdfs_to_hdfs(hdfs, pomona, source, tmp_path):
    hdfs.put_folder(source, "features")
    Pomona().ok("map", hdfs.uri("features"), hdfs.uri("map"))
    pomona.ok("map", source, tmp_path / "map")
    assert hdfs.table("map").content() == Table(tmp_path / "map").content()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-k", 1), "neighbors must be 2 to 1000, not 1"),
        (("--metric", "manhattan"), "metric must be cosine or euclidean"),
        (("--column", "label"), "column label holds no features"),
        (("--rows-per-file", 0), "rows-per-file must be 1 to"),
        (("--threads", -1), "threads must be 0 (all cores) to 1024, got -1"),
    ],
)
def test_a_bad_option_is_named(pomona, source, tmp_path, arguments, message):
    result = pomona("map", source, tmp_path / "map", *arguments)
    assert result.code == REFUSED
    assert message in result.stderr
    assert not (tmp_path / "map").exists()


def test_what_cannot_be_mapped_changes_nothing(pomona, source, tmp_path):
    none = write(tmp_path / "none", pa.array([None] * 9, pa.list_(pa.float32())))
    result = pomona("map", none, tmp_path / "map")
    assert (result.code, "has no row with features" in result.stderr) == (PROBLEM, True)
    assert pomona("map", tmp_path / "missing", tmp_path / "map").code == FAILED
    assert pomona("map", source, source).code == REFUSED
    assert pomona("map", source, tmp_path).code == REFUSED
    assert not (tmp_path / "map").exists()
    report = tmp_path / "report.json"
    pomona.ok("map", source, tmp_path / "map", "--quiet", "--report", report)
    assert json.loads(report.read_text())["rows"] == 400
