"""`pomona train` and `predict`: what is learned from labelled features, against scikit-learn."""

import json
import pathlib

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from crash import changes, instants, killed_at
from program import PROBLEM, REFUSED
from table import Table

LABELS = ["apple", "cherry", "lemon", "pear"]


def clusters(
    rows: int, dim: int, apart: float = 0.3, seed: int = 5
) -> tuple[np.ndarray, list[str]]:
    """float32 [rows, dim] about a centre for each label, in turns; some of them overlap."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(len(LABELS), dim)) * apart
    mixed = random.normal(size=(dim, dim)) / np.sqrt(dim)
    label = np.arange(rows) % len(LABELS)
    values = centres[label] + random.normal(size=(rows, dim)) @ mixed + 3
    return values.astype(np.float32), [LABELS[one] for one in label]


def write(folder: pathlib.Path, values: np.ndarray, labels: list[str | None], **more):
    """A table of two files as somebody else would write it: movies of ten frames are groups."""
    folder.mkdir()
    whole = pa.table(
        {
            "path": [f"/i/{r // 40}_{r}.jpg" for r in range(len(values))],
            "label": pa.array(labels, pa.string()),
            "features": pa.array(list(values), pa.list_(pa.float32())),
            **more,
        }
    )
    half = len(values) // 2
    pq.write_table(whole.slice(0, half), folder / "part-0.parquet", row_group_size=half // 3)
    pq.write_table(whole.slice(half), folder / "part-1.parquet")
    return folder


@pytest.fixture
def values():
    return clusters(800, 24)


@pytest.fixture
def source(values, tmp_path):
    return write(tmp_path / "features", *values)


class Learned:
    """A classifier's file, read as docs/format/classifier.md says."""

    def __init__(self, file: pathlib.Path):
        table = pq.read_table(file)
        (self.record,) = json.loads(table.schema.metadata[b"pomona.classifier"])["targets"]
        self.labels = table["label"].to_pylist()
        self.counts = table["count"].to_pylist()
        rank = self.record["rank"]
        self.projection = np.array(table["direction"].to_pylist()[:rank])
        self.mean = np.array(table["mean"].to_pylist()[0])
        self.class_means = np.array(table["class_mean"].to_pylist())
        self.weights = self.bias = None
        if self.record["method"] == "logistic":
            self.weights = np.array(table["weights"].to_pylist())
            self.bias = np.array(table["bias"].to_pylist())

    def scores(self, rows: np.ndarray) -> np.ndarray:
        if self.weights is not None:
            return (rows - self.mean) @ self.weights.T + self.bias
        return self.mean_scores(rows)

    def mean_scores(self, rows: np.ndarray) -> np.ndarray:
        z = (rows - self.mean) @ self.projection.T
        if self.record["score"] == "distance":
            return z @ self.class_means.T - (self.class_means**2).sum(axis=1) / 2
        units = self.class_means / np.linalg.norm(self.class_means, axis=1, keepdims=True)
        return z @ units.T / np.linalg.norm(z, axis=1, keepdims=True)

    def unknown(self, rows: np.ndarray) -> np.ndarray:
        if self.record["score"] == "cosine":
            return 1 - self.mean_scores(rows).max(axis=1)
        z = (rows - self.mean) @ self.projection.T
        off = z[:, None, :] - self.class_means[None]
        return (off**2).sum(axis=2).min(axis=1)

    def probabilities(self, rows: np.ndarray) -> np.ndarray:
        scores = self.scores(rows)
        most = scores.max(axis=1, keepdims=True)
        powers = np.exp((scores - most) / self.record["temperature"])
        doubt = self.record["doubt"]
        shares = powers / powers.sum(axis=1, keepdims=True)
        return (1 - doubt) * shares + doubt / len(self.labels)


