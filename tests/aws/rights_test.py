"""The job's role is least: with exactly the policy of access.yaml `pomona extract` makes its table,
without any part of it it does not, and nothing else is allowed. account.py checks every request.
"""

import json

import boto3
import pytest
from account import REGION
from program import OK, Pomona

IMAGES, FEATURES = "images/Test", "features/Test"


class Job:
    """Whoever has the job's policy and no other: the program, and an S3 client, with its keys."""

    def __init__(self, aws, installed):
        self.bucket = installed["Bucket"]
        self._iam = aws.client("iam")
        self._endpoint = aws.endpoint
        # A user in the role's place: the role's own keys are had from EC2.
        self._iam.create_user(UserName="job")
        self._iam.attach_user_policy(UserName="job", PolicyArn=installed["JobPolicy"])
        made = self._iam.create_access_key(UserName="job")["AccessKey"]
        self._keys = made["AccessKeyId"], made["SecretAccessKey"]
        self.s3 = boto3.client(
            "s3", region_name=REGION, endpoint_url=aws.endpoint,
            aws_access_key_id=self._keys[0], aws_secret_access_key=self._keys[1],
        )  # fmt: skip

    def uri(self, key: str) -> str:
        return f"s3://{self.bucket}/{key}"

    def extract(self, source: str, output: str, *options, **environment):
        keys = {"AWS_ACCESS_KEY_ID": self._keys[0], "AWS_SECRET_ACCESS_KEY": self._keys[1]}
        place = {"AWS_REGION": REGION, "AWS_ENDPOINT_URL": self._endpoint}
        return Pomona({**keys, **place, **environment})("extract", source, output, *options)

    def keys_below(self, prefix: str) -> list[str]:
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        return [entry["Key"] for entry in listed.get("Contents", [])]

    def holds_instead(self, policy_arn: str, change) -> None:
        """Replaces the policy by `change(statements)` of it."""
        version = self._iam.get_policy(PolicyArn=policy_arn)["Policy"]["DefaultVersionId"]
        found = self._iam.get_policy_version(PolicyArn=policy_arn, VersionId=version)
        document = found["PolicyVersion"]["Document"]
        document["Statement"] = change(document["Statement"])
        self._iam.detach_user_policy(UserName="job", PolicyArn=policy_arn)
        self._iam.put_user_policy(
            UserName="job", PolicyName="less", PolicyDocument=json.dumps(document)
        )


@pytest.fixture
def unchecked_job(aws, installed, some_images):
    s3 = aws.client("s3")
    for file in sorted(some_images.rglob("*.jpg")):
        key = f"{IMAGES}/{file.relative_to(some_images)}"
        s3.put_object(Bucket=installed["Bucket"], Key=key, Body=file.read_bytes())
    image = next(some_images.rglob("*.jpg")).read_bytes()
    s3.create_bucket(Bucket="another")
    for bucket, key in ((installed["Bucket"], "private/1.jpg"), ("another", f"{IMAGES}/1.jpg")):
        s3.put_object(Bucket=bucket, Key=key, Body=image)
    return Job(aws, installed)


@pytest.fixture
def job(aws, unchecked_job):
    aws.check_rights()
    return unchecked_job


def is_refused(call, **arguments) -> bool:
    try:
        call(**arguments)
    except boto3.exceptions.botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"] in ("AccessDenied", "403")
    return False


def test_extract_reads_the_images_and_writes_the_features(job):
    done = job.extract(job.uri(IMAGES), job.uri(FEATURES), "--json")
    assert done.code == OK, done.stderr
    assert done.json()["images"] == 12
    keys = job.keys_below(f"{FEATURES}/")
    assert f"{FEATURES}/_SUCCESS" in keys
    # The claim stays, the sign of life does not.
    assert [key for key in keys if "/lease/" in key] == [f"{FEATURES}/_pomona/lease/00000000.json"]


@pytest.mark.parametrize("option", ["--update", "--overwrite"])
def test_a_table_can_be_updated_and_made_anew(job, option):
    assert job.extract(job.uri(IMAGES), job.uri(FEATURES)).code == OK
    done = job.extract(job.uri(IMAGES), job.uri(FEATURES), option)
    assert done.code == OK, done.stderr


