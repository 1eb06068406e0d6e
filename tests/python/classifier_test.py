"""pomona.train, evaluate, predict and Classifier: the commands' work from Python."""

import pathlib
import typing

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import pomona


def rows_of_fruits() -> tuple[np.ndarray, list[str]]:
    random = np.random.default_rng(2)
    centres = random.normal(size=(3, 6))
    label = np.arange(300) % 3
    values = centres[label] + random.normal(size=(300, 6)) * 0.5
    return values.astype(np.float32), [("apple", "lemon", "pear")[one] for one in label]


@pytest.fixture
def features(tmp_path) -> pathlib.Path:
    values, labels = rows_of_fruits()
    file = tmp_path / "features.parquet"
    table = {
        "path": [f"/{r // 30}_{r}.jpg" for r in range(300)],
        "label": labels,
        "features": pa.array(list(values), pa.list_(pa.float32())),
    }
    pq.write_table(pa.table(table), file)
    return file


@pytest.fixture
def learned(features, tmp_path) -> pathlib.Path:
    pomona.train(features, tmp_path / "fruits.classifier")
    return tmp_path / "fruits.classifier"


def test_reports_have_the_keys_of_their_types(features, learned, tmp_path):
    trained = pomona.train(features, tmp_path / "again.classifier", shrinkage=0.1)
    judged = pomona.evaluate(features, learned, draws=50)
    answered = pomona.predict(features, tmp_path / "answers", learned)
    for made, kind in [(trained, pomona.TrainReport), (judged, pomona.EvaluateReport)]:
        assert made.keys() == typing.get_type_hints(kind).keys() - {"targets"}
    assert answered.keys() == pomona.PredictReport.__required_keys__ | {"features"}
    assert trained["shrinkage"] == 0.1
    assert any("keep groups whole" in remark for remark in trained["remarks"])


def test_images_are_answered_as_their_features_are(images, tmp_path):
    options = {"threads": 2, "share_cores": True}
    pomona.run(images, tmp_path / "features", **options)
    pomona.train(tmp_path / "features", tmp_path / "c")
    pomona.predict(tmp_path / "features", tmp_path / "of-table", tmp_path / "c")
    plan = pomona.plan(images, tmp_path / "answers", classifier=tmp_path / "c")
    assert plan["added"] == 48
    seen = []
    report = pomona.predict(images, tmp_path / "answers", tmp_path / "c", progress=seen.append,
                            keep_features=True, rows_per_file=20, **options)  # fmt: skip
    assert report.keys() == pomona.PredictReport.__required_keys__ | {"source", "run"}
    assert (report["rows"], report["parts"], seen[-1]["images"]) == (48, 3, 48)
    assert report["run"]["counts"] == {"single": report["single"], "unknown": report["unknown"]}
    rows = pq.read_table(tmp_path / "answers")
    of_table = pq.read_table(tmp_path / "of-table")
    assert rows.drop_columns("features").equals(of_table)
    with pytest.raises(pomona.InvalidOption, match="glob is for images"):
        pomona.predict(tmp_path / "features", tmp_path / "no", tmp_path / "c", glob="*.jpg")
    with pytest.raises(pomona.NotFound, match="hint: model names its file"):
        pomona.predict(images, tmp_path / "no", tmp_path / "c", model=tmp_path / "none.onnx")
    assert not (tmp_path / "no").exists()


def test_rows_in_memory_are_answered_as_the_table_is(features, learned, tmp_path):
    pomona.predict(features, tmp_path / "answers", learned)
    table = pq.read_table(next((tmp_path / "answers").glob("part-*.parquet")))
    values, labels = rows_of_fruits()
    classifier = pomona.Classifier.load(learned)
    assert list(classifier.classes_) == ["apple", "lemon", "pear"]
    assert classifier.n_features_in_ == 6
    for threads in (0, 1, 3):
        probabilities = classifier.predict_proba(values, threads)
        np.testing.assert_array_equal(probabilities, np.array(table["probabilities"].to_pylist()))
    assert list(classifier.predict(values.tolist())) == table["predicted"].to_pylist()
    assert list(classifier.unknown(values)) == table["unknown"].to_pylist()
    sets = [set(classifier.classes_[row]) for row in classifier.predict_set(values)]
    assert sets == [set(row) for row in table["set"].to_pylist()]
    assert classifier.score(values, labels) > 0.8