def test_directions_solve_the_problem_of_fisher(pomona, source, values, tmp_path):
    from scipy.linalg import eigh
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    rows, labels = values
    pomona.ok("train", source, tmp_path / "c.parquet", "--shrinkage", 0.2)
    learned = Learned(tmp_path / "c.parquet")
    assert (learned.labels, learned.counts) == (LABELS, [200] * 4)
    # One factor for all features: the shrinking does not see it. scikit-learn's covariance within
    # classes has the divisor n, ours n - classes; its directions are of a covariance between them
    # that is shrunk as well.
    model = LinearDiscriminantAnalysis(solver="eigen", shrinkage=0.2, store_covariance=True)
    model.fit(rows.astype(float), labels)
    within = model.covariance_ * len(rows) / (len(rows) - len(LABELS))
    between = np.cov(model.means_.T, bias=True)
    theirs = eigh(between, within)[1][:, ::-1][:, :3].T
    signs = np.sign(theirs[np.arange(3), np.abs(theirs).argmax(axis=1)])
    np.testing.assert_allclose(learned.projection, theirs * signs[:, None], atol=1e-8)
    off = model.means_ - rows.mean(axis=0, dtype=float)
    np.testing.assert_allclose(learned.class_means, off @ learned.projection.T, atol=1e-8)


@pytest.mark.parametrize("balanced", [False, True])
@pytest.mark.parametrize("penalty", [1, 0.01, 0.0003])
def test_logistic_regression_is_at_the_minimum_of_scikit_learn(
    pomona, values, tmp_path, penalty, balanced
):
    from sklearn.linear_model import LogisticRegression

    few = [r for r in range(800) if r % 4 != 1 or r % 3 == 0]  # a label of fewer rows
    rows, labels = values[0][few].astype(float), [values[1][r] for r in few]
    source = write(tmp_path / "features", rows.astype(np.float32), labels)
    options = ["--method", "logistic", "--penalty", penalty, *["--balanced"] * balanced]
    report = pomona.ok("train", source, tmp_path / "c.parquet", *options, "--json").json()
    learned = Learned(tmp_path / "c.parquet")
    # As docs/format/classifier.md says: of features of total variance 1, the penalty in units of
    # the mean variance.
    scale = 1 / np.sqrt(rows.var(axis=0).sum())
    strength = penalty / rows.shape[1]
    truth = np.array([LABELS.index(label) for label in labels])
    share = len(rows) / 4 / np.bincount(truth) if balanced else np.ones(4)

    def objective(weights, bias):
        scores = (rows - rows.mean(axis=0)) * scale @ weights.T + bias
        below = scores - scores.max(axis=1, keepdims=True)
        loss = np.log(np.exp(below).sum(axis=1)) - below[np.arange(len(rows)), truth]
        return np.average(loss, weights=share[truth]) + strength / 2 * (weights**2).sum()

    theirs = LogisticRegression(C=1 / strength / len(rows), tol=1e-10, max_iter=10_000,
                                class_weight="balanced" if balanced else None)  # fmt: skip
    theirs.fit((rows - rows.mean(axis=0)) * scale, truth)
    least = objective(theirs.coef_, theirs.intercept_)
    assert objective(learned.weights / scale, learned.bias) == pytest.approx(least, rel=1e-6)
    assert (report["method"], report["penalty"]) == ("logistic", penalty)
    assert report["logistic_accuracy"] == report["evaluation"]["accuracy"]["value"]


def test_auto_takes_what_names_more_rows_rightly(pomona, values, tmp_path):
    rows, labels = values
    # A fifth of one label lies far out, beyond its others: the middle of two means is not where
    # the border is.
    random = np.random.default_rng(9)
    pears = np.arange(800) % 2
    far = np.where((pears == 0) & (np.arange(800) % 5 == 0), -20, pears - 0.5)[:, None]
    far = np.hstack([far, random.normal(size=(800, 2))]) + random.normal(size=(800, 3)) * 0.2
    for name, table, given, better in [
        ("plain", rows, labels, "discriminant"),
        ("far", far.astype(np.float32), [("apple", "pear")[one] for one in pears], "logistic"),
    ]:
        source = write(tmp_path / name, table, given)
        options = ["--method", "auto", "--score", "distance", "--json"]
        report = pomona.ok("train", source, tmp_path / f"{name}.parquet", *options).json()
        tried = {one: report[f"{one}_accuracy"] for one in ("discriminant", "logistic")}
        assert report["method"] == better, tried
        assert max(tried, key=tried.__getitem__) == better, tried
        assert report["evaluation"]["accuracy"]["value"] == tried[report["method"]]


