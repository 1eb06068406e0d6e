"""Who may include what: ARCHITECTURE.md's table of rooms, held against the sources."""

import pathlib
import re

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
ROOMS = REPOSITORY / "src" / "pomona"

# How a library of the table shows in an #include.
LIBRARIES = {
    "libcurl": r"curl/",
    "OpenSSL": r"openssl/",
    "pugixml": r"pugixml",
    "libjpeg-turbo": r"jpeglib\.h|jerror\.h|jconfig\.h",
    "libspng": r"spng\.h",
    "libheif": r"libheif/",
    "libtiff": r"tiff(io)?\.h$|tiffvers\.h",
    "zlib": r"zlib\.h",
    "libwebp": r"webp/",
    "Highway": r"hwy/",
    "Eigen": r"Eigen/",
    "OpenVINO": r"openvino/",
    "Parquet": r"parquet/",
    "Arrow file systems": r"arrow/filesystem/",
    "nlohmann/json": r"nlohmann/",
    "fmt": r"fmt/",
    "prometheus-cpp": r"prometheus/",
    "Boost.Beast": r"boost/",
}


def table() -> dict[str, tuple[set[str], set[str]]]:
    """Room -> rooms and libraries that it may include; `base` all may."""
    text = (REPOSITORY / "ARCHITECTURE.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\|([^|]*)\|([^|]*)\|$", text, re.MULTILINE)
    split = lambda cell: {name.strip() for name in cell.split(",")} - {"—"}  # noqa: E731
    return {room: (split(rooms), split(libraries)) for room, rooms, libraries in rows}


def includes(folder: pathlib.Path):
    """(file, what is between the quotes or brackets) of all but tests."""
    for file in sorted(folder.rglob("*")):
        if file.suffix not in (".h", ".cc") or "_test" in file.name or "test_" in file.name:
            continue
        for header in re.findall(r'^\s*#\s*include\s+[<"]([^">]+)[">]', file.read_text(), re.M):
            yield file.relative_to(REPOSITORY), header


def test_the_table_names_every_room():
    assert set(table()) == {folder.name for folder in ROOMS.iterdir() if folder.is_dir()}


@pytest.mark.parametrize("room", sorted(table()))
def test_a_room_includes_only_what_it_may(room):
    rooms, libraries = table()[room]
    unknown = libraries - set(LIBRARIES)
    assert not unknown, f"no pattern for {unknown}"
    wrong = []
    for file, header in includes(ROOMS / room):
        other = re.match(r"pomona/(\w+)/", header)
        if other and other[1] not in rooms | {room, "base"}:
            wrong.append(f"{file}: {header}")
        for library, pattern in LIBRARIES.items():
            if library not in libraries and re.match(pattern, header):
                wrong.append(f"{file}: {header}")
    assert wrong == []


PLAIN_INCLUDE = r'#include "([^"]+)"'

# Each costs every file that sees it a second or more; base/json.h is for sources alone.
HEAVY = (
    r"arrow/(api|[a-z]+/api)\.h|nlohmann/json\.hpp|pomona/base/json\.h|"
    r"CLI/|parquet/arrow/|gtest/|fmt/"
)


def test_no_header_is_heavy_to_include():
    headers = [*includes(REPOSITORY / "include"), *includes(REPOSITORY / "src")]
    wrong = [
        f"{file}: {header}" for file, header in headers
        if file.suffix == ".h" and file.name != "json.h" and re.match(HEAVY, header)
    ]  # fmt: skip
    assert wrong == []


def test_a_small_file_has_a_second_user():
    """What few lines hold, and one file needs, is found sooner there. Tests are users, too."""
    users: dict[str, set[str]] = {}
    for folder in ("src", "python/src", "tests", "fuzz", "benchmarks"):
        for file in (REPOSITORY / folder).rglob("*"):
            if file.suffix in (".h", ".cc"):
                for header in re.findall(PLAIN_INCLUDE, file.read_text()):
                    users.setdefault(header, set()).add(str(file))
    lonely = []
    for file in ROOMS.rglob("*.h"):
        source = file.with_suffix(".cc")
        lines = sum(len(part.read_text().splitlines()) for part in (file, source) if part.exists())
        name = str(file.relative_to(REPOSITORY / "src"))
        if lines < 40 and len(users.get(name, set()) - {str(source)}) < 2:
            lonely.append(f"{name}: {lines} lines")
    assert lonely == []


def test_the_public_api_shows_only_arrow():
    allowed = r"(arrow/|pomona/\w+\.h|\w+$)"
    wrong = [f"{file}: {header}" for file, header in includes(REPOSITORY / "include")
             if not re.match(allowed, header)]  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize(("user", "rooms"), [("src/cli", {"base"}), ("python/src", {"base"})])
def test_the_command_line_and_python_use_the_public_api(user, rooms):
    wrong = [f"{file}: {header}" for file, header in includes(REPOSITORY / user)
             if (room := re.match(r"pomona/(\w+)/", header)) and room[1] not in rooms]  # fmt: skip
    assert wrong == []
