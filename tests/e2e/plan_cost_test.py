"""plan --prices: what the work would take and cost on rented machines."""

import json
import math
import time

import images as image_folders
import pytest
from networks import small_network
from program import FAILED, OK, PROBLEM, REFUSED, REPOSITORY
from servers.proxy import FaultProxy

PRICES = REPOSITORY / "deploy" / "aws" / "prices" / "example-us-east-1.json"
TOLD = ("plan", "--prices", PRICES, "--images", 90_380, "--speed", 145)


@pytest.fixture(scope="module")
def list_of_prices():
    return json.loads(PRICES.read_text())


@pytest.fixture(scope="module")
def plan(pomona):
    return pomona.ok(*TOLD, "--json").json()


def total(option):
    return sum(option["cost_items"].values())


def test_options_are_one_machine_and_clusters_of_each_type_on_demand_and_on_spot(
    plan, list_of_prices
):
    types = {instance["type"] for instance in list_of_prices["instances"]}
    assert {option["instance"] for option in plan["options"]} == types
    for instance in types:
        ours = [option for option in plan["options"] if option["instance"] == instance]
        assert {option["market"] for option in ours} == {"on-demand", "spot"}
        sizes = sorted({option["workers"] for option in ours})
        assert sizes[:3] == [1, 2, 4]
        assert {option["cluster"] for option in ours if option["workers"] == 1} == {False}


def test_cost_is_what_the_price_list_says(plan, list_of_prices):
    prices = {instance["type"]: instance for instance in list_of_prices["instances"]}
    for option in plan["options"]:
        assert option["cost"] == pytest.approx(total(option))
        assert option["cost_per_million_images"] == pytest.approx(option["cost"] / 90_380 * 1e6)
        if option["market"] == "spot":
            continue
        machines = option["workers"] + option["cluster"]
        hours = math.ceil(option["seconds"]) / 3600 * machines
        price = prices[option["instance"]]
        assert option["cost_items"]["instances"] == pytest.approx(
            hours * price["on_demand_per_hour"]
        )
        assert option["cost_items"]["emr"] == pytest.approx(
            hours * price["emr_per_hour"] * option["cluster"]
        )
        # The floor: all the cores that the work takes, and nothing else.
        core_hours = 90_380 / 145 / 3600
        assert option["cost"] > core_hours / price["cores"] * price["on_demand_per_hour"]


def test_the_same_seed_gives_the_same_numbers(pomona, plan):
    assert pomona.ok(*TOLD, "--json").json() == plan
    assert plan["spot"]["seed"] == 1
    other = pomona.ok(*TOLD, "--json", "--seed", 2).json()
    assert other["spot"]["seed"] == 2
    assert other["options"] != plan["options"]


def test_interruptions_take_time(pomona, plan):
    disturbed = pomona.ok(*TOLD, "--json", "--spot-interruption-rate", 5).json()
    assert disturbed["spot"]["interruptions_per_hour"] == 5
    for calm, rough in zip(plan["options"], disturbed["options"], strict=True):
        if calm["market"] == "spot":
            assert rough["seconds"] > calm["seconds"]
            assert rough["spot"]["interruptions"] > calm["spot"]["interruptions"]
        else:
            assert rough["seconds"] == calm["seconds"]


def test_the_table_shows_every_option_and_says_that_the_prices_are_an_example(pomona, plan):
    table = pomona.ok(*TOLD).stdout
    rows = [line for line in table.splitlines() if " on demand " in line or " Spot " in line]
    assert len([row for row in rows if ":" not in row]) == len(plan["options"])
    assert "note: the prices are an example of 2026-01-19" in table
    assert "90,380 images" in table
    assert "seed 1" in table
    assert "interruptions" in pomona.ok(*TOLD, "--explain").stdout


