"""`pomona duplicates`: sets by complete linkage, against SciPy; what is kept, what is across."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from neighbors_test import distances, write
from program import FAILED, OK, REFUSED
from scipy.cluster import hierarchy

THRESHOLD = 0.02


def blobs(sets=40, each=5, dim=16, seed=4):
    """Groups of near rows, some of them chains that the threshold has to cut."""
    random = np.random.default_rng(seed)
    centers = random.normal(size=(sets, dim))
    spread = random.uniform(0.02, 0.2, size=(sets, 1, 1))
    rows = centers[:, None] + spread * random.normal(size=(sets, each, dim))
    return random.permutation(rows.reshape(-1, dim)).astype(np.float32)


def groups(numbers):
    """The sets as rows, whatever their numbers; a row alone is one, too."""
    found = {}
    for row, number in enumerate(numbers):
        found.setdefault(("alone", row) if number is None else number, []).append(row)
    return sorted(found.values())


def test_sets_are_those_of_complete_linkage(pomona, tmp_path):
    values = blobs()
    output = tmp_path / "sets.parquet"
    table = write(tmp_path / "features", values)
    assert pomona("duplicates", table, "--threshold", THRESHOLD, "-o", output).code == OK
    sets = pq.read_table(output)
    assert sets.schema.names == ["path", "set", "label", "keep"]
    condensed = distances(values, values)[np.triu_indices(len(values), 1)]
    tree = hierarchy.complete(condensed)
    expected = groups(hierarchy.fcluster(tree, THRESHOLD, "distance").tolist())
    assert groups(sets["set"].to_pylist()) == expected
    assert 1 < len(expected) < len(values)
    first = {rows[0] for rows in expected}
    assert sets["keep"].to_pylist() == [row in first for row in range(len(values))]
    numbers = [n for n in sets["set"].to_pylist() if n is not None]
    assert list(dict.fromkeys(numbers)) == list(range(max(numbers) + 1))


def test_a_chain_of_unlike_rows_is_no_set(pomona, tmp_path):
    angles = np.arange(60) * 0.1
    table = write(tmp_path / "features", np.stack([np.cos(angles), np.sin(angles)], 1))
    report = pomona("duplicates", table, "--threshold", 0.0051, "--json").json()
    # Each row is near the next one, and no further: whatever is joined, sets have two rows.
    assert report["rows_in_sets"] == 2 * report["sets"] >= 40


def labelled(tmp_path):
    values = np.eye(8, dtype=np.float32)[[0, 0, 1, 2, 1, 3, 3, 4]]
    values[6, 5] = 0.01
    paths = ["Training/a/0", "Test/a/1", "Training/b/2", "x/3", "x/4", "x/5", "x/6", "x/7"]
    table = pa.table({
        "path": paths,
        "label": ["a", "a", "b", "c", "d", "e", "e", None],
        "features": pa.array(list(values), pa.list_(pa.float32())),
    })  # fmt: skip
    pq.write_table(table, tmp_path / "features.parquet")
    return tmp_path / "features.parquet", paths


def test_labels_splits_and_what_is_kept(pomona, tmp_path):
    table, paths = labelled(tmp_path)
    keep, output = tmp_path / "keep.txt", tmp_path / "sets.parquet"
    done = pomona("duplicates", table, "--keep", keep, "-o", output, "--json")
    assert done.code == OK
    report = done.json()
    wanted = {
        "rows": 8, "sets": 3, "rows_in_sets": 6, "exact_sets": 2, "exact_rows": 2, "kept": 5,
        "sets_across_labels": 1, "sets_across_splits": 1, "rows_with_split": 3,
    }  # fmt: skip
    assert {name: report[name] for name in wanted} == wanted
    assert report["shown"][0] == {
        "set": 1, "rows": 2, "across_labels": True, "across_splits": False,
        "paths": ["Training/b/2", "x/4"],
    }  # fmt: skip
    assert pq.read_table(output).to_pydict() == {
        "path": paths,
        "set": [0, 0, 1, None, 1, 2, 2, None],
        "label": ["a", "a", "b", "c", "d", "e", "e", None],
        "keep": [True, False, True, True, False, True, False, True],
    }
    assert keep.read_text().splitlines() == [paths[row] for row in (0, 2, 3, 5, 7)]
    text = pomona("duplicates", table).stdout
    assert text.startswith("set 1: 2 rows, labels differ\n  Training/b/2\n  x/4\n")


def test_a_split_file_counts(pomona, tmp_path):
    table, paths = labelled(tmp_path)
    split = tmp_path / "split.parquet"
    names = ["train", "train", "train", "test", "test", "train", "test", None]
    pq.write_table(pa.table({"path": paths[::-1], "split": names[::-1]}), split)
    report = pomona("duplicates", table, "--split", split, "--json").json()
    assert (report["sets_across_splits"], report["rows_with_split"]) == (2, 7)
    pq.write_table(pa.table({"path": paths[1:], "split": names[1:]}), split)
    lacking = pomona("duplicates", table, "--split", split)
    assert lacking.code == REFUSED
    assert "has no row for Training/a/0" in lacking.stderr
    pq.write_table(pa.table({"path": [*paths, paths[0]], "split": [*names, "test"]}), split)
    assert "names Training/a/0 twice" in pomona("duplicates", table, "--split", split).stderr
    pq.write_table(pa.table({"path": paths}), split)
    assert "has no column split" in pomona("duplicates", table, "--split", split).stderr


def test_any_number_of_threads_and_order_of_rows_makes_the_same_sets(pomona, tmp_path):
    values = blobs()
    table = write(tmp_path / "features", values)
    for threads in (1, 3):
        output = tmp_path / f"{threads}.parquet"
        done = pomona("duplicates", table, "--threshold", 0.02, "--threads", threads, "-o", output)
        assert done.code == OK
    assert (tmp_path / "1.parquet").read_bytes() == (tmp_path / "3.parquet").read_bytes()
    order = np.random.default_rng(5).permutation(len(values))
    other = write(tmp_path / "other", values[order])
    pomona("duplicates", other, "--threshold", 0.02, "-o", tmp_path / "o.parquet")
    moved = groups(pq.read_table(tmp_path / "o.parquet")["set"].to_pylist())
    back = sorted(sorted(order[rows].tolist()) for rows in moved)
    assert back == groups(pq.read_table(tmp_path / "1.parquet")["set"].to_pylist())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--threshold", 1), "--threshold must be 0 to below 1, not 1"),
        (("--threshold", -0.1), "--threshold must be 0 to below 1"),
        (("--threshold", "nan"), "--threshold must be 0 to below 1"),
        (("-o", "x", "--keep", "x"), "the same file"),
        (("--keep", "no/such/folder/x"), "there is no folder for"),
        (("--column", "label"), "label"),
    ],
)
def test_what_cannot_be_is_refused(pomona, tmp_path, arguments, message):
    table, _ = labelled(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    done = pomona("duplicates", table, *arguments, cwd=tmp_path)
    assert (done.code, done.stdout) == (REFUSED, "")
    assert message in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_a_missing_table_and_a_split_that_is_no_parquet(pomona, tmp_path):
    assert pomona("duplicates", tmp_path / "missing").code == FAILED
    table, _ = labelled(tmp_path)
    (tmp_path / "split").write_text("path,split\n")
    done = pomona("duplicates", table, "--split", tmp_path / "split")
    assert done.code == 3
    assert done.stdout == ""


def test_levels_are_compared_by_the_last_layer(pomona, some_images, tmp_path):
    """Early maps of any two pictures are near each other."""
    found = {}
    for name, flags in [("last", []), ("levels", ["--features", "levels"])]:
        table = tmp_path / name
        pomona.ok("extract", some_images, table, *flags)
        output = tmp_path / f"{name}.parquet"
        report = pomona.ok("duplicates", table, "-o", output, "--json").json()
        found[name] = (report["compared"], pq.read_table(output)["set"].to_pylist())
        split = pomona.ok("split", table, tmp_path / f"{name}.split", "--group", "duplicates",
                          "--folds", 2, "--json").json()  # fmt: skip
        found[name] += (split["groups"],)
    assert found["last"] == found["levels"]
    assert (report["dim"], report["compared"]) == (2848, 1280)
    assert "the last layer: 1,280 of 2,848" in pomona.ok("duplicates", table).stderr
