"""4. Peak memory of `pomona extract` on the images once, and on the same listed 100 times."""

import pathlib
import tempfile

from measure import count_images, extract, line, repeated, test_data

MANY = 100
MEBIBYTE = 1 << 20


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="pomona-bench-") as scratch:
        once = test_data()
        many = repeated(once, MANY, pathlib.Path(scratch))
        # The faster precision: the memory of a run does not depend on it, its length does.
        peaks = {
            count_images(source): extract(source, "--precision", "auto")["max_rss_bytes"]
            for source in (once, many)
        }
    (few, small), (lots, large) = sorted(peaks.items())
    line(
        "4 peak memory",
        "<= 600 MB, within 50 MB",
        f"{small / MEBIBYTE:.0f} MiB for {few:,} references, {large / MEBIBYTE:.0f} MiB for "
        f"{lots:,}: {(large - small) / MEBIBYTE:+.0f} MiB",
    )


if __name__ == "__main__":
    main()