@pytest.mark.parametrize("score", ["cosine", "distance", "logistic"])
def test_answers_are_those_that_the_file_says(pomona, source, values, tmp_path, score):
    option = "--method" if score == "logistic" else "--score"
    pomona.ok("train", source, tmp_path / "c.parquet", option, score)
    pomona.ok("predict", source, tmp_path / "answers", "--classifier", tmp_path / "c.parquet")
    learned = Learned(tmp_path / "c.parquet")
    wanted = learned.probabilities(values[0])
    answers = Table(tmp_path / "answers").rows()
    assert answers.schema.names == ["path", "label", "predicted", "probability", "set", "unknown",
                                    "unknown_score", "probabilities", "nearest"]  # fmt: skip
    np.testing.assert_allclose(np.array(answers["probabilities"].to_pylist()), wanted, atol=1e-6)
    assert answers["predicted"].to_pylist() == [LABELS[c] for c in wanted.argmax(axis=1)]
    np.testing.assert_allclose(answers["unknown_score"].to_numpy(), learned.unknown(values[0]),
                               rtol=1e-5, atol=1e-6)  # fmt: skip
    for row in answers.slice(0, 100).to_pylist():
        likely = sorted(zip(row["probabilities"], LABELS, strict=True), key=lambda one: -one[0])
        held = [label for p, label in likely if 1 - p <= learned.record["set_quantile"]]
        assert row["set"] == held
        assert row["unknown"] == (row["unknown_score"] > learned.record["unknown_threshold"])
    assert pomona("verify", tmp_path / "answers").code == 0


def test_calibration_keeps_its_promises_on_rows_like_those(pomona, tmp_path):
    rows, labels = clusters(8000, 24, apart=0.12)
    learn = write(tmp_path / "learn", rows[:4000], labels[:4000])
    judge = write(tmp_path / "judge", rows[4000:], labels[4000:])
    pomona.ok("train", learn, tmp_path / "c.parquet", "--coverage", 0.9, "--false-alarms", 0.1)
    pomona.ok("predict", judge, tmp_path / "answers", "--classifier", tmp_path / "c.parquet")
    answers = Table(tmp_path / "answers").rows().to_pylist()
    held = np.mean([row["label"] in row["set"] for row in answers])
    assert held == pytest.approx(0.9, abs=0.02)
    assert np.mean([row["unknown"] for row in answers]) == pytest.approx(0.1, abs=0.02)
    right = np.array([row["label"] == row["predicted"] for row in answers])
    sure = np.array([row["probability"] for row in answers])
    assert right.mean() == pytest.approx(sure.mean(), abs=0.02)


@pytest.mark.parametrize("method", ["discriminant", "logistic"])
def test_the_same_table_gives_the_same_bytes(pomona, source, tmp_path, method):
    files = [tmp_path / f"{threads}.parquet" for threads in (1, 2, 3)]
    for threads, file in enumerate(files, start=1):
        pomona.ok("train", source, file, "--threads", threads, "--method", method)
    assert len({file.read_bytes() for file in files}) == 1


def test_a_split_says_what_is_learned_and_what_is_not(pomona, source, tmp_path):
    split = tmp_path / "split.parquet"
    pomona.ok("split", source, split, "--group", "/([0-9]+)_", "--train", "^(1[0-3]|[0-9])$",
              "--calibration-share", 0.2, "--hold-out", "pear", "--folds", 3)  # fmt: skip
    report = pomona.ok("train", source, tmp_path / "c.parquet", "--split", split, "--json").json()
    parts = pq.read_table(split).to_pylist()
    learned = [row["label"] for row in parts if row["split"] == "train"]
    assert Learned(tmp_path / "c.parquet").labels == LABELS[:3]
    assert Learned(tmp_path / "c.parquet").counts == [learned.count(one) for one in LABELS[:3]]
    assert (report["rows"], report["folds"], report["honest_folds"]) == (len(learned), 3, True)
    assert report["calibration"] == sum(row["split"] == "calibration" for row in parts)
    assert report["left_out"] == 800 - report["rows"] - report["calibration"]


