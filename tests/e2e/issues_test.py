"""`pomona issues`: wrong labels against cleanlab, planted errors, outliers and duplicates."""

import functools
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from program import FAILED, OK, PROBLEM, REFUSED
from train_test import LABELS, clusters, write

COLUMNS = ["row", "path", "given_label", "predicted_label", "is_label_issue", "label_score",
           "is_outlier_issue", "outlier_score", "is_near_duplicate_issue", "near_duplicate_score",
           "near_duplicate_set", "near_duplicate_labels_differ", "is_class_imbalance_issue",
           "class_imbalance_score"]  # fmt: skip


@pytest.fixture
def stable(monkeypatch):
    """numpy sorts equal numbers as this CPU likes; cleanlab's answer shall not depend on it."""
    monkeypatch.setattr(np, "argsort", functools.partial(np.argsort, kind="stable"))


class Issues:
    """What a run wrote, in the order of the source's rows."""

    def __init__(self, pomona, source, output, *options):
        self.report = pomona.ok("issues", source, output, "--json", *options).json()
        self.table = pq.read_table(output)
        self.classes = json.loads(self.table.schema.metadata[b"pomona.issues"])["classes"]
        self.rows = sorted(self.table.to_pylist(), key=lambda row: row["row"])

    def __getitem__(self, column):
        return [row[column] for row in self.rows]

    def judged(self):
        """(labels [n], probabilities [n, classes], rows) of those whose label was judged."""
        rows = [row for row in self.rows if row["predicted_label"] is not None]
        labels = np.array([self.classes.index(row["given_label"]) for row in rows])
        return labels, np.array([row["probabilities"] for row in rows]), rows


def mislabelled(rows=800, wrong=24, seed=3):
    """Clusters of which some rows have another label: (values, labels, those rows)."""
    values, labels = clusters(rows, 24, apart=1.0)
    random = np.random.default_rng(seed)
    chosen = random.choice(rows, wrong, replace=False)
    for row in chosen:
        labels[row] = random.choice([name for name in LABELS if name != labels[row]])
    return values, labels, set(chosen.tolist())


@pytest.fixture
def planted(tmp_path):
    values, labels, wrong = mislabelled()
    return write(tmp_path / "features", values, labels), wrong


@pytest.mark.parametrize("apart", [0.1, 0.2, 0.3])
def test_label_issues_are_those_of_cleanlab(pomona, tmp_path, stable, apart):
    from cleanlab.classification import CleanLearning
    from cleanlab.filter import find_label_issues

    source = write(tmp_path / "features", *clusters(800, 24, apart=apart))
    found = Issues(pomona, source, tmp_path / "i.parquet", "--probabilities")
    labels, probabilities, rows = found.judged()
    assert len(rows) == 800
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    ours = [row["is_label_issue"] for row in rows]
    theirs = find_label_issues(labels, probabilities, min_examples_per_class=10, n_jobs=1)
    assert ours == theirs.tolist()
    datalab = CleanLearning().find_label_issues(labels=labels, pred_probs=probabilities)
    assert ours == datalab["is_label_issue"].tolist()
    scores = [row["label_score"] for row in rows]
    np.testing.assert_allclose(scores, datalab["label_quality"], atol=1e-6)
    predicted = [found.classes.index(row["predicted_label"]) for row in rows]
    assert predicted == datalab["predicted_label"].tolist()
    assert found.report["label_issues"] == sum(ours) > 0


def test_outliers_and_near_duplicates_are_scored_as_datalab_does(pomona, tmp_path, stable):
    from cleanlab.datalab.internal.issue_manager.duplicate import (
        _compute_scores_with_exp_transform as duplicate_scores,
    )
    from cleanlab.datalab.internal.issue_manager.outlier import OutlierIssueManager
    from cleanlab.outlier import OutOfDistribution

    values, labels = clusters(400, 24, apart=1.0)
    random = np.random.default_rng(2)
    values[7] = -20 * random.normal(size=24)
    values[[100, 200]] = values[[300, 201]] * (1 + 1e-6 * random.normal(size=(2, 24)))
    found = Issues(pomona, write(tmp_path / "f", values, labels), tmp_path / "i.parquet")
    theirs = OutOfDistribution({"k": 10}).fit_score(features=values.astype(float), verbose=False)
    np.testing.assert_allclose(found["outlier_score"], theirs, atol=1e-5)
    units = values.astype(float) / np.linalg.norm(values.astype(float), axis=1, keepdims=True)
    distances = np.sort(1 - units @ units.T + 9 * np.eye(400), axis=1)
    _, threshold, _ = OutlierIssueManager._compute_threshold_and_issue_column_from_distances(
        None, distances[:, :10]
    )
    assert found.report["outlier_threshold"] == pytest.approx(threshold, rel=1e-5)
    outliers = distances[:, :10].mean(axis=1) > threshold
    assert found["is_outlier_issue"] == outliers.tolist()
    assert outliers[7]
    nearest = distances[:, 0].clip(0)
    median = np.median(nearest)
    np.testing.assert_allclose(
        found["near_duplicate_score"], duplicate_scores(nearest, 1 / median), atol=1e-5
    )
    assert found.report["threshold"] == pytest.approx(0.13 * median, rel=1e-5)
    near = [row for row in range(400) if found["is_near_duplicate_issue"][row]]
    assert near == [100, 200, 201, 300]
    sets = found["near_duplicate_set"]
    assert sets[100] == sets[300] != sets[200] == sets[201]
    assert found["near_duplicate_labels_differ"][100] == (labels[100] != labels[300])
    assert found["near_duplicate_labels_differ"][200] == (labels[200] != labels[201])


