"""The states of a table, as whoever damages one, or has an old one, writes them."""

import hashlib
import json
import pathlib
import shutil
from collections.abc import Callable


def files(output: pathlib.Path) -> list[pathlib.Path]:
    """Of the states, oldest first."""
    return sorted((output / "_pomona" / "states").glob("0*.jsonl"))


def load(output: pathlib.Path) -> list[list[dict]]:
    """Each state: what it says, and the part that it adds or replaces, if any."""
    return [[json.loads(line) for line in file.read_text().splitlines()] for file in files(output)]


def record(output: pathlib.Path) -> dict:
    """What the table is made of and with."""
    return [state[0]["run"] for state in load(output) if "run" in state[0]][-1]


def entries(output: pathlib.Path) -> list[dict]:
    """Of the parts, in order."""
    parts = {part["index"]: part for state in load(output) for part in state[1:]}
    return [parts[index] for index in sorted(parts)]


def rewrite(output: pathlib.Path, change: Callable[[list[list[dict]]], object]) -> None:
    """Changes what the states say and seals them as if a run had written them so."""
    states = load(output)
    change(states)
    digest = None
    for file, state in zip(files(output), states, strict=True):
        state[0]["previous"] = digest
        file.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in state))
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
    seal = json.loads((output / "_SUCCESS").read_text())
    (output / "_SUCCESS").write_text(json.dumps(seal | {"sha256": digest}))


def make_first_format(output: pathlib.Path) -> None:
    """Makes a table look as 0.1.0 would have written it."""
    inside = output / "_pomona"
    run = inside / "run.json"
    run.write_text(json.dumps({"format": 1} | record(output), indent=2))
    (inside / "manifest").mkdir()
    for entry in entries(output):
        entry["revision"] = entry.pop("epoch")
        name = f"part-{entry['index']:05}-c{entry['revision']:03}.json"
        (inside / "manifest" / name).write_text(json.dumps({"format": 1} | entry, indent=2))
    shutil.rmtree(inside / "states")
    shutil.rmtree(inside / "lease")
    (output / "_SUCCESS").write_text("")
