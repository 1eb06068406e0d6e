"""up and down against moto: what is made, what is refused, what is left when something fails."""

import json

import pytest
from account import NUMBER, REGION
from conftest import DEPLOY
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import CloudFormationBackend, cloudformation_backends
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.responses import EmptyResult
from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.models.vpcs import VPCBackend
from moto.emr.models import ElasticMapReduceBackend
from pomona_aws import command
from program import FAILED, OK, REFUSED


def stacks(aws) -> set[str]:
    there = aws.client("cloudformation").describe_stacks()["Stacks"]
    return {stack["StackName"] for stack in there if stack["StackStatus"] != "DELETE_COMPLETE"}


def clusters(aws) -> list[dict]:
    states = ["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING"]
    return aws.client("emr").list_clusters(ClusterStates=states)["Clusters"]


ALL = {"pomona-data", "pomona-network", "pomona-access", "pomona-cluster", "pomona-alarms"}


def test_without_yes_it_only_says_what_it_would_do(aws, pomona_aws, archive):
    done = pomona_aws("up", "--archive", archive, "--set", "CoreUnits=16")
    assert done.code == OK, done.stderr
    assert "make   pomona-cluster: " in done.stdout
    assert "CoreUnits=16" in done.stdout
    assert "price: not known (--prices FILE" in done.stdout
    assert "nothing was done" in done.stderr
    assert stacks(aws) == set()
    assert aws.client("s3").list_buckets()["Buckets"] == []


def test_up_makes_bucket_roles_network_and_cluster(aws, installed):
    assert stacks(aws) == ALL
    (cluster,) = clusters(aws)
    assert cluster["Id"] == installed["ClusterId"]
    described = aws.client("emr").describe_cluster(ClusterId=cluster["Id"])["Cluster"]
    assert described["ReleaseLabel"].startswith("emr-7.")
    assert described["ServiceRole"] == installed["ServiceRole"]
    assert described["LogUri"] == f"s3://{installed['Bucket']}/logs/"
    tags = {tag["Key"]: tag["Value"] for tag in described["Tags"]}
    assert tags == {"application": "pomona", "for-use-with-amazon-emr-managed-policies": "true"}


def test_up_takes_over_a_bucket_that_was_made_and_filled_before_it(aws, pomona_aws, archive):
    """The order of docs/guides/aws.md: a cluster would end while photos are on their way."""
    aws.client("cloudformation").create_stack(
        StackName="pomona-data", TemplateBody=(DEPLOY / "data.yaml").read_text()
    )
    bucket = f"pomona-{NUMBER}-{REGION}"
    aws.client("s3").put_object(Bucket=bucket, Key="images/photos/Lemon/1.jpg", Body=b"a photo")
    done = pomona_aws("up", "--archive", archive, "--yes")
    assert done.code == OK, done.stderr
    assert f"Bucket={bucket}" in done.stdout.splitlines()
    assert stacks(aws) == ALL
    kept = aws.client("s3").get_object(Bucket=bucket, Key="images/photos/Lemon/1.jpg")
    assert kept["Body"].read() == b"a photo"


def test_the_guide_uploads_before_there_is_a_cluster_that_could_end():
    guide = (DEPLOY.parent.parent / "docs" / "guides" / "aws.md").read_text()
    commands = guide.split("## From the start to the end")[1].split("```")[1].splitlines()
    order = [
        next(n for n, line in enumerate(commands) if words in line)
        for words in (
            "data.yaml",
            "aws s3 sync",
            "up --archive env.tar.gz --yes",
            "submit",
            "watch",
        )
    ]
    assert order == sorted(order)


def test_no_guide_replaces_the_selectors_of_a_trail_that_exists():
    for guide in (DEPLOY.parent.parent / "docs").rglob("*.md"):
        for block in guide.read_text().split("```")[1::2]:
            if "put-event-selectors" in block:
                assert block.index("create-trail") < block.index("put-event-selectors"), guide


