"""`pomona report`: the page's data against the table, its data files, and bad input."""

import base64
import hashlib
import json
import re
import shutil

import numpy as np
import odd_files
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from page import DATA_FILES, Page, report
from PIL import Image
from program import FAILED, PROBLEM, REFUSED, REPOSITORY, Pomona
from train_test import clusters

STAMP = {"SOURCE_DATE_EPOCH": "1700000000"}


def table(file, values, **columns):
    """A table of somebody else's: one Parquet file of these columns."""
    features = pa.array([None if v is None else list(v) for v in values], pa.list_(pa.float32()))
    pq.write_table(pa.table({**columns, "features": features}), file)
    return file


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """40 pictures of 4 labels in Training and Test, of the colour of their label."""
    folder = tmp_path_factory.mktemp("pictures")
    colours = {
        "red": (200, 20, 20),
        "green": (20, 160, 20),
        "blue": (20, 20, 200),
        "grey": (90,) * 3,
    }
    for label, colour in colours.items():
        for i in range(10):
            file = folder / ("Training" if i < 7 else "Test") / label / f"{i}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (60, 30), tuple(c + i for c in colour)).save(file)
    return folder


@pytest.fixture(scope="module")
def colours(pictures, tmp_path_factory):
    """Their table: clusters, of which two rows are equal, one across splits, one across labels."""
    files = sorted(pictures.rglob("*.png"))
    labels = [file.parent.name for file in files]
    names = sorted(set(labels))
    random = np.random.default_rng(7)
    centres = random.normal(size=(4, 16)) * 3
    values = np.array([centres[names.index(label)] + random.normal(size=16) for label in labels])
    at = {tuple(file.parts[-3:]): i for i, file in enumerate(files)}
    values[at["Test", "red", "8.png"]] = values[at["Training", "red", "2.png"]]
    values[at["Training", "blue", "3.png"]] = values[at["Training", "grey", "3.png"]]
    file = tmp_path_factory.mktemp("colours") / "colours.parquet"
    return table(file, values.astype(np.float32), path=[f"file:{file}" for file in files],
                 label=labels)  # fmt: skip


@pytest.fixture(scope="module")
def page(pomona, colours, tmp_path_factory):
    output = tmp_path_factory.mktemp("page") / "colours.html"
    return report(pomona, colours, output, env=STAMP)


def test_points_are_the_rows(page, colours):
    rows = pq.read_table(colours)
    assert page.paths() == rows["path"].to_pylist()
    assert page.names("label") == rows["label"].to_pylist()
    split = ["test" if "/Test/" in path else "training" for path in page.paths()]
    assert page.names("split", "splits") == split
    assert page["splits"] == ["training", "test"]
    assert page.of_points("row", "i4") == list(range(40))
    assert np.isfinite(page.of_points("x", "f4") + page.of_points("y", "f4")).all()
    assert page["summary"]["rows"] == page["points"]["of"] == page["points"]["count"] == 40
    assert page["made"] == "2023-11-14T22:13:20Z"


