"""verify proves a sound output and finds what is wrong with another."""

import json
import os
import shutil

import pyarrow.parquet as pq
import pytest
import states
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
    state = states.files(output)[1]
    state.write_text(state.read_text()[:-20])
    found(pomona, output, "damaged manifest", state.name)


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


def test_a_last_part_that_is_gone_with_all_that_speaks_of_it(pomona, output):
    references = sorted((output / "_pomona" / "references").iterdir())[-1]
    for file in (sorted(output.glob("part-*"))[-1], states.files(output)[-1], references):
        file.unlink()
    found(pomona, output, "_SUCCESS was written for state 5, the newest that is there is 4")


def test_a_last_state_that_became_empty(pomona, output):
    states.files(output)[-1].write_text("")
    sorted(output.glob("part-*"))[-1].unlink()
    found(pomona, output, "_SUCCESS was written for state 5, the newest that is there is 4")


def test_a_success_of_a_state_that_is_not_the_newest(pomona, some_images, output):
    """As a run leaves it that slept before its end, and woke up while another was at work."""
    success = (output / "_SUCCESS").read_text()
    (output / "_SUCCESS").unlink()
    pomona.ok("extract", some_images, output, "--rows-per-file", 10)
    (output / "_SUCCESS").write_text(success)
    found(pomona, output, "not finished: _SUCCESS is of an older state")
    pomona.ok("extract", some_images, output, "--rows-per-file", 10)
    assert pomona("verify", output).code == OK


def test_a_table_of_a_version_to_come_is_refused(pomona, some_images, output):
    state = states.files(output)[-1]
    state.write_text('{"format":3,"and":"more"}\n')
    (output / "_SUCCESS").write_text('{"format":3}')
    for command in (["verify", output], ["extract", some_images, output, "--update"]):
        result = pomona(*command)
        assert result.code == REFUSED
        assert "format 3" in result.stderr
        assert "newer version" in result.stderr


@pytest.mark.parametrize(
    "name", ["copy.parquet", "sub/part-00000.parquet", "label=x/x.parquet", "a"]
)
def test_whatever_a_reader_would_take_for_a_part(pomona, output, name):
    (output / name).parent.mkdir(exist_ok=True)
    shutil.copy(sorted(output.glob("part-*"))[0], output / name)
    found(pomona, output, f"{name}: not in the manifest, yet readers would see it")


def test_links_that_lead_round_in_circles(pomona, output):
    for name in ("here", "there"):
        os.symlink(output, output / name)
    found(
        pomona,
        output,
        "here/part-00000-",
        "here/there/here/there/here/there/here/there/here: not in",
    )


@pytest.mark.parametrize("wrong", [1, 10**12, -5])
def test_an_entry_with_another_size(pomona, output, wrong):
    states.rewrite(output, lambda every: every[2][1]["data"].update(bytes=wrong))
    assert pomona("verify", output).code == PROBLEM


def test_a_generation_that_has_no_successor(pomona, output):
    states.rewrite(output, lambda every: every[2][1].update(generation=2**31 - 1))
    found(pomona, output, "generation is not a count")


def test_a_part_of_another_run_whose_record_it_got(pomona, some_images, output, tmp_path):
    """As a run of 0.1.0 leaves it that slept, woke up, and put its own record in the place of
    another's."""
    states.make_first_format(output)
    record = output / "_pomona" / "run.json"
    changed = json.loads(record.read_text())
    changed["options"]["model_digest"] = "sha256:" + "0" * 64
    record.write_text(json.dumps(changed))
    found(pomona, output, "pomona.model.digest: sha256:", "in its footer", "in the record")


