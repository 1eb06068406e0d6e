"""Sets of labels against MAPIE's split conformal prediction with the LAC score."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mapie.classification import SplitConformalClassifier
from sklearn.base import BaseEstimator, ClassifierMixin
from table import Table

LABELS = np.array(["apple", "cherry", "lemon", "pear", "plum"])
ROWS = 1500


class Given(ClassifierMixin, BaseEstimator):
    """Knows the probabilities of rows, which are their numbers."""

    def __init__(self, probabilities):
        self.probabilities = probabilities
        self.classes_ = LABELS

    def fit(self, X, y):
        return self

    def __sklearn_is_fitted__(self):
        return True

    def predict_proba(self, X):
        return self.probabilities[X[:, 0].astype(int)]

    def predict(self, X):
        return self.classes_[self.predict_proba(X).argmax(axis=1)]


@pytest.fixture(scope="module")
def folder(pomona, tmp_path_factory):
    """rows.parquet, whose classes overlap; and split, to learn from, to calibrate and to test."""
    folder = tmp_path_factory.mktemp("conformal")
    random = np.random.default_rng(8)
    label = random.integers(0, len(LABELS), ROWS)
    values = random.normal(size=(len(LABELS), 12))[label] + random.normal(size=(ROWS, 12)) * 1.3
    pq.write_table(pa.table({
        "path": [f"/g{r // 5}_{r}.jpg" for r in range(ROWS)],
        "label": LABELS[label],
        "features": pa.array(list(values.astype(np.float32)), pa.list_(pa.float32())),
    }), folder / "rows.parquet")  # fmt: skip
    pomona.ok("split", folder / "rows.parquet", folder / "split", "--group", "/(g[0-9]+)_",
              "--calibration-share", 0.25, "--test-share", 0.25)  # fmt: skip
    return folder


@pytest.mark.parametrize("coverage", [0.7, 0.9, 0.95])
@pytest.mark.parametrize("method", ["discriminant", "logistic"])
def test_sets_and_their_quantile_are_mapies(pomona, folder, tmp_path, coverage, method):
    pomona.ok("train", folder / "rows.parquet", tmp_path / "c", "--split", folder / "split",
              "--coverage", coverage, "--method", method)  # fmt: skip
    pomona.ok("predict", folder / "rows.parquet", tmp_path / "out", "--classifier", tmp_path / "c")
    answers = Table(tmp_path / "out").rows()
    assert answers["path"].equals(pq.read_table(folder / "rows.parquet")["path"])
    part = dict(zip(*(pq.read_table(folder / "split")[name].to_pylist()
                      for name in ("path", "split")), strict=True))  # fmt: skip
    parts = np.array([part[path] for path in answers["path"].to_pylist()])
    number = np.arange(ROWS)[:, None].astype(float)
    probabilities = np.array(answers["probabilities"].to_pylist())
    given = np.array(answers["label"].to_pylist())
    theirs = SplitConformalClassifier(Given(probabilities), confidence_level=coverage,
                                      conformity_score="lac", prefit=True)  # fmt: skip
    calibrating, tested = parts == "calibration", parts == "test"
    theirs.conformalize(number[calibrating], given[calibrating])
    _, held = theirs.predict_set(number[tested])
    ours = [set(one) for one in answers["set"].filter(pa.array(tested)).to_pylist()]
    assert ours == [set(LABELS[row]) for row in held[:, :, 0]]
    assert 1 < np.mean([len(one) for one in ours]) < len(LABELS)

    record = json.loads(pq.read_schema(tmp_path / "c").metadata[b"pomona.classifier"])
    right = probabilities[calibrating, np.searchsorted(LABELS, given[calibrating])]
    count = calibrating.sum()
    level = np.ceil((count + 1) * coverage) / count
    quantile = np.quantile(1 - right, level, method="higher")
    assert record["targets"][0]["set_quantile"] == pytest.approx(quantile, abs=1e-7)
