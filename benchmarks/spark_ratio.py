"""1, 2, 3. Pomona on Spark and `pomona extract` beside each other and beside the peers.

All of a place and precision take turns within a round, in an order that the next round reverses,
so that a machine whose speed drifts drifts for all. What is reported is the ratio of medians.
Each writes the same table (path, label, features), which is compared with the command line's.
Writes build/bench/spark-PLACE-PRECISION-IMAGES.json, of which spark_report.py makes
docs/benchmarks.md.

    spark_ratio.py [--quick] [--rounds 3] [--only NAME] [--place local|s3] [--precision f32|bf16]
"""

import argparse
import collections
import json
import pathlib
import statistics
import tempfile

from contestants import CONTESTANTS, CORES, Contestant, run, use_cores
from hardware import describe
from measure import REPOSITORY, count_images, line
from peers.agreement import agreement
from spark_goals import GOALS, reached
from spark_images import ENOUGH, copies_for, images
from spark_places import PLACES

REPORTS = REPOSITORY / "build" / "bench"


class Race:
    """One place and precision: who runs there, and what came of it."""

    def __init__(self, place, precision: str, names: list[str] | None, copies: int):
        self._place, self.precision, self._copies = place, precision, copies
        self.contestants = [
            one
            for one in CONTESTANTS
            if place.name in one.places
            and precision in one.precisions
            and (not names or one.name in names)
        ]
        self.rates = collections.defaultdict(list)
        self.tables: dict[str, dict] = {}
        self.requests: dict[str, dict] = {}
        self.images: dict[str, int] = {}

    def round(self, number: int, scratch: pathlib.Path) -> None:
        order = self.contestants if number % 2 == 0 else self.contestants[::-1]
        for one in order:
            self._run(one, scratch)

    def _run(self, one: Contestant, scratch: pathlib.Path) -> None:
        copies = one.copies(self._place.name, self._copies)
        count = count_images(images(copies))
        source = self._place.source(copies, one.program)
        before = self._place.counts()
        output = scratch / one.name
        done = run(one, source, output, self.precision, self._place.environment())
        after = self._place.counts()
        self.images[one.name] = count
        self.rates[one.name].append(count / done["seconds"])
        self.requests[one.name] = {
            kind: (after[kind] - before[kind]) / count for kind in ("GET", "HEAD") if after
        }
        print(
            f"    {one.name:<20} {count / done['seconds']:7.1f} images/s"
            f"   ({count:,} images, {done['seconds']:.1f} s)",
            flush=True,
        )

    def compare(self, scratch: pathlib.Path) -> None:
        """Every table with the command line's of the same images."""
        for one in self.contestants:
            copies = one.copies(self._place.name, self._copies)
            ours = scratch / f"expected-{copies}"
            if not ours.exists():
                command_line = next(c for c in CONTESTANTS if c.name == "pomona")
                local = PLACES["local"]()
                source = local.source(copies, None)
                run(command_line, source, ours, self.precision, local.environment())
            self.tables[one.name] = agreement(ours, scratch / one.name, one.same_network)

    def report(self) -> dict:
        ratios = [
            reached(goal, self.rates)
            for goal in GOALS
            if (goal.place, goal.precision) == (self._place.name, self.precision)
        ]
        return {
            "images": count_images(images(self._copies)),
            "place": self._place.name,
            "place_title": self._place.title,
            "precision": self.precision,
            "hardware": describe(CORES),
            "contestants": [
                {
                    "name": one.name,
                    "title": one.title,
                    "images": self.images[one.name],
                    "rates": self.rates[one.name],
                    "median": statistics.median(self.rates[one.name]),
                    "requests": self.requests[one.name],
                    "table": self.tables[one.name],
                }
                for one in self.contestants
            ],
            "ratios": [ratio for ratio in ratios if ratio],
        }


def say(report: dict) -> None:
    where = f"{report['place']}, {report['precision']}, {report['images']:,} images"
    for ratio in report["ratios"]:
        line(
            f"{ratio['text']}, {where}",
            f">= {ratio['goal']}",
            f"{ratio['ratio']:.2f} ({ratio['least']:.2f} to {ratio['greatest']:.2f} in "
            f"{ratio['rounds']} rounds; {ratio['over']})",
        )
    for one in report["contestants"]:
        if one["name"] == "pomona-spark" and one["requests"]:
            line(
                f"3 requests per image, {where}",
                "1 GET, 0 HEAD",
                f"{one['requests']['GET']:.3f} GET, {one['requests']['HEAD']:.3f} HEAD",
            )


def measure(place_name: str, precision: str, options, copies: int) -> None:
    with (
        PLACES[place_name]() as place,
        tempfile.TemporaryDirectory(prefix="pomona-bench-") as folder,
    ):
        use_cores()  # after the server's start, which may use others
        scratch = pathlib.Path(folder)
        race = Race(place, precision, options.only, copies)
        if not race.contestants:
            return
        for number in range(options.rounds):
            print(f"  {place.title}, {precision}, round {number + 1}", flush=True)
            race.round(number, scratch)
        race.compare(scratch)
        report = race.report()
    REPORTS.mkdir(parents=True, exist_ok=True)
    target = REPORTS / f"spark-{place_name}-{precision}-{report['images']}.json"
    target.write_text(json.dumps(report, indent=2) + "\n")
    say(report)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="the images once, one round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--images", type=int, default=ENOUGH, help="at least so many (20,000)")
    parser.add_argument("--only", action="append", help="a contestant's name; repeatable")
    parser.add_argument("--place", action="append", choices=list(PLACES))
    parser.add_argument("--precision", action="append", choices=["f32", "bf16"])
    options = parser.parse_args()
    if options.quick:
        options.rounds = 1
    copies = 1 if options.quick else copies_for(options.images)
    for place in options.place or list(PLACES):
        for precision in options.precision or ["f32", "bf16"]:
            measure(place, precision, options, copies)


if __name__ == "__main__":
    main()