def test_a_table_of_the_first_format_is_proved_and_upgraded(pomona, some_images, output):
    states.make_first_format(output)
    assert pomona("verify", output).code == OK
    # A run that has nothing to do changes nothing; one that writes gives it states and a seal.
    pomona.ok("extract", some_images, output, "--rows-per-file", 10)
    assert (output / "_SUCCESS").read_text() == ""
    assert not states.files(output)
    before = {part.name: part.read_bytes() for part in output.glob("part-*")}
    (output / "_SUCCESS").unlink()
    pomona.ok("extract", some_images, output, "--rows-per-file", 10)
    assert json.loads((output / "_SUCCESS").read_text())["rows"] == 48
    assert {part.name: part.read_bytes() for part in output.glob("part-*")} == before
    assert not (output / "_pomona" / "run.json").exists()
    assert not list((output / "_pomona" / "manifest").iterdir())
    assert pomona("verify", output).code == OK


def test_an_update_does_not_make_rot_official(pomona, own_images, small_network, tmp_path):
    output = tmp_path / "table"
    options = ("--rows-per-file", 10, *small_network)
    pomona.ok("extract", own_images, output, *options)
    part = sorted(output.glob("part-*"))[0]
    data = bytearray(part.read_bytes())
    data[len(data) // 3] ^= 1
    part.write_bytes(data)
    sorted(own_images.rglob("*.jpg"))[1].unlink()
    result = pomona("extract", own_images, output, *options, "--update")
    assert result.code == PROBLEM, result.stderr
    assert part.name in result.stderr
    assert "another checksum than in the manifest" in result.stderr
    found(pomona, output, part.name)


def test_an_update_refuses_a_manifest_that_lost_a_part(pomona, some_images, output):
    for file in (sorted(output.glob("part-*"))[-1], states.files(output)[-1]):
        file.unlink()
    result = pomona("extract", some_images, output, "--rows-per-file", 10, "--update")
    assert result.code == PROBLEM, result.stderr
    assert "_SUCCESS was written for state 5, the newest that is there is 4" in result.stderr


FOLDERS = ["", "states", "references", "rejects", "staging", "lease"]


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("option", [None, "--update", "--overwrite"])
def test_what_lies_behind_a_link_is_left_alone(
    pomona, some_images, output, tmp_path, folder, option
):
    """Whoever put a link there: nothing is removed or written elsewhere."""
    theirs = tmp_path / "theirs"
    inside = output / "_pomona" / folder
    shutil.move(inside, theirs)
    os.symlink(theirs, inside)
    (theirs / "part-00099-c000.parquet").write_text("theirs")
    before = {file: file.read_bytes() for file in theirs.rglob("*") if file.is_file()}
    options = [option] if option else []
    result = pomona("extract", some_images, output, "--rows-per-file", 10, *options)
    assert result.code == REFUSED, result.stderr
    assert "is a link" in result.stderr
    assert {file: file.read_bytes() for file in theirs.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize("option", ["--update", "--overwrite"])
def test_files_that_are_not_ours_stay_where_they_are(pomona, some_images, output, option):
    strangers = [output / "_pomona" / folder / "notes.txt" for folder in FOLDERS]
    for stranger in strangers:
        stranger.write_text("mine")
    (output / "_SUCCESS").unlink()
    pomona.ok("extract", some_images, output, "--rows-per-file", 10, option)
    assert [stranger.read_text() for stranger in strangers] == ["mine"] * len(strangers)


def test_a_claim_of_the_future_holds_nobody_up(pomona, some_images, output):
    claim = output / "_pomona" / "lease" / "0f3a2b1c-1111-4222-8333-444455556666-0.json"
    claim.write_text("{}")
    os.utime(claim, (4_000_000_000, 4_000_000_000))
    pomona.ok("extract", some_images, output, "--rows-per-file", 10, "--update")


def test_components_are_not_made_of_damaged_pages(pomona, output, tmp_path):
    """A reader that has no manifest to go by finds damage by the pages' checksums."""
    part = sorted(output.glob("part-*"))[1]
    whole = part.read_bytes()
    for at in (0.2, 0.5, 0.8):
        data = bytearray(whole)
        data[int(len(data) * at)] ^= 1
        part.write_bytes(data)
        result = pomona("pca", output, tmp_path / "reduced", "--k", 3)
        assert result.code == PROBLEM, (at, result.stderr)
        assert part.name in result.stderr
        assert not (tmp_path / "reduced").exists()