def test_a_time_beyond_counting_is_shown_and_not_simulated(pomona):
    options = ("--images", 9 * 10**18, "--speed", "0.000001", "--nodes", 1)
    shown = pomona.ok(*TOLD[:3], *options, "--instance", "m5.xlarge").stdout
    assert "6.25e+20 h" in shown
    assert "m5.xlarge x 1 on Spot is left out: more than 1000 machines" in shown


def test_instance_and_nodes_choose_what_is_shown(pomona):
    options = ("--instance", "m5.xlarge", "--nodes", "2,8", "--nodes", 1, "--json")
    shown = pomona.ok(*TOLD, *options).json()["options"]
    assert {option["instance"] for option in shown} == {"m5.xlarge"}
    assert {option["workers"] for option in shown} == {1, 2, 8}


def test_a_deadline_names_the_cheapest_and_a_budget_the_fastest(pomona):
    much = ("plan", "--prices", PRICES, "--images", 50_000_000, "--speed", 145, "--prefixes", 8)
    by_noon = pomona.ok(*much, "--deadline", "3h", "--json").json()
    in_time = [option for option in by_noon["options"] if option["seconds"] <= 3 * 3600]
    assert 0 < len(in_time) < len(by_noon["options"])
    assert by_noon["cheapest"]["seconds"] <= 3 * 3600
    sure = [option for option in in_time if option["market"] == "on-demand"]
    assert by_noon["cheapest"]["cost"] <= min(option["cost"] for option in sure)
    cheap = pomona.ok(*much, "--budget", 36, "--json").json()
    affordable = [option for option in cheap["options"] if option["cost"] <= 36]
    assert 0 < len(affordable) < len(cheap["options"])
    assert cheap["fastest"]["cost"] <= 36
    assert "of those done in 3 h 00 min" in pomona.ok(*much, "--deadline", "180min").stdout


def test_a_limit_that_nothing_keeps_to_is_a_problem(pomona):
    result = pomona(*TOLD, "--deadline", "1s")
    assert (result.code, result.stderr) == (PROBLEM, "")
    assert "none is done in 1.0 s" in result.stdout
    result = pomona(*TOLD, "--budget", "0.001", "--json")
    assert result.code == PROBLEM
    assert result.json()["cheapest"] is None


def test_the_source_is_counted_and_the_report_of_a_run_gives_the_speed(
    pomona, some_images, tmp_path
):
    output = tmp_path / "table"
    pomona.ok("extract", some_images, output)
    report = output / "_pomona" / "report.json"
    shown = pomona.ok("plan", some_images, "--prices", PRICES, "--report", report, "--json").json()
    files = image_folders.jpegs(some_images)
    assert shown["images"] == len(files)
    assert shown["bytes"] == sum(file.stat().st_size for file in files)
    assert shown["speed"]["images_per_second_per_core"] == pytest.approx(
        json.loads(report.read_text())["images_per_second_per_core"]
    )
    assert shown["speed"]["feature_dim"] == 1280


def test_with_an_output_only_what_is_left_is_planned(pomona, own_images, tmp_path):
    output = tmp_path / "table"
    pomona.ok("extract", own_images, output)
    command = ("plan", own_images, output, "--update", "--prices", PRICES, "--speed", 145)
    nothing = pomona(*command)
    assert nothing.code == REFUSED
    assert "nothing to extract" in nothing.stderr
    first = image_folders.jpegs(own_images)[0]
    first.with_name("new.jpg").write_bytes(first.read_bytes())
    shown = pomona.ok(*command, "--json").json()
    assert (shown["images"], shown["bytes"]) == (1, first.stat().st_size)


