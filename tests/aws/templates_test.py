"""The templates say what CloudFormation, EMR and a reviewer want, as far as reading tells."""

import json
import os
import re
import subprocess
import sys

import botocore.session
import conftest
import pytest
import yaml
from pomona_aws import stacks, template

FILES = sorted(conftest.DEPLOY.glob("*.yaml"))
NAMES = [file.stem for file in FILES]


def test_each_template_is_there():
    assert set(NAMES) == {
        "access", "access-point", "alarms", "cluster", "data", "network", "serverless", "steps",
    }  # fmt: skip


def test_cfn_lint_finds_nothing():
    lint = [os.path.join(os.path.dirname(sys.executable), "cfn-lint"), *FILES]
    done = subprocess.run(lint, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_checkov_finds_nothing_but_what_is_argued_in_place():
    checkov = os.environ.get("POMONA_TEST_CHECKOV")
    if not checkov:
        pytest.skip("LEFT OUT: tests/aws/run makes the environment of checkov")
    done = subprocess.run(
        [checkov, "--directory", conftest.DEPLOY, "--framework", "cloudformation",
         "--skip-download", "--output", "json"],
        capture_output=True, text=True,
    )  # fmt: skip
    found = json.loads(done.stdout)["results"]
    assert [(check["check_id"], check["resource"]) for check in found["failed_checks"]] == []
    argued = {
        (f"{resource['Type']}.{name}", skip["id"])
        for file in NAMES
        for name, resource in template.load(file).content["Resources"].items()
        for skip in resource.get("Metadata", {}).get("checkov", {}).get("skip", [])
        if len(skip["comment"]) > 40
    }
    assert {(check["resource"], check["check_id"]) for check in found["skipped_checks"]} == argued


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_there_are_no_aliases_which_cloudformation_does_not_read(file):
    tokens = yaml.scan(file.read_text())
    assert not [t for t in tokens if isinstance(t, yaml.AnchorToken | yaml.AliasToken)]


@pytest.mark.parametrize("name", NAMES)
def test_each_parameter_and_output_is_explained(name):
    made = template.load(name)
    for entry in [*made.parameters.values(), *made.content.get("Outputs", {}).values()]:
        assert len(entry["Description"]) > 10


def _defaults_are_allowed(made: template.Template) -> None:
    defaults = {n: str(r["Default"]) for n, r in made.parameters.items() if "Default" in r}
    made.check(defaults, set(made.parameters) - set(defaults))


@pytest.mark.parametrize("name", NAMES)
def test_defaults_obey_their_own_rules(name):
    _defaults_are_allowed(template.load(name))


@pytest.mark.parametrize("names", [stacks.CLUSTER, stacks.SERVERLESS])
def test_what_a_stack_needs_comes_from_one_before_or_is_said(names):
    before: set[str] = set()
    for name in names:
        made = template.load(name)
        needed = {n for n, rules in made.parameters.items() if "Default" not in rules}
        said = {"BootstrapKey", "ArchiveKey", "ArchiveSha256", "ImageUri"}
        assert needed - before <= said
        before |= made.outputs


# What CloudFormation's schema does not know, EMR's own model does: names and values of RunJobFlow.

EMR = botocore.session.get_session().get_service_model("emr")
# Properties of AWS::EMR::Cluster, and the shapes of the API that they become.
SHAPES = {
    ("ManagedScalingPolicy",): "ManagedScalingPolicy",
    ("AutoTerminationPolicy",): "AutoTerminationPolicy",
    ("Instances", "MasterInstanceFleet"): "InstanceFleetConfig",
    ("Instances", "CoreInstanceFleet"): "InstanceFleetConfig",
    ("Instances", "TaskInstanceFleets", 0): "InstanceFleetConfig",
}


def _wrong_values(value, shape, path="") -> list[str]:
    """Where a property has a name or a value that the API's shape does not."""
    if (
        isinstance(value, dict)
        and len(value) == 1
        and next(iter(value)).startswith(("Ref", "Fn::"))
    ):
        return []
    if shape.type_name == "structure":
        unknown = [f"{path}.{name} is unknown" for name in set(value) - set(shape.members)]
        inner = [
            wrong for name in set(value) & set(shape.members)
            for wrong in _wrong_values(value[name], shape.members[name], f"{path}.{name}")
        ]  # fmt: skip
        return unknown + inner
    if shape.type_name == "list":
        return [
            wrong for number, item in enumerate(value)
            for wrong in _wrong_values(item, shape.member, f"{path}[{number}]")
        ]  # fmt: skip
    enum = getattr(shape, "enum", [])
    if enum and value not in enum:
        return [f"{path}={value} is none of {', '.join(enum)}"]
    return []


def _part(cluster, path):
    for step in path:
        cluster = cluster[step]
    return cluster


@pytest.fixture
def cluster():
    return template.load("cluster").content["Resources"]["Cluster"]["Properties"]


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: str(path[-1]))
def test_emr_knows_each_name_and_value(cluster, path):
    assert _wrong_values(_part(cluster, path), EMR.shape_for(SHAPES[path])) == []


@pytest.mark.parametrize("unit", ["InstanceFleetUnit", "vCPU", "Nodes"])
def test_an_invalid_unit_type_is_found(cluster, unit):
    policy = cluster["ManagedScalingPolicy"]
    policy["ComputeLimits"]["UnitType"] = unit
    (wrong,) = _wrong_values(policy, EMR.shape_for("ManagedScalingPolicy"))
    assert wrong.startswith(f".ComputeLimits.UnitType={unit} is none of")


