"""Ctrl-C ends a run in order; the same command continues it."""

import signal
import time

from program import INTERRUPTED, OK, Pomona, finish
from servers.proxy import FaultProxy
from table import Table

OPTIONS = ("--rows-per-file", 8, "--fetches", 1)


def wait_for_a_part(output, process):
    while not any(output.glob("part-*")):
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)


def test_ctrl_c_exits_130_and_the_next_run_continues(s3, some_images, tmp_path):
    s3.put_folder(some_images, "source")
    s3.put("source/A.jpg", b"")  # the first of all
    output = tmp_path / "table"
    # One fetch at a time through 50 ms of latency: slow enough to be caught at work.
    with FaultProxy(s3.endpoint, "--latency", "50ms") as proxy:
        process = s3.pomona(proxy.endpoint).start("extract", s3.uri("source"), output, *OPTIONS)
        wait_for_a_part(output, process)
        process.send_signal(signal.SIGINT)
        result = finish(process)
    assert result.code == INTERRUPTED, result.stderr
    assert "rejects so far: 1 empty_file" in result.stderr
    assert not Table(output).is_finished()
    assert not list((output / "_pomona").glob("lease/*-*")), "the lease was not given back"
    report = s3.pomona().ok("extract", s3.uri("source"), output, *OPTIONS, "--json").json()
    assert report["unchanged"] >= 8
    assert report["rows"] == 48
    assert Pomona()("verify", output).code == OK


def test_a_second_ctrl_c_ends_at_once(s3, some_images, tmp_path):
    s3.put_folder(some_images, "source")
    output = tmp_path / "table"
    with FaultProxy(s3.endpoint, "--latency", "50ms") as proxy:
        process = s3.pomona(proxy.endpoint).start("extract", s3.uri("source"), output, *OPTIONS)
        wait_for_a_part(output, process)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        assert finish(process, seconds=30).code in (INTERRUPTED, -signal.SIGINT)
    s3.pomona().ok("extract", s3.uri("source"), output, *OPTIONS)
    assert Pomona()("verify", output).code == OK


def test_sigterm_is_as_orderly(s3, some_images, tmp_path):
    s3.put_folder(some_images, "source")
    output = tmp_path / "table"
    with FaultProxy(s3.endpoint, "--latency", "50ms") as proxy:
        process = s3.pomona(proxy.endpoint).start("extract", s3.uri("source"), output, *OPTIONS)
        wait_for_a_part(output, process)
        process.terminate()
        assert finish(process).code == INTERRUPTED
    s3.pomona().ok("extract", s3.uri("source"), output, *OPTIONS)
    assert Pomona()("verify", output).code == OK
