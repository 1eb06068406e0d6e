"""watch and fetch: what a job is doing, and what it left."""

from __future__ import annotations

import json
import pathlib
import time
from typing import Any

from pomona_aws.account import Account
from pomona_aws.errors import Failed
from pomona_aws.jobs import Job, Place
from pomona_aws.talk import say


def _split(uri: str) -> tuple[str, str]:
    """Bucket and key of s3://bucket/key."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def report(account: Account, output: str) -> dict[str, Any] | None:
    """The run report of a table; None where there is none yet."""
    bucket, key = _split(f"{output.rstrip('/')}/_pomona/report.json")
    s3 = account.client("s3")
    # To get what is not there is forbidden to who may not list the whole bucket.
    if s3.list_objects_v2(Bucket=bucket, Prefix=key)["KeyCount"] == 0:
        return None
    return json.load(s3.get_object(Bucket=bucket, Key=key)["Body"])


def summary(made: dict[str, Any]) -> str:
    rejected = sum(made["rejects"].values())
    return (
        f"{made['images']} images, {rejected} rejects in {made['seconds']:.0f} s, "
        f"{made['images_per_second_per_core']:.0f} images/s and core"
    )


def watch(account: Account, place: Place, job_id: str, every: float) -> Job:
    """Says each change of state until the job is done. Failed where it ends otherwise."""
    began = time.monotonic()
    seen = ""
    while True:
        job = place.find(job_id)
        if job.state != seen:
            seen = job.state
            say(f"{job_id}: {seen} after {time.monotonic() - began:.0f} s")
        if job.is_over:
            break
        time.sleep(every)
    if not job.is_done:
        raise Failed(f"{job_id} ended as {job.state}: {job.reason or 'no reason given'}",
                     f"pomona-aws fetch DIR --job {job_id} brings its logs")  # fmt: skip
    return job


def fetch(account: Account, place: Place, job: Job, log_bucket: str, folder: pathlib.Path) -> int:
    """Writes the job's report and logs into `folder`; how many files. EMR sends logs every five
    minutes and at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    files = 0
    made = report(account, job.output)
    if made is not None:
        (folder / "report.json").write_text(json.dumps(made, indent=2) + "\n")
        files += 1
    s3 = account.client("s3")
    prefix = place.log_prefix(job.id)
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=log_bucket, Prefix=prefix)
    for page in pages:
        for entry in page.get("Contents", []):
            target = folder / "logs" / entry["Key"].removeprefix(prefix)
            # Keys are whatever a node wrote.
            if not target.resolve().is_relative_to(folder.resolve()):
                raise Failed(f"the key of a log leads out of {folder}: {entry['Key']}")
            target.parent.mkdir(parents=True, exist_ok=True)
            s3.download_file(log_bucket, entry["Key"], str(target))
            files += 1
    return files
