"""What `pomona train` reaches on real photos, by the commands themselves, beside the goals.

    answers_commands.py [--only NAME...]

Tables of features are kept in build/release/answers-commands. Prints, and writes
build/bench/answers-commands.json. Intervals are those that the commands print: 95 %, of a bootstrap
over whole groups.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pyarrow.parquet as pq
from answers_intervals import interval
from answers_movies import real_data
from hardware import describe
from measure import BUILD, POMONA, REPOSITORY, line

WORK = pathlib.Path(os.environ.get("POMONA_ANSWERS_WORK", BUILD / "answers-commands"))
REPORT = REPOSITORY / "build" / "bench" / "answers-commands.json"
BANANA = "/([0-9]+)_[^/]*$"
# Each movie of an apple in blocks of a hundred frames.
BLOCK = "/([^/]+)/(r?[0-9]?_?)(?:([0-9])[0-9]{2}|[0-9]{1,2})_100"
APPLES = "from,state\nApple Rotten 1,rotten\nApple worm 1,worm\n*,sound\n"
OVERRIPE = "from,state\n*/*_O.jpg,overripe\n*,not yet\n"

found: dict[str, dict] = {}


def pomona(*arguments) -> dict:
    done = subprocess.run([POMONA, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return json.loads(done.stdout) if done.stdout.startswith("{") else {}


def features(name: str, *flags: str) -> pathlib.Path:
    table = WORK / "-".join([name, *(flag.strip("-") for flag in flags)])
    pomona("extract", real_data() / name, table, "--quiet", *flags)
    return table


def split(table: pathlib.Path, *flags) -> pathlib.Path:
    file = table.with_suffix(".split")
    pomona("split", table, file, "--overwrite", "--quiet", *flags)
    return file


def train(table: pathlib.Path, parts: pathlib.Path, *flags) -> dict:
    """The report; the classifier is beside the table."""
    file = table.with_suffix(".classifier")
    return pomona(
        "train", table, file, "--split", parts, "--overwrite", "--json", "--quiet", *flags
    )


def evaluate(table: pathlib.Path, parts: pathlib.Path) -> list[dict]:
    file = table.with_suffix(".classifier")
    return pomona("evaluate", table, file, "--split", parts, "--json")["evaluations"]


def label_map(name: str, text: str) -> pathlib.Path:
    file = WORK / name
    file.write_text(text)
    return file


def said(value: dict | float) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    ends = f" ({value['low']:.3f} to {value['high']:.3f})" if "low" in value else ""
    return f"{value['value']:.3f}{ends}"


def tell(name: str, goal: str, value: dict | float, more: str = "") -> None:
    found[name] = {"goal": goal, "value": value, "more": more}
    line(name, goal, said(value) + (f", {more}" if more else ""))


def fruits() -> None:
    table = features("fruits-81", "--preset", "rich")
    parts = split(table, "--group", "fruits-360", "--train", "/plain$")
    train(table, parts)
    tell("fruits-81, plain -> others", ">= 0.90", evaluate(table, parts)[-1]["accuracy"])
    parts = split(table, "--group", "fruits-360", "--folds", "2")
    folds = train(table, parts)["evaluation"]
    tell("fruits-81, two folds", "-", folds["accuracy"])
    tell("... ECE", "<= 0.03", folds["calibration_error"])
    sets = folds["conformal"]
    tell("... sets at 0.95 hold the label", "0.93 to 0.97", sets["coverage"],
         f"{sets['mean_set_size']:.2f} labels a set")  # fmt: skip
    parts = split(table, "--by", "official", "--group", "fruits-360")
    train(table, parts)
    tell("fruits-81, official, which flatters", ">= 0.995", evaluate(table, parts)[0]["accuracy"])
    labels = sorted({path.parent.name for path in (real_data() / "fruits-81").glob("*/*/*")})
    parts = split(table, "--group", "fruits-360", "--train", "/plain$",
                  "--hold-out", ",".join(labels[::4][:20]))  # fmt: skip
    train(table, parts)
    unknown = evaluate(table, parts)[-1]["unknown"]
    tell("fruits-81, 20 held out: AUROC", ">= 0.90", unknown["auroc"],
         f"FPR95 {unknown['fpr_at_95']:.2f}")  # fmt: skip


def bananas() -> None:
    table = features("bananas", "--preset", "rich")
    parts = split(table, "--group", BANANA, "--folds", "11")
    stages = train(table, parts)["evaluation"]["accuracy"]
    tell("bananas, four stages, by banana", ">= 0.88", stages)
    over = train(table, parts, "--labels", label_map("overripe.csv", OVERRIPE))
    tell("bananas, overripe or not", ">= 0.95", over["evaluation"]["accuracy"])


def apples() -> None:
    table = features("apple-varieties", "--preset", "rich")
    parts = split(table, "--group", BLOCK, "--folds", "4")
    states = train(table, parts, "--labels", label_map("apples.csv", APPLES))["evaluation"]
    tell("sound, rotten, worm, balanced", "-", states["balanced_accuracy"],
         "blocks of frames of one rotten and one wormy apple: says nothing of another")  # fmt: skip


def shop() -> None:
    table = features("shop-photos", "--features", "levels", "--views", "mirror")
    parts = split(table, "--by", "official")
    train(table, parts)
    answers = table.with_suffix(".answers")
    pomona("predict", table, answers, "--classifier", table.with_suffix(".classifier"),
           "--overwrite", "--quiet")  # fmt: skip
    rows = pq.read_table(answers, columns=["path", "label", "predicted"]).to_pylist()
    kind_of = {row["label"]: kind(row["path"]) for row in rows}
    asked = [row for row in rows if "/Test/" in row["path"]]
    labels = np.array([row["label"] for row in asked])
    answered = np.array([row["predicted"] for row in asked])
    kinds = np.vectorize(kind_of.__getitem__)
    for name, goal, right in [
        ("shop, Training -> Test, varieties", "-", labels == answered),
        ("shop, Training -> Test, kinds", ">= 0.82", kinds(labels) == kinds(answered)),
    ]:
        middle, low, high = interval(right.astype(float), labels)
        tell(name, goal, {"value": middle, "low": low, "high": high})
    # Vegetables against fruits, by what fruits teach.
    vegetables = sorted({row["label"] for row in rows if "/Vegetables/" in row["path"]})
    parts = split(table, "--by", "official", "--hold-out", ",".join(vegetables))
    train(table, parts)
    unknown = evaluate(table, parts)[-1]["unknown"]
    tell("shop, vegetables not learned: AUROC", ">= 0.90", unknown["auroc"],
         f"FPR95 {unknown['fpr_at_95']:.2f}")  # fmt: skip


def kind(path: str) -> str:
    return re.search("/(?:Fruit|Vegetables)/([^/]+)/", path)[1]


# The studio's varieties by the first word of their names, and the shops' kinds.
KINDS = {
    "Apple": "Apple", "Avocado": "Avocado", "Banana": "Banana", "Kiwi": "Kiwi", "Lemon": "Lemon",
    "Limes": "Lime", "Mango": "Mango", "Cantaloupe": "Melon", "Melon": "Melon",
    "Nectarine": "Nectarine", "Orange": "Orange", "Papaya": "Papaya", "Passion": "Passion-Fruit",
    "Peach": "Peach", "Pear": "Pear", "Pineapple": "Pineapple", "Plum": "Plum",
    "Pomegranate": "Pomegranate", "Grapefruit": "Red-Grapefruit", "Clementine": "Satsumas",
    "Mandarine": "Satsumas",
}  # fmt: skip
FRUITS = "Training", "Test"


def linked(name: str, links: dict[str, pathlib.Path]) -> pathlib.Path:
    """A folder in which each name is a link."""
    folder = WORK / name
    for link, target in links.items():
        place = folder / link
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.is_symlink():
            place.symlink_to(target)
    return folder


def studio() -> None:
    """Learned from the studio, asked in shops: 19 kinds that both have."""
    fruit = linked("shop-fruit", {side: real_data() / "shop-photos" / side / "Fruit"
                                  for side in FRUITS})  # fmt: skip
    varieties = sorted({place.name for place in (real_data() / "fruits-81").glob("*/*")})
    known = {one: KINDS[one.split()[0]] for one in varieties if one.split()[0] in KINDS}
    shop = extracted(fruit, "shop-320", "--input-size", "320")
    table = extracted(real_data() / "fruits-81", "studio-160", "--input-size", "160")
    parts = split(table, "--group", "fruits-360", "--folds", "2")
    lines = [f"{one},{one}" for one in known]
    names = label_map("varieties.csv", "\n".join(["from,variety", *lines, "*,", ""]))
    train(table, parts, "--labels", names, "--method", "centroid", "--like", shop)
    asked, right = shop_answers(shop, table.with_suffix(".classifier"), known)
    tell("studio to shop, no photo of a shop labelled", ">= 0.50", by_variety(right, asked))

    # Ten photos a kind, in the order of a draw, beside the studio's.
    draw = np.random.default_rng(1)
    photos = {}
    for kind_name in sorted(set(known.values())):
        all_of = sorted(
            (real_data() / "shop-photos" / "Training" / "Fruit" / kind_name).rglob("*.jpg")
        )
        for photo in draw.permutation(len(all_of))[:10]:
            photos[f"shop/{kind_name}/{photo}.jpg"] = all_of[photo]
    pool = linked("studio-and-ten", {"studio": real_data() / "fruits-81", **photos})
    table = extracted(pool, "studio-and-ten-224")
    lines = [f"*/shop/{kind_name}/*,{kind_name}" for kind_name in sorted(set(known.values()))]
    lines += [f"{one},{kind_name}" for one, kind_name in known.items()]
    names = label_map("kinds.csv", "\n".join(["from,kind", *lines, "*,", ""]))
    train(table, split(table, "--folds", "5"), "--labels", names)
    asked, right = shop_answers(extracted(fruit, "shop-224"), table.with_suffix(".classifier"), {})
    test = [i for i, path in enumerate(asked) if "/Test/" in path]
    of_test = by_variety(right[test], [asked[i] for i in test])
    tell("studio and ten photos a kind, Test", ">= 0.65", of_test)


def extracted(source: pathlib.Path, name: str, *flags: str) -> pathlib.Path:
    pomona("extract", source, WORK / name, "--quiet", *flags)
    return WORK / name


def shop_answers(
    table: pathlib.Path, classifier: pathlib.Path, kind_of: dict[str, str]
) -> tuple[list[str], np.ndarray]:
    """The paths of a table of shop photos, and whether the kind of each was named."""
    answers = table.with_suffix(".answers")
    pomona("predict", table, answers, "--classifier", classifier, "--overwrite", "--quiet")
    rows = pq.read_table(answers, columns=["path", "predicted"]).to_pylist()
    right = [
        kind_of.get(row["predicted"], row["predicted"]) == shop_kind(row["path"]) for row in rows
    ]
    return [row["path"] for row in rows], np.array(right, dtype=float)


def shop_kind(path: str) -> str:
    return re.search("/(?:Training|Test)/(?:Fruit/)?([^/]+)/", path)[1]


def by_variety(right: np.ndarray, paths: list[str]) -> dict[str, float]:
    middle, low, high = interval(right, np.array([path.rsplit("/", 1)[0] for path in paths]))
    return {"value": middle, "low": low, "high": high}


QUESTIONS: dict[str, Callable[[], None]] = {
    "fruits": fruits,
    "bananas": bananas,
    "apples": apples,
    "shop": shop,
    "studio": studio,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=QUESTIONS, default=list(QUESTIONS))
    WORK.mkdir(parents=True, exist_ok=True)
    for name in parser.parse_args().only:
        QUESTIONS[name]()
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    told = {"answers": found, "hardware": describe(len(os.sched_getaffinity(0)))}
    REPORT.write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main()