def test_views_are_learned_from(pomona, values, tmp_path):
    rows, labels = values
    turned = [
        [{"view": "mirror", "features": row + 1}, {"view": "rot180", "features": row - 1}]
        for row in rows
    ]
    kind = pa.list_(pa.struct([("view", pa.string()), ("features", pa.list_(pa.float32()))]))
    source = write(tmp_path / "features", rows, labels, views=pa.array(turned, kind))
    report = pomona.ok("train", source, tmp_path / "with.parquet", "--json").json()
    assert (report["rows"], report["views"]) == (800, 1600)
    report = pomona.ok("train", source, tmp_path / "no.parquet", "--no-views", "--json").json()
    assert report["views"] == 0
    plain = write(tmp_path / "plain", rows, labels)
    pomona.ok("train", plain, tmp_path / "plain.parquet")
    assert (tmp_path / "no.parquet").read_bytes() == (tmp_path / "plain.parquet").read_bytes()
    assert (tmp_path / "with.parquet").read_bytes() != (tmp_path / "no.parquet").read_bytes()


def test_rows_without_label_or_features_are_left_out_and_told(pomona, values, tmp_path):
    rows, labels = values
    features = [None if r == 3 else row for r, row in enumerate(rows)]
    named = [None if r == 5 else "" if r == 6 else label for r, label in enumerate(labels)]
    source = tmp_path / "one.parquet"
    column = pa.array(features, pa.list_(pa.float32()))
    pq.write_table(pa.table({"label": named, "features": column}), source)
    result = pomona.ok("train", source, tmp_path / "c.parquet", "--json")
    assert (result.json()["rows"], result.json()["left_out"]) == (797, 3)
    assert "2 rows have no label" in result.stderr
    assert "1 rows have no features" in result.stderr


BAD_TABLES = {
    "one label": (PROBLEM, "nothing to tell apart", lambda v, n: (v, ["apple"] * len(n))),
    "no number": (PROBLEM, "row 7", lambda v, n: (np.where(np.isin(v, v[7]), np.nan, v), n)),
    "no label": (PROBLEM, "nothing to tell apart", lambda v, n: (v, [None] * len(n))),
    "no features": (PROBLEM, "has features", lambda v, n: ([None] * len(n), n)),
    "all rows alike": (PROBLEM, "tells the labels apart", lambda v, n: (np.ones_like(v), n)),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_TABLES)
def test_what_teaches_nothing_is_said_and_nothing_written(pomona, values, tmp_path, name):
    code, words, change = BAD_TABLES[name]
    source = write(tmp_path / "features", *change(*values))
    result = pomona("train", source, tmp_path / "c.parquet")
    assert (result.code, list(tmp_path.glob("*c.parquet*"))) == (code, [])
    assert words in result.stderr


def test_bad_options_are_refused(pomona, source, tmp_path):
    file = tmp_path / "c.parquet"
    for option, words in [
        (("--coverage", 1), "--coverage must be above 0 and below 1, not 1"),
        (("--false-alarms", 0), "--false-alarms must be above 0 and below 1, not 0"),
        (("--shrinkage", 0), "--shrinkage must be above 0 and at most 1, not 0"),
        (("--method", "oracle"), "no method `oracle`"),
        (("--method", "logistic", "--penalty", 0), "--penalty must be above 0, not 0"),
        (("--penalty", 1), "--penalty is of logistic regression"),
        (("--balanced",), "balanced is of logistic regression"),
        (("--score", "luck"), "no kind of score `luck`"),
        (("--column", "label"), "label"),
        (("--split", source / "part-0.parquet"), "split"),
    ]:
        result = pomona("train", source, file, *option)
        assert result.code in (REFUSED, PROBLEM), (option, result.stderr)
        assert words in result.stderr, result.stderr
        assert not file.exists()
    file.write_text("mine")
    assert pomona("train", source, file).code == REFUSED
    assert file.read_text() == "mine"