def test_rows_that_are_none_are_refused(learned):
    classifier = pomona.Classifier.load(learned)
    with pytest.raises(pomona.DamagedData, match="5 features, but Classifier is expecting 6"):
        classifier.predict(np.zeros((2, 5)))
    with pytest.raises(ValueError, match="not finite"):
        classifier.predict(np.full((2, 6), np.nan))
    with pytest.raises(ValueError, match="two dimensions"):
        classifier.predict(np.zeros(6))
    with pytest.raises(pomona.InvalidOption, match="threads is -1"):
        classifier.predict(np.zeros((1, 6)), threads=-1)


def test_what_is_refused_is_named_in_pythons_spelling(features, learned, tmp_path):
    with pytest.raises(pomona.InvalidOption, match="overwrite=True"):
        pomona.train(features, learned)
    with pytest.raises(pomona.InvalidOption, match="coverage must be above 0 and below 1, not 2"):
        pomona.train(features, tmp_path / "c", coverage=2.0)
    with pytest.raises(TypeError, match="`views` cannot be a str"):
        pomona.train(features, tmp_path / "c", views="no")
    with pytest.raises(pomona.InvalidOption, match="there is no file .*\nhint: pomona train"):
        pomona.Classifier.load(tmp_path / "none")
    with pytest.raises(pomona.DamagedData, match="looks like a feature table"):
        pomona.Classifier.load(features)
    assert not (tmp_path / "c").exists()


def test_the_nearest_photos_of_training_are_named(features, learned, tmp_path):
    pomona.predict(features, tmp_path / "answers", learned)
    table = pq.read_table(next((tmp_path / "answers").glob("part-*.parquet")))
    values, labels = rows_of_fruits()
    classifier = pomona.Classifier.load(learned)
    assert classifier.nearest(values) == table["nearest"].to_pylist()
    assert [len(one) for one in classifier.nearest(values[:2], k=20)] == [9, 9]
    paths = pq.read_table(features)["path"].to_pylist()
    for name, some in zip(classifier.classes_, classifier.prototypes, strict=True):
        assert [labels[paths.index(path)] for path, _ in some] == [name] * 3
        assert {position.shape for _, position in some} == {(2,)}
    with pytest.raises(pomona.InvalidOption, match="k is 0"):
        classifier.nearest(values, k=0)
    in_memory = pomona.Classifier(shrinkage=0.1).fit(values, labels)
    assert in_memory.prototypes == [[], [], []]
    assert in_memory.nearest(values[:2]) == [[], []]


def test_several_targets_are_loaded_by_name(features, tmp_path):
    names = tmp_path / "map.csv"
    names.write_text("from,species,colour\napple,apple,red\nlemon,lemon,yellow\npear,pear,yellow\n")
    report = pomona.train(features, tmp_path / "c", labels=names, targets=["species", "colour"])
    assert [one["target"] for one in report["targets"]] == ["species", "colour"]
    values, _ = rows_of_fruits()
    with pytest.raises(pomona.InvalidOption, match="several targets"):
        pomona.Classifier.load(tmp_path / "c")
    with pytest.raises(pomona.InvalidOption, match="no target 'taste'"):
        pomona.Classifier.load(tmp_path / "c", target="taste")
    colour = pomona.Classifier.load(tmp_path / "c", target="colour")
    assert colour.targets_ == ["species", "colour"]
    assert set(colour.predict(values)) == {"red", "yellow"}
    answered = pomona.predict(features, tmp_path / "answers", tmp_path / "c")
    assert [one["target"] for one in answered["targets"]] == ["species", "colour"]
    judged = pomona.evaluate(features, tmp_path / "c", labels=names, draws=0)
    assert [one["target"] for one in judged["targets"]] == ["species", "colour"]
    one = pomona.evaluate(features, tmp_path / "c", labels=names, target="colour", draws=0)
    assert one["target"] == "colour"
    told = pomona.suggest(features, 2, classifier=tmp_path / "c", target="colour")
    assert told["suggested"][0]["predicted_label"] in {"red", "yellow"}
    with pytest.raises(pomona.InvalidOption, match="exclude each other"):
        pomona.train(features, tmp_path / "no", labels=names, target="colour", targets=["species"])


def test_another_table_validates(features, tmp_path):
    report = pomona.train(features, tmp_path / "c", validate=features, prototypes=0)
    assert (report["validation"], report["folds"], report["prototypes"]) == (300, 0, 0)
    assert report["evaluation"]["name"] == "validation"
