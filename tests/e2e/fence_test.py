"""A run that sleeps at any of its changes, while another takes the table over and ends, and wakes
up then: it fails, and nothing that a reader sees is changed."""

import os
import pathlib
import signal
import time

import pytest
from crash import SHIM, changes, instants
from program import FAILED, OK, finish

OPTIONS = ("--rows-per-file", 20)
PLACES = 6


@pytest.fixture(scope="module")
def command(some_images, small_network):
    return lambda output: ["extract", some_images, output, *OPTIONS, *small_network]


@pytest.fixture(scope="module")
def made(pomona, command, tmp_path_factory):
    """All changes of one run, in order."""
    folder = tmp_path_factory.mktemp("made")
    return changes(pomona, command(folder / "table"), folder / "table", folder / "trace")


def is_stopped(process) -> bool:
    status = pathlib.Path(f"/proc/{process.pid}/stat").read_text()
    return status.rsplit(")", 1)[1].split()[0] == "T"


def asleep(pomona, command, output, number):
    """A run that stops right before its change `number`, and whose claim looks as that of a machine
    which nobody has heard of for an hour."""
    output.mkdir()
    process = pomona.start(*command, env={
        "LD_PRELOAD": str(SHIM), "CRASH_SHIM_ROOT": str(output), "CRASH_SHIM_AT": str(number),
        "CRASH_SHIM_HOW": "stop",
    })  # fmt: skip
    while not is_stopped(process):
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    for claim in (output / "_pomona" / "lease").glob("*.json"):
        claim.write_text(claim.read_text().replace('"process_space": "', '"process_space": "far '))
        os.utime(claim, (time.time() - 3600, time.time() - 3600))
    return process


def everything_below(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def numbers(made):
    """The first and last of its instants, and some between, once the claim is there."""
    claimed = next(number for number, change in enumerate(made, 1) if "/lease/" in change)
    after = [number for number in instants(made) if number > claimed + 2]
    step = max(len(after) // PLACES, 1)
    renames = [number for number in after if made[number - 1].startswith("rename")]
    return sorted({*after[::step], *renames})


def test_a_run_that_wakes_up_late_changes_nothing(pomona, command, made, tmp_path):
    woken = 0
    for number in numbers(made):
        output = tmp_path / f"at-{number}"
        sleeper = asleep(pomona, command(output), output, number)
        try:
            pomona.ok(*command(output))
            before = everything_below(output)
        finally:
            os.kill(sleeper.pid, signal.SIGCONT)
        ended = finish(sleeper)
        assert everything_below(output) == before, (number, made[number - 1])
        # All it had left to do may have been to give its claim back.
        assert ended.code in (FAILED, OK), (number, made[number - 1], ended.stderr)
        if ended.code == FAILED:
            assert "another run took over" in ended.stderr, (number, made[number - 1], ended.stderr)
            woken += 1
        assert pomona("verify", output).code == OK
    assert woken >= PLACES


def test_a_run_that_slept_right_before_success_does_not_finish_what_another_changes(
    pomona, command, made, tmp_path
):
    number = max(n for n, change in enumerate(made, 1) if change.endswith("/_SUCCESS"))
    output = tmp_path / "table"
    sleeper = asleep(pomona, command(output), output, number)
    try:
        pomona.ok(*command(output))
        (output / "_SUCCESS").unlink()  # as an update does first, which is then killed
    finally:
        os.kill(sleeper.pid, signal.SIGCONT)
    assert finish(sleeper).code == FAILED
    assert not (output / "_SUCCESS").exists()
