"""`pomona train --validate`: another table chooses how to learn, and how sure to be."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from program import PROBLEM, REFUSED
from sklearn.metrics import balanced_accuracy_score

LABELS = ["apple", "cherry", "lemon", "pear"]


def table(rows, label, more=None, **footer):
    """Rows of a table as `extract` makes it, with what its footer says."""
    made = pa.table({
        "path": [f"/m{r // 20}_{r}.jpg" for r in range(len(rows))],
        "label": pa.array([None if one is None else LABELS[one] for one in label], pa.string()),
        "features": pa.array(list(rows.astype(np.float32)), pa.list_(pa.float32())),
    })  # fmt: skip
    return made.replace_schema_metadata(footer or None)


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """studio.parquet, and shop.parquet whose light is another. In the studio the last 40 features
    tell all; in the shop they are noise, and the first 8 tell something."""
    folder = tmp_path_factory.mktemp("validate")
    random = np.random.default_rng(11)

    def rows(count, studio, share):
        label = random.choice(4, count, p=share)
        slow = np.eye(4, 8)[label] * 1.5 + random.normal(size=(count, 8)) * 0.7
        last = random.normal(size=(count, 40)) * (0.3 if studio else 3)
        last[:, :4] += np.eye(4)[label] * (6 if studio else 0)
        return np.hstack([slow, last]) + (0 if studio else 0.2), label

    slices = [{"tensor": f"map{m}", "pool": pool, "length": 2}
              for m in (1, 2) for pool in ("mean", "std")]  # fmt: skip
    slices.append({"tensor": "last", "pool": "", "length": 40})

    def how(side):
        return {
            "pomona.features": "levels",
            "pomona.preprocessing": json.dumps({"feature_slices": slices, "width": side,
                                                "height": side}),
        }  # fmt: skip

    pq.write_table(table(*rows(600, True, [0.25] * 4), **how(160)), folder / "studio.parquet")
    pq.write_table(table(*rows(400, False, [0.7, 0.1, 0.1, 0.1]), **how(320)),
                   folder / "shop.parquet")  # fmt: skip
    pq.write_table(table(*rows(400, False, [0.25] * 4), **how(320)), folder / "later.parquet")
    return folder


def record_of(file):
    return json.loads(pq.read_schema(file).metadata[b"pomona.classifier"])


def balanced(pomona, rows, classifier, output):
    pomona.ok("predict", rows, output, "--classifier", classifier)
    answers = pq.read_table(next(output.glob("part-*.parquet")))
    return balanced_accuracy_score(answers["label"].to_pylist(), answers["predicted"].to_pylist())


@pytest.mark.parametrize("method", ["discriminant", "auto", "logistic", "centroid"])
def test_what_is_chosen_names_most_labels_of_the_other_table(pomona, tables, tmp_path, method):
    report = pomona.ok("train", tables / "studio.parquet", tmp_path / "c", "--validate",
                       tables / "shop.parquet", "--method", method, "--json").json()  # fmt: skip
    assert (report["rows"], report["validation"], report["folds"]) == (600, 400, 0)
    assert report["evaluation"]["name"] == "validation"
    assert any("too kind" in remark for remark in report["evaluation"]["remarks"])
    right = balanced(pomona, tables / "shop.parquet", tmp_path / "c", tmp_path / "again")
    # What the report says of these rows is what the file answers.
    assert report["evaluation"]["balanced_accuracy"]["value"] == pytest.approx(right)
    if method != "centroid":
        # The last layer, which tells all in the studio, is left out.
        assert report["slices"] == "the first 2 maps"
        assert balanced(pomona, tables / "later.parquet", tmp_path / "c", tmp_path / "later") > 0.7
    if method == "auto":
        tried = {name: report[f"{name}_accuracy"] for name in ("discriminant", "logistic")}
        assert max(tried.values()) == pytest.approx(right)
    training = json.loads(record_of(tmp_path / "c")["targets"][0]["training"])
    assert (training["validation"], training["calibrated_on"]) == (400, 400)


def test_it_chooses_better_than_folds_of_the_studio(pomona, tables, tmp_path):
    plain = pq.read_table(tables / "studio.parquet")
    footer = pq.read_schema(tables / "shop.parquet").metadata
    pq.write_table(plain.replace_schema_metadata(footer), tmp_path / "studio.parquet")
    pomona.ok("split", tmp_path / "studio.parquet", tmp_path / "split", "--group", "/(m[0-9]+)_",
              "--folds", 4)  # fmt: skip
    right = {}
    for name, options in [("folds", ["--split", tmp_path / "split"]),
                          ("validated", ["--validate", tables / "shop.parquet"])]:  # fmt: skip
        pomona.ok("train", tmp_path / "studio.parquet", tmp_path / name, *options)
        right[name] = balanced(pomona, tables / "later.parquet", tmp_path / name,
                               tmp_path / f"{name}-out")  # fmt: skip
    assert right["validated"] > right["folds"] + 0.1


@pytest.mark.parametrize("method", ["discriminant", "logistic", "centroid"])
def test_rows_are_seen_as_the_classifier_will_see_them(pomona, tables, tmp_path, method):
    """With --like, from its mean: the figures are again those of the file's answers."""
    shop = tables / "shop.parquet"
    report = pomona.ok("train", tables / "studio.parquet", tmp_path / "c", "--validate", shop,
                       "--like", shop, "--method", method, "--json").json()  # fmt: skip
    right = balanced(pomona, shop, tmp_path / "c", tmp_path / "out")
    assert report["evaluation"]["balanced_accuracy"]["value"] == pytest.approx(right)
    assert report["like"] == 400
    assert json.loads(record_of(tmp_path / "c")["features"])["width"] == 320


