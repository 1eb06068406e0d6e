"""A stream of one image over the engine's time for it: what a request to a server would pay."""

import statistics

from measure import line, program, spread, test_data

GOAL = 1.3
ROUNDS = 3


def main() -> None:
    image = next(test_data().rglob("*.jpg"))
    runs = [program("one_image_bench", image, "--seconds", 5) for _ in range(ROUNDS)]
    ratios = [run["ratio"] for run in runs]
    line(
        "one image / engine",
        f"<= {GOAL}",
        f"{statistics.median(ratios):.3f} ({spread(ratios)}; last {runs[-1]['stream_ms']:.2f} and "
        f"{runs[-1]['engine_ms']:.2f} ms)",
    )


if __name__ == "__main__":
    main()
