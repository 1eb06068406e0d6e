"""pomona.issues, suggest and find_label_issues: the commands' work from Python."""

import pathlib
import typing

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import pomona


@pytest.fixture
def features(tmp_path) -> pathlib.Path:
    """Three clear clusters; row 33 has the label of another."""
    random = np.random.default_rng(2)
    label = np.arange(300) % 3
    values = 2 * random.normal(size=(3, 6))[label] + 0.3 * random.normal(size=(300, 6))
    labels = [("apple", "lemon", "pear")[one] for one in label]
    labels[33] = "pear"
    table = {
        "path": [f"/{r}.jpg" for r in range(300)],
        "label": labels,
        "features": pa.array(list(values.astype(np.float32)), pa.list_(pa.float32())),
    }
    pq.write_table(pa.table(table), tmp_path / "features.parquet")
    return tmp_path / "features.parquet"


def test_issues_writes_and_reports(features, tmp_path):
    report = pomona.issues(features, tmp_path / "issues.parquet", probabilities=True)
    assert report.keys() == typing.get_type_hints(pomona.IssuesReport).keys()
    assert report["rows"] == report["judged"] == 300
    worst = pq.read_table(tmp_path / "issues.parquet").to_pylist()[0]
    assert (worst["row"], worst["given_label"], worst["predicted_label"]) == (33, "pear", "apple")
    assert worst["is_label_issue"]
    assert report["shown"][0]["path"] == worst["path"]
    with pytest.raises(pomona.InvalidOption):
        pomona.issues(features, tmp_path / "issues.parquet")


def test_suggest_reports_and_writes(features, tmp_path):
    pomona.train(features, tmp_path / "c")
    report = pomona.suggest(features, 5, classifier=tmp_path / "c", output=tmp_path / "n.parquet")
    assert report.keys() == typing.get_type_hints(pomona.SuggestReport).keys()
    paths = [one["path"] for one in report["suggested"]]
    assert len(set(paths)) == 5
    assert pq.read_table(tmp_path / "n.parquet")["path"].to_pylist() == paths
    with pytest.raises(pomona.InvalidOption, match="budget"):
        pomona.suggest(features, 0)


def test_label_issues_of_rows_in_memory():
    probabilities = np.array([[0.9, 0.1]] * 20 + [[0.2, 0.8]] * 20 + [[0.05, 0.95]])
    labels = np.array([0] * 20 + [1] * 20 + [0])
    found, score = pomona.find_label_issues(labels, probabilities)
    assert np.flatnonzero(found).tolist() == [40]
    assert (found.dtype, score.dtype) == (bool, np.float32)
    np.testing.assert_allclose(score[[0, 20, 40]], [0.9, 0.8, 0.05], atol=1e-6)
    with pytest.raises(pomona.InvalidOption, match="label of row 0 is 2"):
        pomona.find_label_issues(labels + 2, probabilities)
    with pytest.raises(pomona.DamagedData, match="not finite"):
        pomona.find_label_issues(labels, probabilities * np.nan)
    with pytest.raises(ValueError, match="whole numbers"):
        pomona.find_label_issues(labels / 2, probabilities)