def test_a_classifier_that_is_none_is_refused(pomona, source, tmp_path):
    pomona.ok("train", source, tmp_path / "c.parquet")
    whole = (tmp_path / "c.parquet").read_bytes()
    for name, damaged, looks in [
        ("cut", whole[:-100], "a damaged Parquet file"),
        ("flipped", whole[:1000] + bytes([whole[1000] ^ 1]) + whole[1001:], "a classifier"),
        ("another", (source / "part-0.parquet").read_bytes(), "a feature table"),
        ("photo", b"\xff\xd8\xff\xe0 and so on", "an image"),
        ("map", b"from,species\n", "text"),
    ]:
        (tmp_path / name).write_bytes(damaged)
        result = pomona("predict", source, tmp_path / "out", "--classifier", tmp_path / name)
        assert result.code == PROBLEM, (name, result.stderr)
        assert f"hint: it looks like {looks}; pomona train FEATURES" in result.stderr
        assert not (tmp_path / "out").exists()


def test_files_that_are_not_there_are_bad_options(pomona, source, tmp_path):
    """Whoever mistypes a name is told so, and what would make such a file."""
    missing, out = tmp_path / "missing", tmp_path / "out"
    pomona.ok("train", source, tmp_path / "c.parquet")
    for command, hint in [
        (("predict", source, out, "--classifier", missing), "pomona train FEATURES CLASSIFIER"),
        (("evaluate", source, missing), "pomona train FEATURES CLASSIFIER makes one"),
        (("suggest", source, "--budget", 2, "--classifier", missing), "pomona train"),
        (("train", source, out, "--split", missing), "pomona split FEATURES SPLIT"),
        (("train", source, out, "--labels", missing), "begins as `from,species,state`"),
        (("train", source, out, "--like", missing), "pomona extract SOURCE OUTPUT"),
        (("evaluate", source, tmp_path / "c.parquet", "--split", missing), "pomona split"),
        (("issues", source, out, "--split", missing), "pomona split"),
        (("duplicates", source, "--split", missing), "pomona split"),
        (("pca", source, out, "--model", missing), "name the output of an earlier `pomona pca`"),
    ]:
        result = pomona(*command)
        assert (result.code, out.exists()) == (REFUSED, False), (command, result.stderr)
        assert "hint: " in result.stderr and hint in result.stderr, result.stderr


def test_a_file_of_another_kind_is_named_by_its_kind(pomona, source, tmp_path):
    pomona.ok("train", source, tmp_path / "c", "--prototypes", 0)
    (tmp_path / "map.csv").write_text("from,species\n")
    out = tmp_path / "out"
    for command, kind in [
        (("train", source, out, "--split", tmp_path / "c"), "a classifier"),
        (("train", source, out, "--split", tmp_path / "map.csv"), "text"),
        (("train", source, out, "--labels", tmp_path / "c"), "a classifier"),
        (("pca", source, out, "--model", tmp_path / "c"), "a classifier"),
        (("neighbors", source, "--index", tmp_path / "c"), "a classifier"),
    ]:
        result = pomona(*command)
        assert (result.code, out.exists()) == (PROBLEM, False), (command, result.stderr)
        assert f"hint: it looks like {kind}; " in result.stderr, result.stderr


def test_rows_of_another_width_are_refused(pomona, source, values, tmp_path):
    pomona.ok("train", source, tmp_path / "c.parquet")
    narrow = write(tmp_path / "narrow", values[0][:, :5], values[1])
    result = pomona("predict", narrow, tmp_path / "out", "--classifier", tmp_path / "c.parquet")
    assert result.code == PROBLEM and "row 0" in result.stderr
    assert not (tmp_path / "out").exists()


def test_predict_killed_anywhere_begins_anew_and_ends_the_same(pomona, source, tmp_path):
    pomona.ok("train", source, tmp_path / "c.parquet")
    command = ["predict", source, tmp_path / "out", "--classifier", tmp_path / "c.parquet",
               "--rows-per-file", 300]  # fmt: skip
    made = changes(pomona, command, tmp_path / "out", tmp_path / "trace")
    whole = Table(tmp_path / "out").rows()
    for number in instants(made)[::3]:
        output = tmp_path / f"out-{number}"
        again = [*command[:2], output, *command[3:]]
        assert killed_at(pomona, again, output, number)
        if not (output / "_SUCCESS").exists():
            assert pomona("verify", output).code != 0
        pomona.ok(*again)
        assert Table(output).rows().equals(whole)


