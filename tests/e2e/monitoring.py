"""deploy/monitoring, as the tests use it."""

import json
import pathlib
import re
import shutil

from program import REPOSITORY

FOLDER = REPOSITORY / "deploy" / "monitoring"
DASHBOARD = FOLDER / "grafana-dashboard.json"

NOBODY = "127.0.0.1:1"


def deployed(
    folder: pathlib.Path,
    *,
    port: str = NOBODY,
    files: str = NOBODY,
    spark: str = NOBODY,
    stalled_seconds: int = 600,
) -> pathlib.Path:
    """Its prometheus.yml, in a copy where what everybody is told to change has been changed:
    addresses and a threshold. No expression is; the intervals are those of a test."""
    shutil.copytree(FOLDER, folder)
    file = folder / "prometheus.yml"
    for ours, theirs in {
        "localhost:9464": port, "localhost:9100": files, "localhost:4040": spark,
        "_interval: 15s": "_interval: 500ms",
    }.items():  # fmt: skip
        _replace(file, ours, theirs)
    _replace(folder / "thresholds.yml", "expr: 600", f"expr: {stalled_seconds}")
    return file


def _replace(file: pathlib.Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text, f"{file}: no {old}"
    file.write_text(text.replace(old, new))


def panels(row: str) -> list[dict]:
    """The dashboard's panels below the heading `row`."""
    found: dict[str, list[dict]] = {}
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        if panel["type"] == "row":
            below = found.setdefault(panel["title"], [])
        else:
            below.append(panel)
    return found[row]


def expressions(row: str) -> list[str]:
    """The PromQL of these panels, as Grafana sends it when everything is chosen."""
    queries = [target["expr"] for panel in panels(row) for target in panel["targets"]]
    for variable, value in {"$__rate_interval": "5m", "$instance": ".*", "$run": ".*"}.items():
        queries = [query.replace(variable, value) for query in queries]
    return queries


def names(expression: str) -> set[str]:
    """Pomona's and Spark's metrics in PromQL, and what rules record of them (with colons)."""
    tokens = re.findall(r"[a-zA-Z_:][\w:]*", re.sub(r'"[^"]*"', "", expression))
    return {token for token in tokens if token.startswith(("pomona_", "metrics_")) or ":" in token}
