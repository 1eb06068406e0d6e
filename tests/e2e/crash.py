"""kill -9 at a chosen change of an output folder, by tests/crash/crash_shim.c, which is preloaded:
the program has no hook for it."""

import pathlib

from program import KILLED, OK, Pomona, Result, binary

SHIM = binary().parent / "tests" / "libcrash_shim.so"


def _run(pomona: Pomona, command, output: pathlib.Path, **settings) -> Result:
    output.mkdir(parents=True, exist_ok=True)  # the shim resolves it when the process starts
    shim = {f"CRASH_SHIM_{name.upper()}": str(value) for name, value in settings.items()}
    result = pomona(*command, env={"LD_PRELOAD": str(SHIM), "CRASH_SHIM_ROOT": str(output), **shim})
    assert result.code in (OK, KILLED), (result.code, result.stderr)
    return result


def changes(pomona: Pomona, command, output: pathlib.Path, trace: pathlib.Path) -> list[str]:
    """Runs the command to its end; what it changed below `output`, in order: "rename /path"."""
    trace.unlink(missing_ok=True)
    assert _run(pomona, command, output, trace=trace).code == OK
    return [line.split(" ", 1)[1] for line in trace.read_text().splitlines()]


def instants(made: list[str]) -> list[int]:
    """Which changes of `made`, counted from 1, to kill a run at: all of them, but of the writes to
    one file in staging the first, one in the middle and the last. There, a file that is not whole
    is one like any other."""
    writes: dict[str, list[int]] = {}
    for number, change in enumerate(made, start=1):
        if change.startswith("write ") and "/staging/" in change:
            writes.setdefault(change, []).append(number)
    like_others = {
        number
        for numbers in writes.values()
        for number in set(numbers) - {numbers[0], numbers[len(numbers) // 2], numbers[-1]}
    }
    return [number for number in range(1, len(made) + 1) if number not in like_others]


def killed_at(
    pomona: Pomona, command, output: pathlib.Path, number: int, when: str = "before"
) -> bool:
    """Runs the command and kills it right `when` ("before" or "after") its change `number`, from
    1. False: it ended before that."""
    return _run(pomona, command, output, at=number, when=when).code == KILLED


def killed_after_parts(
    pomona: Pomona, command, output: pathlib.Path, parts: int, scratch: pathlib.Path
) -> None:
    """Runs the command and kills it when exactly `parts` parts are committed."""
    made = changes(pomona, [*command[:2], scratch / "counted", *command[3:]], scratch / "counted",
                   scratch / "trace")  # fmt: skip
    entries = [
        number
        for number, change in enumerate(made, start=1)
        # State 0 opens the table.
        if change.startswith("rename") and change.endswith(f"/_pomona/states/{parts:08}.jsonl")
    ]
    assert len(entries) == 1, made
    assert killed_at(pomona, command, output, entries[0] + 1)