def test_the_data_files_equal_the_page(page):
    points = page.data_file("points")
    assert points["path"].to_pylist() == page.paths()
    assert points["row"].to_pylist() == page.of_points("row", "i4")
    for name, names in (("label", "labels"), ("split", "splits"), ("predicted", "labels")):
        assert points[name].to_pylist() == page.names(name, names)
    for name in ("x", "y", "probability"):
        assert points[name].to_pylist() == page.of_points(name, "f4")
    pictures = [-1 if k is None else k for k in points["thumbnail"].to_pylist()]
    assert pictures == page.of_points("image", "i4")

    count = page.numbers(page["classes"]["count"], "i4")
    assert page.data_file("classes")["count"].to_pylist() == count.tolist()
    assert page.data_file("classes").to_pylist()[0] == {
        "label": "blue", "split": "training", "count": 7}  # fmt: skip

    pairs = page.data_file("duplicates").to_pylist()
    shown = page["duplicates"]["pairs"]
    assert [
        (p["a"], p["b"], p["distance"], p["exact"], p["splits"], p["labels"]) for p in shown
    ] == [
        (p["row_a"], p["row_b"], p["distance"], p["exact"], p["across_splits"], p["across_labels"])
        for p in pairs
    ]
    assert page["duplicates"]["of"] == len(pairs)

    cells = page["wrong"]["confusion"]
    label, predicted, count = (page.numbers(cells[key], "i4") for key in cells)
    assert page.data_file("confusion").to_pylist() == [
        {"label": page["labels"][a], "predicted": page["labels"][b], "count": n}
        for a, b, n in zip(label, predicted, count.tolist(), strict=True)
    ]
    mistakes = page.data_file("mistakes").to_pylist()
    assert [m["row"] for m in mistakes] == page["wrong"]["mistakes"] + page["wrong"]["doubtful"] + [
        issue["point"] for issue in page["wrong"]["label_issues"]
    ]
    assert page.data_file("reliability").to_pylist() == page["trust"]["reliability"]
    assert page.data_file("coverage").to_pylist() == page["trust"]["coverage"]
    assert page.data_file("provenance").to_pylist() == page["provenance"]
    assert page.data_file("remarks").to_pylist() == page["remarks"]


def test_duplicates_within_and_across(page):
    found = page["duplicates"]
    assert found["sets"] == found["exact_sets"] == 2
    assert (found["across_splits"], found["across_labels"]) == (1, 1)
    first, second = found["pairs"]
    names = lambda pair: {page.paths()[pair[end]].split("/", 3)[-1][-20:] for end in "ab"}  # noqa: E731
    assert first["labels"] and first["exact"] and first["distance"] == 0 and not first["splits"]
    assert {name.split("/")[-2] for name in names(first)} == {"blue", "grey"}
    assert second["splits"] and not second["labels"]


def test_what_is_wrong_is_told_out_of_fold(page):
    wrong = page["wrong"]
    assert wrong["by"].startswith("out of fold")
    given, predicted = page.names("label"), page.names("predicted")
    cells = {}
    for pair in zip(given, predicted, strict=True):
        cells[pair] = cells.get(pair, 0) + 1
    assert {
        (c["label"], c["predicted"]): c["count"] for c in page.data_file("confusion").to_pylist()
    } == cells
    probability = page.of_points("probability", "f4")
    mistakes = [i for i in range(40) if given[i] != predicted[i]]
    assert wrong["mistakes"] == sorted(mistakes, key=lambda i: (-probability[i], i))
    right = [i for i in range(40) if given[i] == predicted[i]]
    assert wrong["doubtful"] == sorted(right, key=lambda i: (probability[i], i))
    bins = page["trust"]["reliability"]
    assert sum(one["count"] for one in bins) == 40
    error = sum(abs(b["confidence"] - b["accuracy"]) * b["count"] for b in bins) / 40
    assert page["trust"]["ece"] == pytest.approx(error)
    assert page["trust"]["coverage"][-1] == {
        "coverage": 1, "error": pytest.approx(len(mistakes) / 40)}  # fmt: skip


def test_accuracy_is_never_alone(page):
    accuracy = page["summary"]["accuracy"]
    assert accuracy["honest"] is None and "too kind" in accuracy["official"]["how"]
    assert "not known" in page.remarks("summary")


def test_pictures_are_those_of_the_paths(page, pictures):
    assert page["samples"]["shown"] == 40 == len(page.numbers(page["thumbnails"]["point"], "i4"))
    for k, point in enumerate(page.numbers(page["thumbnails"]["point"], "i4")):
        original = Image.open(page.paths()[point].removeprefix("file:")).convert("RGB")
        cell = page.thumbnail(k)
        assert cell.size == (96, 96) and cell.getpixel((2, 2)) > (250, 250, 250)
        difference = np.subtract(cell.getpixel((48, 48)), original.getpixel((5, 5)))
        assert np.abs(difference).max() < 12
    assert page["points"]["href_prefix"] == f"file://{pictures}/"