def test_the_same_command_again_does_nothing(pomona, source, tmp_path):
    pomona.ok("train", source, tmp_path / "c.parquet")
    command = ("predict", source, tmp_path / "out", "--classifier", tmp_path / "c.parquet")
    pomona.ok(*command)
    report = pomona.ok(*command, "--json").json()
    assert report["finished_before"] and report["rows"] == 800
    pomona.ok("train", source, tmp_path / "c.parquet", "--overwrite", "--shrinkage", 0.5)
    result = pomona(*command)
    assert result.code == REFUSED and "classifier" in result.stderr


@pytest.fixture
def judged(pomona, source, tmp_path):
    """A classifier, and the split that it was learned by: a label is held out."""
    split = tmp_path / "split.parquet"
    pomona.ok("split", source, split, "--group", "/([0-9]+)_", "--train", "^(1[0-3]|[0-9])$",
              "--hold-out", "pear", "--folds", 3)  # fmt: skip
    pomona.ok("train", source, tmp_path / "c.parquet", "--split", split)
    return source, tmp_path / "c.parquet", split


def test_evaluate_counts_what_predict_says(pomona, judged, tmp_path):
    from sklearn.metrics import f1_score, roc_auc_score

    source, classifier, split = judged
    report = pomona.ok("evaluate", source, classifier, "--split", split, "--json").json()
    pomona.ok("predict", source, tmp_path / "answers", "--classifier", classifier)
    part = dict(zip(*(pq.read_table(split)[name].to_pylist() for name in ("path", "split")),
                    strict=True))  # fmt: skip
    rows = [row for row in Table(tmp_path / "answers").rows().to_pylist()
            if part[row["path"]] in ("test", "held-out")]  # fmt: skip
    known = [row for row in rows if row["label"] != "pear"]
    evaluation = report["evaluations"][0]
    assert (evaluation["name"], evaluation["rows"]) == ("test", len(known))
    assert evaluation["unknown_rows"] == len(rows) - len(known)
    given, said = ([row[name] for row in known] for name in ("label", "predicted"))
    assert evaluation["accuracy"]["value"] == pytest.approx(np.mean(np.array(given) == said))
    assert evaluation["macro_f1"]["value"] == pytest.approx(f1_score(given, said, average="macro"))
    auroc = roc_auc_score([row["label"] == "pear" for row in rows],
                          [row["unknown_score"] for row in rows])  # fmt: skip
    assert evaluation["unknown"]["auroc"]["value"] == pytest.approx(auroc, abs=1e-6)


def test_an_official_split_is_shown_beside_the_honest_rows(pomona, values, tmp_path):
    """Rows of even number are the test: half of them are of movies that were learned from."""
    rows, labels = values
    source = tmp_path / "leaky.parquet"
    paths = [
        f"/{'Test' if r % 2 == 0 or r >= 600 else 'Training'}/m{r // 40}_{r}.jpg"
        for r in range(len(rows))
    ]
    pq.write_table(pa.table({"path": paths, "label": labels,
                             "features": pa.array(list(rows), pa.list_(pa.float32()))}),
                   source)  # fmt: skip
    split = tmp_path / "split.parquet"
    pomona.ok("split", source, split, "--by", "official", "--group", "/(m[0-9]+)_")
    pomona.ok("train", source, tmp_path / "c.parquet", "--split", split)
    result = pomona.ok("evaluate", source, tmp_path / "c.parquet", "--split", split)
    assert "300 of 500 rows are of groups that were learned from" in result.stderr
    head = result.stdout.splitlines()[0].split()
    assert head == ["test", "other", "groups"]
    pomona.ok("train", source, tmp_path / "all.parquet")
    other = pomona.ok("evaluate", source, tmp_path / "all.parquet", "--split", split)
    assert "trained without a split" in other.stderr
    alone = pomona.ok("evaluate", source, tmp_path / "c.parquet")
    assert "mean nothing" in alone.stderr


