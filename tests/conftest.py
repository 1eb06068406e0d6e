"""What every run of pytest here shares: the time that `make test` was given, and where it went."""

import faulthandler
import os
import time

import pytest

DEADLINE = float(os.environ.get("POMONA_TEST_DEADLINE", "inf"))
TIMES = os.environ.get("POMONA_TEST_TIMES")
NOT_STARTED = "NOT STARTED: THE TIME OF POMONA_TEST_BUDGET IS USED UP"


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    if time.time() >= DEADLINE:
        pytest.skip(NOT_STARTED)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown():
    """Ends the run, with a trace of each thread, where a teardown hangs: pytest-timeout stops its
    clock when a test has failed."""
    faulthandler.dump_traceback_later(300, exit=True)
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


def pytest_runtest_logreport(report):
    """Adds a line to pytest.tsv: seconds, set-up or call or teardown, the test."""
    if TIMES and report.duration >= 0.1:
        with open(os.path.join(TIMES, "pytest.tsv"), "a") as times:
            times.write(f"{report.duration:.1f}\t{report.when}\t{report.nodeid}\n")
