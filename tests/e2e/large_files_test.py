"""Files that are larger than the memory that was granted."""

from program import OK

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


def test_files_above_the_memory_go_one_at_a_time(pomona, tmp_path):
    peaks = []
    for count in (1, 4):
        folder = write_sparse(tmp_path / str(count), count, 100 * MIB)
        result = pomona("extract", folder, tmp_path / f"table-{count}", "--memory", "1MiB",
                        "--json", "--max-rejects", "100%")  # fmt: skip
        assert result.code == OK, result.stderr
        report = result.json()
        assert report["rejects"] == {"unsupported_format": count}
        peaks.append(report["peak_memory_bytes"])
    assert peaks[1] < peaks[0] + 60 * MIB
