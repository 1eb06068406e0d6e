"""What the benchmarks share: the programs, the images, and paired timing."""

import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("POMONA_BUILD", REPOSITORY / "build" / "release"))
POMONA = BUILD / "pomona"


def test_data() -> pathlib.Path:
    """The real images, or the drawn set where there are none."""
    data = pathlib.Path(
        os.environ.get("POMONA_TEST_DATA", REPOSITORY.parent / "shared" / "fruits-360")
    )
    if data.is_dir():
        return data.resolve()
    drawn = BUILD / "drawn"
    subprocess.run([POMONA, "demo", "--draw-only", drawn], check=True, capture_output=True)
    return drawn


def repeated(folder: pathlib.Path, times: int, scratch: pathlib.Path) -> pathlib.Path:
    """A folder in which `folder` appears `times` times: links, not copies."""
    many = scratch / f"times-{times}"
    many.mkdir(exist_ok=True)
    for number in range(times):
        link = many / f"copy-{number:03}"
        if not link.exists():
            link.symlink_to(folder)
    return many


def count_images(folder: pathlib.Path) -> int:
    return sum(len(files) for _, _, files in os.walk(folder, followlinks=True))


def program(name: str, *arguments, env=None) -> dict:
    """Runs a benchmark program and returns what it printed."""
    command = [BUILD / "benchmarks" / name, *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=env)
    return json.loads(done.stdout)


def extract(source, *options, env=None) -> dict:
    """One whole process `pomona extract` into a table that is removed again; see extract_to."""
    with tempfile.TemporaryDirectory(prefix="pomona-bench-") as scratch:
        return extract_to(source, pathlib.Path(scratch) / "table", *options, env=env)


def extract_to(source, output, *options, env=None) -> dict:
    """As table_of, with `pomona extract`."""
    return table_of("extract", source, output, *options, env=env)


def table_of(command: str, source, output, *options, env=None) -> dict:
    """One whole process of a command that makes a table; its report, with the wall clock of the
    process and its peak memory as the kernel counted it."""
    start = time.monotonic()
    process = subprocess.Popen(
        [POMONA, command, str(source), output, "--quiet", "--json", *map(str, options)],
        stdout=subprocess.PIPE,
        text=True,
        env=env,
    )
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    if status != 0:
        raise RuntimeError(f"pomona {command} {source} failed")
    return {**json.loads(text), "wall_seconds": wall, "max_rss_bytes": usage.ru_maxrss * 1024}


def paired(first, second, rounds: int) -> tuple[float, list[float]]:
    """Calls both in turn, swapping who goes first, so that a machine whose speed drifts
    drifts for both. Each returns a rate. Returns the median of first/second, and all."""
    ratios = []
    for number in range(rounds):
        if number % 2 == 0:
            a, b = first(), second()
        else:
            b, a = second(), first()
        ratios.append(a / b)
    return statistics.median(ratios), ratios


def line(name: str, goal: str, text: str) -> None:
    print(f"{name:<34} {text}   (goal {goal})", flush=True)


def spread(ratios: list[float]) -> str:
    return f"{min(ratios):.3f} to {max(ratios):.3f} in {len(ratios)} pairs"