def test_the_classifier_asks_for_photos_of_that_size(pomona, tables, tmp_path):
    pomona.ok("train", tables / "studio.parquet", tmp_path / "c", "--validate",
              tables / "shop.parquet")  # fmt: skip
    result = pomona("predict", tables / "studio.parquet", tmp_path / "out", "--classifier",
                    tmp_path / "c")  # fmt: skip
    assert result.code == REFUSED and "width: 160 and 320" in result.stderr.replace(
        "width: 320 and 160", "width: 160 and 320"
    )


def test_calibration_keeps_its_promise_on_rows_like_those(pomona, tables, tmp_path):
    pomona.ok("train", tables / "studio.parquet", tmp_path / "c", "--validate",
              tables / "shop.parquet", "--coverage", 0.9)  # fmt: skip
    pomona.ok("predict", tables / "shop.parquet", tmp_path / "out", "--classifier", tmp_path / "c")
    answers = pq.read_table(next((tmp_path / "out").glob("part-*.parquet"))).to_pylist()
    assert np.mean([row["label"] in row["set"] for row in answers]) == pytest.approx(0.9, abs=0.02)
    assert np.mean([row["unknown"] for row in answers]) == pytest.approx(0.05, abs=0.01)


def test_rows_of_no_class_are_left_out_and_counted(pomona, tables, tmp_path):
    few = tmp_path / "few.csv"
    few.write_text("from,kind\napple,apple\ncherry,cherry\nlemon,lemon\npear,\n")
    shop = pq.read_table(tables / "shop.parquet")
    known = pa.array([label != "pear" for label in shop["label"].to_pylist()])
    studio = pq.read_table(tables / "studio.parquet")
    kept = pa.array([label != "pear" for label in studio["label"].to_pylist()])
    pq.write_table(studio.filter(kept), tmp_path / "studio.parquet")
    result = pomona.ok("train", tmp_path / "studio.parquet", tmp_path / "c", "--validate",
                       tables / "shop.parquet", "--json")  # fmt: skip
    rows = known.to_pylist().count(True)
    assert result.json()["validation"] == rows
    assert result.json()["validation_left_out"] == 400 - rows
    assert f"{400 - rows} rows to validate by have labels that are not learned" in result.stderr
    mapped = pomona.ok("train", tables / "studio.parquet", tmp_path / "m", "--validate",
                       tables / "shop.parquet", "--labels", few, "--json")  # fmt: skip
    assert mapped.json()["validation"] == rows


def test_the_same_tables_give_the_same_bytes(pomona, tables, tmp_path):
    for threads in (1, 3):
        pomona.ok("train", tables / "studio.parquet", tmp_path / str(threads), "--validate",
                  tables / "shop.parquet", "--method", "auto", "--threads", threads)  # fmt: skip
    assert (tmp_path / "1").read_bytes() == (tmp_path / "3").read_bytes()


def test_what_cannot_validate_is_refused(pomona, tables, tmp_path):
    studio = tables / "studio.parquet"
    pomona.ok("split", studio, tmp_path / "split", "--group", "/(m[0-9]+)_", "--calibration-share",
              0.2, "--test-share", 0.2)  # fmt: skip
    shop = pq.read_table(tables / "shop.parquet")
    narrow = pa.array([row[:5] for row in shop["features"].to_pylist()], pa.list_(pa.float32()))
    pq.write_table(shop.set_column(2, "features", narrow), tmp_path / "narrow.parquet")
    other = {**shop.schema.metadata, b"pomona.features": b"last"}
    pq.write_table(shop.replace_schema_metadata(other), tmp_path / "other.parquet")
    pq.write_table(shop.set_column(1, "label", pa.array(["kiwi"] * 400)), tmp_path / "kiwi.parquet")
    for options, code, words in [
        (("--validate", tables / "shop.parquet", "--split", tmp_path / "split"), REFUSED,
         "the split has rows to calibrate on as well"),
        (("--validate", tmp_path / "nowhere"), REFUSED, "--validate: there is no table"),
        (("--like", tmp_path / "nowhere"), REFUSED, "--like: there is no table"),
        (("--validate", tmp_path / "narrow.parquet"), PROBLEM, "narrow.parquet"),
        (("--validate", tmp_path / "other.parquet"), REFUSED, "features: levels and last"),
        (("--validate", tmp_path / "kiwi.parquet"), REFUSED, "no row has a label that is learned"),
        (("--validate", tables / "shop.parquet", "--like", studio), REFUSED,
         "like and validate have features of different kinds"),
    ]:  # fmt: skip
        result = pomona("train", studio, tmp_path / "c", *options)
        assert (result.code, (tmp_path / "c").exists()) == (code, False), result.stderr
        assert words in result.stderr, result.stderr