def without_statement(sid):
    return lambda statements: [s for s in statements if s["Sid"] != sid]


def without_action(sid, action):
    def change(statements):
        for statement in statements:
            if statement["Sid"] == sid:
                statement["Action"].remove(action)
        return statements

    return change


@pytest.mark.parametrize(
    "change",
    [
        without_statement("ListImages"),
        without_statement("ReadImages"),
        without_statement("ListFeatures"),
        without_action("WriteFeatures", "s3:GetObject"),
        without_action("WriteFeatures", "s3:PutObject"),
    ],
    ids=["ListImages", "ReadImages", "ListFeatures", "GetObject", "PutObject"],
)
def test_without_any_part_of_the_policy_there_is_no_table(aws, unchecked_job, installed, change):
    job = unchecked_job
    job.holds_instead(installed["JobPolicy"], change)
    aws.check_rights()
    done = job.extract(job.uri(IMAGES), job.uri(FEATURES), "--on-error", "fail")
    assert done.code != OK


def test_without_reading_each_image_is_a_reject(aws, unchecked_job, installed):
    job = unchecked_job
    job.holds_instead(installed["JobPolicy"], without_statement("ReadImages"))
    aws.check_rights()
    done = job.extract(job.uri(IMAGES), job.uri(FEATURES), "--json", "--max-rejects", "100%")
    assert done.code == OK, done.stderr
    assert done.json()["rejects"] == {"forbidden": 12}


def test_without_deletion_the_lease_stays(aws, unchecked_job, installed):
    """And so nobody else can write there for a minute."""
    job = unchecked_job
    job.holds_instead(installed["JobPolicy"], without_action("WriteFeatures", "s3:DeleteObject"))
    aws.check_rights()
    assert job.extract(job.uri(IMAGES), job.uri(FEATURES)).code == OK
    assert [k for k in job.keys_below(f"{FEATURES}/_pomona/lease/") if k.endswith("-0.json")]
    assert job.extract(job.uri(IMAGES), job.uri(FEATURES), "--overwrite").code != OK


@pytest.mark.parametrize("source", ["private", "images-of-others"])
def test_another_prefix_is_not_read(job, source):
    done = job.extract(job.uri(source), job.uri(FEATURES))
    assert done.code != OK
    assert "denied" in done.stderr.lower(), done.stderr


def test_another_prefix_is_not_written(job):
    assert job.extract(job.uri(IMAGES), job.uri("private/table")).code != OK
    assert is_refused(job.s3.put_object, Bucket=job.bucket, Key="private/x", Body=b"")
    assert is_refused(job.s3.list_objects_v2, Bucket=job.bucket, Prefix="private/")
    assert is_refused(job.s3.list_objects_v2, Bucket=job.bucket)


def test_another_bucket_is_neither_read_nor_written(job):
    assert job.extract(f"s3://another/{IMAGES}", job.uri(FEATURES)).code != OK
    assert job.extract(job.uri(IMAGES), "s3://another/features").code != OK
    assert is_refused(job.s3.get_object, Bucket="another", Key=f"{IMAGES}/1.jpg")
    assert is_refused(job.s3.put_object, Bucket="another", Key="features/x", Body=b"")


def test_the_source_is_neither_removed_nor_changed(job):
    key = job.keys_below(f"{IMAGES}/")[0]
    assert is_refused(job.s3.delete_object, Bucket=job.bucket, Key=key)
    assert is_refused(job.s3.put_object, Bucket=job.bucket, Key=key, Body=b"another picture")


def test_what_the_next_cluster_starts_with_is_not_changed(job):
    assert is_refused(job.s3.put_object, Bucket=job.bucket, Key="pomona/bootstrap.sh", Body=b"")
    assert is_refused(job.s3.delete_bucket, Bucket=job.bucket)


def test_keys_that_are_wrong_are_noticed(job):
    """moto checks the program's signatures: else none of the above would mean anything."""
    done = job.extract(job.uri(IMAGES), job.uri(FEATURES), AWS_SECRET_ACCESS_KEY="w" * 40)
    assert done.code != OK
    assert "w" * 40 not in done.stdout + done.stderr