def test_the_unit_of_scaling_is_that_of_fleets(cluster):
    """`Instances` and `VCPU` are valid, but EMR refuses them where there are fleets."""
    assert "CoreInstanceFleet" in cluster["Instances"]
    assert cluster["ManagedScalingPolicy"]["ComputeLimits"]["UnitType"] == "InstanceFleetUnits"


def _fleets(cluster) -> list[dict]:
    instances = cluster["Instances"]
    fleets = [instances["MasterInstanceFleet"], instances["CoreInstanceFleet"]]
    return fleets + instances["TaskInstanceFleets"]


def _types(cluster) -> list[dict]:
    return [t for fleet in _fleets(cluster) for t in fleet["InstanceTypeConfigs"]]


def test_fleets_that_can_be_changed_name_both_targets_and_start_with_something(cluster):
    rules = template.load("cluster").parameters
    for fleet in _fleets(cluster)[1:]:
        targets = [fleet["TargetOnDemandCapacity"], fleet["TargetSpotCapacity"]]
        assert targets.count(0) == 1
        (units,) = [rules[target["Ref"]] for target in targets if target != 0]
        assert units["MinValue"] > 0


def test_all_machines_are_x86_64_as_the_archive_is(cluster):
    """`g` behind the generation is Graviton."""
    assert not [t for t in _types(cluster) if re.match(r"[a-z]+\d+g", t["InstanceType"])]


def test_a_unit_is_a_vcpu(cluster):
    cores = {"xlarge": 4, "2xlarge": 8}
    for kind in _types(cluster):
        if "WeightedCapacity" in kind:
            assert kind["WeightedCapacity"] == cores[kind["InstanceType"].split(".")[1]]


def test_nodes_find_python_where_the_bootstrap_puts_it(cluster):
    home = re.search(r"POMONA_HOME:-(.+)}", (conftest.DEPLOY / "bootstrap.sh").read_text())[1]
    spark = next(c for c in cluster["Configurations"] if c["Classification"] == "spark-defaults")
    python = f"{home}/bin/python"
    assert spark["ConfigurationProperties"]["spark.pyspark.python"] == python
    serverless = template.load("serverless").content["Resources"]["Serverless"]["Properties"]
    properties = serverless["RuntimeConfiguration"][0]["Properties"]
    assert {v for k, v in properties.items() if k.endswith("PYTHON")} == {python}
    assert f"ADD env.tar.gz {home}/" in (conftest.DEPLOY / "serverless.Dockerfile").read_text()


# Bucket, security groups and roles, as a reviewer would read them.


def test_the_bucket_outlives_the_stack_and_is_closed():
    resources = template.load("data").content["Resources"]
    bucket, properties = resources["Bucket"], resources["Bucket"]["Properties"]
    assert bucket["DeletionPolicy"] == bucket["UpdateReplacePolicy"] == "Retain"
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    policy = resources["BucketPolicy"]["Properties"]["PolicyDocument"]
    # What lets somebody in, access points of the account alone decide.
    (allowed,) = [s for s in policy["Statement"] if s["Effect"] != "Deny"]
    account = {"s3:DataAccessPointAccount": {"Ref": "AWS::AccountId"}}
    assert allowed["Condition"] == {"StringEquals": account}


def test_the_bucket_allows_what_an_access_point_may_allow():
    def actions(name, resource, key):
        document = template.load(name).content["Resources"][resource]["Properties"][key]
        for statement in document["Statement"]:
            if statement["Effect"] == "Allow":
                named = statement["Action"]
                yield from named["Fn::If"][1] if isinstance(named, dict) else _as_list(named)

    granted = set(actions("access-point", "AccessPoint", "Policy"))
    assert "s3:PutObject" in granted
    assert granted <= set(actions("data", "BucketPolicy", "PolicyDocument"))


def test_logs_go_for_good():
    bucket = template.load("data").content["Resources"]["Bucket"]["Properties"]
    rules = {rule["Id"]: rule for rule in bucket["LifecycleConfiguration"]["Rules"]}
    assert rules["logs"]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}


def test_eventbridge_publishes_without_a_condition():
    """AWS: "You can't use Condition blocks in Amazon SNS topic policies for EventBridge"."""
    policy = template.load("alarms").content["Resources"]["TopicPolicy"]["Properties"]
    for statement in policy["PolicyDocument"]["Statement"]:
        services = _as_list(statement["Principal"]["Service"])
        assert ("Condition" in statement) != ("events.amazonaws.com" in services)


def _as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_no_security_group_lets_the_internet_in():
    resources = template.load("network").content["Resources"]
    for resource in resources.values():
        properties = resource.get("Properties", {})
        assert "SecurityGroupIngress" not in properties
        if resource["Type"] == "AWS::EC2::SecurityGroupIngress":
            assert "SourceSecurityGroupId" in properties
            assert not {"CidrIp", "CidrIpv6"} & set(properties)


def _statements():
    for role, resource in template.load("access").content["Resources"].items():
        properties = resource["Properties"]
        documents = [p["PolicyDocument"] for p in properties.get("Policies", [])]
        documents += [properties["PolicyDocument"]] if "PolicyDocument" in properties else []
        for document in documents:
            for statement in document["Statement"]:
                yield role, statement


def test_a_wildcard_resource_is_only_where_aws_allows_nothing_else():
    wild = {(role, s["Sid"]) for role, s in _statements() if s["Resource"] == "*"}
    assert wild == {("NodeRole", "Shell")}
    for _, statement in _statements():
        assert "*" not in "".join(_as_list(statement["Action"]))


def test_each_action_is_in_the_table_of_the_docs():
    guide = (conftest.DEPLOY.parents[1] / "docs" / "guides" / "security.md").read_text()
    for _, statement in _statements():
        for action in _as_list(statement["Action"]):
            assert f"`{action}`" in guide
