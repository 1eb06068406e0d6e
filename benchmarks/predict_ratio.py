"""14. `pomona predict` of images over `pomona extract` of the same features: what an answer costs
beside the network. And its peak memory, for the images once and listed many times.
"""

import pathlib
import subprocess
import tempfile

from measure import (
    POMONA,
    count_images,
    extract_to,
    line,
    paired,
    repeated,
    spread,
    table_of,
    test_data,
)

REPEATS = 4
MANY = 12
ROUNDS = 5
MEBIBYTE = 1 << 20
FEATURES = ("--features", "levels")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="pomona-bench-") as folder:
        scratch = pathlib.Path(folder)
        classifier = scratch / "classifier"
        extract_to(test_data(), scratch / "features", *FEATURES)
        subprocess.run([POMONA, "train", scratch / "features", classifier, "--quiet"], check=True)

        def rate(command: str, source: pathlib.Path, *options) -> dict:
            output = scratch / "out"
            return table_of(command, source, output, "--overwrite", *options)

        source = repeated(test_data(), REPEATS, scratch)
        predict = ("--classifier", classifier)
        # The wall clock of the process: start-up, listing and the last sync included.
        ratio, ratios = paired(
            lambda: 1 / rate("predict", source, *predict)["wall_seconds"],
            lambda: 1 / rate("extract", source, *FEATURES)["wall_seconds"],
            ROUNDS,
        )
        line("14 predict / extract, of images", ">= 0.97", f"{ratio:.3f} ({spread(ratios)})")
        few, many = test_data(), repeated(test_data(), MANY, scratch)
        small, large = (rate("predict", one, *predict)["max_rss_bytes"] for one in (few, many))
        line(
            "14 peak memory of predict",
            "within 50 MB",
            f"{small / MEBIBYTE:.0f} MiB for {count_images(few):,} images, "
            f"{large / MEBIBYTE:.0f} MiB for {count_images(many):,}",
        )


if __name__ == "__main__":
    main()
