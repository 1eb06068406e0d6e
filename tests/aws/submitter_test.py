"""Who only submits: the rights that docs/guides/security.md names are enough, and no less is."""

import json

import pytest
from program import FAILED, OK


def statements(bucket: str) -> list[dict]:
    def allow(actions: list[str], resource: str, **more) -> dict:
        return {"Effect": "Allow", "Action": actions, "Resource": resource, **more}

    places = {"StringLike": {"s3:prefix": ["logs/*", "features/*"]}}
    return [
        allow(["cloudformation:DescribeStacks"], "*"),
        allow(
            ["elasticmapreduce:DescribeCluster", "elasticmapreduce:AddJobFlowSteps",
             "elasticmapreduce:ListSteps", "elasticmapreduce:DescribeStep"],
            "*",
        ),
        allow(["s3:PutObject"], f"arn:aws:s3:::{bucket}/pomona/*"),
        allow(["s3:GetObject"], f"arn:aws:s3:::{bucket}/features/*"),
        allow(["s3:GetObject"], f"arn:aws:s3:::{bucket}/logs/*"),
        allow(["s3:ListBucket"], f"arn:aws:s3:::{bucket}", Condition=places),
    ]  # fmt: skip


@pytest.fixture
def as_submitter(aws, pomona_aws, installed, request):
    """Runs the command with the keys of a user who has the statements, but for the action that is
    the fixture's parameter."""
    held = statements(installed["Bucket"])
    for statement in held:
        statement["Action"] = [a for a in statement["Action"] if a != getattr(request, "param", "")]
    held = [statement for statement in held if statement["Action"]]
    policy = json.dumps({"Version": "2012-10-17", "Statement": held})
    iam = aws.client("iam")
    iam.create_user(UserName="submitter")
    iam.put_user_policy(UserName="submitter", PolicyName="submits", PolicyDocument=policy)
    made = iam.create_access_key(UserName="submitter")["AccessKey"]
    keys = {
        "AWS_ACCESS_KEY_ID": made["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": made["SecretAccessKey"],
    }
    aws.check_rights()
    return lambda *words: pomona_aws(*words, **keys)


@pytest.fixture
def submit(installed):
    place = f"s3://{installed['Bucket']}"
    return ["submit", f"{place}/images/Test", f"{place}/features/Test", "--yes"]


def test_a_submitter_needs_no_more(aws, installed, submit, as_submitter, tmp_path):
    sent = as_submitter(*submit)
    assert sent.code == OK, sent.stderr
    step = sent.stdout.splitlines()[-1]
    aws.end_step(installed["ClusterId"], step, "COMPLETED")
    watched = as_submitter("watch", "--every", "0.1")
    assert watched.code == OK, watched.stderr
    assert "there is no report" in watched.stdout
    fetched = as_submitter("fetch", tmp_path / "job")
    assert fetched.code == OK, fetched.stderr


@pytest.mark.parametrize(
    "as_submitter",
    ["cloudformation:DescribeStacks", "elasticmapreduce:DescribeCluster",
     "elasticmapreduce:AddJobFlowSteps", "s3:PutObject"],
    indirect=True,
)  # fmt: skip
def test_without_an_action_nothing_is_submitted_and_it_is_said(submit, as_submitter):
    done = as_submitter(*submit)
    assert done.code == FAILED
    assert "error: " in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("as_submitter", ["s3:ListBucket"], indirect=True)
def test_without_listing_nothing_is_fetched_and_it_is_said(submit, as_submitter, tmp_path):
    sent = as_submitter(*submit)
    assert sent.code == OK, sent.stderr
    done = as_submitter("fetch", tmp_path / "job")
    assert done.code == FAILED
    assert "error: " in done.stderr and "Traceback" not in done.stderr
