"""Options that do not fit are refused before any work, by name."""

import pytest
from program import REFUSED
from table import Table


@pytest.mark.parametrize(
    ("option", "value"),
    [("--rows-per-file", "20"), ("--resize", "nearest"), ("--features-as", "vector"),
     ("--label", "none"), ("--preprocess", "torch"), ("--glob", "*.jpg"),
     ("--max-pixels", "1000000"), ("--background", "white"), ("--precision", "bf16")],
)  # fmt: skip
def test_another_option_than_the_outputs_is_refused(pomona, some_images, tmp_path, option, value):
    pomona.ok("extract", some_images, tmp_path / "table", "--rows-per-file", 10)
    before = Table(tmp_path / "table").content()
    result = pomona(
        "extract", some_images, tmp_path / "table", "--rows-per-file", 10, option, value
    )
    assert result.code == REFUSED, result.stderr
    assert option.lstrip("-").replace("-", "_") in result.stderr.replace("-", "_")
    assert "--overwrite" in result.stderr
    assert Table(tmp_path / "table").content() == before


def test_overwrite_starts_anew(pomona, some_images, tmp_path):
    pomona.ok("extract", some_images, tmp_path / "table", "--rows-per-file", 10)
    pomona.ok("extract", some_images, tmp_path / "table", "--rows-per-file", 20, "--overwrite")
    parts = Table(tmp_path / "table").parts()
    assert [part.num_rows for part in parts.values()] == [20, 20, 8]
    assert pomona("verify", tmp_path / "table").code == 0


def test_overwrite_keeps_what_is_not_ours(pomona, some_images, tmp_path):
    (tmp_path / "table").mkdir()
    (tmp_path / "table" / "thesis.txt").write_text("five years of work")
    pomona("extract", some_images, tmp_path / "table", "--overwrite")
    assert (tmp_path / "table" / "thesis.txt").read_text() == "five years of work"


def test_parts_of_another_program_are_not_touched(pomona, some_images, tmp_path):
    (tmp_path / "table").mkdir()
    stranger = tmp_path / "table" / "part-00000-stranger.snappy.parquet"
    stranger.write_bytes(b"not ours")
    result = pomona("extract", some_images, tmp_path / "table")
    assert result.code == REFUSED
    assert stranger.read_bytes() == b"not ours"


@pytest.mark.parametrize(
    ("option", "value"),
    [("--rows-per-file", "0"), ("--rows-per-file", "-1"), ("--rows-per-file", "many"),
     ("--threads", "-1"), ("--threads", "100000"), ("--memory", "-5"), ("--fetches", "-2"),
     ("--precision", "f64"), ("--resize", "lanczos"), ("--features-as", "table"),
     ("--on-error", "shrug"), ("--features-layout", "CHW"), ("--label", "("), ("--glob", ""),
     ("--preprocess", "magic"),
     ("--background", "#12"), ("--max-pixels", "0"), ("--price-per-hour", "-1"),
     ("--no-such-option", "1")],
)  # fmt: skip
def test_an_absurd_option_is_refused_by_name_before_anything_is_written(
    pomona, some_images, tmp_path, option, value
):
    result = pomona("extract", some_images, tmp_path / "table", f"{option}={value}")
    assert result.code == REFUSED, result.stderr
    assert option.lstrip("-").replace("-", "_") in result.stderr.replace("-", "_")
    assert not (tmp_path / "table").exists()
