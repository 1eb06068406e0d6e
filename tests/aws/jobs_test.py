"""submit, watch and fetch against moto: the step that is sent, how it is followed, what it left."""

import json

import pytest
from pomona_aws import spark_submit, template
from program import FAILED, OK, REFUSED

SOURCE, OUTPUT = "images/Test", "features/Test"


def uris(installed) -> tuple[str, str]:
    bucket = installed["Bucket"]
    return f"s3://{bucket}/{SOURCE}", f"s3://{bucket}/{OUTPUT}"


@pytest.fixture
def step(pomona_aws, installed):
    """A submitted job's identifier."""
    done = pomona_aws("submit", *uris(installed), "--yes", "--", "--precision", "bf16")
    assert done.code == OK, done.stderr
    return done.stdout.splitlines()[-1]


def test_without_yes_it_shows_the_command(aws, pomona_aws, installed):
    done = pomona_aws("submit", *uris(installed))
    assert done.code == OK, done.stderr
    assert "run    spark-submit --deploy-mode cluster s3://" in done.stdout
    assert "price: not known" in done.stdout
    assert aws.client("emr").list_steps(ClusterId=installed["ClusterId"])["Steps"] == []


def test_the_step_is_the_templates(aws, installed, step):
    (sent,) = aws.client("emr").list_steps(ClusterId=installed["ClusterId"])["Steps"]
    assert sent["Id"] == step
    words = sent["Config"]["Args"]
    assert words[:3] == ["spark-submit", "--deploy-mode", "cluster"]
    assert words[3].startswith(f"s3://{installed['Bucket']}/pomona/spark_job-")
    assert tuple(words[4:6]) == uris(installed)
    assert words[6:] == ["--precision", "bf16"]


def test_the_jobs_file_is_where_the_step_says(aws, installed, step):
    described = aws.client("emr").describe_step(ClusterId=installed["ClusterId"], StepId=step)
    bucket, key = described["Step"]["Config"]["Args"][3].removeprefix("s3://").split("/", 1)
    assert b"pomona.spark" in aws.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()


def test_a_value_with_spaces_is_one_word():
    words = spark_submit.command(
        "b", "pomona/job.py", "s3://b/Apple Braeburn", "s3://b/${Source}", []
    )
    assert words[-2:] == ["s3://b/Apple Braeburn", "s3://b/${Source}"]


def test_cloudformation_makes_the_same_words_of_the_template():
    step = template.load("steps")
    properties = step.content["Resources"]["Extraction"]["Properties"]["HadoopJarStep"]
    separator, text = properties["Args"]["Fn::Split"]
    text, default = text["Fn::Sub"], step.parameters["Options"]["Default"]
    places = {"Source": "s3://b/images/x", "Output": "s3://b/features/x"}
    for name, value in {
        **places,
        "Bucket": "b",
        "JobKey": "pomona/j.py",
        "Options": default,
    }.items():
        text = text.replace(f"${{{name}}}", value)
    options = default.split()
    assert text.split(separator) == spark_submit.command(
        "b", "pomona/j.py", places["Source"], places["Output"], options
    )


@pytest.mark.parametrize(
    "source, output, words",
    [
        ("s3://{bucket}/private/Test", "s3://{bucket}/features/Test", "ImagesPrefix"),
        ("s3://{bucket}/images/Test", "s3://{bucket}/images/Test", "FeaturesPrefix"),
        ("s3://{bucket}/images-of-others/x", "s3://{bucket}/features/Test", "ImagesPrefix"),
        ("s3://another/images/Test", "s3://{bucket}/features/Test", "ImagesPrefix"),
        ("/data/photos", "s3://{bucket}/features/Test", "no place in a bucket"),
        ("s3://{bucket}", "s3://{bucket}/features/Test", "no place in a bucket"),
    ],
)
def test_what_the_role_may_not_use_is_refused(aws, pomona_aws, installed, source, output, words):
    bucket = installed["Bucket"]
    done = pomona_aws("submit", source.format(bucket=bucket), output.format(bucket=bucket), "--yes")
    assert done.code == REFUSED
    assert words in done.stderr and "hint: " in done.stderr
    assert aws.client("emr").list_steps(ClusterId=installed["ClusterId"])["Steps"] == []


def test_without_an_installation_it_is_refused(pomona_aws):
    for words in (["submit", "s3://b/images/a", "s3://b/features/a", "--yes"], ["watch"]):
        done = pomona_aws(*words)
        assert done.code == REFUSED
        assert "nothing runs" in done.stderr and "hint: pomona-aws up" in done.stderr


REPORT = {"images": 2600, "rejects": {"truncated": 3}, "seconds": 61.5,
          "images_per_second_per_core": 42.3}  # fmt: skip


def test_watch_ends_with_the_report(aws, pomona_aws, installed, step):
    aws.client("s3").put_object(
        Bucket=installed["Bucket"], Key=f"{OUTPUT}/_pomona/report.json", Body=json.dumps(REPORT)
    )
    aws.end_step(installed["ClusterId"], step, "COMPLETED")
    done = pomona_aws("watch", "--every", "0.1")
    assert done.code == OK, done.stderr
    assert f"{step}: COMPLETED" in done.stderr
    assert "2600 images, 3 rejects in 62 s, 42 images/s and core" in done.stdout


def test_watch_of_a_failed_step_fails(aws, pomona_aws, installed, step):
    aws.end_step(installed["ClusterId"], step, "FAILED")
    done = pomona_aws("watch", "--job", step, "--every", "0.1")
    assert done.code == FAILED
    assert f"{step} ended as FAILED" in done.stderr
    assert "hint: pomona-aws fetch" in done.stderr


def test_fetch_brings_report_and_logs(aws, pomona_aws, installed, step, tmp_path):
    s3, bucket = aws.client("s3"), installed["Bucket"]
    s3.put_object(Bucket=bucket, Key=f"{OUTPUT}/_pomona/report.json", Body=json.dumps(REPORT))
    logs = f"logs/{installed['ClusterId']}/steps/{step}"
    s3.put_object(Bucket=bucket, Key=f"{logs}/stderr.gz", Body=b"what the step said")
    s3.put_object(
        Bucket=bucket, Key=f"logs/{installed['ClusterId']}/steps/other/stderr.gz", Body=b""
    )
    done = pomona_aws("fetch", tmp_path / "job")
    assert done.code == OK, done.stderr
    assert json.loads((tmp_path / "job" / "report.json").read_text()) == REPORT
    assert (tmp_path / "job" / "logs" / "stderr.gz").read_bytes() == b"what the step said"
    assert done.stdout.startswith("2 files of ")


def test_a_log_whose_name_leads_elsewhere_is_not_written(
    aws, pomona_aws, installed, step, tmp_path
):
    key = f"logs/{installed['ClusterId']}/steps/{step}/../../outside"
    aws.client("s3").put_object(Bucket=installed["Bucket"], Key=key, Body=b"")
    done = pomona_aws("fetch", tmp_path / "job")
    assert done.code == FAILED
    assert "leads out of" in done.stderr
    assert not (tmp_path / "outside").exists()
