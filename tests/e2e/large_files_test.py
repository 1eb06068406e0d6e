"""Files that are larger than the memory that was granted."""

import struct

from PIL import Image
from table import Table

MIB = 1 << 20


def write_sparse(folder, count: int, size: int):
    folder.mkdir()
    for number in range(count):
        with open(folder / f"{number}.jpg", "wb") as file:
            file.write(b"no image")
            file.truncate(size)
    return folder


def test_files_above_the_limit_are_rejected_unread(pomona, tmp_path):
    folder = write_sparse(tmp_path / "large", 3, 257 * MIB)
    report = pomona.ok(
        "extract", folder, tmp_path / "table", "--json", "--max-rejects", "100%"
    ).json()
    assert report["rejects"] == {"too_many_bytes": 3}
    assert (report["bytes"], report["requests"]) == (0, 0)


def write_black(folder, count: int, side: int):
    """Uncompressed pictures that take no disk: a BMP's header, and zeros."""
    folder.mkdir()
    size = 54 + 3 * side * side
    header = struct.pack("<2sIIIIiiHHIIIIII", b"BM", size, 0, 54, 40, side, side, 1, 24, *[0] * 6)
    for number in range(count):
        with open(folder / f"{number}.bmp", "wb") as file:
            file.write(header)
            file.truncate(size)
    return folder


def test_files_above_the_memory_go_one_at_a_time(pomona, tmp_path):
    """Their sizes are in the listing, and each is below --max-bytes: they have their rows."""
    side = 5_900  # 104 MB
    peaks = []
    for count in (1, 4):
        folder = write_black(tmp_path / str(count), count, side)
        # What is small goes on beside them.
        for number in range(20):
            Image.new("RGB", (64, 64)).save(folder / f"{number} small.png")
        report = pomona.ok(
            "extract", folder, tmp_path / f"table-{count}", "--memory", "1MiB", "--json"
        ).json()
        assert (report["images"], report["rejects"]) == (count + 20, {})
        rows = Table(tmp_path / f"table-{count}").rows()["features"].to_pylist()
        assert len({tuple(row) for row in rows}) == 1  # black is black, whatever its size
        peaks.append(report["peak_memory_bytes"])
    assert peaks[1] < peaks[0] + 60 * MIB
