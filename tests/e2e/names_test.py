"""File names of every kind come through unchanged, from every kind of store."""

import csv
import io
import json

import pytest
from odd_files import encoded, picture, write_files
from table import Table

NAMES = [
    "a b.jpg", "quo'te.jpg", 'double"quote.jpg', "new\nline.jpg", "tab\t.jpg", "100%.jpg",
    "a%20b.jpg", "h#h.jpg", "w?w.jpg", "plus+.jpg", "amp&.jpg", "Äpfel.jpg", "林檎.jpg", "🍎.jpg",
    "back\\slash.jpg", "comma,semi;.jpg", "brackets[1]{2}.jpg", "star*.jpg", "tilde~.jpg", " .jpg",
]  # fmt: skip
LABEL = "Ä 100% #1?"


def expected(prefix: str) -> list[str]:
    return sorted(f"{prefix}/{LABEL}/{name}" for name in NAMES)


def check(table: Table, prefix: str) -> None:
    assert table.rejects() == []
    assert sorted(table.paths()) == expected(prefix)
    assert set(table.rows()["label"].to_pylist()) == {LABEL}


@pytest.fixture
def odd_folder(tmp_path):
    folder = tmp_path / "source"
    write_files(folder / LABEL, dict.fromkeys(NAMES, encoded(picture(), "JPEG")))
    return folder


def test_odd_names_in_a_local_folder(pomona, odd_folder, tmp_path):
    pomona.ok("extract", odd_folder, tmp_path / "table")
    check(Table(tmp_path / "table"), f"file:{odd_folder}")


def test_odd_names_on_s3(any_s3, odd_folder, tmp_path):
    for name in NAMES:
        any_s3.put(f"source/{LABEL}/{name}", (odd_folder / LABEL / name).read_bytes())
    any_s3.pomona().ok("extract", any_s3.uri("source"), tmp_path / "table")
    check(Table(tmp_path / "table"), f"s3a://{any_s3.bucket}/source")


def test_listings_quote_odd_names(pomona, odd_folder):
    lines = pomona.ok("list", odd_folder, "--format", "json").stdout.splitlines()
    assert sorted(json.loads(line)["uri"] for line in lines) == expected(f"file:{odd_folder}")
    text = pomona.ok("list", odd_folder, "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert sorted(row["uri"] for row in rows) == expected(f"file:{odd_folder}")


def test_a_file_name_that_is_not_unicode_does_not_end_the_run(pomona, tmp_path):
    folder = write_files(tmp_path / "images", {"good.jpg": encoded(picture(), "JPEG")})
    with open(bytes(folder) + b"/latin1-\xe4.jpg", "wb") as file:
        file.write(encoded(picture(), "JPEG"))
    pomona.ok("extract", folder, tmp_path / "table")
    table = Table(tmp_path / "table")
    assert f"file:{folder}/good.jpg" in table.paths()
    assert table.rows().num_rows + len(table.rejects()) == 2
