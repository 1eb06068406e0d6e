"""pomona-aws shows no key, whatever AWS refuses."""

import pytest
from account import KEYS, NUMBER, REGION
from program import FAILED, OK

SECRET = "s3cr3t" * 7
TOKEN = "t0k3n" * 20


def commands(archive, folder):
    place = f"s3://pomona-{NUMBER}-{REGION}"
    return [
        ["up", "--archive", archive], ["up", "--archive", archive, "--yes"],
        ["submit", f"{place}/images/a", f"{place}/features/a", "--yes"],
        ["watch"], ["fetch", folder], ["down"], ["down", "--yes"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "keys",
    [
        {"AWS_SECRET_ACCESS_KEY": SECRET},
        {"AWS_ACCESS_KEY_ID": "ASIANOBODYKNOWSTHIS0", "AWS_SECRET_ACCESS_KEY": SECRET},
        {"AWS_SESSION_TOKEN": TOKEN},
    ],
    ids=["wrong-secret", "unknown-key", "token-nobody-gave"],
)
def test_no_command_shows_keys_that_fail(aws, pomona_aws, archive, tmp_path, keys):
    aws.check_rights()
    for words in commands(archive, tmp_path / "job"):
        done = pomona_aws(*words, **keys)
        assert done.code == FAILED, (words, done.stderr)
        assert done.stderr.startswith("error: ")
        assert "Traceback" not in done.stderr
        for secret in (SECRET, TOKEN, KEYS["AWS_SECRET_ACCESS_KEY"], "AWS4-HMAC", "Signature="):
            assert secret not in done.stdout + done.stderr
    assert not (tmp_path / "job").exists()


def test_nothing_that_is_composed_has_a_key(aws, pomona_aws, installed):
    place = f"s3://{installed['Bucket']}"
    done = pomona_aws("submit", f"{place}/images/a", f"{place}/features/a", "--yes")
    assert done.code == OK, done.stderr
    emr, cluster = aws.client("emr"), installed["ClusterId"]
    (step,) = emr.list_steps(ClusterId=cluster)["Steps"]
    composed = [
        step["Config"],
        emr.describe_cluster(ClusterId=cluster)["Cluster"],
        emr.list_bootstrap_actions(ClusterId=cluster)["BootstrapActions"],
        [s["Parameters"] for s in aws.client("cloudformation").describe_stacks()["Stacks"]],
    ]
    for value in KEYS.values():
        assert value not in str(composed)


def test_missing_keys_are_said(aws, pomona_aws, archive):
    none = {
        "AWS_ACCESS_KEY_ID": "",
        "AWS_SECRET_ACCESS_KEY": "",
        "AWS_SHARED_CREDENTIALS_FILE": "/",
    }
    done = pomona_aws("up", "--archive", archive, "--yes", **none)
    assert done.code == 2
    assert "error: no credentials" in done.stderr and "hint: " in done.stderr