def test_planted_label_errors_are_found(pomona, planted, tmp_path):
    source, wrong = planted
    found = Issues(pomona, source, tmp_path / "i.parquet")
    assert found.table.schema.names == COLUMNS
    suspected = {row for row in range(800) if found["is_label_issue"][row]}
    assert len(suspected & wrong) >= 0.9 * len(wrong)
    assert len(suspected & wrong) >= 0.9 * len(suspected)
    right = [LABELS[row % 4] for row in range(800)]
    named = sum(found["predicted_label"][row] == right[row] for row in suspected & wrong)
    assert named >= 0.9 * len(suspected & wrong)


def test_the_worst_come_first_and_are_shown(pomona, planted, tmp_path):
    source, _ = planted
    result = pomona.ok("issues", source, tmp_path / "i.parquet", "--report", tmp_path / "r.json")
    report = json.loads((tmp_path / "r.json").read_text())
    rows = pq.read_table(tmp_path / "i.parquet").to_pylist()
    labels = [row for row in rows if row["is_label_issue"]]
    assert rows[: len(labels)] == labels
    scores = [row["label_score"] for row in labels]
    assert scores == sorted(scores)
    assert sorted(row["row"] for row in rows) == list(range(800))
    assert len(report["shown"]) == 10
    for shown, row in zip(report["shown"], rows, strict=False):
        assert shown["issue"] == "label"
        assert shown["path"] == row["path"]
        assert shown["path"] in result.stdout
        assert shown["given_label"] == row["given_label"]
    assert f"{report['label_issues']} of 800 are likely to be wrong" in result.stderr
    assert "the folds do not keep groups whole" in result.stderr


def test_rows_outside_the_folds_are_judged_by_all_of_them(pomona, planted, tmp_path):
    source, wrong = planted
    split = tmp_path / "split.parquet"
    pomona.ok("split", source, split, "--group", "^/i/([0-9]+)_", "--test-share", 0.3, "--folds", 4)
    found = Issues(pomona, source, tmp_path / "i.parquet", "--split", split, "--probabilities")
    assert found.report["honest_folds"]
    assert found.report["judged"] == 800
    parts = pq.read_table(split).to_pydict()
    test = [row for row in range(800) if parts["split"][row] == "test"]
    assert any(str(len(test)) in remark for remark in found.report["remarks"])
    # What judges them is what train writes.
    pomona.ok("train", source, tmp_path / "c.parquet", "--split", split)
    pomona.ok("predict", source, tmp_path / "answers", "--classifier", tmp_path / "c.parquet")
    answers = pa.concat_tables(
        [pq.read_table(part) for part in sorted((tmp_path / "answers").glob("part-*"))]
    ).to_pydict()
    for row in test:
        np.testing.assert_allclose(
            found["probabilities"][row], answers["probabilities"][row], atol=1e-6
        )
    suspected = {row for row in test if found["is_label_issue"][row]}
    assert len(suspected & wrong) >= 0.9 * len(wrong & set(test))


def test_small_classes_and_rows_without_label_are_no_error(pomona, tmp_path):
    values, labels = clusters(400, 24, apart=1.0)
    labels[0] = "one"
    labels[5] = labels[6] = "two"
    labels[9] = None
    labels[10] = ""
    found = Issues(pomona, write(tmp_path / "f", values, labels), tmp_path / "i.parquet")
    assert found.report["small_classes"] == [
        {"label": "one", "rows": 1},
        {"label": "two", "rows": 2},
    ]
    assert found["is_class_imbalance_issue"] == [
        name in ("one", "two") for name in found["given_label"]
    ]
    mean = 398 / 6
    assert found["class_imbalance_score"][5] == pytest.approx(2 / mean)
    assert found["class_imbalance_score"][1] == 1
    # Of the class of one row nothing else is known: its label cannot be judged.
    assert (found["predicted_label"][0], found["label_score"][0]) == (None, None)
    assert not any(found["is_label_issue"][row] for row in (0, 5, 6, 9, 10))
    assert found["predicted_label"][5] is not None
    assert found["given_label"][9] is found["given_label"][10] is None
    assert found["class_imbalance_score"][9] is None
    assert (found.report["unlabelled"], found.report["unjudged"]) == (2, 1)


