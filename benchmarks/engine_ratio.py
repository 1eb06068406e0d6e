"""1. `pomona extract` from a local folder over the engine alone: same model, precision, streams."""

import pathlib
import tempfile

from measure import count_images, extract, line, paired, program, repeated, spread, test_data

GOALS = {"f32": 0.95, "bf16": 0.92}
REPEATS = {"f32": 3, "bf16": 6}  # of the images: some 20 seconds a run
ROUNDS = 3


def measure(precision: str, goal: float, scratch: pathlib.Path) -> None:
    source = repeated(test_data(), REPEATS[precision], scratch)
    images = count_images(source)
    rates = {}

    def end_to_end() -> float:
        # The wall clock of the process: start-up, listing and the last sync included.
        rates["extract"] = images / extract(source, "--precision", precision)["wall_seconds"]
        return rates["extract"]

    def engine() -> float:
        done = program("engine_bench", "--precision", precision, "--seconds", 15)
        rates["engine"] = done["images_per_second"]
        return rates["engine"]

    ratio, ratios = paired(end_to_end, engine, ROUNDS)
    line(
        f"1 extract / engine, {precision}",
        f">= {goal}",
        f"{ratio:.3f} ({spread(ratios)}; last {rates['extract']:.0f} and "
        f"{rates['engine']:.0f} images/s)",
    )


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="pomona-bench-") as scratch:
        for precision, goal in GOALS.items():
            measure(precision, goal, pathlib.Path(scratch))


if __name__ == "__main__":
    main()