def test_samples_are_even_by_label(page):
    offsets = page.numbers(page["samples"]["by_label"]["offsets"], "i4")
    points = page.numbers(page["samples"]["by_label"]["point"], "i4")
    labels = page.names("label")
    for i, label in enumerate(page["labels"]):
        mine = points[offsets[i] : offsets[i + 1]]
        assert len(mine) == 10 and {labels[point] for point in mine} == {label}


@pytest.mark.parametrize("threads", [1, 3])
def test_same_input_same_bytes(pomona, page, colours, tmp_path, threads):
    output = tmp_path / "colours.html"
    again = report(pomona, colours, output, "--threads", threads, env=STAMP)
    assert again.html == page.html
    for name in DATA_FILES:
        assert again.data_file(name).equals(page.data_file(name)), name


def test_the_policy_lets_in_the_page_alone(page):
    def source(text):
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    style = re.search(r"<style>(.*?)</style>", page.html, re.DOTALL)[1]
    scripts = re.findall(r"<script>(.*?)</script>", page.html, re.DOTALL)
    folder = REPOSITORY / "src" / "pomona" / "report" / "page"
    names = (folder / "order.txt").read_text().split()
    assert style == (folder / "page.css").read_text()
    assert scripts == ["".join((folder / name).read_text() for name in names)]
    assert page.policy() == (
        f"default-src 'none'; img-src data: blob: file:; style-src {source(style)}; "
        f"script-src {source(scripts[0])}; base-uri 'none'; form-action 'none'"
    )


def test_the_page_is_not_larger_than_it_may_be(pomona, tmp_path):
    random = np.random.default_rng(1)
    files = [tmp_path / "images" / f"label {i % 12}" / f"{i}.jpg" for i in range(1200)]
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        noise = random.integers(0, 256, size=(96, 96, 3), dtype=np.uint8)
        Image.fromarray(noise).save(file, quality=60)
    values = random.normal(size=(len(files), 8)).astype(np.float32)
    # Paths of 1,000 characters: 1.2 MB.
    long = [f"file:{file.parent}/{'./' * 450}{file.name}" for file in files]
    features = table(tmp_path / "t.parquet", values, path=long,
                     label=[file.parent.name for file in files])  # fmt: skip
    small = report(pomona, features, tmp_path / "small.html", "--max-size", "1MB")
    assert 900_000 < len(small.html.encode()) <= 1 << 20
    assert 0 < small["samples"]["shown"] < len(files) == small["samples"]["of"]
    offsets = small.numbers(small["samples"]["by_label"]["offsets"], "i4")
    assert np.diff(offsets).min() > 0
    assert small["points"]["count"] < len(files) == small["points"]["of"]
    assert "as option `max_size` is 1048576" in small.remarks("map")


def test_rejects_by_reason(pomona, own_images, small_network, tmp_path):
    (own_images / "broken").mkdir()
    for i in range(3):
        (own_images / "broken" / f"{i}.jpg").write_bytes(b"" if i else b"text")
    features = tmp_path / "features"
    pomona.ok("extract", own_images, features, *small_network)
    page = report(pomona, features, tmp_path / "page.html")
    rejects = page["rejects"]
    assert rejects["count"] == page["summary"]["rejects"] == 3
    assert [(r["reason"], r["count"]) for r in rejects["reasons"]] == [
        ("empty_file", 2), ("unsupported_format", 1)]  # fmt: skip
    rows = page.data_file("rejects").to_pylist()
    assert {row["path"].rsplit("/", 1)[1] for row in rows} == {"0.jpg", "1.jpg", "2.jpg"}
    example = rejects["reasons"][0]["examples"][0]
    assert example["path"] in [row["path"] for row in rows] and "no bytes" in example["message"]
    assert page["summary"]["images"] == 51 and page["summary"]["finished"]
    names = {one["name"]: one["value"] for one in page["provenance"]}
    assert json.loads(names["options of the run"])["feature_dim"] == page["summary"]["dim"]
    assert re.search(r"\d+, sha256:[0-9a-f]{64}", names["table's state"])


