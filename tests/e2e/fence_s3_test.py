"""Runs on S3 that sleep at several places, for longer than a sign of life lasts, while others take
their tables over and end: when they wake up, the store refuses what they send."""

import json
import os
import signal
import time

import pyarrow.fs
from program import FAILED, OK, finish
from servers.proxy import FaultProxy

OPTIONS = ("--rows-per-file", 4, "--threads", 1)
# A sign is dead after 60 s.
ASLEEP = 62
# So many states are there when a run is stopped: right after it opened its table, and later.
PLACES = (1, 2, 3, 5)


def names(s3, key):
    selector = pyarrow.fs.FileSelector(f"{s3.bucket}/{key}", recursive=True, allow_not_found=True)
    infos = s3.filesystem.get_file_info(selector)
    return {info.path: (info.size, info.mtime) for info in infos if info.is_file}


def stopped(s3, table, states, proxy, source):
    """A run that was stopped when that many states were there, as of a machine that nobody here
    can look into."""
    process = s3.pomona(proxy.endpoint).start("extract", source, s3.uri(table), *OPTIONS)
    while sum("/_pomona/states/" in name for name in names(s3, table)) < states:
        assert process.poll() is None, process.communicate()
    os.kill(process.pid, signal.SIGSTOP)
    for name in names(s3, table):
        if "/_pomona/lease/" not in name or "-" not in name.rsplit("/", 1)[1]:
            continue
        with s3.filesystem.open_input_file(name) as file:
            sign = json.loads(file.read())
        sign["process_space"] = "far away"
        with s3.filesystem.open_output_stream(name) as file:
            file.write(json.dumps(sign).encode())
    return process


def take_over(store, source, n):
    """What another run leaves, which found the first one's sign too old."""
    store.pomona().ok("extract", source, store.uri(f"table-{n}"), *OPTIONS)
    return but_leases(store, n)


def but_leases(store, n):
    """A sign of life is its run's alone, and may be taken away late."""
    return {name: is_ for name, is_ in names(store, f"table-{n}").items() if "/lease/" not in name}


def test_runs_that_wake_up_late_change_nothing(s3, s3proxy, some_images):
    with (
        FaultProxy(s3.endpoint, "--latency", "50ms") as one,
        FaultProxy(s3proxy.endpoint, "--latency", "50ms") as two,
    ):
        # Slow enough to be stopped where they should be; all asleep at the same time.
        sleepers = {
            (store, n): stopped(store, f"table-{n}", n, proxy, some_images)
            for store, proxy in ((s3, one), (s3proxy, two))
            for n in PLACES
        }
        try:
            time.sleep(ASLEEP)
            before = {(store, n): take_over(store, some_images, n) for store, n in sleepers}
        finally:
            for process in sleepers.values():
                os.kill(process.pid, signal.SIGCONT)
        for (store, n), process in sleepers.items():
            ended = finish(process)
            assert ended.code == FAILED, (n, ended.stderr)
            assert "another run took over" in ended.stderr or "came too late" in ended.stderr
            assert but_leases(store, n) == before[store, n], (store.endpoint, n)
            assert store.pomona()("verify", store.uri(f"table-{n}")).code == OK
