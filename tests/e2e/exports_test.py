"""What the library shows to others is what include/pomona declares."""

import pathlib
import re
import subprocess

import program

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
# "vtable for pomona::RunMetrics", "pomona::Extractor::Load(...)": the outermost name is enough, as
# a class is public with all its members.
NAME = re.compile(r"(?:typeinfo for |typeinfo name for |vtable for )?pomona::(\w+)")


def exported() -> list[str]:
    library = program.binary().parent / "libpomona.so"
    lines = subprocess.run(
        ["nm", "--dynamic", "--demangle", "--defined-only", library],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [line.split(maxsplit=2)[2] for line in lines]


def test_the_library_shows_the_public_names_alone():
    declared = "\n".join(file.read_text() for file in (REPOSITORY / "include/pomona").glob("*.h"))
    words = set(re.findall(r"\w+", declared))
    names = exported()
    assert names
    matches = {name: NAME.match(name) for name in names}
    strangers = [name for name, found in matches.items() if not found or found[1] not in words]
    assert strangers == []
