"""How well `pomona locate` finds the set of fruits that is in a photo.

  benchmarks/locate_fruits.py ../shared/data/fruits-81 ../shared/data/several-fruits

Learns from frames of a studio and looks at photos whose names say what is in them. Prints precision
and recall over all fruits of all photos, for several classifiers and sizes, at each least score;
nothing is chosen here.
"""

import argparse
import collections
import pathlib
import subprocess
import tempfile

import pyarrow.parquet as pq

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
# Names of the photos whose fruit is spelt otherwise as a class.
SPELT = {"strawberries": "strawberry", "tamarilo": "tamarillo", "kachi": "kaki",
         "cherry(rainier)": "cherry", "limes": "limes"}  # fmt: skip
LEAST_SCORES = (0.2, 0.25, 0.3, 0.35, 0.4, 0.5)


def kind(label: str) -> str:
    """What of a class the names of photos know: `Apple Red 1` is an apple."""
    name = label.lower()
    if name.startswith("peach flat"):
        return "peach(flat)"
    return "maracuja" if name.startswith("passion") else name.split()[0]


def fruits_in(photo: str) -> set[str]:
    names = pathlib.PurePosixPath(photo).stem.split("_")
    names = [name.rstrip("0123456789") for name in names]
    return {SPELT.get(name, name) for name in names if name}


def pomona(*arguments) -> None:
    program = REPOSITORY / "build" / "release" / "pomona"
    subprocess.run([program, *map(str, arguments)], check=True, stderr=subprocess.DEVNULL)


def found(boxes: pathlib.Path) -> dict[str, collections.Counter]:
    """The best score of each kind of each photo."""
    best = collections.defaultdict(collections.Counter)
    for row in pq.read_table(boxes).to_pylist():
        seen = best[row["path"]]
        if row["label"] is not None:
            name = kind(row["label"])
            seen[name] = max(seen.get(name, -1), row["score"])
    return best


def judge(best: dict, least: float) -> tuple[float, float]:
    right = wrong = missed = 0
    for photo, scores in best.items():
        wanted = fruits_in(photo)
        given = {name for name, score in scores.items() if score >= least}
        right += len(wanted & given)
        wrong += len(given - wanted)
        missed += len(wanted - given)
    return right / max(right + wrong, 1), right / (right + missed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("studio", type=pathlib.Path)
    parser.add_argument("photos", type=pathlib.Path)
    parser.add_argument("--features", type=pathlib.Path, help="the studio's table, if it is there")
    given = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix="locate-"))
    features = given.features or work / "studio"
    if given.features is None:
        pomona("extract", given.studio, features)
    pomona("extract", given.photos, work / "photos", "--input-size", 448)
    ways = {
        "discriminant, 224": (("--score", "cosine"), ()),
        "discriminant, 448": (("--score", "cosine"), ("--input-size", 448)),
        "centroids, 448": (("--method", "centroid"), ("--input-size", 448)),
        "centroids like the photos, 448": (("--method", "centroid", "--like", work / "photos"), ()),
        "the same, windows of 5 cells": (("--method", "centroid", "--like", work / "photos"),
                                         ("--cells", 5)),
        "the same, 672": (("--method", "centroid", "--like", work / "photos"),
                          ("--input-size", 672)),
    }  # fmt: skip
    print("precision and recall at a least score of", *LEAST_SCORES)
    for number, (name, (learn, look)) in enumerate(ways.items()):
        classifier, boxes = work / f"{number}.classifier", work / f"{number}.parquet"
        pomona("train", features, classifier, *learn)
        pomona("locate", given.photos, boxes, "--classifier", classifier, "--least-score", 0, *look)
        best = found(boxes)
        figures = ["{:.2f} {:.2f}".format(*judge(best, least)) for least in LEAST_SCORES]
        print(f"{name:32}", "   ".join(figures), flush=True)


if __name__ == "__main__":
    main()
