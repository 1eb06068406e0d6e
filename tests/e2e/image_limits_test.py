"""What one image may cost: over a limit it is a reject, which --update tries again."""

import pytest
from odd_files import encoded, good_files, picture, write_files
from program import OK
from table import Table

# Of these two limits the large images below are over one each, and no other image is over any.
NO_TIME = ("--max-image-seconds", "0.000001")
LITTLE_MEMORY = ("--max-image-memory", "1MiB")
LIMITS = (*NO_TIME, *LITTLE_MEMORY)
REJECTS = {"slow.jpg": "too_slow", "greedy.webp": "too_much_memory"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    large = picture(size=(900, 700))
    return write_files(
        tmp_path_factory.mktemp("limits") / "images",
        {
            # Rows are decoded one after another, each look at the clock is after many of them.
            "slow.jpg": encoded(large, "JPEG"),
            # Held whole, which is found out before the first row.
            "greedy.webp": encoded(large, "WEBP", quality=50),
            **good_files(),
        },
    )


@pytest.fixture
def table(pomona, folder, tmp_path):
    """A finished table with both images rejected, and the command that made it."""
    output = tmp_path / "table"
    command = ("extract", folder, output, "--rows-per-file", 5, "--json")
    pomona.ok(*command, *LIMITS)
    assert Table(output).reject_reasons() == REJECTS
    return output, command


def rows_by_number(output):
    """The rows of each part, by its number: an update writes a part that had rejects again."""
    parts = Table(output).parts()
    return {name.split("-")[1]: part.to_pylist() for name, part in parts.items()}


def features(output):
    rows = Table(output).rows()
    return dict(zip(rows["path"].to_pylist(), rows["features"].to_pylist(), strict=True))


def test_without_update_they_stay_rejects_whatever_the_limits(pomona, table):
    output, command = table
    before = Table(output).content()
    for limits in ((), LIMITS):
        assert pomona.ok(*command, *limits).json()["images"] == 0
        assert Table(output).content() == before


def test_an_update_with_the_same_limits_rejects_them_again(pomona, table):
    output, command = table
    before = features(output)
    report = pomona.ok(*command, *LIMITS, "--update").json()
    assert (report["images"], report["rejects"]) == (0, {"too_much_memory": 1, "too_slow": 1})
    assert Table(output).reject_reasons() == REJECTS
    assert features(output) == before
    assert pomona("verify", output).code == OK


def test_an_update_with_higher_limits_lets_them_in_and_moves_no_other_row(
    pomona, table, folder, tmp_path
):
    output, command = table
    before = rows_by_number(output)
    # The one that was over two limits is still over the other.
    pomona.ok(*command, *NO_TIME, "--update")
    assert Table(output).reject_reasons() == dict.fromkeys(REJECTS, "too_slow")
    report = pomona.ok(*command, "--update").json()
    assert (report["images"], report["rejects"]) == (len(REJECTS), {})
    assert Table(output).rejects() == []
    assert pomona("verify", output).code == OK
    pomona.ok("extract", folder, tmp_path / "anew")
    assert features(output) == features(tmp_path / "anew")
    after = rows_by_number(output)
    assert {number: after.pop(number) for number in before} == before
    assert sorted(
        row["path"].rsplit("/", 1)[1] for rows in after.values() for row in rows
    ) == sorted(REJECTS)
