"""`pomona suggest`: unsure rows far apart, against the same in numpy; better than chance."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from program import FAILED, OK, PROBLEM, REFUSED
from train_test import Learned, clusters, write


def farthest_first(places, weight, known, budget):
    """The rule of include/pomona/suggest.h in numpy: (rows, distances)."""
    units = places / np.linalg.norm(places, axis=1, keepdims=True)
    known = known / np.linalg.norm(known, axis=1, keepdims=True) if len(known) else known
    distance = np.full(len(places), np.inf)
    for place in known:
        distance = np.minimum(distance, (1 - units @ place).clip(0, 2))
    chosen, distances = [], []
    for _ in range(budget):
        gain = weight * np.where(np.isinf(distance), 1, distance)
        gain[chosen] = -1
        row = int(gain.argmax())
        chosen.append(row)
        distances.append(None if np.isinf(distance[row]) else distance[row])
        distance = np.minimum(distance, (1 - units @ units[row]).clip(0, 2))
    return chosen, distances


def close(ours, theirs):
    """A distance that is absent is absent in both."""
    assert [one is None for one in ours] == [one is None for one in theirs]
    held = [(a, b) for a, b in zip(ours, theirs, strict=True) if a is not None]
    np.testing.assert_allclose(*zip(*held, strict=True), atol=1e-5)


@pytest.fixture
def taught(pomona, tmp_path):
    """A classifier of few rows, and a table of others without labels: (file, table, values)."""
    values, labels = clusters(600, 24, apart=0.4)
    classifier = tmp_path / "c.parquet"
    pomona.ok("train", write(tmp_path / "few", values[:80], labels[:80]), classifier)
    table = write(tmp_path / "pool", values[80:], [None] * 520)
    return classifier, table, values[80:].astype(float)


def test_with_a_classifier_unsure_rows_come_first_and_far_apart(pomona, taught, tmp_path):
    classifier, table, values = taught
    output = tmp_path / "next.parquet"
    result = pomona.ok("suggest", table, "--budget", 30, "--classifier", classifier, "-o", output)
    learned = Learned(classifier)
    ranked = np.sort(learned.probabilities(values), axis=1)
    uncertainty = 1 - (ranked[:, -1] - ranked[:, -2])
    z = (values - learned.mean) @ learned.projection.T
    rows, distances = farthest_first(z, 1 + uncertainty, learned.class_means, 30)
    found = pq.read_table(output).to_pydict()
    assert found["row"] == rows
    assert found["order"] == list(range(30))
    np.testing.assert_allclose(found["uncertainty"], uncertainty[rows], atol=1e-5)
    close(found["distance"], distances)
    likeliest = learned.probabilities(values)[rows].argmax(axis=1)
    assert found["predicted_label"] == [learned.labels[c] for c in likeliest]
    assert result.stdout.splitlines() == found["path"]
    assert "30 of 520 rows suggested" in result.stderr


def test_without_a_classifier_rows_are_far_from_labelled_ones(pomona, tmp_path):
    values, labels = clusters(300, 24, apart=1.0)
    labels = [name if row % 50 == 7 else None for row, name in enumerate(labels)]
    table = write(tmp_path / "features", values, labels)
    report = pomona.ok("suggest", table, "--budget", 12, "--json").json()
    candidates = [row for row in range(300) if labels[row] is None]
    known = [row for row in range(300) if labels[row] is not None]
    assert (report["candidates"], report["labelled"], report["known"]) == (294, 6, 6)
    rows, distances = farthest_first(
        values[candidates].astype(float), np.ones(294), values[known].astype(float), 12
    )
    assert [one["row"] for one in report["suggested"]] == [candidates[row] for row in rows]
    close([one["distance"] for one in report["suggested"]], distances)
    assert all(one["uncertainty"] is None for one in report["suggested"])


def test_where_nothing_is_known_the_first_row_begins(pomona, tmp_path):
    values, _ = clusters(100, 24)
    table = pa.table({"path": [f"/{row}" for row in range(100)], "features": list(values)})
    pq.write_table(table, tmp_path / "t.parquet")
    report = pomona.ok("suggest", tmp_path / "t.parquet", "--budget", 5, "--json").json()
    rows, distances = farthest_first(values.astype(float), np.ones(100), np.empty((0, 24)), 5)
    assert [one["row"] for one in report["suggested"]] == rows
    close([one["distance"] for one in report["suggested"]], distances)
    assert report["suggested"][0]["row"] == 0


def test_all_rows_may_be_suggested_where_all_have_a_label(pomona, tmp_path):
    table = write(tmp_path / "features", *clusters(40, 24))
    result = pomona.ok("suggest", table, "--budget", 50)
    assert len(set(result.stdout.splitlines())) == 40
    assert "all rows have a label" in result.stderr
    assert "there are only 40 rows to suggest, not 50" in result.stderr


def test_suggested_rows_teach_more_than_others(pomona, tmp_path):
    """Many labels, most of which the first rows do not have."""
    random = np.random.default_rng(8)
    label = random.permutation(np.repeat(np.arange(40), 30))
    centres = random.normal(size=(40, 24))
    values = (centres[label] + 0.5 * random.normal(size=(1200, 24))).astype(np.float32)
    names = [f"kind {one:02}" for one in label]
    test = values[900:].astype(float)

    def right(rows):
        rows = sorted(rows)
        source = write(tmp_path / str(len(list(tmp_path.iterdir()))), values[rows],
                       [names[row] for row in rows])  # fmt: skip
        classifier = source.with_suffix(".classifier")
        pomona.ok("train", source, classifier)
        learned = Learned(classifier)
        answers = [learned.labels[c] for c in learned.scores(test).argmax(axis=1)]
        return classifier, np.mean([a == b for a, b in zip(answers, names[900:], strict=True)])

    first = list(range(60))
    pool = write(tmp_path / "pool", values[60:900], [None] * 840)
    classifier, before = right(first)
    told = pomona.ok("suggest", pool, "--budget", 60, "--classifier", classifier, "--json").json()
    _, suggested = right(first + [60 + one["row"] for one in told["suggested"]])
    chance = np.mean([
        right(first + random.choice(np.arange(60, 900), 60, replace=False).tolist())[1]
        for _ in range(3)
    ])  # fmt: skip
    assert before < chance < suggested


def test_a_classifier_that_is_sure_of_everything_still_gets_what_it_does_not_know(pomona, tmp_path):
    values, labels = clusters(400, 24, apart=4.0)
    known = [row for row in range(200) if labels[row] != "pear"]
    source = write(tmp_path / "few", values[known], [labels[row] for row in known])
    pomona.ok("train", source, tmp_path / "c.parquet")
    pool = write(tmp_path / "pool", values[200:], [None] * 200)
    told = pomona.ok("suggest", pool, "--budget", 5, "--classifier", tmp_path / "c.parquet",
                     "--json").json()  # fmt: skip
    assert labels[200 + told["suggested"][0]["row"]] == "pear"


def test_threads_do_not_change_the_answer(pomona, taught, tmp_path):
    classifier, table, _ = taught
    answers = {
        pomona.ok("suggest", table, "--budget", 50, "--classifier", classifier,
                  "--threads", threads).stdout
        for threads in (1, 3)
    }  # fmt: skip
    assert len(answers) == 1


def test_what_cannot_be_suggested_is_refused(pomona, taught, tmp_path):
    classifier, table, values = taught
    for budget in (0, -3):
        assert pomona("suggest", table, "--budget", budget).code == REFUSED
    assert pomona("suggest", table).code == REFUSED
    assert pomona("suggest", tmp_path / "nowhere", "--budget", 3).code == FAILED
    output = tmp_path / "there"
    output.write_text("kept")
    assert pomona("suggest", table, "--budget", 3, "-o", output).code == REFUSED
    assert output.read_text() == "kept"
    assert pomona("suggest", table, "--budget", 3, "-o", output, "--overwrite").code == OK
    narrow = write(tmp_path / "narrow", values[:20, :5].astype(np.float32), [None] * 20)
    result = pomona("suggest", narrow, "--budget", 3, "--classifier", classifier)
    assert result.code == PROBLEM
    assert "5 features" in result.stderr
    broken = pa.table({"path": ["a\nb", "c"], "features": list(values[:2].astype(np.float32))})
    pq.write_table(broken, tmp_path / "broken.parquet")
    result = pomona("suggest", tmp_path / "broken.parquet", "--budget", 2)
    assert (result.code, result.stdout) == (REFUSED, "")
    assert "line break" in result.stderr
