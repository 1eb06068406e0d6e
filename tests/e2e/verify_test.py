"""verify proves a sound output and finds what is wrong with another."""

import pyarrow.parquet as pq
import pytest
from program import OK, PROBLEM, REFUSED


@pytest.fixture
def output(pomona, some_images, tmp_path):
    pomona.ok("extract", some_images, tmp_path / "table", "--rows-per-file", 10)
    return tmp_path / "table"


def found(pomona, output, *words):
    result = pomona("verify", output)
    assert result.code == PROBLEM, (result.code, result.stdout, result.stderr)
    for word in words:
        assert word in result.stdout + result.stderr


def test_a_sound_output_is_proved(pomona, output):
    assert pomona("verify", output).code == OK
    proved = pomona.ok("verify", output, "--json").json()
    assert (proved["rows"], proved["references"], proved["parts"]) == (48, 48, 5)
    assert proved["problems"] == []


def test_a_missing_part(pomona, output):
    part = sorted(output.glob("part-*"))[2]
    part.unlink()
    found(pomona, output, part.name)


@pytest.mark.parametrize("at", [0.1, 0.5, 0.99])
def test_a_flipped_bit(pomona, output, at):
    part = sorted(output.glob("part-*"))[1]
    data = bytearray(part.read_bytes())
    data[int(len(data) * at)] ^= 1
    part.write_bytes(data)
    found(pomona, output, part.name)


def test_a_part_cut_short(pomona, output):
    part = sorted(output.glob("part-*"))[1]
    part.write_bytes(part.read_bytes()[:-100])
    found(pomona, output, part.name)


def test_a_path_that_is_there_twice(pomona, output):
    copy = sorted(output.glob("part-*"))[0]
    table = pq.read_table(copy)
    pq.write_table(table, output / "part-00099-copy.snappy.parquet")
    found(pomona, output, "part-00099-copy.snappy.parquet")


def test_rows_swapped_between_parts(pomona, output):
    first, second = sorted(output.glob("part-*"))[:2]
    data = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(data)
    found(pomona, output, first.name, second.name)


def test_an_unfinished_output(pomona, output):
    (output / "_SUCCESS").unlink()
    found(pomona, output, "_SUCCESS")


def test_a_damaged_manifest(pomona, output):
    entry = sorted((output / "_pomona" / "manifest").iterdir())[0]
    entry.write_text(entry.read_text()[:-20])
    assert pomona("verify", output).code == PROBLEM


def test_no_output_at_all(pomona, tmp_path):
    assert pomona("verify", tmp_path).code == REFUSED


def test_extract_does_not_go_on_where_a_part_is_gone(pomona, some_images, output):
    part = sorted(output.glob("part-*"))[2]
    part.unlink()
    result = pomona("extract", some_images, output, "--rows-per-file", 10)
    assert result.code == PROBLEM, result.stderr
    assert part.name in result.stderr


def test_a_table_that_is_not_finished_comes_with_a_hint_on_a_line_of_its_own(pomona, output):
    (output / "_SUCCESS").unlink()
    found(pomona, output, "_SUCCESS is missing\nhint: run the same extract again")