def test_the_bucket_is_encrypted(aws, installed):
    s3 = aws.client("s3")
    settings = s3.get_bucket_encryption(Bucket=installed["Bucket"])
    (rule,) = settings["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"


def test_what_the_nodes_start_with_is_in_the_bucket(aws, installed, archive):
    s3 = aws.client("s3")
    entries = s3.list_objects_v2(Bucket=installed["Bucket"], Prefix="pomona/")["Contents"]
    keys = {entry["Key"].split("-")[0]: entry["Key"] for entry in entries}
    assert set(keys) == {"pomona/bootstrap", "pomona/env", "pomona/spark_job"}
    body = s3.get_object(Bucket=installed["Bucket"], Key=keys["pomona/env"])["Body"].read()
    assert body == archive.read_bytes()


def parameters(aws, stack: str) -> dict[str, str]:
    found = aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return {p["ParameterKey"]: p["ParameterValue"] for p in found["Parameters"]}


def test_up_again_changes_what_is_said_and_keeps_the_rest(aws, pomona_aws, installed, archive):
    for setting in ("LogDays=7", "OldVersionDays=9"):
        done = pomona_aws("up", "--archive", archive, "--set", setting, "--yes")
        assert done.code == OK, done.stderr
    values = parameters(aws, "pomona-data")
    assert (values["LogDays"], values["OldVersionDays"]) == ("7", "9")
    assert len(clusters(aws)) == 1


def test_what_was_said_earlier_counts_in_checks_and_in_the_price(
    aws, pomona_aws, archive, price_list
):
    done = pomona_aws("up", "--archive", archive, "--set", "CoreUnits=16", "--yes")
    assert done.code == OK, done.stderr
    refused = pomona_aws("up", "--archive", archive, "--set", "MaximumUnits=12", "--yes")
    assert refused.code == REFUSED
    assert "MaximumUnits=12 is less than CoreUnits=16" in refused.stderr
    said = pomona_aws("up", "--archive", archive, "--prices", price_list)
    assert "change pomona-cluster: " in said.stdout and "CoreUnits=16" in said.stdout
    assert "4 x m5.xlarge" in said.stdout


def name_each_other(aws, *groups) -> None:
    """Adds rules as EMR does. Groups that are named in others cannot be removed."""
    for group in groups:
        others = [{"GroupId": other} for other in groups]
        rule = {"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535, "UserIdGroupPairs": others}
        aws.client("ec2").authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])


def test_down_removes_all_but_the_bucket(aws, pomona_aws, installed):
    name_each_other(aws, installed["PrimaryGroup"], installed["WorkerGroup"])
    said = pomona_aws("down")
    assert said.code == OK
    assert "remove pomona-cluster" in said.stdout and "keep   pomona-data" in said.stdout
    assert stacks(aws) == ALL
    done = pomona_aws("down", "--yes")
    assert done.code == OK, done.stderr
    assert stacks(aws) == {"pomona-data"}
    assert clusters(aws) == []
    assert aws.client("s3").list_objects_v2(Bucket=installed["Bucket"])["KeyCount"] == 3


def test_down_of_a_protected_cluster_is_refused(aws, pomona_aws, installed):
    aws.client("emr").set_termination_protection(
        JobFlowIds=[installed["ClusterId"]], TerminationProtected=True
    )
    done = pomona_aws("down", "--yes")
    assert done.code == REFUSED
    assert "protected from termination" in done.stderr and "hint: " in done.stderr
    assert stacks(aws) == ALL


def test_down_of_a_cluster_that_emr_has_forgotten(aws, pomona_aws, installed, monkeypatch):
    aws.client("emr").terminate_job_flows(JobFlowIds=[installed["ClusterId"]])
    aws.forget_cluster(installed["ClusterId"])
    monkeypatch.setattr(ElasticMapReduceBackend, "terminate_job_flows", lambda *_: [])
    done = pomona_aws("down", "--yes")
    assert done.code == OK, done.stderr
    assert stacks(aws) == {"pomona-data"}


