"""pomona.check_output: where a table must not be written."""

import pytest

import pomona


@pytest.mark.parametrize(
    "spelling", ["{0}", "{0}/", "{0}/x/..", "file:{0}", "FILE://{0}/", "{0}/.."]
)
def test_the_source_and_what_holds_it_are_no_output(images, spelling):
    with pytest.raises(pomona.InvalidOption, match="is the source, or holds it"):
        pomona.check_output(spelling.format(images), sources=[images], tables_may_go=True)


def test_a_folder_of_other_things_is_no_output(images, tmp_path):
    with pytest.raises(pomona.InvalidOption, match="holds something else: "):
        pomona.check_output(images, tables_may_go=True)
    with pytest.raises(pomona.InvalidOption, match="holds something else: letter.txt"):
        pomona.check_output(tmp_path, names=["_SUCCESS", "letter.txt"], tables_may_go=True)


def test_a_table_is_in_the_way_unless_it_may_go(tmp_path):
    (tmp_path / "_SUCCESS").touch()
    with pytest.raises(pomona.InvalidOption, match="_SUCCESS"):
        pomona.check_output(tmp_path)
    pomona.check_output(tmp_path, tables_may_go=True)
    pomona.check_output(tmp_path / "new")