def movies(tmp_path, rows=800):
    """(table, split, classifier) of clusters: movies of forty rows are groups."""
    values, labels = clusters(rows, 24)
    parts = ["Training" if r % 3 else "Test" for r in range(rows)]
    paths = [f"/i/{parts[r]}/{r // 40}_{r}.jpg" for r in range(rows)]
    return table(tmp_path / "features.parquet", values, path=paths, label=labels)


def test_a_classifier_is_judged_by_what_it_has_not_seen(pomona, tmp_path):
    features = movies(tmp_path)
    split, classifier = tmp_path / "split.parquet", tmp_path / "c.classifier"
    pomona.ok("split", features, split, "--by", "official", "--group", "/([0-9]+)_")
    pomona.ok("train", features, classifier, "--split", split)
    page = report(pomona, features, tmp_path / "p.html", "--classifier", classifier, "--split",
                  split)  # fmt: skip
    told = pomona.ok("evaluate", features, classifier, "--split", split, "--json").json()
    (test,) = told["evaluations"]
    accuracy = page["summary"]["accuracy"]
    assert accuracy["honest"] is None  # all groups are on both sides
    assert accuracy["official"]["value"] == pytest.approx(test["accuracy"]["value"])
    assert accuracy["official"]["rows"] == test["rows"]
    assert "no row of the test is of a group" in page.remarks("summary")
    cells = page["wrong"]["confusion"]
    assert page.numbers(cells["count"], "i4").sum() == test["rows"]
    answers = pomona.ok("predict", features, tmp_path / "answers", "--classifier", classifier)
    assert answers.code == 0
    rows = pq.read_table(tmp_path / "answers")
    assert rows["predicted"].to_pylist() == page.names("predicted")
    assert rows["probability"].to_pylist() == page.of_points("probability", "f4")
    unknown = [int(one) for one in rows["unknown"].to_pylist()]
    assert unknown == page.of_points("unknown", "u1")
    assert page["trust"]["unknown"]["count"] == sum(unknown)
    assert sum(b["count"] for b in page["trust"]["unknown"]["histogram"]) == len(unknown)


