"""The report of a job, with the names of `pomona extract`'s report where they mean the same."""

from __future__ import annotations

import json
from typing import Any

import pomona
from pomona._core import shown_uri
from pomona.reports import NetworkReport


def make(
    source: str,
    output: str,
    network: NetworkReport,
    counters: dict[str, int],
    rejects: dict[str, int],
    rows: int,
    seconds: float,
    extract_seconds: float,
    cores: int,
    partitions: int,
    listing: pomona.ListingSummary,
) -> dict[str, Any]:
    """`counters` and `rejects` are this job's; stage times are sums over all tasks' threads."""
    rate = (counters["images"] + counters["rejects"]) / extract_seconds if extract_seconds else 0
    stages = ("fetch", "decode", "resize", "infer")
    return {
        "pomona": pomona.__version__,
        "source": shown_uri(source),
        "output": shown_uri(output),
        "model": network,
        "references": counters["images"] + counters["rejects"],
        "not_taken": {
            "files": listing["not_taken"],
            "suffixes": listing["not_taken_by_suffix"],
            "by_old_rule": 0,
        },
        "unlabelled": listing["unlabelled"],
        "remarks": listing["remarks"],
        "rows": rows,
        "images": counters["images"],
        "rejects": rejects,
        "partitions": partitions,
        "bytes": counters["bytes"],
        "requests": counters["requests"],
        "retries": counters["retries"],
        "seconds": seconds,
        "extract_seconds": extract_seconds,
        "images_per_second": rate,
        "images_per_second_per_core": rate / cores if cores else 0,
        "cores": cores,
        "stage_seconds": {stage: counters[f"{stage}_ns"] / 1e9 for stage in stages},
    }


def text(report: dict[str, Any]) -> str:
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


def summary(report: dict[str, Any]) -> str:
    rejected = sum(report["rejects"].values())
    reasons = ", ".join(f"{reason} {number}" for reason, number in report["rejects"].items())
    network = report["model"]
    return (
        f"{report['images']} images, {rejected} rejects{f' ({reasons})' if reasons else ''} in "
        f"{report['extract_seconds']:.1f} s: {report['images_per_second']:.0f} images/s on "
        f"{report['cores']} cores\n"
        f"features: {network['features']} [{network['feature_dim']}], {network['features_origin']}"
    )
