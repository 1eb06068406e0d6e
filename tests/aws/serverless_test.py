"""EMR Serverless: what is sent to it. moto makes no application of a stack; its API has them."""

import pytest
from account import KEYS, NUMBER, REGION
from pomona_aws.account import Account
from pomona_aws.jobs import Serverless
from program import OK, REFUSED

ROLE = f"arn:aws:iam::{NUMBER}:role/job"
IMAGE = f"{NUMBER}.dkr.ecr.{REGION}.amazonaws.com/pomona@sha256:{'0' * 64}"


@pytest.fixture
def application(aws) -> str:
    made = aws.client("emr-serverless").create_application(
        name="pomona", releaseLabel="emr-7.13.0", type="SPARK"
    )
    return made["applicationId"]


@pytest.fixture
def serverless(aws, application, monkeypatch) -> Serverless:
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": aws.endpoint}.items():
        monkeypatch.setenv(name, value)
    return Serverless(Account(None, REGION), application, ROLE)


def test_the_job_is_the_clusters(aws, serverless, application):
    job = serverless.submit(
        "bucket", "pomona/job.py", "s3://bucket/images/Apple Braeburn", "s3://bucket/features/a",
        ["--precision", "bf16"],
    )  # fmt: skip
    run = aws.client("emr-serverless").get_job_run(applicationId=application, jobRunId=job)[
        "jobRun"
    ]
    assert run["executionRole"] == ROLE
    sent = run["jobDriver"]["sparkSubmit"]
    assert sent["entryPoint"] == "s3://bucket/pomona/job.py"
    assert sent["entryPointArguments"] == [
        "s3://bucket/images/Apple Braeburn", "s3://bucket/features/a", "--precision", "bf16",
    ]  # fmt: skip
    logs = run["configurationOverrides"]["monitoringConfiguration"]["s3MonitoringConfiguration"]
    assert logs == {"logUri": "s3://bucket/logs/"}
    assert serverless.latest() == job
    assert serverless.log_prefix(job) == f"logs/applications/{application}/jobs/{job}/"


def test_a_job_is_found_with_its_places(serverless):
    sent = ("s3://bucket/images/a", "s3://bucket/features/a")
    job = serverless.find(serverless.submit("bucket", "pomona/job.py", *sent, []))
    assert (job.source, job.output) == sent
    assert job.is_done  # moto's runs end at once


def test_up_makes_no_cluster(pomona_aws):
    done = pomona_aws("up", "--serverless", "--set", f"ImageUri={IMAGE}")
    assert done.code == OK, done.stderr
    assert "make   pomona-serverless: " in done.stdout
    assert "cluster" not in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["--serverless"],
        ["--serverless", "--set", f"ImageUri={IMAGE.split('@')[0]}:latest"],
        ["--serverless", "--set", f"ImageUri={IMAGE}", "--archive", "env.tar.gz"],
        ["--serverless", "--set", f"ImageUri={IMAGE}", "--set", "MaximumVcpu=204"],
    ],
    ids=["no-image", "no-digest", "an-archive", "too-little-disk"],
)
def test_what_makes_no_sense_is_refused(pomona_aws, words):
    done = pomona_aws("up", *words, "--yes")
    assert done.code == REFUSED
    assert "hint: " in done.stderr