def test_honest_beside_official(pomona, tmp_path):
    features = movies(tmp_path)
    split = tmp_path / "split.parquet"
    rows = pq.read_table(features)
    # Movies 0 to 4 are seen in part, 5 to 9 not at all, 10 to 19 are learned from.
    movie = [r // 40 for r in range(len(rows))]
    part = [
        "test" if m in range(5, 10) or (m < 5 and r % 2) else "train" for r, m in enumerate(movie)
    ]
    pomona.ok("split", features, split, "--group", "/([0-9]+)_", "--test-share", 0.3)
    made = pq.read_table(split)
    chosen = made.set_column(made.schema.get_field_index("split"), "split", pa.array(part))
    pq.write_table(chosen.replace_schema_metadata(made.schema.metadata), split)
    classifier = tmp_path / "c.classifier"
    pomona.ok("train", features, classifier, "--split", split)
    told = pomona.ok("evaluate", features, classifier, "--split", split, "--json").json()
    test, others = told["evaluations"]
    page = report(pomona, features, tmp_path / "p.html", "--classifier", classifier, "--split",
                  split)  # fmt: skip
    for name, evaluation in (("official", test), ("honest", others)):
        shown = page["summary"]["accuracy"][name]
        assert shown["value"] == pytest.approx(evaluation["accuracy"]["value"])
        assert shown["low"] == pytest.approx(evaluation["accuracy"]["low"])
        assert shown["rows"] == evaluation["rows"]
    # What is learned out of fold by this split says it, too.
    without = report(pomona, features, tmp_path / "w.html", "--split", split)
    for name, evaluation in (("official", test), ("honest", others)):
        assert without["summary"]["accuracy"][name]["rows"] == evaluation["rows"]


def test_suspected_labels_are_those_of_issues(pomona, tmp_path):
    values, labels = clusters(400, 24, apart=1.0)
    wrong = range(0, 400, 41)
    for row in wrong:
        labels[row] = "lemon" if labels[row] != "lemon" else "pear"
    features = table(tmp_path / "t.parquet", values, path=[f"/i/{r}.jpg" for r in range(400)],
                     label=labels)  # fmt: skip
    page = report(pomona, features, tmp_path / "p.html")
    pomona.ok("issues", features, tmp_path / "i.parquet")
    issues = pq.read_table(tmp_path / "i.parquet").to_pylist()
    expected = [
        (row["row"], row["label_score"], row["predicted_label"])
        for row in issues
        if row["is_label_issue"]
    ]
    shown = page["wrong"]["label_issues"]
    assert len(expected) == page["wrong"]["label_issues_of"] >= 8
    assert expected == [
        (i["point"], pytest.approx(i["score"]), page["labels"][i["suggested"]]) for i in shown
    ]


def test_compared_with_another_table(pomona, colours, tmp_path):
    rows = pq.read_table(colours)
    values = np.array(rows["features"].to_pylist(), np.float32)
    paths, labels = rows["path"].to_pylist(), rows["label"].to_pylist()
    before = values.copy()
    before[3] = -before[3]
    kept = [i for i in range(40) if i not in (0, 1)]
    gone = "file:/gone/black/1.png"
    other = table(tmp_path / "other.parquet", [*before[kept], before[9]],
                  path=[*(paths[i] for i in kept), gone],
                  label=[*(labels[i] for i in kept), "black"])  # fmt: skip
    page = report(pomona, colours, tmp_path / "p.html", "--compare", other)
    compare = page["compare"]
    assert (compare["rows"], compare["new"], compare["gone"], compare["changed"]) == (39, 2, 1, 1)
    assert compare["new_examples"] == [0, 1] and compare["gone_examples"] == [gone]
    assert compare["changed_examples"][0]["point"] == 3
    assert compare["changed_examples"][0]["distance"] == pytest.approx(2)
    counts = {one["label"]: (one["before"], one["now"]) for one in compare["classes"]}
    assert counts["black"] == (1, 0) and counts["red"] == (10, 10)
    assert 0 <= compare["drift"]["value"] < 0.1
    table_of = page.data_file("compare").to_pylist()
    assert [(row["what"], row["path"]) for row in table_of] == [
        ("new", paths[0]), ("new", paths[1]), ("changed", paths[3]), ("gone", gone)]  # fmt: skip
    labels_of = page.data_file("compare_labels").to_pylist()
    assert {row["label"]: (row["before"], row["now"]) for row in labels_of} == counts

    same = report(pomona, colours, tmp_path / "same.html", "--compare", colours)["compare"]
    assert (same["new"], same["gone"], same["changed"], same["drift"]["value"]) == (0, 0, 0, 0)
    apart = table(tmp_path / "apart.parquet", -values, path=paths, label=labels)
    far = report(pomona, colours, tmp_path / "far.html", "--compare", apart)["compare"]
    assert far["drift"]["value"] > 0.2


def test_energy_drift_is_that_of_its_definition(pomona, tmp_path):
    random = np.random.default_rng(3)
    sets = [random.normal(size=(50, 6)) + [1, 0, 0, 0, 0, 0], random.normal(size=(60, 6))]
    files = [
        table(tmp_path / f"{i}.parquet", rows.astype(np.float32)) for i, rows in enumerate(sets)
    ]
    page = report(pomona, files[0], tmp_path / "p.html", "--compare", files[1])
    a, b = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in sets)
    mean = lambda x, y: np.linalg.norm(x[:, None] - y[None], axis=2).mean()  # noqa: E731
    expected = (2 * mean(a, b) - mean(a, a) - mean(b, b)) / (2 * mean(a, b))
    assert page["compare"]["drift"]["value"] == pytest.approx(expected, abs=1e-6)


