"""pomona.Classifier.fit: scikit-learn's manners, and what is learned beside its discriminant."""

import pickle

import numpy as np
import pandas
import pyarrow as pa
import pytest
from sklearn.base import clone
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import pomona

# What scikit-learn checks and this classifier does not do, and why.
NOT_DONE = {
    "check_supervised_y_2d": "a y of two dimensions is refused, not guessed at",
}


@parametrize_with_checks(
    [pomona.Classifier(), pomona.Classifier("logistic")],
    expected_failed_checks=lambda _: NOT_DONE,
    xfail_strict=True,
)
def test_scikit_learns_checks(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def rows():
    """Five classes whose covariance is one, as the discriminant has it; twenty groups."""
    random = np.random.default_rng(4)
    mixing = random.normal(size=(12, 12))
    number = np.arange(1000) % 5
    values = random.normal(size=(5, 12))[number] * 2 + random.normal(size=(1000, 12)) @ mixing
    return values.astype(np.float32), number, random.integers(0, 20, 1000)


def test_directions_are_those_of_scikit_learns_discriminant(rows):
    """By the distance and with little shrinkage, the labels are those of Gaussian classes of one
    covariance and equal shares, whichever of its solvers finds them."""
    values, number, _ = rows
    ours = pomona.Classifier(shrinkage=1e-6, score_kind="distance").fit(values, number)
    for solver in ("lsqr", "eigen"):
        theirs = LinearDiscriminantAnalysis(solver=solver, priors=np.full(5, 0.2))
        theirs.fit(values.astype(np.float64), number)
        assert (ours.predict(values) == theirs.predict(values)).mean() > 0.99
        assert abs(ours.score(values, number) - theirs.score(values, number)) < 0.005


def test_logistic_regression_is_learned_too(rows):
    values, number, groups = rows
    ours = pomona.Classifier("logistic", penalty=0.01).fit(values, number, groups)
    scaled = LogisticRegression(
        C=1 / (0.01 * values.var(axis=0).mean() * len(values)), tol=1e-8, max_iter=1000
    )
    theirs = scaled.fit(values.astype(np.float64), number)
    assert (ours.predict(values) == theirs.predict(values)).mean() > 0.99
    chosen = pomona.Classifier("auto").fit(values, number, groups)
    assert chosen.report_["method"] in ("discriminant", "logistic")
    with pytest.raises(pomona.InvalidOption, match="penalty is of logistic regression"):
        pomona.Classifier(penalty=0.1).fit(values, number)


@pytest.mark.parametrize("shrinkage", [0.1, 0.5])
def test_shrinkage_is_scikit_learns(rows, shrinkage):
    values, number, _ = rows
    # It scales features first: the same where they have the scale 1 within classes.
    within = values - np.array([values[number == c].mean(axis=0) for c in range(5)])[number]
    scaled = values / within.std(axis=0)
    ours = pomona.Classifier(shrinkage=shrinkage, score_kind="distance").fit(scaled, number)
    theirs = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=shrinkage, priors=np.full(5, 0.2))
    theirs.fit(scaled.astype(np.float64), number)
    assert (ours.predict(scaled) == theirs.predict(scaled)).mean() > 0.98


def test_classes_keep_their_kind_and_order(rows):
    values, number, _ = rows
    names = np.array(["pear", "Apple", "fig", "Über", "kiwi"])
    by_name = pomona.Classifier(shrinkage=0.1, score_kind="cosine").fit(values, names[number])
    by_number = pomona.Classifier(shrinkage=0.1, score_kind="cosine").fit(values, number * 7 - 3)
    assert by_name.classes_.tolist() == sorted(names)
    assert by_number.classes_.tolist() == [-3, 4, 11, 18, 25]
    np.testing.assert_array_equal(
        names[(by_number.predict(values) + 3) // 7], by_name.predict(values)
    )
    chances = by_name.predict_proba(values)
    np.testing.assert_allclose(chances.sum(axis=1), 1, rtol=1e-5)
    places = np.searchsorted(by_name.classes_, names)
    np.testing.assert_allclose(chances[:, places], by_number.predict_proba(values), atol=1e-6)


def test_groups_are_kept_whole(rows):
    values, number, groups = rows
    honest = pomona.Classifier(threads=2).fit(values, number, groups=[f"g{g}" for g in groups])
    kind = pomona.Classifier(threads=1).fit(values, number)
    assert (honest.report_["honest_folds"], kind.report_["honest_folds"]) == (True, False)
    assert honest.report_["folds"] == 5
    with pytest.raises(pomona.InvalidOption, match="one group"):
        pomona.Classifier().fit(values, number, groups=np.zeros(1000))
    with pytest.raises(pomona.InvalidOption, match="there are 3 of 1000 rows"):
        pomona.Classifier().fit(values, number, groups=[1, 2, 3])


def test_float64_and_arrow_are_the_same_rows(rows):
    values, number, _ = rows
    first = pomona.Classifier(shrinkage=0.1).fit(values, number)
    expected = first.predict_proba(values)
    lists = pa.array(list(values), pa.list_(pa.float32()))
    fixed = pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), 12)
    tables = [pa.table({"path": ["x"] * 1000, "features": column}) for column in (lists, fixed)]
    reader = pa.RecordBatchReader.from_batches(tables[0].schema, tables[0].to_batches(300))
    for given in (values.astype(np.float64), values.tolist(), *tables, reader):
        again = pomona.Classifier(shrinkage=0.1).fit(given, number)
        np.testing.assert_array_equal(again.predict_proba(values), expected)
    np.testing.assert_array_equal(first.predict_proba(tables[1]), expected)
    with pytest.raises(ValueError, match="no column `features`"):
        first.predict(pa.RecordBatchReader.from_batches(
            pa.schema([("a", pa.int8())]), [pa.record_batch({"a": pa.array([1], pa.int8())})]
        ))  # fmt: skip
    with pytest.raises(pomona.DamagedData, match="1 rows have no features"):
        first.predict(pa.table({"features": pa.array([None, [1.0] * 12], pa.list_(pa.float32()))}))


