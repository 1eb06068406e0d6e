"""What is no image becomes a reject with a reason, and the run goes on."""

import os

import pytest
from odd_files import bad_files, good_files, write_files
from program import OK, PROBLEM, REFUSED, TOO_MANY_REJECTS, Pomona
from table import Table


@pytest.fixture
def mixed(tmp_path):
    bad = {name: data for name, (data, _) in bad_files().items()}
    return write_files(tmp_path / "images", {**bad, **good_files()})


def test_each_bad_file_has_one_reject_and_each_good_one_a_row(pomona, mixed, tmp_path):
    pomona.ok("extract", mixed, tmp_path / "table")
    table = Table(tmp_path / "table")
    expected = {name: reason for name, (_, reason) in bad_files().items()}
    assert table.reject_reasons() == expected
    assert {path.rsplit("/", 1)[1] for path in table.paths()} == set(good_files())
    report = table.report()
    assert sum(report["rejects"].values()) == len(expected)
    assert report["images"] == len(good_files())
    assert pomona("verify", tmp_path / "table").code == OK


def test_a_reject_row_says_what_and_why(pomona, mixed, tmp_path):
    pomona.ok("extract", mixed, tmp_path / "table")
    row = next(r for r in Table(tmp_path / "table").rejects() if r["uri"].endswith("/text.jpg"))
    assert row["uri"] == f"file:{mixed}/text.jpg"
    assert row["label"] == mixed.name
    assert row["size"] == (mixed / "text.jpg").stat().st_size
    assert row["message"]


def test_on_error_fail_ends_the_run_and_names_the_file(pomona, tmp_path):
    folder = write_files(tmp_path / "images", {**good_files(), "empty.jpg": b""})
    result = pomona("extract", folder, tmp_path / "table", "--on-error", "fail")
    assert result.code == PROBLEM
    assert "empty.jpg" in result.stderr
    assert not Table(tmp_path / "table").is_finished()


def test_a_run_that_yields_nothing_is_not_done(pomona, tmp_path):
    folder = write_files(tmp_path / "images", {"a.jpg": b"", "b.jpg": b"text", "c.jpg": b"text"})
    output = tmp_path / "table"
    for _ in range(2):
        result = pomona("extract", folder, output)
        assert result.code == TOO_MANY_REJECTS
        assert "3 of 3 (2 unsupported_format, 1 empty_file)" in result.stderr
        assert "done" not in result.stderr
        assert not Table(output).is_finished()
    pomona.ok("extract", folder, output, "--max-rejects", "100%")
    assert Table(output).is_finished()
    assert len(Table(output).rejects()) == 3


def test_more_rejects_than_allowed_end_the_run_and_a_higher_limit_continues_it(pomona, tmp_path):
    bad = {f"x{i}.jpg": b"text" for i in range(4)}
    folder = write_files(tmp_path / "images", {**good_files(), **bad})
    output = tmp_path / "table"
    for limit in ("3", "1%", "0"):
        result = pomona("extract", folder, output, "--max-rejects", limit)
        assert result.code == TOO_MANY_REJECTS
        assert "4 unsupported_format" in result.stderr
        assert not Table(output).is_finished()
    done = pomona.ok("extract", folder, output, "--max-rejects", "4")
    assert "4 unsupported_format" in done.stderr
    assert len(Table(output).rows()) == len(good_files())
    assert pomona("extract", folder, output, "--max-rejects", "many").code == REFUSED


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("notes.docx", b"PK\x03\x04 and so on", "ZIP"),
        ("film.mp4", b"\0\0\0\x18ftypmp42", "MP4"),
        ("photo.jpg", b"dear all", "text"),
        ("photo.jpg", b"", "empty"),
    ],
)
def test_one_file_that_is_no_image_is_refused_before_anything(pomona, tmp_path, name, data, kind):
    folder = write_files(tmp_path / "images", {name: data})
    for command in ("extract", "plan"):
        result = pomona(command, folder / name, tmp_path / "table")
        assert result.code == REFUSED
        assert f"no image but {kind}" in result.stderr
    assert not (tmp_path / "table").exists()


def test_a_larger_pixel_limit_lets_the_large_image_in(pomona, tmp_path):
    large = {"bomb.png": bad_files()["bomb.png"][0]}
    folder = write_files(tmp_path / "images", {**large, **good_files()})
    pomona.ok("extract", folder, tmp_path / "table", "--max-pixels", 500_000_000)
    assert Table(tmp_path / "table").rejects() == []


def test_a_file_without_permission_is_forbidden(tmp_path):
    folder = write_files(tmp_path / "images", good_files())
    (folder / "grey.jpg").chmod(0)
    # Root reads everything, unless it gives that up.
    launcher = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    Pomona(launcher=launcher if os.geteuid() == 0 else []).ok("extract", folder, tmp_path / "table")
    assert Table(tmp_path / "table").reject_reasons() == {"grey.jpg": "forbidden"}


def test_what_is_no_regular_file_is_not_listed(pomona, tmp_path):
    folder = write_files(tmp_path / "images", good_files())
    os.mkfifo(folder / "pipe.jpg")
    (folder / "folder.jpg").mkdir()
    pomona.ok("extract", folder, tmp_path / "table", seconds=60)
    table = Table(tmp_path / "table")
    assert table.rows().num_rows == len(good_files())
    assert table.rejects() == []
