"""Help and error texts, as the files in snapshots/ have them: a change there is seen in review.

pytest --snapshot-update rewrites them.
"""

import pathlib
import re

import pytest
from program import OK

SNAPSHOTS = pathlib.Path(__file__).parent / "snapshots"

HELPS = {
    "help": (),
    **{
        f"help-{name}": (name,)
        for name in (
            "extract",
            "list",
            "plan",
            "pca",
            "split",
            "train",
            "evaluate",
            "predict",
            "export",
            "locate",
            "serve",
            "neighbors",
            "duplicates",
            "issues",
            "app",
            "suggest",
            "map",
            "report",
            "verify",
            "demo",
            "doctor",
            "model",
        )
    },
    **{f"help-model-{name}": ("model", name) for name in ("list", "show", "add", "quantize")},
}
ERRORS = {
    "error-no-command": (),
    "error-unknown-command": ("extrakt",),
    "error-missing-output": ("extract", "images"),
    "error-unknown-option": ("extract", "images", "table", "--colour", "red"),
    "error-bad-number": ("extract", "images", "table", "--rows-per-file", "0"),
    "error-bad-choice": ("extract", "images", "table", "--precision", "f64"),
    "error-missing-source": ("extract", "no/such/folder", "table"),
    "error-unknown-scheme": ("list", "ftp://host/images"),
    "error-unknown-model": ("model", "show", "resnet-9000"),
}


def check(request, name: str, text: str) -> None:
    text = re.sub(r"\d+\.\d+\.\d+", "VERSION", text)
    path = SNAPSHOTS / f"{name}.txt"
    if request.config.getoption("--snapshot-update"):
        SNAPSHOTS.mkdir(exist_ok=True)
        path.write_text(text)
    assert path.exists(), (
        f"no snapshot {path.name}: run pytest with --snapshot-update and look at it"
    )
    assert text == path.read_text()


@pytest.mark.parametrize("name", HELPS)
def test_help(pomona, request, name):
    result = pomona(*HELPS[name], "--help")
    assert (result.code, result.stderr) == (OK, "")
    check(request, name, result.stdout)


@pytest.mark.parametrize("name", ERRORS)
def test_error(pomona, request, tmp_path, name):
    result = pomona(*ERRORS[name], cwd=tmp_path)
    assert result.code != OK
    assert result.stdout == ""
    assert "error: " in result.stderr
    text = result.stderr.replace(str(tmp_path), "HERE")
    check(request, name, f"exit {result.code}\n{text}")


def test_version(pomona):
    assert re.fullmatch(r"pomona \d+\.\d+\.\d+\n", pomona.ok("--version").stdout)


def test_the_promised_options_are_there(pomona):
    shown = pomona.ok("extract", "--help").stdout
    for option in (
        "model", "features", "precision", "glob", "label", "resize", "preprocess", "rows-per-file",
        "features-as", "on-error", "max-rejects", "overwrite", "update", "repair",
        "threads", "memory", "fetches", "report", "quiet", "json", "s3-endpoint", "background",
        "exif-rotate",
        "max-pixels", "max-bytes", "max-image-seconds", "max-image-memory", "s3-requester-pays",
        "price-per-hour",
    ):  # fmt: skip
        assert f"--{option}" in shown
