"""`pomona demo`: ends with a classifier, and touches nothing that is not its own."""

from page import Page
from program import OK, REFUSED


def test_it_ends_with_a_classifier_that_knows_what_it_has_not_seen(pomona, tmp_path):
    folder = tmp_path / "demo"
    told = pomona.ok("demo", folder)
    assert "unknown: rows                                                  200" in told.stdout
    assert (folder / "fruits.classifier").is_file()
    page = Page(folder / "report.html")
    assert page["title"] == "Drawn fruits" and page["samples"]["shown"] == 1200
    assert page["summary"]["accuracy"]["official"]["value"] > 0.9
    assert page["trust"]["unknown"]["count"] >= 190
    assert f"file://{folder}/report.html" in told.stdout
    before = (folder / "fruits.classifier").read_bytes()
    again = pomona("demo", folder)
    assert again.code == OK, again.stderr
    assert (folder / "fruits.classifier").read_bytes() == before


def test_what_others_put_there_is_left_alone(pomona, tmp_path):
    for name in ("split.parquet", "fruits.classifier", "part-00000.parquet"):
        folder = tmp_path / name.split(".")[0]
        folder.mkdir()
        (folder / name).write_text("mine")
        result = pomona("demo", folder)
        assert (result.code, [place.name for place in folder.iterdir()]) == (REFUSED, [name])
        assert name in result.stderr and "hint: name a new folder" in result.stderr
        assert (folder / name).read_text() == "mine"
