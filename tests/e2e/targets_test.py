"""Several targets in one file of a classifier: a species and a state of each photo."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from program import PROBLEM, REFUSED
from table import Table

SPECIES = ["apple", "banana", "cherry"]
STATES = ["fresh", "rotten"]
ROWS = 600


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """rows.parquet, whose labels are folders, and map.csv, which names both targets. Each eighth
    row has no state."""
    folder = tmp_path_factory.mktemp("targets")
    random = np.random.default_rng(3)
    species, state = np.arange(ROWS) % 3, np.arange(ROWS) // 3 % 2
    values = random.normal(size=(ROWS, 10)) * 0.6
    values[:, :3] += np.eye(3)[species] * 2
    values[:, 3:5] += np.eye(2)[state] * 2
    labels = [f"{SPECIES[s]} {t}" if r % 8 else SPECIES[s]
              for r, (s, t) in enumerate(zip(species, state, strict=True))]  # fmt: skip
    pq.write_table(pa.table({
        "path": [f"/m{r // 20}_{r}.jpg" for r in range(ROWS)],
        "label": labels,
        "features": pa.array(list(values.astype(np.float32)), pa.list_(pa.float32())),
    }), folder / "rows.parquet")  # fmt: skip
    lines = ["from,species,state"]
    for name in SPECIES:
        lines += [f"{name},{name},"] + [f"{name} {t},{name},{STATES[t]}" for t in (0, 1)]
    (folder / "map.csv").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="module")
def learned(pomona, folder):
    """(folder, the options of the map, the report of the training of both)."""
    options = ("--labels", folder / "map.csv")
    result = pomona.ok("train", folder / "rows.parquet", folder / "both", *options,
                       "--target", "species", "--target", "state", "--json")  # fmt: skip
    return folder, options, result


def test_one_file_holds_a_classifier_of_each(learned):
    folder, _, result = learned
    report = result.json()
    assert set(report) == {"pomona", "features", "output", "targets"}
    species, state = report["targets"]
    assert (species["target"], state["target"]) == ("species", "state")
    assert (species["rows"], species["left_out"]) == (ROWS, 0)
    assert (state["rows"], state["left_out"]) == (ROWS * 7 // 8, ROWS // 8)
    assert "target species" in result.stderr and "target state" in result.stderr
    table = pq.read_table(folder / "both")
    record = json.loads(table.schema.metadata[b"pomona.classifier"])
    assert record["format"] == 2
    assert [one["target"] for one in record["targets"]] == ["species", "state"]
    assert table["target"].to_pylist() == ["species"] * 3 + ["state"] * 2
    assert table["label"].to_pylist() == SPECIES + STATES


def test_each_is_the_one_that_is_learned_alone(pomona, learned, tmp_path):
    """Bit for bit, and its answers under names that say whose they are."""
    folder, options, _ = learned
    rows = folder / "rows.parquet"
    pomona.ok("predict", rows, tmp_path / "both", "--classifier", folder / "both")
    both = Table(tmp_path / "both").rows()
    columns = ["predicted", "probability", "set", "unknown", "unknown_score", "probabilities",
               "nearest"]  # fmt: skip
    assert both.column_names == ["path", "label"] + [
        f"{name}_{target}" for target in ("species", "state") for name in columns
    ]
    for target in ("species", "state"):
        pomona.ok("train", rows, tmp_path / target, *options, "--target", target)
        pomona.ok("predict", rows, tmp_path / f"of-{target}", "--classifier", tmp_path / target)
        alone = Table(tmp_path / f"of-{target}").rows()
        assert alone.column_names == ["path", "label", *columns]
        for name in columns:
            assert both[f"{name}_{target}"].equals(alone[name]), (target, name)
    right = [row["label"].startswith(row["predicted_species"]) for row in both.to_pylist()]
    assert np.mean(right) > 0.9


def test_predict_counts_by_target(pomona, learned, tmp_path):
    folder, _, _ = learned
    command = ("predict", folder / "rows.parquet", tmp_path / "out", "--classifier",
               folder / "both")  # fmt: skip
    result = pomona.ok(*command, "--json")
    report = result.json()
    assert "unknown" not in report
    assert [one["target"] for one in report["targets"]] == ["species", "state"]
    rows = Table(tmp_path / "out").rows().to_pylist()
    for one in report["targets"]:
        assert one["unknown"] == sum(row[f"unknown_{one['target']}"] for row in rows)
        assert one["single"] == sum(len(row[f"set_{one['target']}"]) == 1 for row in rows)
    assert pomona.ok(*command, "--json").json()["finished_before"]
    assert pomona("verify", tmp_path / "out").code == 0
    kept = tmp_path / "out" / "_pomona" / "classifier.parquet"
    assert kept.read_bytes() == (folder / "both").read_bytes()


def test_images_are_answered_for_each(pomona, some_images, small_network, tmp_path):
    labels = sorted(path.name for path in some_images.iterdir())
    names = tmp_path / "map.csv"
    names.write_text("from,kind,half\n" + "".join(
        f"{label},{label},{'first' if i < len(labels) // 2 else 'second'}\n"
        for i, label in enumerate(labels)))  # fmt: skip
    pomona.ok("extract", some_images, tmp_path / "features", *small_network)
    pomona.ok("train", tmp_path / "features", tmp_path / "c", "--labels", names,
              "--target", "kind", "--target", "half")  # fmt: skip
    pomona.ok(
        "predict", tmp_path / "features", tmp_path / "of-table", "--classifier", tmp_path / "c"
    )
    report = pomona.ok("predict", some_images, tmp_path / "answers", "--classifier", tmp_path / "c",
                       *small_network[:2], "--json").json()  # fmt: skip
    assert Table(tmp_path / "answers").rows().equals(Table(tmp_path / "of-table").rows())
    assert report["run"]["counts"].keys() == {"single_kind", "unknown_kind", "single_half",
                                              "unknown_half"}  # fmt: skip


def test_evaluate_shows_a_block_of_each_or_the_one_that_is_named(pomona, learned):
    folder, options, _ = learned
    command = ("evaluate", folder / "rows.parquet", folder / "both", "--draws", 0)
    shown = pomona.ok(*command, *options)
    assert [line for line in shown.stdout.splitlines() if line.startswith("target ")] == [
        "target species", "target state"]  # fmt: skip
    both = pomona.ok(*command, *options, "--json").json()["targets"]
    assert [one["evaluations"][0]["rows"] for one in both] == [ROWS, ROWS * 7 // 8]
    one = pomona.ok(*command, *options, "--target", "state", "--json").json()
    assert (one["target"], one["evaluations"]) == ("state", both[1]["evaluations"])
    for more, words in [
        ((), "option `--labels` names the map"),
        ((*options, "--target", "taste"), "no target `taste`"),
    ]:
        result = pomona(*command, *more)
        assert result.code == REFUSED, result.stderr
        assert words.replace("option `--labels`", "--labels") in result.stderr


def test_a_classifier_of_one_target_is_judged_by_its_own(pomona, learned, tmp_path):
    """Not by the first of the map, whose labels it never learned."""
    folder, options, _ = learned
    pomona.ok("train", folder / "rows.parquet", tmp_path / "c", *options, "--target", "state")
    report = pomona.ok("evaluate", folder / "rows.parquet", tmp_path / "c", *options, "--draws", 0,
                       "--json").json()  # fmt: skip
    assert report["evaluations"][0]["rows"] == ROWS * 7 // 8


def test_suggest_takes_one_of_several(pomona, learned):
    folder, _, _ = learned
    command = ("suggest", folder / "rows.parquet", "--budget", 5, "--classifier", folder / "both")
    result = pomona(*command)
    assert result.code == REFUSED and "several targets" in result.stderr
    assert "hint: --target takes one of species, state" in result.stderr
    told = pomona.ok(*command, "--target", "state", "--json").json()["suggested"]
    assert {one["predicted_label"] for one in told} <= set(STATES)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("species", "how ripe"), "`how ripe` cannot end the name of a column"),
        (("species", "species"), "`species` is named twice"),
        (("species", "taste"), "no `taste`"),
    ],
)
def test_targets_that_make_no_columns_are_refused(pomona, learned, tmp_path, names, words):
    folder, options, _ = learned
    targets = [word for name in names for word in ("--target", name)]
    result = pomona("train", folder / "rows.parquet", tmp_path / "c", *options, *targets)
    assert (result.code, (tmp_path / "c").exists()) == (REFUSED, False)
    assert words in result.stderr


def test_a_file_whose_targets_were_changed_is_refused(pomona, learned, tmp_path):
    folder, _, _ = learned
    table = pq.read_table(folder / "both")
    swapped = table.set_column(0, "target", pa.array(["state"] * 3 + ["species"] * 2))
    pq.write_table(swapped, tmp_path / "c")
    result = pomona("predict", folder / "rows.parquet", tmp_path / "out", "--classifier",
                    tmp_path / "c")  # fmt: skip
    assert result.code == PROBLEM and "another target" in result.stderr
