"""Writes the tables and the plot of docs/benchmarks.md from build/bench/*.json.

    spark_report.py [--reports build/bench] [--page docs/benchmarks.md]

Only what stands between the page's two marks is replaced; the plot lies beside the page.
"""

import argparse
import json
import pathlib

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
BEGIN = "<!-- figures: written by benchmarks/spark_report.py -->"
END = "<!-- end of figures -->"
PLACES, PRECISIONS = ["local", "s3"], ["f32", "bf16"]
OURS, OTHERS = "#b5473a", "#8a94a0"
MEBIBYTE = 1 << 20


def machine(hardware: dict) -> str:
    kind = "a virtual machine with" if hardware["virtual"] else "a machine with"
    return (
        f"{hardware['processor']} ({', '.join(hardware['flags'])}), {hardware['cores']} cores of "
        f"{kind} {hardware['machine_cores']} and {hardware['memory_bytes'] / 2**30:.0f} GiB, "
        f"Linux {hardware['kernel']}"
    )


def table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


def ratio_rows(reports: list[dict]) -> list[list[str]]:
    return [
        [
            ratio["text"].split(" ", 1)[1],
            f"{ratio['place']}, {ratio['precision']}, {report['images']:,}",
            f"{ratio['goal']:g}",
            f"**{ratio['ratio']:.2f}**"
            + (
                f" ({ratio['least']:.2f} to {ratio['greatest']:.2f})" if ratio["rounds"] > 1 else ""
            ),
            ratio["over"],
        ]
        for report in reports
        for ratio in report["ratios"]
    ]


def agreement(checked: dict) -> str:
    if checked.get("equal"):
        return "bit for bit"
    if "cosine_min" in checked:
        return f"cosine {checked['cosine_min']:.5f} at least"
    return "another network"


def contestant_rows(report: dict) -> list[list[str]]:
    return [
        [
            one["title"],
            f"{one['median']:.1f}",
            f"{min(one['rates']):.1f} to {max(one['rates']):.1f}" if len(one["rates"]) > 1 else "",
            f"{one['images']:,}",
            agreement(one["table"]),
            *(
                [f"{one['requests']['GET']:.3f} GET, {one['requests']['HEAD']:.3f} HEAD"]
                if one["requests"]
                else []
            ),
        ]
        for one in sorted(report["contestants"], key=lambda one: -one["median"])
    ]


def where(report: dict) -> str:
    return f"From {report['place_title']}, {report['precision']}, {report['images']:,} images"


def race_section(report: dict) -> str:
    heads = ["", "images/s", "in the rounds", "images", "its features beside ours"]
    if report["contestants"][0]["requests"]:
        heads.append("per image")
    rounds = max(len(one["rates"]) for one in report["contestants"])
    title = f"### {where(report)}\n"
    note = f"\n{rounds} rounds.\n" if rounds > 1 else "\nOne round.\n"
    return title + note + "\n" + table(heads, contestant_rows(report))


def plot(reports: list[dict], target: pathlib.Path) -> None:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update(
        {"svg.hashsalt": "pomona", "svg.fonttype": "none", "font.size": 8, "axes.titlesize": 9}
    )
    from matplotlib import pyplot

    heights = [len(report["contestants"]) + 1 for report in reports]
    figure, axes = pyplot.subplots(
        len(reports),
        figsize=(8, 0.28 * sum(heights)),
        height_ratios=heights,
        squeeze=False,
        layout="constrained",
    )
    for report, axis in zip(reports, axes[:, 0], strict=True):
        ones = sorted(report["contestants"], key=lambda one: one["median"])
        colors = [OURS if one["name"].startswith("pomona") else OTHERS for one in ones]
        titles = [one["title"].replace("`", "") for one in ones]
        bars = axis.barh(titles, [one["median"] for one in ones], color=colors)
        axis.bar_label(bars, fmt="%.0f", padding=3)
        axis.set_title(f"{where(report)}: images/s", loc="left")
        axis.spines[["top", "right"]].set_visible(False)
        axis.margins(x=0.08)
    figure.savefig(target, metadata={"Date": None})


def order(race: dict) -> tuple[int, int, int]:
    return PLACES.index(race["place"]), PRECISIONS.index(race["precision"]), race["images"]


def figures(reports: dict[str, dict], page: pathlib.Path) -> str:
    races = sorted((report for report in reports.values() if "contestants" in report), key=order)
    parts = []
    if races:
        parts.append(f"Measured on {machine(races[0]['hardware'])}.\n")
        drawing = page.with_suffix(".svg")
        plot(races, drawing)
        parts.append(f"![Images per second of each]({drawing.name})\n")
        heads = [
            "ratio of medians",
            "from, precision, images",
            "goal",
            "measured (within a round)",
            "the other one",
        ]
        parts.append(table(heads, ratio_rows(races)))
        parts.extend(race_section(report) for report in races)
    if "spark-memory" in reports:
        peaks = [
            [f"{peak['images']:,}", f"{peak['bytes'] / MEBIBYTE:.0f} MiB"]
            for peak in reports["spark-memory"]["peaks"]
        ]
        parts.append(
            "### Memory of a Python worker\n\n" + table(["images", "peak resident memory"], peaks)
        )
    if "spark-pca" in reports:
        pca = reports["spark-pca"]
        parts.append(
            f"### Principal components on Spark, {pca['rows']:,} x {pca['dim']:,} features\n\n"
            f"`pomona.spark.PCA` over Spark ML's PCA (fit, project, write): **{pca['ratio']:.1f}** "
            f"({min(pca['ratios']):.1f} to {max(pca['ratios']):.1f}); goal {pca['goal']}. The last "
            f"pair took {pca['seconds']['pomona']:.1f} and {pca['seconds']['spark']:.1f} s.\n"
        )
    return "\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=pathlib.Path, default=REPOSITORY / "build" / "bench")
    parser.add_argument("--page", type=pathlib.Path, default=REPOSITORY / "docs" / "benchmarks.md")
    options = parser.parse_args()
    reports = {file.stem: json.loads(file.read_text()) for file in options.reports.glob("*.json")}
    if not reports:
        raise SystemExit(
            f"error: no reports in {options.reports}\nhint: make bench-spark writes them"
        )
    text = options.page.read_text()
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    options.page.write_text(f"{before}{BEGIN}\n\n{figures(reports, options.page)}\n{END}{after}")


if __name__ == "__main__":
    main()
