"""What it would cost, in one line for people; "not known" with the reason, rather than a guess."""

from __future__ import annotations

import itertools
import json
import pathlib
import subprocess
from typing import Any

from pomona_aws.account import Account
from pomona_aws.stacks import Change

# Options of the job that `pomona plan` has, and that decide which images there are and what each
# takes: first those with a value.
_OPTIONS = {
    "--glob", "--s3-endpoint", "--s3-region", "--timeout", "--max-attempts", "--model",
    "--preset", "--features", "--pool", "--features-layout", "--input-size", "--precision",
    "--views", "--preprocess", "--resize", "--background",
    "--max-pixels", "--max-bytes", "--max-image-seconds", "--max-image-memory",
}  # fmt: skip
_FLAGS = {
    "--s3-anonymous",
    "--s3-requester-pays",
    "--views-average",
    "--exif-rotate",
    "--dct-scaling",
}


def of_job(account: Account, source: str, options: list[str], prices: pathlib.Path | None) -> str:
    """Of one extraction, by `pomona plan`, which lists the source and knows the speed of a core."""
    if prices is None:
        return _unknown("--prices FILE names a price list")
    command = ["pomona", "plan", source, "--prices", str(prices), "--json", *_of_plan(options)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=account.environment())
    except FileNotFoundError:
        return _unknown("there is no `pomona` in PATH")
    if done.returncode != 0:
        lines = done.stderr.splitlines()
        errors = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
        return _unknown(next(iter(errors), "pomona plan failed"))
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


def _of_plan(options: list[str]) -> list[str]:
    kept: list[str] = []
    words = iter(options)
    for word in words:
        name, equals, _ = word.partition("=")
        if name in _OPTIONS | _FLAGS:
            kept.append(word)
        if name in _OPTIONS and not equals:
            kept += itertools.islice(words, 1)
    return kept


def of_cluster(change: Change, prices: pathlib.Path | None) -> str:
    """Of the machines that run from the start, by the hour."""
    if prices is None:
        return _unknown("--prices FILE names a price list")
    try:
        listed = json.loads(prices.read_text())
        on_demand, spot = _hourly(listed, "on_demand_per_hour"), _hourly(listed, "spot_per_hour")
        currency, caveat = listed["currency"], _caveat(listed)
    except (OSError, ValueError, KeyError, TypeError) as error:
        return _unknown(f"{prices} is no price list: {error!r}")
    fleets = change.template.content["Resources"]["Cluster"]["Properties"]["Instances"]
    total, machines = 0.0, []
    for fleet, units, hourly, market in (
        (fleets["MasterInstanceFleet"], 1, on_demand, ""),
        (fleets["CoreInstanceFleet"], change.number("CoreUnits"), on_demand, ""),
        (fleets["TaskInstanceFleets"][0], change.number("TaskUnits"), spot, " on Spot"),
    ):
        numbers = {
            t["InstanceType"]: -(-units // t.get("WeightedCapacity", 1))
            for t in fleet["InstanceTypeConfigs"]
            if t["InstanceType"] in hourly
        }
        if not numbers:
            return _unknown(f"{prices} has no price for the {fleet['Name']} fleet")
        cost, kind = min((number * hourly[name], name) for name, number in numbers.items())
        total += cost
        machines.append(f"{numbers[kind]} x {kind}{market}")
    return (
        f"price: {total:.2f} {currency} an hour for {', '.join(machines)}, without disks, a NAT "
        f"gateway, and more task nodes as the work brings them{caveat}"
    )


def _hourly(listed: dict[str, Any], key: str) -> dict[str, float]:
    """Price of each type, EMR's surcharge included, that has both."""
    return {i["type"]: i[key] + i["emr_per_hour"]
            for i in listed["instances"] if key in i and "emr_per_hour" in i}  # fmt: skip


def _unknown(reason: str) -> str:
    return f"price: not known ({reason})"


def _caveat(prices: dict[str, Any]) -> str:
    example = "example " if prices.get("example") else ""
    return f" ({example}prices of {prices['date']}, {prices['region']})"
