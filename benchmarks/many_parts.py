"""8. A table of 122,071 parts, as a billion images make: how long until a run knows what is there,
and `verify --quick`, from a local folder and from a real S3 server, 20 ms away; and how many
requests a run and a part cost there."""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from measure import REPOSITORY, line, test_data

sys.path[:0] = [str(REPOSITORY / "tests"), str(REPOSITORY / "tests" / "e2e")]

import states  # noqa: E402
from servers.proxy import FaultProxy  # noqa: E402
from servers.s3 import VersityGateway  # noqa: E402

PARTS = int(os.environ.get("POMONA_BENCH_PARTS", "122071"))
SEGMENT = 1024
POMONA = REPOSITORY / "build" / "release" / "pomona"


def compact(value) -> str:
    return json.dumps(value, separators=(",", ":")) + "\n"


def dig(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def multiply(output: pathlib.Path) -> None:
    """Makes a table of one part one of PARTS, of which nobody reads the files."""
    (first,) = states.entries(output)
    opened, _ = states.load(output)
    for file in states.files(output):
        file.unlink()
    folder = output / "_pomona" / "states"

    def entry(index: int) -> dict:
        made = json.loads(json.dumps(first)) | {"index": index}
        for kind in ("data", "references"):
            name = made[kind]["name"].replace("part-00000", f"part-{index:05}")
            if index == 1:
                shutil.copy(output / made[kind]["name"], output / name)
            elif index > 1:  # which nobody reads
                (output / name).write_text("x")
                made[kind]["bytes"] = 1
            made[kind]["name"] = name
        return made

    lines = [compact(entry(index)) for index in range(PARTS)]
    # State 0 opens the table, state n has n parts; what is before the newest base is not there.
    base = PARTS - PARTS % SEGMENT
    before = base - 1
    segments = []
    for place in range(0, before // SEGMENT + 1):
        text = "".join(lines[place * SEGMENT : min((place + 1) * SEGMENT, before)])
        name = f"_pomona/states/segment-{place:05}-{base:08}-c000.jsonl"
        (output / name).write_text(text)
        parts = text.count("\n")
        segments.append({"name": name, "parts": parts, "bytes": len(text), "sha256": dig(text)})
    digest = dig("before")
    for number in range(base, PARTS + 1):
        head = {key: opened[0][key] for key in ("format", "state", "epoch", "previous", "options")}
        rows = {key: number * first["references"]["rows"] for key in ("rows", "references")}
        head |= {"state": number, "previous": digest, "parts": number, "rows": rows["rows"]}
        head |= {"rejects": 0, "references": rows["references"]}
        if number == base:
            head |= {"run": opened[0]["run"], "segments": segments}
        text = compact(head) + (lines[number - 1] if number > 0 else "")
        (folder / f"{number:08}.jsonl").write_text(text)
        digest = dig(text)
    seal = {"format": 2, "state": PARTS, "sha256": digest, "parts": PARTS}
    (output / "_SUCCESS").write_text(json.dumps(seal | rows | {"rejects": 0}))


def seconds(*command, env=None, code=0) -> float:
    began = time.monotonic()
    done = subprocess.run([POMONA, *command], env=env, capture_output=True, text=True, check=False)
    took = time.monotonic() - began
    if done.returncode != code:
        raise RuntimeError(f"{command}: {done.returncode}: {done.stderr}")
    return took


def measure(where: str, goal: int, images: pathlib.Path, table, options=(), env=None) -> None:
    quick = seconds("verify", table, "--quick", *options, env=env)
    line(f"8 verify --quick, {PARTS:,} parts, {where}", f"<= {goal} s", f"{quick:.1f} s")
    # Refused when references are read: the first two parts' are the same.
    start = seconds("extract", images, table, "--update", *options, env=env, code=3)
    line(f"  start of a run, {where}", f"<= {goal} s", f"{start:.1f} s")


def requests(images: pathlib.Path, server: VersityGateway, env: dict) -> None:
    counts = []
    for rows in ("1000000", "100"):
        with FaultProxy(server.endpoint) as proxy:
            options = ("--s3-endpoint", proxy.endpoint, "--rows-per-file", rows)
            seconds("extract", images, f"s3://bench/requests-{rows}", *options, env=env)
            counts.append(proxy.counts())
            if rows == "100":
                seconds("extract", images, f"s3://bench/requests-{rows}", *options, env=env)
                again = proxy.counts()
    kinds = ("PUT", "POST", "GET", "HEAD", "LIST", "DELETE")
    parts = -(-sum(1 for _ in images.rglob("*.jpg")) // 100)
    per_part = {k: (counts[1].get(k, 0) - counts[0].get(k, 0)) / (parts - 1) for k in kinds}
    per_run = {k: counts[0].get(k, 0) - per_part[k] for k in kinds}
    nothing = {k: again.get(k, 0) - counts[1].get(k, 0) for k in kinds}

    def said(of: dict) -> str:
        return ", ".join(f"{of[kind]:.3g} {kind}" for kind in kinds if of[kind])

    line("  requests a part", "", said(per_part))
    line("  requests a run, beside its parts", "", said(per_run))
    line("  requests of a run that has nothing to do", "", said(nothing))


def main() -> None:
    server = VersityGateway()
    environment = {**os.environ, **server.credentials()}
    try:
        with tempfile.TemporaryDirectory(prefix="pomona-bench-") as scratch:
            images = pathlib.Path(scratch) / "images"
            images.mkdir()
            shutil.copy(next(iter(sorted(test_data().rglob("*.jpg")))), images / "one.jpg")
            table = pathlib.Path(scratch) / "table"
            seconds("extract", images, table)
            multiply(table)
            measure("local", 10, images, table)
            bucket = server.folder / "data" / "bench"
            bucket.mkdir()
            shutil.move(table, bucket / "table")
            with FaultProxy(server.endpoint, "--latency", "20ms") as proxy:
                options = ("--s3-endpoint", proxy.endpoint)
                measure("S3 at 20 ms", 30, images, "s3://bench/table", options, environment)
            requests(test_data(), server, environment)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
