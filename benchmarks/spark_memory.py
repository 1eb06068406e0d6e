"""5. Peak memory of a Python worker of Pomona on Spark, at the images once and ten times."""

import json
import pathlib
import tempfile

from contestants import CONTESTANTS, CORES, run, use_cores
from hardware import describe
from measure import count_images, line
from spark_images import images
from spark_places import Local
from spark_ratio import REPORTS

MEBIBYTE = 1 << 20


def main() -> None:
    use_cores()
    contestant = next(one for one in CONTESTANTS if one.name == "pomona-spark")
    place = Local()
    peaks = {}
    with tempfile.TemporaryDirectory(prefix="pomona-bench-") as scratch:
        for copies in (1, 10):
            output = pathlib.Path(scratch) / "table"
            source = place.source(copies, contestant.program)
            done = run(contestant, source, output, "f32", place.environment())
            peaks[count_images(images(copies))] = done["worker_peak_bytes"]
    (few, small), (many, large) = sorted(peaks.items())
    line(
        "5 peak memory of a Python worker",
        "bounded",
        f"{small / MEBIBYTE:.0f} MiB for {few:,} images, {large / MEBIBYTE:.0f} MiB for {many:,}",
    )
    REPORTS.mkdir(parents=True, exist_ok=True)
    report = {
        "hardware": describe(CORES),
        "peaks": [
            {"images": few, "bytes": small},
            {"images": many, "bytes": large},
        ],
    }
    (REPORTS / "spark-memory.json").write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
