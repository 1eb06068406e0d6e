"""Two runs on one output at once: the second is refused, the first goes on."""

import time

import pytest
from program import OK, REFUSED, finish
from servers.proxy import FaultProxy

OPTIONS = ("--rows-per-file", 8, "--fetches", 1)


@pytest.mark.parametrize("where", ["local", "s3"])
def test_the_second_run_is_refused(s3, some_images, tmp_path, where):
    s3.put_folder(some_images, "source")
    output = tmp_path / "table" if where == "local" else s3.uri("table")
    table = s3.table("table") if where == "s3" else None
    with FaultProxy(s3.endpoint, "--latency", "50ms") as proxy:
        slow = s3.pomona(proxy.endpoint).start("extract", s3.uri("source"), output, *OPTIONS)
        while not (table.part_paths() if table else any(tmp_path.glob("table/part-*"))):
            assert slow.poll() is None, slow.communicate()
            time.sleep(0.02)
        second = s3.pomona()("extract", s3.uri("source"), output, *OPTIONS)
        assert second.code == REFUSED, second.stderr
        assert "another run" in second.stderr
        assert finish(slow).code == OK
    assert s3.pomona()("verify", output).code == OK


def test_of_many_that_start_together_at_most_one_works(pomona, some_images, tmp_path):
    command = ("extract", some_images, tmp_path / "table", "--rows-per-file", 8)
    codes = [finish(process).code for process in [pomona.start(*command) for _ in range(4)]]
    assert set(codes) <= {OK, REFUSED}
    pomona.ok(*command)
    assert pomona("verify", tmp_path / "table").code == OK