def test_evaluate_is_the_same_for_any_number_of_threads(pomona, judged):
    source, classifier, split = judged
    made = {
        pomona.ok("evaluate", source, classifier, "--split", split, "--json",
                  "--threads", threads).stdout for threads in (1, 3)
    }  # fmt: skip
    assert len(made) == 1


def test_a_split_that_leaves_nothing_to_judge_by_is_refused(pomona, source, tmp_path):
    split = tmp_path / "split.parquet"
    pomona.ok("split", source, split, "--group", "/([0-9]+)_", "--folds", 3)
    pomona.ok("train", source, tmp_path / "c.parquet", "--split", split)
    result = pomona("evaluate", source, tmp_path / "c.parquet", "--split", split)
    assert result.code == REFUSED and "no row to judge by" in result.stderr


def test_a_label_map_says_what_is_learned(pomona, source, tmp_path):
    names = tmp_path / "map.csv"
    names.write_text("from,colour,shape\napple,red,round\ncherry,red,round\nlemon,yellow,oval\n")
    alike = tmp_path / "alike.csv"
    alike.write_text("from,shape\n*,round\n")
    report = pomona.ok("train", source, tmp_path / "c.parquet", "--labels", names, "--json").json()
    learned = Learned(tmp_path / "c.parquet")
    assert (learned.labels, learned.counts) == (["red", "yellow"], [400, 200])
    assert report["left_out"] == 200
    assert any("pear" in remark for remark in report["remarks"])
    judged = pomona.ok("evaluate", source, tmp_path / "c.parquet", "--labels", names, "--json")
    assert judged.json()["evaluations"][0]["rows"] == 600
    for options, words in [
        (("--labels", names, "--target", "taste"), "no `taste`"),
        (("--labels", alike), "shape"),
        (("--target", "colour"), "no label map"),
        (("--labels", tmp_path / "none.csv"), "none.csv"),
    ]:
        result = pomona("train", source, tmp_path / "other.parquet", *options)
        assert result.code != 0 and words in result.stderr, (options, result.stderr)
        assert not (tmp_path / "other.parquet").exists()


def test_slices_that_only_remember_are_left_out(pomona, tmp_path):
    """Early maps tell labels; the last layer tells one movie from another, which is no help."""
    random = np.random.default_rng(7)
    rows, movies = 240, 12
    label, movie = np.arange(rows) % 3, np.arange(rows) // 20
    early = random.normal(size=(3, 6))[label] + random.normal(size=(rows, 6)) * 0.8
    last = random.normal(size=(movies, 3, 100))[movie, label] * 4 + random.normal(size=(rows, 100))
    slices = [{"tensor": f"map{m}", "pool": pool, "length": 1}
              for m in (1, 2, 3) for pool in ("mean", "std")]  # fmt: skip
    slices.append({"tensor": "last", "pool": "", "length": 100})
    table = pa.table({
        "path": [f"/m{m}_{r}.jpg" for r, m in enumerate(movie)],
        "label": [LABELS[one] for one in label],
        "features": pa.array(list(np.hstack([early, last]).astype(np.float32)),
                             pa.list_(pa.float32())),
    }).replace_schema_metadata({
        "pomona.features": "levels",
        "pomona.preprocessing": json.dumps({"feature_slices": slices}),
    })  # fmt: skip
    pq.write_table(table, tmp_path / "rows.parquet")
    split = tmp_path / "split.parquet"
    pomona.ok("split", tmp_path / "rows.parquet", split, "--group", "/(m[0-9]+)_", "--folds", 4)
    command = ("train", tmp_path / "rows.parquet", tmp_path / "c.parquet", "--json")
    report = pomona.ok(*command, "--split", split).json()
    assert (report["slices"], report["features_used"]) == ("the first 3 maps", 6)
    learned = Learned(tmp_path / "c.parquet")
    assert not learned.projection[:, 6:].any() and learned.projection[:, :6].any()
    pomona.ok("evaluate", tmp_path / "rows.parquet", tmp_path / "c.parquet")
    # Folds that cut through movies cannot tell: nothing is left out.
    report = pomona.ok(*command, "--overwrite").json()
    assert report["slices"] == "all"


