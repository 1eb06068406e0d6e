"""Pages of drawn pictures: make_pages.py FOLDER writes one for each function of PAGES.

They have what a table of a test's size does not give: hostile names, 100,000 points, nothing.
"""

import copy
import pathlib
import sys

import numpy as np
from page_builder import encoded, floats, integers, page, sprites
from PIL import Image, ImageDraw

HOSTILE = [
    "<script>window.broken = 1</script>",
    '"><img src=x onerror="window.broken = 2">',
    "</script><script>window.broken = 3</script>",
    "<!--<script>",
    "javascript:window.broken = 4",
    "\u202eright to left\u202c \u05e4\u05e8\u05d9",
    "two\nlines\r\nand\ttabs",
    "\U0001f34e\U0001f34f \u0000 \u2028 \u2029",
    "{{data}} ${window.broken = 5} &lt;b&gt; '\"`",
    "a" * 3000,
    "",
    "__proto__",
    "constructor",
]


def drawn(label: int, index: int) -> Image.Image:
    picture = Image.new("RGB", (64, 48), "white")
    hue = f"hsl({label * 137 % 360}, 60%, {40 + index % 5 * 6}%)"
    ImageDraw.Draw(picture).ellipse((10 + index % 7, 4, 50, 44), fill=hue)
    return picture


def report(labels, count, folder=None, thumbnails=60, title="Drawn fruit", names=None):
    """Data of a page: a heap of points for each label; every eleventh is taken for the next."""
    rng = np.random.default_rng(7)
    n = len(labels)
    label = np.arange(count) % n
    split = np.arange(count) // n % 2
    predicted = np.where(np.arange(count) % 11 == 5, (label + 1) % n, label)
    probability = np.clip(rng.normal(0.8, 0.15, count), 0.3, 1)
    right = predicted == label
    angle = label * 2 * np.pi / n
    x = 10 * np.cos(angle) + rng.normal(0, 1, count)
    y = 10 * np.sin(angle) + rng.normal(0, 1, count)
    # Every third has a thumbnail, so that a point without one is never far.
    shown = np.arange(0, count, 3)[:thumbnails]
    image = np.full(count, -1)
    image[shown] = np.arange(len(shown))
    paths = [f"{names[i % len(names)]}/{i}.png" if names else f"{i}.png" for i in range(count)]
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        for i in range(count):
            drawn(label[i], i).resize((256, 192)).save(folder / f"{i}.png")
    of_label = [[int(i) for i in shown if label[i] == k] for k in range(n)]
    counts = np.zeros((n, 2), int)
    np.add.at(counts, (label, split), 1)
    pairs, times = np.unique(np.stack([label, predicted]), axis=1, return_counts=True)
    wrong = [int(i) for i in np.argsort(-probability) if not right[i]][:30]
    duplicates = [
        {
            "a": i,
            "b": i + 3,
            "distance": i / 1e4,
            "exact": i == 0,
            "splits": i % 2 == 0,
            "labels": i % 3 == 0,
        }
        for i in range(0, min(count - 3, 30))
    ]
    honest = {"value": 0.909, "low": 0.86, "high": 0.95, "rows": count, "how": "whole groups"}
    return {
        "format": 1,
        "title": title,
        "pomona": "0.0.0",
        "made": "2026-01-02T03:04:05Z",
        "remarks": [{"section": "samples", "text": "a remark of the samples"}],
        "summary": {
            "images": count,
            "rows": count,
            "rejects": 3,
            "classes": n,
            "dim": 2560,
            "compared_dim": 1280,
            "features": "a network, last layer",
            "network": "a network",
            "digest": "sha256:00",
            "finished": "2026-01-02T03:04:00Z",
            "seconds": 12.5,
            "images_per_second": 80.0,
            "cost": None,
            "accuracy": {
                "honest": honest,
                "official": honest | {"value": 0.99, "how": "between frames"},
            },
        },
        "labels": labels,
        "splits": ["training", "test"],
        "classes": {"count": integers(counts), "alone": [0] if n > 1 else [], "ratio": 1.0},
        "points": {
            "count": count,
            "of": count,
            "x": floats(x),
            "y": floats(y),
            "label": integers(label),
            "split": integers(split),
            "predicted": integers(predicted),
            "probability": floats(probability),
            "unknown": encoded(probability < 0.5, "u1"),
            "image": integers(image),
            "row": integers(range(count)),
            "prefix": "file:/photos/",
            "paths": paths,
            "href_prefix": folder.resolve().as_uri() + "/" if folder else None,
        },
        "thumbnails": {
            "side": 48,
            "columns": 16,
            "per_sheet": 32,
            "sheets": sprites([drawn(label[i], i) for i in shown], 48, rows=2),
            "point": integers(shown),
        },
        "samples": {
            "shown": len(shown),
            "of": count,
            "by_label": {
                "offsets": integers(np.cumsum([0] + [len(some) for some in of_label])),
                "point": integers([i for some in of_label for i in some]),
            },
        },
        "duplicates": {
            "threshold": 0.01,
            "sets": len(duplicates),
            "exact_sets": 1,
            "across_splits": 15,
            "across_labels": 10,
            "pairs": duplicates,
            "shown": len(duplicates),
            "of": len(duplicates),
        },
        "wrong": {
            "by": "out of fold: learned without the row",
            "confusion": {
                "label": integers(pairs[0]),
                "predicted": integers(pairs[1]),
                "count": integers(times),
            },
            "mistakes": wrong,
            "mistakes_of": len(wrong) + 1,
            "doubtful": [int(i) for i in np.argsort(probability) if right[i]][:30],
            "label_issues": [
                {"point": i, "score": 0.01, "suggested": int(predicted[i])} for i in wrong[:5]
            ],
            "label_issues_of": min(5, len(wrong)),
        },
        "trust": {
            "reliability": [
                {
                    "from": k / 10,
                    "to": (k + 1) / 10,
                    "count": 10 * k,
                    "confidence": k / 10 + 0.05,
                    "accuracy": k / 10,
                }
                for k in range(3, 10)
            ],
            "ece": 0.05,
            "coverage": [{"coverage": k / 20, "error": (k / 20) ** 3 / 11} for k in range(1, 21)],
            "unknown": {
                "threshold": 0.5,
                "count": 4,
                "of": count,
                "histogram": [
                    {"from": k / 8, "to": (k + 1) / 8, "count": 90 - 11 * k} for k in range(8)
                ],
            },
        },
        "rejects": {
            "count": 3,
            "reasons": [
                {
                    "reason": "empty_file",
                    "count": 2,
                    "examples": [{"path": "file:/photos/e.jpg", "message": "no bytes"}],
                },
                {
                    "reason": "truncated",
                    "count": 1,
                    "examples": [{"path": "file:/photos/t.jpg", "message": "ends early"}],
                },
            ],
        },
        "compare": {
            "other": "file:/features/before",
            "rows": count - 1,
            "new": 2,
            "gone": 1,
            "changed": 1,
            "new_examples": [0, 1],
            "gone_examples": ["file:/photos/gone.jpg"],
            "changed_examples": [{"point": 2, "distance": 0.25}],
            "classes": [{"label": labels[0], "before": 1, "now": 2}],
            "drift": {"value": 0.01, "how": "distance of the means"},
            "by_label": [{"label": labels[0], "distance": 0.02}],
        },
        "provenance": [{"name": "command", "value": "pomona report features/ report.html"}],
    }