def test_the_reason_of_a_failure_is_not_that_of_an_older_one(
    aws, pomona_aws, installed, monkeypatch
):
    stack = cloudformation_backends[NUMBER][REGION].get_stack("pomona-alarms")
    stack._add_stack_event("UPDATE_FAILED", "what went wrong last month")
    delete_stack = CloudFormationResponse.delete_stack

    def fail(request):
        if request._get_param("StackName") != stack.stack_id:
            return delete_stack(request)
        for reason in ("the topic is in use", "what follows from it"):
            stack._add_stack_event("DELETE_FAILED", reason)
            stack.events[-1].client_request_token = request._get_param("ClientRequestToken")
        stack.status = "DELETE_FAILED"
        return EmptyResult()

    monkeypatch.setattr(CloudFormationResponse, "delete_stack", fail)
    done = pomona_aws("down", "--yes")
    assert done.code == FAILED
    assert "pomona-alarms: the topic is in use" in done.stderr
    assert "hint: STILL THERE, and may cost money: pomona-alarms" in done.stderr


@pytest.mark.parametrize(
    "words, hint",
    [
        (["down"], "the same command goes on"),
        (["watch"], "the same command goes on"),
        (["submit", "s3://b/images/a", "s3://b/features/a"], "watch says whether the job was sent"),
    ],
    ids=["down", "watch", "submit"],
)
def test_an_interrupted_command_says_what_goes_on(monkeypatch, capsys, words, hint):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setitem(command._COMMANDS, words[0], interrupted)
    assert command.main(words) == command.INTERRUPTED
    assert hint in capsys.readouterr().err


def refuse(monkeypatch, backend: type, method: str, stack: str) -> None:
    """Makes CloudFormation refuse what it is asked for one stack."""
    original = getattr(backend, method)

    def call(self, name, *arguments, **more):
        if name == stack:
            raise ValidationError(message="no machines of this type")
        return original(self, name, *arguments, **more)

    monkeypatch.setattr(backend, method, call)


def test_what_a_failing_up_began_is_taken_back(aws, pomona_aws, archive, monkeypatch):
    refuse(monkeypatch, CloudFormationBackend, "create_stack", "pomona-cluster")
    done = pomona_aws("up", "--archive", archive, "--yes")
    assert done.code == FAILED
    assert "no machines of this type" in done.stderr
    assert "hint: nothing is running" in done.stderr
    assert stacks(aws) == {"pomona-data"}
    assert clusters(aws) == []


def in_use(*_):
    raise DependencyViolationError("the network is in use")


def test_what_cannot_be_taken_back_is_named(aws, pomona_aws, archive, monkeypatch):
    refuse(monkeypatch, CloudFormationBackend, "create_stack", "pomona-cluster")
    monkeypatch.setattr(VPCBackend, "delete_vpc", in_use)
    done = pomona_aws("up", "--archive", archive, "--yes")
    assert done.code == FAILED
    assert "the network is in use" in done.stderr
    assert "hint: STILL THERE, and may cost money: pomona-network" in done.stderr


def test_a_failing_change_leaves_the_cluster_and_says_so(
    aws, pomona_aws, installed, archive, monkeypatch
):
    refuse(monkeypatch, CloudFormationBackend, "update_stack", "pomona-data")
    done = pomona_aws("up", "--archive", archive, "--set", "LogDays=7", "--yes")
    assert done.code == FAILED
    assert "hint: as before, pomona-cluster is running" in done.stderr
    assert stacks(aws) == ALL


def test_a_failing_change_does_not_call_a_cluster_that_has_ended_running(
    aws, pomona_aws, installed, archive, monkeypatch
):
    aws.client("emr").terminate_job_flows(JobFlowIds=[installed["ClusterId"]])
    refuse(monkeypatch, CloudFormationBackend, "update_stack", "pomona-data")
    done = pomona_aws("up", "--archive", archive, "--set", "LogDays=7", "--yes")
    assert done.code == FAILED
    assert "hint: nothing is running" in done.stderr


def test_a_cluster_that_has_ended_by_itself_is_followed_by_another_with_its_settings(
    aws, pomona_aws, archive
):
    settings = ["--set", "Email=somebody@example.org", "--set", "CoreUnits=16"]
    done = pomona_aws("up", "--archive", archive, *settings, "--yes")
    assert done.code == OK, done.stderr
    (cluster,) = clusters(aws)
    aws.client("emr").terminate_job_flows(JobFlowIds=[cluster["Id"]])
    place = f"s3://pomona-{NUMBER}-{REGION}"
    refused = pomona_aws("submit", f"{place}/images/a", f"{place}/features/a", "--yes")
    assert refused.code == REFUSED
    assert "has ended" in refused.stderr and "hint: pomona-aws up" in refused.stderr
    said = pomona_aws("up", "--archive", archive)
    assert "remake pomona-cluster: " in said.stdout and "remake pomona-alarms: " in said.stdout
    assert "change pomona-network: " in said.stdout and "CoreUnits=16" in said.stdout
    done = pomona_aws("up", "--archive", archive, "--yes")
    assert done.code == OK, done.stderr
    (another,) = clusters(aws)
    assert another["Id"] != cluster["Id"]
    assert parameters(aws, "pomona-cluster")["CoreUnits"] == "16"
    assert parameters(aws, "pomona-alarms")["Email"] == "somebody@example.org"


