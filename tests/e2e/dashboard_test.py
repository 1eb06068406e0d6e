"""deploy/monitoring's dashboard as Grafana's own library reads it. That its queries give something
is in monitoring_test.py and tests/spark/metrics_test.py."""

import itertools
import json
import warnings

import monitoring
import pytest

with warnings.catch_warnings():
    # It would rather have its newer schema.
    warnings.simplefilter("ignore", DeprecationWarning)
    from grafana_foundation_sdk.cog import runtime
    from grafana_foundation_sdk.cog.encoder import JSONEncoder
    from grafana_foundation_sdk.cog.plugins import register_default_plugins
    from grafana_foundation_sdk.models.dashboard import Dashboard

COLUMNS = 24


@pytest.fixture(scope="module")
def dashboard():
    return json.loads(monitoring.DASHBOARD.read_text())


def without(read, given):
    """`read` less what `given` leaves to Grafana."""
    if isinstance(given, dict) and isinstance(read, dict):
        return {name: without(read[name], given[name]) for name in given if name in read}
    if isinstance(given, list) and isinstance(read, list) and len(given) == len(read):
        return [without(*pair) for pair in zip(read, given, strict=True)]
    return read


def test_grafana_knows_every_field(dashboard):
    register_default_plugins()
    read = json.loads(JSONEncoder().encode(Dashboard.from_json(dashboard)))
    assert without(read, dashboard) == dashboard
    kinds = {panel["type"] for panel in dashboard["panels"]} - {"row"}
    assert kinds and all(runtime.panelcfg_config(kind) for kind in kinds)


def test_panels_have_a_place_and_a_number_of_their_own(dashboard):
    numbers = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(numbers)) == len(numbers)
    cells = list(
        itertools.chain.from_iterable(
            itertools.product(range(x, x + w), range(y, y + h))
            for x, y, w, h in (
                [panel["gridPos"][side] for side in "xywh"] for panel in dashboard["panels"]
            )
        )
    )
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < COLUMNS


def test_every_query_goes_to_the_source_that_is_chosen(dashboard):
    source = {"type": "prometheus", "uid": "${datasource}"}
    assert dashboard["templating"]["list"][0]["type"] == "datasource"
    askers = [*dashboard["templating"]["list"][1:], *dashboard["annotations"]["list"]]
    for row in ("Runs", "Spark"):
        for panel in monitoring.panels(row):
            askers += [panel, *panel["targets"]]
    assert all(asker["datasource"] == source for asker in askers)