def ordinary(folder):
    return report(["apple", "banana", "cherry", "date"], 240, folder / "ordinary pictures #1%")


def hostile(folder):
    data = report(HOSTILE, 260, title=HOSTILE[2] + HOSTILE[1], names=HOSTILE)
    data["splits"] = HOSTILE[:2]
    data["points"]["prefix"] = HOSTILE[0]
    data["points"]["href_prefix"] = "javascript:window.broken = 6//"
    for name in ("features", "network", "digest"):
        data["summary"][name] = HOSTILE[1]
    data["wrong"]["by"] = data["compare"]["other"] = HOSTILE[0]
    data["remarks"] = [{"section": "map", "text": text} for text in HOSTILE]
    data["rejects"]["reasons"] = [
        {"reason": text, "count": 1, "examples": [{"path": text, "message": text}]}
        for text in HOSTILE
    ]
    data["compare"]["gone_examples"] = HOSTILE
    data["compare"]["classes"] = [{"label": text, "before": 1, "now": 2} for text in HOSTILE]
    data["compare"]["by_label"] = [{"label": text, "distance": 0.1} for text in HOSTILE]
    data["provenance"] = [{"name": text, "value": text} for text in HOSTILE]
    return data


def empty(folder):
    """Nothing that can be left out is there, and each section says why."""
    data = report(["apple"], 4)
    for section in ("classes", "samples", "duplicates", "wrong", "trust", "rejects", "compare"):
        data[section] = None
    data["points"] = data["thumbnails"] = None
    data["labels"] = data["splits"] = []
    data["summary"] |= dict.fromkeys(
        ["rejects", "network", "digest", "finished", "seconds", "images_per_second", "accuracy"]
    )
    sections = ("classes", "samples", "map", "duplicates", "wrong", "trust", "rejects")
    data["remarks"] = [{"section": name, "text": f"no {name} here"} for name in sections]
    return data


def one(folder):
    """One picture of one class, judged by nobody; no honest figure."""
    data = report(["apple"], 1)
    data["splits"] = []
    data["classes"]["count"] = integers([1])
    data["points"] |= {
        "split": integers([-1]),
        "predicted": None,
        "probability": None,
        "unknown": None,
    }
    data["summary"]["accuracy"]["honest"] = None
    data["duplicates"] |= {
        "sets": 0,
        "exact_sets": 0,
        "across_splits": 0,
        "across_labels": 0,
        "of": 0,
    }
    data["wrong"] = data["trust"] = data["compare"] = None
    data["rejects"] = {"count": 0, "reasons": []}
    return data


def unplaced(folder):
    """Points without a label, a place or a thumbnail; a page that shows a sample of the rows."""
    data = report(["apple", "banana"], 40)
    x = np.where(np.arange(40) % 4 == 0, np.nan, np.arange(40))
    data["points"] |= {"x": floats(x), "label": integers([-1] * 20 + [0, 1] * 10), "of": 900}
    data["thumbnails"] = None
    data["points"]["image"] = integers([-1] * 40)
    return data


def many_labels(folder):
    return report([f"label {k}" for k in range(100_000)], 100_000, thumbnails=64)


def large(folder):
    return report([f"label {k}" for k in range(131)], 100_000, thumbnails=2_000)


PAGES = (ordinary, hostile, empty, one, unplaced, many_labels, large)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for make in PAGES:
        text = page(copy.deepcopy(make(folder)))
        (folder / f"{make.__name__}.html").write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