def test_folds_of_single_rows_are_not_called_honest(pomona, source, tmp_path):
    split = tmp_path / "split.parquet"
    pomona.ok("split", source, split, "--folds", 4)
    report = pomona.ok("train", source, tmp_path / "c.parquet", "--split", split, "--json").json()
    assert (report["folds"], report["honest_folds"]) == (4, False)
    assert any("do not keep groups whole" in remark for remark in report["remarks"])


def test_centroids_are_the_means_of_labels(pomona, source, values, tmp_path):
    rows, labels = values[0].astype(float), np.array(values[1])
    pomona.ok("train", source, tmp_path / "c.parquet", "--method", "centroid")
    table = pq.read_table(tmp_path / "c.parquet")
    (record,) = json.loads(table.schema.metadata[b"pomona.classifier"])["targets"]
    assert (record["method"], record["score"], record["rank"]) == ("centroid", "cosine", 24)
    assert table["direction"].null_count == 4
    mean = rows.mean(axis=0)
    means = np.array([rows[labels == label].mean(axis=0) for label in LABELS]) - mean
    np.testing.assert_allclose(table["mean"].to_pylist()[0], mean, atol=1e-9)
    np.testing.assert_allclose(table["class_mean"].to_pylist(), means, atol=1e-9)
    pomona.ok("predict", source, tmp_path / "answers", "--classifier", tmp_path / "c.parquet")
    away = rows - mean
    cosines = away @ means.T / np.linalg.norm(away, axis=1)[:, None] / np.linalg.norm(means, axis=1)
    answers = Table(tmp_path / "answers").rows()
    assert answers["predicted"].to_pylist() == [LABELS[c] for c in cosines.argmax(axis=1)]
    np.testing.assert_allclose(answers["unknown_score"].to_numpy(), 1 - cosines.max(axis=1),
                               atol=1e-6)  # fmt: skip


def test_photos_of_another_place_are_seen_from_their_own_mean(pomona, source, values, tmp_path):
    rows, labels = values
    moved = rows + np.linspace(-9, 9, rows.shape[1], dtype=np.float32)
    asked = write(tmp_path / "asked", moved, [None] * len(rows))
    named = {}
    for name, flags in [("alone", []), ("like", ["--like", asked])]:
        file = tmp_path / f"{name}.parquet"
        report = pomona.ok("train", source, file, "--method", "centroid", "--json", *flags).json()
        assert report["like"] == (800 if flags else 0)
        pomona.ok("predict", asked, tmp_path / name, "--classifier", file)
        named[name] = Table(tmp_path / name).rows()["predicted"].to_pylist()
    pomona.ok("predict", source, tmp_path / "home", "--classifier", tmp_path / "alone.parquet")
    assert named["like"] == Table(tmp_path / "home").rows()["predicted"].to_pylist()
    assert named["alone"] != named["like"]


def test_photos_to_be_like_have_features_of_the_same_kind(pomona, source, values, tmp_path):
    file = tmp_path / "c.parquet"
    narrow = write(tmp_path / "narrow", values[0][:, :5], values[1])
    result = pomona("train", source, file, "--like", narrow)
    assert (result.code, file.exists()) == (PROBLEM, False), result.stderr
    result = pomona("train", source, file, "--like", tmp_path / "nowhere")
    assert result.code == REFUSED and not file.exists()
    result = pomona("train", source, file, "--method", "centroid", "--shrinkage", 0.1)
    assert result.code == REFUSED and "--shrinkage is of the discriminant" in result.stderr


def test_groups_of_single_rows_say_nothing(pomona, source, tmp_path):
    split = tmp_path / "split.parquet"
    told = pomona.ok(
        "split", source, split, "--group", "duplicates", "--within", 1e-6, "--folds", 3
    )
    assert "nearly each row is a group of its own" in told.stderr
    result = pomona.ok("train", source, tmp_path / "c.parquet", "--split", split, "--json")
    assert result.json()["honest_folds"] is False
    assert "the folds do not keep groups whole" in result.stderr