HOSTILE = ["<script>document.title = 1</script>", '"><img src=x onerror=alert(1)>', "a\nb\tc",
           "\u202eevil", "\u2028\u2029", "\U0001f34e apple", "'; drop", "{{script}}", "ключ",
           "</script><!--"]  # fmt: skip


def test_labels_and_paths_are_text_whatever_they_hold(pomona, tmp_path):
    values, _ = clusters(200, 8)
    labels = [HOSTILE[r % len(HOSTILE)] for r in range(200)]
    paths = [f"file:/{label}/{r}.jpg" for r, label in enumerate(labels)]
    features = table(tmp_path / "t.parquet", values, path=paths, label=labels)
    page = report(pomona, features, tmp_path / "p.html", "--title", HOSTILE[0])
    assert sorted(page["labels"]) == sorted(HOSTILE)
    assert page.names("label") == labels and page.paths() == paths
    assert "<" not in page.text and "\u2028" not in page.text and "\u2029" not in page.text
    assert page.title() == page["title"] == HOSTILE[0]
    assert page.html.count("<script") == 2 and "onerror" not in page.html.replace(page.text, "")


def test_a_table_of_features_alone(pomona, tmp_path):
    page = report(pomona, table(tmp_path / "t.parquet", clusters(50, 8)[0]), tmp_path / "p.html")
    assert page["points"]["count"] == 50 and set(page["points"]["paths"]) == {""}
    assert page["points"]["x"] and not page["labels"] and not page["splits"]
    for section in ("classes", "samples", "thumbnails", "wrong", "trust", "rejects", "compare"):
        assert page[section] is None, section
    for section in ("classes", "samples", "wrong", "trust", "rejects"):
        assert page.remarks(section), section


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_few_rows_of_one_label(pomona, pictures, tmp_path, rows):
    paths = [f"file:{file}" for file in sorted(pictures.rglob("*.png"))[:rows]]
    features = table(tmp_path / "t.parquet", clusters(rows, 8)[0], path=paths,
                     label=["one"] * rows)  # fmt: skip
    page = report(pomona, features, tmp_path / "p.html")
    assert page["points"]["count"] == rows == page["samples"]["shown"]
    assert page["wrong"] is None and "nothing to tell apart" in page.remarks("wrong")
    assert page["classes"]["ratio"] == 1


def test_rows_that_are_no_features_are_left_out(pomona, tmp_path):
    values = list(clusters(60, 8)[0])
    values[0] = np.full(8, np.nan)
    values[20] = np.append(values[20][:-1], np.inf)
    values[30] = values[30][:5]
    values[40] = None
    paths = [f"/i/{r}.jpg" for r in range(60)]
    features = table(tmp_path / "t.parquet", values, path=paths, label=["a", "b"] * 30)
    page = report(pomona, features, tmp_path / "p.html")
    kept = [r for r in range(60) if r not in (0, 20, 30, 40)]
    assert page.of_points("row", "i4") == kept
    assert page.paths() == [paths[r] for r in kept]
    assert "1 rows have no features" in page.remarks("summary")
    assert "3 rows are left out" in page.remarks("summary")
    assert page["wrong"] is None and "not shown" in page.remarks("wrong")


def test_a_table_without_one_usable_row(pomona, tmp_path):
    features = table(tmp_path / "t.parquet", [[np.nan, 1.0]] * 3, label=["a"] * 3)
    page = report(pomona, features, tmp_path / "p.html")
    assert page["points"]["count"] == 0 and "no row has features" in page.remarks("summary")
    assert all(page[name] is None for name in ("duplicates", "wrong", "thumbnails"))


