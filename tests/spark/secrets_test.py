"""Jobs that fail for their credentials keep them: no message and no event log has a key, on which
Spark's history server would show it to everybody."""

import pytest
from job_test import bucket_settings, job
from program import FAILED
from servers.proxy import FaultProxy

WRONG_SECRET = "wrongsecret" * 4


@pytest.fixture
def bucket(s3, some_images):
    s3.put_folder(some_images, "Test")
    return s3


@pytest.fixture
def left(tmp_path):
    """Where a job leaves its table and Spark its event log."""
    (tmp_path / "left" / "events").mkdir(parents=True)
    return tmp_path / "left"


def failing_job(bucket, left, endpoint: str, secret: str):
    keys = {**bucket.credentials, "AWS_SECRET_ACCESS_KEY": secret}
    log = {
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": f"file:{left}/events",
        "spark.eventLog.compress": "false",
    }
    settings = {**bucket_settings(endpoint, keys), **log}
    source = f"s3a://{bucket.bucket}/Test"
    result = job(source, left / "table", "--on-error", "fail", settings=settings)
    assert result.code == FAILED, result.stderr
    return result


def check(bucket, left, result) -> None:
    secrets = (bucket.credentials["AWS_SECRET_ACCESS_KEY"], WRONG_SECRET, "AWS4-HMAC")
    files = [path for path in left.rglob("*") if path.is_file()]
    assert any(b"SparkListenerApplicationStart" in path.read_bytes() for path in files)
    for secret in secrets:
        assert secret not in result.stdout + result.stderr
        for path in files:
            assert secret.encode() not in path.read_bytes(), path


def test_a_wrong_key_is_shown_nowhere(bucket, left):
    check(bucket, left, failing_job(bucket, left, bucket.endpoint, WRONG_SECRET))


def test_tasks_that_are_refused_show_no_key(bucket, left):
    """The driver's listing is allowed, the tasks' reads are not."""
    with FaultProxy(bucket.endpoint, "--answer", ".jpg=403") as proxy:
        secret = bucket.credentials["AWS_SECRET_ACCESS_KEY"]
        result = failing_job(bucket, left, proxy.endpoint, secret)
    assert "denied" in result.stderr.lower() or "forbidden" in result.stderr.lower()
    check(bucket, left, result)
