"""Environment variables: one place reads them, and one page has them all."""

import pathlib
import re

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
PLACE = REPOSITORY / "src" / "pomona" / "base" / "environment.cc"
PAGE = REPOSITORY / "docs" / "guides" / "environment.md"

VARIABLE = r"[A-Z][A-Z0-9_]+"


def sources(folders: list[str], *suffixes: str):
    """(file, text) of all but tests."""
    for folder in folders:
        for file in sorted((REPOSITORY / folder).rglob("*")):
            if file.suffix in suffixes and not re.search(r"_test|test_", file.name):
                yield file, file.read_text()


def documented() -> set[str]:
    cells = re.findall(r"^\| (`[^|]*) \|", PAGE.read_text(), re.MULTILINE)
    return {name for cell in cells for name in re.findall(rf"`({VARIABLE})`", cell)}


def read_by_cpp() -> set[str]:
    names = set()
    for file, text in sources(["src", "include", "python/src"], ".cc", ".h"):
        for call in re.findall(r"(?:FirstInEnvironment|AwsFile)\(\{?([^)}]*)", text):
            names |= set(re.findall(rf'"({VARIABLE})"', call))
        assert file == PLACE or not re.search(r"\bgetenv\b|\bsecure_getenv\b", text), file
    return names | {"HOME"}


def read_by_python() -> set[str]:
    """Each of these reads in a way that takes an empty variable for an unset one."""
    names = set()
    for file, text in sources(["python"], ".py"):
        names |= set(re.findall(rf'environ(?:ment)?(?:\.get\(|\[)"({VARIABLE})"', text))
        # `environ.get(NAME, default)` gives "" where the variable is empty.
        for default in re.findall(r'environ\.get\("\w+", ([^)]*)\)', text):
            assert default == '""', f"{file}: {default}"
        assert "getenv" not in text, file
    return names


def test_every_variable_that_is_read_is_on_the_page_and_no_other():
    assert read_by_cpp() | read_by_python() == documented()


def test_the_scan_finds_what_is_read():
    assert {"POMONA_CACHE", "XDG_CACHE_HOME", "AWS_PROFILE", "NO_COLOR"} <= read_by_cpp()
    assert {"CLASSPATH", "POMONA_PYTHON"} <= read_by_python()