def test_more_labels_than_rows_can_be_judged_by(pomona, tmp_path):
    random = np.random.default_rng(2)
    rows = 20_000
    values = random.normal(size=(rows, 4)).astype(np.float32)
    labels = [f"label {r}" for r in range(rows)]
    offsets = pa.array(np.arange(rows + 1, dtype=np.int32) * 4)
    features = pa.ListArray.from_arrays(offsets, pa.array(values.ravel()))
    pq.write_table(pa.table({"label": labels, "features": features}), tmp_path / "t.parquet")
    page = report(pomona, tmp_path / "t.parquet", tmp_path / "p.html")
    assert len(page["labels"]) == page["points"]["count"] == rows
    assert page["wrong"] is None and "too many" in page.remarks("wrong")
    assert len(page.html) <= 20_000_000


def test_pictures_that_are_gone_huge_animated_or_turned(pomona, tmp_path):
    odd = tmp_path / "odd"
    odd.mkdir()
    frames = [odd_files.picture(size=(80, 40)).rotate(a) for a in (0, 180)]
    frames[0].save(odd / "animated.gif", save_all=True, append_images=frames[1:])
    (odd / "bomb.png").write_bytes(odd_files.png_bomb())
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = Image.new("RGB", (80, 40), "red")
    turned.paste("blue", (0, 0, 40, 40))
    turned.save(odd / "turned.jpg", exif=exif, quality=95)
    turned.resize((4000, 2000)).save(odd / "wide.jpg")
    (odd / "empty.jpg").write_bytes(b"")
    names = ["animated.gif", "bomb.png", "empty.jpg", "gone.jpg", "turned.jpg", "wide.jpg"]
    features = table(tmp_path / "t.parquet", clusters(6, 8)[0], label=list("abcdef"),
                     path=[f"file:{odd}/{name}" for name in names])  # fmt: skip
    page = report(pomona, features, tmp_path / "p.html")
    shown = [names[p] for p in page.numbers(page["thumbnails"]["point"], "i4")]
    assert sorted(shown) == ["animated.gif", "turned.jpg", "wide.jpg"]
    upright = page.thumbnail(shown.index("turned.jpg"))
    # As it lies, blue is left; upright, it is on top, and the picture is high: 40 x 80.
    assert upright.getpixel((48, 20))[2] > 180 and upright.getpixel((48, 75))[0] > 180
    assert min(upright.getpixel((10, 48))) > 245
    wide = page.thumbnail(shown.index("wide.jpg"))
    assert wide.getpixel((10, 48))[2] > 180 and min(wide.getpixel((48, 5))) > 245
    for words in ("not_found", "too_many_pixels", "empty_file", "gone.jpg"):
        assert words in page.remarks("samples")


def test_pictures_that_are_all_gone_are_not_asked_for_one_by_one(pomona, tmp_path):
    features = table(tmp_path / "t.parquet", clusters(500, 8)[0],
                     path=[f"file:/nowhere/{r}.jpg" for r in range(500)])  # fmt: skip
    page = report(pomona, features, tmp_path / "p.html")
    assert page["thumbnails"] is None and page["samples"] is None
    assert "none of the first 32 pictures can be read" in page.remarks("samples")


def test_labels_by_a_map(pomona, colours, tmp_path):
    label_map = tmp_path / "map.csv"
    label_map.write_text("from,warm\nred,yes\ngreen,no\nblue,no\ngrey,\n")
    page = report(pomona, colours, tmp_path / "p.html", "--labels", label_map)
    assert page["labels"] == ["no", "yes"]
    given = pq.read_table(colours)["label"].to_pylist()
    expected = {"red": "yes", "green": "no", "blue": "no", "grey": None}
    assert page.names("label") == [expected[name] for name in given]


def test_levels_are_compared_by_the_last_layer(pomona, some_images, tmp_path):
    features = tmp_path / "features"
    pomona.ok("extract", some_images, features, "--features", "levels", "--label", "none")
    page = report(pomona, features, tmp_path / "p.html")
    assert (page["summary"]["dim"], page["summary"]["compared_dim"]) == (2848, 1280)
    assert page["duplicates"] and page["summary"]["network"] == "efficientnet-lite0"


