"""9. What the presets of `pomona extract` cost: each over `same`, and over the engine alone with
the same network, size and precision. The engine's time is what core-hours are made of.

ONEDNN_MAX_CPU_ISA=AVX2 keeps the engine to a lesser CPU than this one: with `--fast int8` that is
what `fast` takes there.
"""

import argparse
import pathlib
import tempfile

from hardware import describe
from measure import count_images, extract, line, paired, program, repeated, spread, test_data

REPEATS = 4  # of the images: some 7 seconds a run of the fastest
ROUNDS = 3


def rate(source: pathlib.Path, images: int, *options: str) -> float:
    # The wall clock of the process: start-up, listing and the last sync included.
    return images / extract(source, *options)["wall_seconds"]


def engine_rate(precision: str, size: int) -> float:
    options = ("--precision", precision, "--input-size", size, "--seconds", 10)
    return program("engine_bench", *options)["images_per_second"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fast", metavar="PRECISION", help="what `fast` takes, if not its choice")
    asked = parser.parse_args()
    fast = ("--preset", "fast", *(("--precision", asked.fast) if asked.fast else ()))
    print(", ".join(describe(2)["flags"]))
    with tempfile.TemporaryDirectory(prefix="pomona-bench-") as scratch:
        source = repeated(test_data(), REPEATS, pathlib.Path(scratch))
        images = count_images(source)
        network = extract(source, *fast)["model"]
        precision, size = network["precision"], network["width"]

        def compare(name: str, goal: str, first, second) -> float:
            ratio, ratios = paired(first, second, ROUNDS)
            line(f"9 {name}", goal, f"{ratio:.3f} ({spread(ratios)})")
            return ratio

        def same() -> float:
            return rate(source, images)

        def levels() -> float:
            return rate(source, images, "--features", "levels")

        def quick() -> float:
            return rate(source, images, *fast)

        gained = compare(f"fast ({precision}, {size} px) / same", ">= 2.2", quick, same)
        line("9 core-hours, fast / same", "<= 0.5", f"{1 / gained:.3f}")
        if precision == "bf16":
            whole = lambda: rate(source, images, "--precision", "bf16")  # noqa: E731
            compare("fast / bf16 at 224 px", ">= 1.7", quick, whole)
        compare("rich without views / same", ">= 0.95", levels, same)
        compare("fast / engine", ">= 0.90", quick, lambda: engine_rate(precision, size))


if __name__ == "__main__":
    main()