@pytest.mark.parametrize(
    "setting, words",
    [
        ("CoreUnits=2", "must be 4 or more"),
        ("CoreUnits=many", "must be a whole number"),
        ("CoreUnits=8.5", "must be a whole number"),
        ("TaskUnits=0", "must be 4 or more"),
        ("IdleSeconds=10", "must be 60 or more"),
        ("Release=emr-6.15.0", "must look like"),
        ("Release=emr-7.9.0", "must look like"),
        ("TerminationProtected=maybe", "must be one of true, false"),
        ("BucketName=Not_A_Bucket", "must look like"),
        ("MaximumUnits=4", "is less than CoreUnits"),
        ("Cores=8", "nothing to set is called Cores"),
        ("Subnets=subnet-1", "nothing to set is called Subnets"),
        ("CoreUnits", "has no value"),
        ("ImagesPrefix=images/*", "must look like"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused(aws, pomona_aws, archive, setting, words):
    done = pomona_aws("up", "--archive", archive, "--set", setting, "--yes")
    assert done.code == REFUSED
    assert words in done.stderr
    assert "hint: " in done.stderr
    assert stacks(aws) == set()


def test_something_else_than_an_archive_is_refused(aws, pomona_aws, tmp_path):
    (tmp_path / "env.tar.gz").write_bytes(b"not an archive")
    for words in (["--archive", tmp_path / "env.tar.gz"], ["--archive", tmp_path / "none"], []):
        done = pomona_aws("up", *words, "--yes")
        assert done.code == REFUSED
        assert "hint: pomona pack" in done.stderr
    assert stacks(aws) == set()


PRICES = {
    "currency": "USD", "region": "nowhere-1", "date": "2026-11-27", "example": True,
    "instances": [
        {"type": "m5.xlarge", "on_demand_per_hour": 0.2, "emr_per_hour": 0.05},
        {"type": "m6i.xlarge", "on_demand_per_hour": 0.1, "spot_per_hour": 0.01},
        {"type": "m7i.xlarge", "on_demand_per_hour": 0.3, "spot_per_hour": 0.1,
         "emr_per_hour": 0.05},
        {"type": "c7i.2xlarge", "on_demand_per_hour": 0.4, "spot_per_hour": 0.12,
         "emr_per_hour": 0.1},
    ],
}  # fmt: skip


@pytest.fixture
def price_list(tmp_path):
    (tmp_path / "prices.json").write_text(json.dumps(PRICES))
    return tmp_path / "prices.json"


def test_the_price_of_a_cluster_is_that_of_its_machines(pomona_aws, archive, price_list):
    done = pomona_aws("up", "--archive", archive, "--set", "CoreUnits=16", "--set", "TaskUnits=8",
                      "--prices", price_list)  # fmt: skip
    # One primary node and 16 / 4 core nodes at 0.25, one task node with 8 units at 0.22. EMR has no
    # price for m6i.xlarge.
    assert (
        "price: 1.47 USD an hour for 1 x m5.xlarge, 4 x m5.xlarge, 1 x c7i.2xlarge on Spot"
    ) in done.stdout
    assert "example prices of 2026-11-27" in done.stdout


@pytest.mark.parametrize("key", ["currency", "date", "instances"])
def test_a_price_list_that_lacks_something_is_no_price(pomona_aws, archive, price_list, key):
    price_list.write_text(json.dumps({k: v for k, v in PRICES.items() if k != key}))
    done = pomona_aws("up", "--archive", archive, "--prices", price_list)
    assert done.code == OK, done.stderr
    assert f"is no price list: KeyError('{key}')" in done.stdout