def test_what_is_there_is_not_replaced_unless_asked(pomona, colours, tmp_path):
    output = tmp_path / "p.html"
    report(pomona, colours, output)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    refused = pomona("report", colours, output)
    assert refused.code == REFUSED and "--overwrite" in refused.stderr
    (tmp_path / "q").mkdir()
    (tmp_path / "q" / "points.parquet").write_bytes(b"mine")
    refused = pomona("report", colours, tmp_path / "q.html")
    assert refused.code == REFUSED and "points.parquet" in refused.stderr
    assert {f: f.read_bytes() for f in before} == before and not (tmp_path / "q.html").exists()
    report(pomona, colours, output, "--overwrite", "--compare", colours, "--title", "again")
    assert Page(output)["title"] == "again"
    report(pomona, colours, output, "--overwrite")
    assert Page(output).data_file("compare").num_rows == 0  # nothing of another page is left


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("p.htm",), "ends in .html"),
        ((".html",), "ends in .html"),
        (("nowhere/p.html",), "no folder"),
        (("p.html", "--max-size", "10kB"), "--max-size must be"),
        (("p.html", "--target", "x"), "label map"),
        (("p.html", "--data", "a/b/c"), "no folder"),
        (("p.html", "--threads", "-1"), "threads"),
    ],
)
def test_refused_and_nothing_changed(pomona, colours, tmp_path, options, words):
    result = pomona("report", colours, *options, cwd=tmp_path)
    assert result.code == REFUSED and words in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_split_of_another_table_is_refused(pomona, colours, tmp_path):
    other = movies(tmp_path)
    split = tmp_path / "split.parquet"
    pomona.ok("split", other, split, "--by", "official")
    result = pomona("report", colours, tmp_path / "p.html", "--split", split)
    assert result.code == REFUSED and not (tmp_path / "p.html").exists()


def test_no_table_no_classifier_no_split(pomona, colours, tmp_path):
    output = tmp_path / "p.html"
    assert pomona("report", tmp_path / "none", output).code == FAILED
    for option, code in (("--classifier", REFUSED), ("--split", REFUSED), ("--labels", REFUSED),
                         ("--compare", FAILED)):  # fmt: skip
        assert pomona("report", colours, output, option, tmp_path / "none").code == code, option
    assert pomona("report", colours, output, "--classifier", colours).code == PROBLEM
    assert not list(tmp_path.iterdir())


def test_data_goes_where_it_is_asked_for(pomona, colours, tmp_path):
    page = report(pomona, colours, tmp_path / "p.html", "--data", tmp_path / "data/")
    assert sorted(file.name for file in (tmp_path / "data").iterdir()) == [
        f"{name}.parquet" for name in DATA_FILES
    ]
    assert not (tmp_path / "p").exists()
    assert page.data_file("points", str(tmp_path / "data")).num_rows == 40


def test_from_s3_to_s3(s3, some_images, small_network, tmp_path):
    s3.put_folder(some_images, "images")
    pomona = s3.pomona()
    pomona.ok("extract", s3.uri("images"), s3.uri("features"), *small_network)
    pomona.ok("report", s3.uri("features"), s3.uri("page.html"), "--quiet")
    page = Page(s3.table("page.html").folder, s3.filesystem)
    assert page["samples"]["shown"] == page["points"]["count"] == 48
    assert page["points"]["href_prefix"] is None and "file:" not in page.policy()
    assert page.data_file("points")["path"].to_pylist() == page.paths()
    refused = pomona("report", s3.uri("features"), s3.uri("page.html"))
    assert refused.code == REFUSED and "--overwrite" in refused.stderr


def test_from_hdfs_to_hdfs(hdfs, colours, tmp_path):
    folder = tmp_path / "table"
    folder.mkdir()
    shutil.copy(colours, folder)
    hdfs.put_folder(folder, "table")
    # The variables of libhdfs are set by the fixture.
    Pomona().ok("report", hdfs.uri("table"), hdfs.uri("page.html"), "--quiet")
    page = Page(hdfs.table("page.html").folder, hdfs.filesystem)
    assert page["points"]["count"] == 40 and page.data_file("points").num_rows == 40
