"""What it would cost, in one line for people; "not known" with the reason, rather than a guess."""

from __future__ import annotations

import json
import pathlib
import subprocess
from typing import Any

from pomona_aws.stacks import Change


def of_job(source: str, prices: pathlib.Path | None) -> str:
    """Of one extraction, by `pomona plan`, which lists the source and knows the speed of a core."""
    if prices is None:
        return _unknown("--prices FILE names a price list")
    command = ["pomona", "plan", source, "--prices", str(prices), "--json"]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        return _unknown("there is no `pomona` in PATH")
    if done.returncode != 0:
        return _unknown(next(iter(done.stderr.splitlines()), "pomona plan failed"))
    plan = json.loads(done.stdout)
    clusters = [option for option in plan["options"] if option["cluster"]]
    if not clusters:
        return _unknown(f"{prices} has no machine for a cluster")
    best = min(clusters, key=lambda option: option["cost"])
    currency = plan["prices"]["currency"]
    return (
        f"price: {best['cost']:.2f} {currency} and {best['seconds'] / 60:.0f} min for "
        f"{plan['images']} images on the cheapest cluster ({best['workers']} x "
        f"{best['instance']}, {best['market']}), its start included{_caveat(plan['prices'])}"
    )


def of_cluster(change: Change, prices: pathlib.Path | None) -> str:
    """Of the machines that run from the start, by the hour."""
    if prices is None:
        return _unknown("--prices FILE names a price list")
    try:
        listed = json.loads(prices.read_text())
        hourly = {i["type"]: i["on_demand_per_hour"] + i["emr_per_hour"]
                  for i in listed["instances"]}  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError) as error:
        return _unknown(f"{prices} is no price list: {error!r}")
    fleets = change.template.content["Resources"]["Cluster"]["Properties"]["Instances"]
    core = int(change.values.get("CoreUnits", change.template.parameters["CoreUnits"]["Default"]))
    total, machines = 0.0, []
    for fleet, units in (("MasterInstanceFleet", 1), ("CoreInstanceFleet", core)):
        types = {
            t["InstanceType"]: t.get("WeightedCapacity", 1)
            for t in fleets[fleet]["InstanceTypeConfigs"]
            if t["InstanceType"] in hourly
        }
        if not types:
            return _unknown(f"{prices} has no machine of the {fleets[fleet]['Name']} fleet")
        kind = min(types, key=lambda name: hourly[name])
        number = -(-units // types[kind])
        total += number * hourly[kind]
        machines.append(f"{number} x {kind}")
    return (
        f"price: {total:.2f} {listed['currency']} an hour for {' and '.join(machines)}, without "
        f"disks, a NAT gateway, and task nodes as the work brings them{_caveat(listed)}"
    )


def _unknown(reason: str) -> str:
    return f"price: not known ({reason.removeprefix('error: ')})"


def _caveat(prices: dict[str, Any]) -> str:
    example = "example " if prices.get("example") else ""
    return f" ({example}prices of {prices['date']}, {prices['region']})"
