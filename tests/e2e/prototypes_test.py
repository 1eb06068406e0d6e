"""Rows of training that stand for their class, kept in the classifier's file."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from program import REFUSED
from table import Table

LABELS = ["apple", "cherry", "lemon"]
ROWS = 240


def write(file, seed=0, **without):
    random = np.random.default_rng(seed)
    label = np.arange(ROWS) % 3
    values = np.eye(3, 8)[label] * 2 + random.normal(size=(ROWS, 8)) * 0.7 + 5
    table = pa.table({
        "path": [f"/g{r // 30}_{r}.jpg" for r in range(ROWS)],
        "label": [LABELS[one] for one in label],
        "features": pa.array(list(values.astype(np.float32)), pa.list_(pa.float32())),
    })  # fmt: skip
    pq.write_table(table.drop_columns(list(without)), file)
    return values.astype(np.float32)


def read(file):
    """(the table, its record)."""
    table = pq.read_table(file)
    return table, json.loads(table.schema.metadata[b"pomona.classifier"])


def places_of(rows, table, record):
    """z of rows, as docs/format/classifier.md says; of unit length for cosines."""
    z = rows.astype(float) - np.array(table["mean"][0].as_py())
    if record["targets"][0]["method"] != "centroid":
        rank = record["targets"][0]["rank"]
        z = z @ np.array(table["direction"].to_pylist()[:rank]).T
    return z


@pytest.mark.parametrize("method", ["discriminant", "logistic", "centroid"])
@pytest.mark.parametrize("score", ["cosine", "distance"])
def test_they_are_near_the_mean_and_answers_name_the_nearest(pomona, tmp_path, method, score):
    values = write(tmp_path / "rows.parquet")
    pomona.ok("train", tmp_path / "rows.parquet", tmp_path / "c", "--method", method,
              "--score", score)  # fmt: skip
    table, record = read(tmp_path / "c")
    z = places_of(values, table, record)
    unit = z / np.linalg.norm(z, axis=1, keepdims=True) if score == "cosine" else z
    paths, positions = [], []
    kept = zip(table["class_mean"].to_pylist(), table["prototypes"].to_pylist(), strict=True)
    for c, (mean, some) in enumerate(kept):
        row = [int(one["path"].rsplit("_", 1)[1][:-4]) for one in some]
        assert len(set(row)) == 3 and {r % 3 for r in row} == {c}
        np.testing.assert_allclose([one["position"] for one in some], z[row], rtol=1e-5, atol=1e-5)
        middle = np.array(mean) / (np.linalg.norm(mean) if score == "cosine" else 1)
        away = np.linalg.norm(unit[c::3] - middle, axis=1)
        assert row[0] == away.argmin() * 3 + c
        # The others are of the nearer half, and each is the furthest there from those before.
        bulk = c + 3 * np.argsort(away, kind="stable")[: (len(away) + 1) // 2]
        for i in (1, 2):
            apart = np.linalg.norm(unit[bulk][:, None] - unit[row[:i]][None], axis=2).min(axis=1)
            assert row[i] == bulk[apart.argmax()]
        paths += [one["path"] for one in some]
        positions += [z[r] for r in row]
    pomona.ok(
        "predict", tmp_path / "rows.parquet", tmp_path / "out", "--classifier", tmp_path / "c"
    )
    known = np.array(positions)
    if score == "cosine":
        near = unit @ (known / np.linalg.norm(known, axis=1, keepdims=True)).T
    else:
        near = -((z[:, None] - known[None]) ** 2).sum(axis=2)
    wanted = [[paths[i] for i in row[:3]] for row in np.argsort(-near, axis=1, kind="stable")]
    answers = Table(tmp_path / "out").rows()["nearest"].to_pylist()
    # What float32 cannot tell apart may change places.
    assert np.mean([a == b for a, b in zip(answers, wanted, strict=True)]) > 0.98


def test_they_are_of_different_groups_where_a_split_knows_groups(pomona, tmp_path):
    write(tmp_path / "rows.parquet")
    pomona.ok("split", tmp_path / "rows.parquet", tmp_path / "split", "--group", "/(g[0-9]+)_",
              "--folds", 4)  # fmt: skip
    report = pomona.ok("train", tmp_path / "rows.parquet", tmp_path / "c", "--split",
                       tmp_path / "split", "--prototypes", 5, "--json").json()  # fmt: skip
    assert report["prototypes"] == 15
    for some in read(tmp_path / "c")[0]["prototypes"].to_pylist():
        assert len({one["path"].split("_")[0] for one in some}) == 5


def test_none_are_kept_where_none_are_wanted_or_rows_have_no_path(pomona, tmp_path):
    write(tmp_path / "rows.parquet")
    pomona.ok("train", tmp_path / "rows.parquet", tmp_path / "none", "--prototypes", 0)
    write(tmp_path / "unnamed.parquet", path=None)
    told = pomona.ok("train", tmp_path / "unnamed.parquet", tmp_path / "unnamed")
    assert "no column of paths: no prototypes are kept" in told.stderr
    for name in ("none", "unnamed"):
        assert read(tmp_path / name)[0]["prototypes"].to_pylist() == [[]] * 3
        pomona.ok("predict", tmp_path / "rows.parquet", tmp_path / f"{name}-out", "--classifier",
                  tmp_path / name)  # fmt: skip
        assert "nearest" not in Table(tmp_path / f"{name}-out").rows().column_names
    for count in (-1, 21):
        result = pomona("train", tmp_path / "rows.parquet", tmp_path / "c", "--prototypes", count)
        assert result.code == REFUSED and f"must be 0 to 20, not {count}" in result.stderr


def test_the_digest_covers_them(pomona, tmp_path):
    write(tmp_path / "rows.parquet")
    pomona.ok("train", tmp_path / "rows.parquet", tmp_path / "c")
    table, _ = read(tmp_path / "c")
    changed = table["prototypes"].to_pylist()
    changed[0][0]["path"] = "/another.jpg"
    at = table.schema.get_field_index("prototypes")
    field = table.schema.field("prototypes")
    pq.write_table(table.set_column(at, field, pa.chunked_array([pa.array(changed, field.type)])),
                   tmp_path / "changed")  # fmt: skip
    result = pomona("predict", tmp_path / "rows.parquet", tmp_path / "out", "--classifier",
                    tmp_path / "changed")  # fmt: skip
    assert result.code == 3 and "not those that were written" in result.stderr