def test_a_label_map_says_what_is_judged(pomona, tmp_path):
    source = write(tmp_path / "f", *clusters(400, 24, apart=1.0))
    (tmp_path / "map.csv").write_text("from,kind,round\napple,stone,yes\npear,stone,no\n*,*,yes\n")
    found = Issues(pomona, source, tmp_path / "i.parquet", "--labels", tmp_path / "map.csv")
    assert found.classes == ["cherry", "lemon", "stone"]
    assert set(found["given_label"]) == set(found.classes)
    found = Issues(pomona, source, tmp_path / "j.parquet", "--labels", tmp_path / "map.csv",
                   "--target", "round")  # fmt: skip
    assert found.classes == ["no", "yes"]


def test_threads_do_not_change_a_byte(pomona, planted, tmp_path):
    files = []
    for threads in (1, 3):
        output = tmp_path / f"{threads}.parquet"
        pomona.ok("issues", planted[0], output, "--threads", threads, "--quiet")
        files.append(output.read_bytes())
    assert files[0] == files[1]


def test_what_is_no_table_to_judge_is_said(pomona, tmp_path):
    output = tmp_path / "i.parquet"

    def refused(name, values, labels, code, words):
        result = pomona("issues", write(tmp_path / name, values, labels), output)
        assert result.code == code
        assert words in result.stderr
        assert not output.exists()

    values, labels = clusters(80, 4, apart=1.0)
    refused("one", values, ["apple"] * 80, PROBLEM, "all rows that are learned from are `apple`")
    refused("none", values, [None] * 80, PROBLEM, "no row that is learned from has a label")
    refused("same", np.ones_like(values), labels, PROBLEM, "tells the labels apart")
    bad = values.copy()
    bad[50, 2] = np.nan
    refused("nan", bad, labels, PROBLEM, "part-1.parquet")
    assert pomona("issues", tmp_path / "nowhere", output).code == FAILED


def test_options_are_refused_before_anything_is_done(pomona, planted, tmp_path):
    source, _ = planted
    output = tmp_path / "i.parquet"
    for option, value in (("--threshold", 1), ("--threads", -1), ("--target", "x")):
        assert pomona("issues", source, output, option, value).code == REFUSED
    assert not output.exists()
    output.write_text("kept")
    assert pomona("issues", source, output).code == REFUSED
    assert output.read_text() == "kept"
    assert pomona("issues", source, output, "--overwrite").code == OK


def test_planted_label_errors_of_photos_are_found(pomona, full_table, tmp_path):
    from table import Table

    rows = Table(full_table).rows()
    paths, labels = rows["path"].to_pylist(), rows["label"].to_pylist()
    names = sorted(set(labels))
    random = np.random.default_rng(1)
    wrong = random.choice(len(paths), len(paths) // 30, replace=False)
    lines = ["from,label"]
    for row in wrong:
        other = random.choice([name for name in names if name != labels[row]])
        lines.append(f"*{paths[row].removeprefix('file:')},{other}")
    (tmp_path / "map.csv").write_text("\n".join([*lines, "*,*\n"]))
    found = Issues(pomona, full_table, tmp_path / "i.parquet", "--labels", tmp_path / "map.csv")
    suspected = {row for row in range(len(paths)) if found["is_label_issue"][row]}
    assert len(suspected & set(wrong)) >= 0.9 * len(wrong)
    worst = {row["row"] for row in found.table.slice(0, len(wrong)).to_pylist()}
    assert len(worst & set(wrong)) >= 0.6 * len(wrong)


def test_all_rows_of_a_large_table_are_judged(pomona, tmp_path):
    """Training looks at 100,000 held-out rows at most; no row is too many to be judged."""
    rows = 101_000
    values, labels = clusters(rows, 3, apart=4.0)
    labels[100_501] = next(name for name in LABELS if name != labels[100_501])
    table = {"path": [f"/{row}" for row in range(rows)], "label": labels}
    table["features"] = pa.FixedSizeListArray.from_arrays(values.reshape(-1), 3)
    pq.write_table(pa.table(table), tmp_path / "t.parquet")
    report = pomona.ok("issues", tmp_path / "t.parquet", tmp_path / "i.parquet", "--json",
                       "--threshold", 0).json()  # fmt: skip
    assert report["judged"] == rows
    issues = pq.read_table(tmp_path / "i.parquet").slice(0, report["label_issues"]).to_pylist()
    assert 100_501 in [row["row"] for row in issues]
