"""The same inputs and options give the same rows in the same files."""

import pytest
from table import Table


@pytest.fixture(scope="module")
def with_one_thread(pomona, some_images, tmp_path_factory):
    output = tmp_path_factory.mktemp("one") / "table"
    pomona.ok("extract", some_images, output, "--threads", 1, "--rows-per-file", 10)
    return Table(output)


@pytest.mark.parametrize(
    "options",
    [("--threads", 1), ("--threads", 2), ("--threads", 2, "--fetches", 1), ("--memory", 65536)],
)
def test_threads_and_limits_change_nothing(pomona, some_images, tmp_path, with_one_thread, options):
    pomona.ok("extract", some_images, tmp_path / "table", "--rows-per-file", 10, *options)
    assert Table(tmp_path / "table").content() == with_one_thread.content()


def test_rows_are_in_byte_order_of_the_path_and_files_are_full(with_one_thread):
    paths = with_one_thread.paths()
    assert paths == sorted(paths, key=str.encode)
    assert [part.num_rows for part in with_one_thread.parts().values()] == [10, 10, 10, 10, 8]
