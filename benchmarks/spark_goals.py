"""The ratios that `make bench-spark` reports, their goals, and how they come from the rates."""

import dataclasses
import statistics

UDFS = ("spark-openvino", "spark-onnxruntime")
UDFS_FAR = (*UDFS, "spark-openvino-16")
RAY = ("ray-openvino", "ray-onnxruntime")


@dataclasses.dataclass(frozen=True)
class Goal:
    """`ours` over the fastest of `theirs`, both by name, at one place and precision."""

    text: str
    place: str
    precision: str
    ours: str
    theirs: tuple[str, ...]
    least: float


GOALS = (
    *(
        Goal("1 Pomona on Spark / `pomona extract`", place, precision, "pomona-spark",
             ("pomona",), 0.90)
        for place in ("local", "s3") for precision in ("f32", "bf16")
    ),
    *(
        Goal(f"2 {text}", place, precision, ours, theirs, least)
        for place in ("local", "s3")
        for text, precision, ours, theirs, least in (
            ("Pomona on Spark / Keras notebook", "f32", "pomona-spark", ("keras-notebook",), 6),
            ("`pomona extract` / Daft", "f32", "pomona", ("daft-onnxruntime",), 1.25),
            ("`pomona extract` / Ray Data", "f32", "pomona", RAY, 1.6),
            ("`pomona extract` / Ray Data", "bf16", "pomona", RAY, 2.2),
        )
    ),
    Goal("2 Pomona on Spark / best Spark UDF", "local", "f32", "pomona-spark", UDFS, 1.8),
    Goal("2 Pomona on Spark / best Spark UDF", "local", "bf16", "pomona-spark", UDFS, 2.8),
    Goal("2 Pomona on Spark / best Spark UDF", "s3", "f32", "pomona-spark", UDFS_FAR, 3),
    Goal("2 Pomona on Spark / best Spark UDF", "s3", "bf16", "pomona-spark", UDFS_FAR, 3),
)  # fmt: skip


def reached(goal: Goal, rates: dict[str, list[float]]) -> dict | None:
    """The ratio of the medians, and the least and greatest ratio within one round. None: somebody
    whom the goal names was not measured. `rates`: images/s of each, one a round."""
    theirs = [name for name in goal.theirs if name in rates]
    if goal.ours not in rates or not theirs:
        return None
    best = max(theirs, key=lambda name: statistics.median(rates[name]))
    pairs = [a / b for a, b in zip(rates[goal.ours], rates[best], strict=False)]
    ratio = statistics.median(rates[goal.ours]) / statistics.median(rates[best])
    return {
        "text": goal.text,
        "place": goal.place,
        "precision": goal.precision,
        "over": best,
        "goal": goal.least,
        "ratio": ratio,
        "least": min(pairs),
        "greatest": max(pairs),
        "rounds": len(pairs),
    }