def test_the_speed_is_measured_where_nothing_tells_it(pomona, some_images):
    result = pomona.ok("plan", some_images, "--prices", PRICES, "--json")
    assert "measuring the speed of a core" in result.stderr
    speed = result.json()["speed"]
    assert speed["images_per_second_per_core"] > 0
    assert f"{len(image_folders.jpegs(some_images))} images of the source" in speed["source"]
    assert speed["precision"] == "f32"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--prices", "no/such/file", "--images", 1, "--speed", 1), FAILED, "hint: deploy/aws"),
        (("--prices", PRICES, "--speed", 1), REFUSED, "hint: name a SOURCE"),
        (("--prices", PRICES, "--images", 0), REFUSED, "--images"),
        (("--prices", PRICES, "--images", 1, "--speed", 0), REFUSED, "--speed"),
        (("--prices", PRICES, "--images", 1, "--speed", 1, "--report", "x"), REFUSED, "--report"),
        (("--prices", PRICES, "--images", 1, "--report", "x"), FAILED, "cannot read `x`"),
        (("--prices", PRICES, "--images", 1, "--report", "."), FAILED, "Is a directory"),
        (("--prices", ".", "--images", 1, "--speed", 1), FAILED, "Is a directory"),
        (("--prices", PRICES, "--images", 1, "--prefixes", 0), REFUSED, "--prefixes"),
        (("--prices", PRICES, "--bytes", 5), REFUSED, "--images"),
        (("--prices", PRICES, "--images", 1, "--instance", "z9"), REFUSED, "they have m5.xlarge"),
        (("--prices", PRICES, "--images", 1, "--nodes", 0), REFUSED, "nodes"),
        (("--prices", PRICES, "--images", 1, "--deadline", "5"), REFUSED, "--deadline"),
        (("--prices", PRICES, "--images", 1, "--deadline", "-5s"), REFUSED, "deadline"),
        (("--prices", PRICES, "--images", 1, "--budget", "-5"), REFUSED, "--budget"),
        (
            ("--prices", PRICES, "--images", 1, "--spot-interruption-rate", -1),
            REFUSED,
            "spot-interruption-rate",
        ),
        (("images", "table", "--deadline", "5s"), REFUSED, "--prices"),
        (("images",), REFUSED, "OUTPUT is required"),
        ((), REFUSED, "SOURCE is required"),
    ],
)
def test_what_cannot_be_is_refused_by_name(pomona, tmp_path, arguments, code, words):
    result = pomona("plan", *arguments, cwd=tmp_path)
    assert (result.code, result.stdout) == (code, "")
    assert words in result.stderr
    assert "hint: " in result.stderr


def test_no_fewer_requests_are_charged_than_a_run_from_s3_to_s3_sends(
    pomona, s3, images, list_of_prices, tmp_path
):
    network = small_network(tmp_path, features=1280)  # rows as large as the default network's
    count = s3.put_folder(images, "source")
    with FaultProxy(s3.endpoint) as proxy:
        began = time.monotonic()
        s3.pomona(proxy.endpoint).ok("extract", s3.uri("source"), s3.uri("table"), *network)
        renewals = (time.monotonic() - began) // 15  # of the lease: the guide leaves them out
        sent = proxy.counts()
    prices = list_of_prices["s3"]
    puts = sent["PUT"] + sent["POST"] + sent["LIST"] - renewals
    real = (sent["GET"] * prices["get_per_1000"] + puts * prices["put_per_1000"]) / 1000
    plan = pomona.ok(*TOLD, "--images", count, "--nodes", 1, "--json").json()
    planned = plan["options"][0]["cost_items"]["requests"]
    assert real <= planned <= 1.2 * real, sent


def test_a_price_list_that_is_none_is_refused_with_its_name(pomona, tmp_path):
    prices = tmp_path / "prices.json"
    broken = json.loads(PRICES.read_text())
    del broken["s3"]["get_per_1000"]
    prices.write_text(json.dumps(broken))
    result = pomona("plan", "--prices", prices, "--images", 1, "--speed", 1)
    assert (result.code, result.stdout) == (PROBLEM, "")
    assert f"{prices}: s3 has no `get_per_1000`" in result.stderr
    assert "hint: docs/format/prices.md" in result.stderr


def test_a_plan_takes_up_nothing(pomona, tmp_path):
    assert pomona(*TOLD, cwd=tmp_path).code == OK
    assert list(tmp_path.iterdir()) == []