def test_a_table_of_numbers_is_an_array(rows):
    values, number, _ = rows
    frame = pandas.DataFrame(values)
    by_frame = pomona.Classifier(shrinkage=0.1).fit(frame, pandas.Series(number))
    by_array = pomona.Classifier(shrinkage=0.1).fit(values, number)
    np.testing.assert_array_equal(by_frame.predict_proba(frame), by_array.predict_proba(values))


def test_what_is_saved_is_loaded_and_predicted_by(rows, tmp_path):
    values, number, _ = rows
    made = pomona.Classifier(coverage=0.9).fit(values, number)
    made.save(tmp_path / "c")
    with pytest.raises(pomona.InvalidOption, match="overwrite=True"):
        made.save(tmp_path / "c")
    made.save(tmp_path / "c", overwrite=True)
    loaded = pomona.Classifier.load(tmp_path / "c")
    assert (loaded.coverage, loaded.method) == (0.9, "discriminant")
    assert loaded.classes_.tolist() == ["0", "1", "2", "3", "4"]
    np.testing.assert_array_equal(loaded.predict_proba(values), made.predict_proba(values))
    copied = pickle.loads(pickle.dumps(made))
    np.testing.assert_array_equal(copied.predict(values), made.predict(values))


def test_parameters_are_scikit_learns(rows):
    values, number, _ = rows
    given = pomona.Classifier(shrinkage=0.3, false_alarms=0.1)
    assert repr(given) == "Classifier(shrinkage=0.3, false_alarms=0.1)"
    again = clone(given)
    assert again.get_params() == given.get_params() | {}
    assert not hasattr(again, "classes_")
    assert again.set_params(threads=1) is again
    with pytest.raises(ValueError, match="Invalid parameter 'depth'"):
        given.set_params(depth=3)
    with pytest.raises(pomona.InvalidOption, match="shrinkage must be above 0 and at"):
        pomona.Classifier(shrinkage=2.0).fit(values, number)
    scaled = make_pipeline(StandardScaler(), pomona.Classifier(shrinkage=0.1, threads=1))
    assert cross_val_score(scaled, values, number, cv=3).mean() > 0.5
    search = GridSearchCV(pomona.Classifier(threads=1), {"shrinkage": [0.01, 0.9]}, cv=2)
    assert set(search.fit(values, number).best_params_) == {"shrinkage"}


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ([[1.0, 2.0]], None, "y to be passed"),
        ([[1.0, 2.0], [3.0, 4.0]], ["a", "a"], "one class"),
        ([[1.0, 2.0], [3.0, 4.0]], ["a"], "X has 2 rows, y 1"),
        ([[1.0, 2.0], [3.0, 4.0]], [0.5, 1], "Unknown label type"),
        ([[1.0, np.inf], [3.0, 4.0]], ["a", "b"], "not finite"),
        ([[1.0, 2.0], [3.0, 4.0]], ["", "b"], "row 0 has an empty one"),
        ([[1.0, 2.0], [3.0, 4.0]], np.array([1, "1"], object), "the same as text|not supported"),
    ],
)
def test_what_cannot_be_learned_is_said(x, y, words):
    with pytest.raises((ValueError, TypeError), match=words):
        pomona.Classifier().fit(x, y)
