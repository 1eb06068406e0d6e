"""Extractions as EMR knows them: steps of a cluster, job runs of EMR Serverless."""

from __future__ import annotations

import dataclasses
from typing import Any, Protocol

from pomona_aws import spark_submit
from pomona_aws.account import Account
from pomona_aws.errors import Refused


@dataclasses.dataclass(frozen=True)
class Job:
    id: str
    state: str
    reason: str
    """Why it is in this state, where EMR says so."""
    source: str
    output: str

    @property
    def is_done(self) -> bool:
        return self.state in ("COMPLETED", "SUCCESS")

    @property
    def is_over(self) -> bool:
        return self.is_done or self.state in ("FAILED", "CANCELLED", "INTERRUPTED")


class Place(Protocol):
    """Where jobs run."""

    def submit(self, bucket: str, job_key: str, source: str, output: str,
               options: list[str]) -> str:  # fmt: skip
        """Sends a job; its identifier."""

    def is_open(self) -> bool:
        """Whether it takes another job."""

    def latest(self) -> str | None:
        """Identifier of the job that was sent last."""

    def find(self, job: str) -> Job: ...

    def log_prefix(self, job: str) -> str:
        """Below which key of the bucket its logs are."""


class Cluster:
    def __init__(self, account: Account, cluster: str):
        self._emr = account.client("emr")
        self.id = cluster

    def submit(self, bucket: str, job_key: str, source: str, output: str,
               options: list[str]) -> str:  # fmt: skip
        step = {
            "Name": "pomona",
            "ActionOnFailure": "CONTINUE",
            "HadoopJarStep": {
                "Jar": "command-runner.jar",
                "Args": spark_submit.command(bucket, job_key, source, output, options),
            },
        }
        return self._emr.add_job_flow_steps(JobFlowId=self.id, Steps=[step])["StepIds"][0]

    def is_open(self) -> bool:
        return self._describe() is not None

    def is_protected(self) -> bool:
        """Whether it refuses to be ended."""
        cluster = self._describe()
        return cluster is not None and cluster["TerminationProtected"]

    def _describe(self) -> dict[str, Any] | None:
        """What EMR says of it; None where it has ended."""
        try:
            cluster = self._emr.describe_cluster(ClusterId=self.id)["Cluster"]
        except self._emr.exceptions.InvalidRequestException:
            return None  # EMR forgets a cluster some two months after its end
        return None if cluster["Status"]["State"].startswith("TERMINAT") else cluster

    def latest(self) -> str | None:
        steps = self._emr.list_steps(ClusterId=self.id)["Steps"]  # the newest first
        return next((step["Id"] for step in steps if step["Name"] == "pomona"), None)

    def find(self, job: str) -> Job:
        step = self._emr.describe_step(ClusterId=self.id, StepId=job)["Step"]
        status = step["Status"]
        reason = (
            status.get("FailureDetails", {}).get("Message")
            or status.get("StateChangeReason", {}).get("Message")
            or ""
        )
        return Job(job, status["State"], reason, *spark_submit.places(step["Config"]["Args"]))

    def log_prefix(self, job: str) -> str:
        return f"logs/{self.id}/steps/{job}/"


class Serverless:
    def __init__(self, account: Account, application: str, role: str):
        self._emr = account.client("emr-serverless")
        self._application = application
        self._role = role

    def submit(self, bucket: str, job_key: str, source: str, output: str,
               options: list[str]) -> str:  # fmt: skip
        words = spark_submit.command(bucket, job_key, source, output, options)
        file = words.index(f"s3://{bucket}/{job_key}")
        return self._emr.start_job_run(
            applicationId=self._application,
            executionRoleArn=self._role,
            name="pomona",
            jobDriver={
                "sparkSubmit": {
                    "entryPoint": words[file],
                    "entryPointArguments": words[file + 1 :],
                }
            },
            configurationOverrides={
                "monitoringConfiguration": {
                    "s3MonitoringConfiguration": {"logUri": f"s3://{bucket}/logs/"}
                }
            },
        )["jobRunId"]

    def is_open(self) -> bool:
        return True  # it starts when a job comes

    def latest(self) -> str | None:
        runs = self._emr.list_job_runs(applicationId=self._application)["jobRuns"]
        return max(runs, key=lambda run: run["createdAt"])["id"] if runs else None

    def find(self, job: str) -> Job:
        run = self._emr.get_job_run(applicationId=self._application, jobRunId=job)["jobRun"]
        words = run["jobDriver"]["sparkSubmit"]["entryPointArguments"]
        return Job(job, run["state"], run.get("stateDetails", ""), words[0], words[1])

    def log_prefix(self, job: str) -> str:
        return f"logs/applications/{self._application}/jobs/{job}/"


def place(account: Account, outputs: dict[str, str]) -> Place:
    """The cluster where there is one, else EMR Serverless. Refused where there is neither."""
    if "ClusterId" in outputs:
        return Cluster(account, outputs["ClusterId"])
    if "ServerlessId" in outputs:
        return Serverless(account, outputs["ServerlessId"], outputs["JobRole"])
    raise Refused("nothing runs that could take a job", "pomona-aws up --archive env.tar.gz --yes")
