"""python -m pomona.spark: the whole job as a command."""

import json
import shutil
import time

import pyarrow.parquet as pq
import pytest
import sessions
from conftest import SPARK_4, by_path
from odd_files import write_files
from pomona.spark.job import run
from program import FAILED, OK, REFUSED, TOO_MANY_REJECTS, finish
from servers import spark_settings
from servers.proxy import FaultProxy
from servers.vanished import VanishedBucket
from table import Table

import pomona


def start(*arguments, settings=None):
    return sessions.start("local[2]", settings or {}, "-m", "pomona.spark", *arguments)


def job(*arguments, settings=None):
    return finish(start(*arguments, settings=settings))


@pytest.fixture
def with_bad(some_images, tmp_path):
    shutil.copytree(some_images, tmp_path / "images")
    write_files(tmp_path / "images" / "bad", {"empty.jpg": b"", "text.jpg": b"text", "b.jpg": b"x"})
    return tmp_path / "images"


def rows(folder):
    return by_path(Table(folder).rows().to_pylist())


def test_table_rejects_and_report(with_bad, expected, some_images, tmp_path):
    output = tmp_path / "table"
    result = job(with_bad, output, "--report", tmp_path / "copy.json", "--json")
    assert result.code == OK, result.stderr
    moved = {path.replace(str(some_images), str(with_bad)): row for path, row in expected.items()}
    assert rows(output) == moved
    assert Table(output).is_finished()
    assert all(".snappy.parquet" in path for path in Table(output).part_paths())

    assert Table(output).reject_reasons() == {
        "empty.jpg": "empty_file",
        "text.jpg": "unsupported_format",
        "b.jpg": "unsupported_format",
    }
    rejects = Table(output).rejects()
    assert {reject["label"] for reject in rejects} == {"bad"}
    assert all(reject["message"] for reject in rejects)

    report = Table(output).report()
    assert report == json.loads((tmp_path / "copy.json").read_text()) == json.loads(result.stdout)
    assert (report["references"], report["rows"], report["images"]) == (51, 48, 48)
    assert report["rejects"] == {"empty_file": 1, "unsupported_format": 2}
    assert report["model"]["name"] == "efficientnet-lite0"
    assert report["model"]["digest"].startswith("sha256:")
    assert report["model"]["feature_dim"] == 1280
    assert report["bytes"] == sum(f.stat().st_size for f in with_bad.rglob("*.jpg"))
    assert report["seconds"] >= report["extract_seconds"] > 0
    assert "48 images, 3 rejects" in result.stderr


def test_modes(spark, some_images, tmp_path):
    output = tmp_path / "table"

    def write(mode):
        return run(spark, str(some_images), str(output), mode=mode)

    def parts():
        return {part: pq.read_metadata(part).num_rows for part in Table(output).part_paths()}

    assert write("errorifexists")["rows"] == 48
    first = parts()
    with pytest.raises(pomona.InvalidOption, match="is there already"):
        write("errorifexists")
    assert write("ignore") is None
    assert parts() == first
    assert write("overwrite")["rows"] == 48
    second = parts()
    assert not second.keys() & first.keys()
    assert write("append")["rows"] == 48
    assert second.items() < parts().items()
    assert sum(parts().values()) == 96


def test_an_output_that_is_there_is_refused(some_images, tmp_path):
    (tmp_path / "table").mkdir()
    result = job(some_images, tmp_path / "table")
    assert result.code == REFUSED
    assert "is there already" in result.stderr


def everything_below(folder):
    return {path: path.is_file() and path.read_bytes() for path in folder.rglob("*")}


def test_no_mode_takes_images_or_what_lies_beside_them(spark, some_images, tmp_path):
    source = tmp_path / "photos"
    shutil.copytree(some_images, source)
    (tmp_path / "letter.txt").write_text("dear all")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("dear all")
    (tmp_path / "link").symlink_to(source)
    before = everything_below(tmp_path)
    there = [
        source, f"{source}/", f"{tmp_path}/x/../photos", f"file:{source}", f"file://{source}/",
        tmp_path / "link", tmp_path, tmp_path / "other",
    ]  # fmt: skip
    for mode in ("overwrite", "append", "errorifexists", "ignore"):
        for output in there:
            with pytest.raises(pomona.InvalidOption, match="holds"):
                run(spark, str(source), str(output), mode=mode)
    assert everything_below(tmp_path) == before


def test_overwriting_takes_the_table_and_nothing_else(spark, some_images, tmp_path):
    output = tmp_path / "table"
    run(spark, str(some_images), str(output))
    (output / ".mine").write_text("kept")
    # What a killed job left would come back with the next commit.
    shutil.copytree(output, output / "_temporary" / "0" / "task_1")
    assert run(spark, str(some_images), str(output), mode="overwrite")["rows"] == 48
    assert len(Table(output).paths()) == 48
    assert not (output / "_temporary").exists()
    assert (output / ".mine").read_text() == "kept"


def test_a_command_whose_output_is_its_source_is_refused(with_bad):
    before = everything_below(with_bad)
    result = job(with_bad, with_bad, "--mode", "overwrite")
    assert result.code == REFUSED, result.stderr
    assert "is the source, or holds it" in result.stderr
    assert everything_below(with_bad) == before


def test_a_source_that_vanished_is_a_failure(tmp_path):
    with VanishedBucket() as bucket:
        result = job(bucket.uri, tmp_path / "table", *bucket.arguments)
    assert result.code == FAILED, result.stderr
    assert "all 5 images of s3a://bucket/photos vanished" in result.stderr
    assert not Table(tmp_path / "table").is_finished()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--model", "no-such-model"], "no-such-model"),
        (["--label", "("], "label"),
        (["--precision", "f16"], "f16"),
        (["--no-such-option"], "no-such-option"),
        (["--partitions", "0"], "partitions"),
    ],
)
def test_a_bad_option_is_refused_before_a_session_starts(some_images, tmp_path, arguments, said):
    result = job(some_images, tmp_path / "table", *arguments)
    assert result.code == REFUSED
    assert said in result.stderr
    assert "Spark" not in result.stderr.replace("pomona.spark", "")
    assert not (tmp_path / "table").exists()


def test_a_missing_source(tmp_path):
    result = job(tmp_path / "missing", tmp_path / "table")
    assert result.code == FAILED
    assert "error: " in result.stderr
    assert "missing" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "table").exists()


def test_on_error_fail_names_the_image(with_bad, tmp_path):
    result = job(with_bad, tmp_path / "table", "--on-error", "fail")
    assert result.code == FAILED
    error = result.stderr[result.stderr.rindex("error: ") :]
    assert f"file:{with_bad}/bad/" in error
    assert "\tat " not in error and "Traceback" not in error
    assert not Table(tmp_path / "table").is_finished()


@pytest.fixture
def all_bad(tmp_path):
    return write_files(tmp_path / "images" / "bad", {"a.jpg": b"", "b.jpg": b"text"}).parent


def test_a_job_that_yields_nothing_is_not_done(all_bad, tmp_path):
    result = job(all_bad, tmp_path / "table")
    assert result.code == TOO_MANY_REJECTS
    assert "2 of 2 (1 empty_file, 1 unsupported_format)" in result.stderr
    assert "Traceback" not in result.stderr
    assert not Table(tmp_path / "table").is_finished()
    assert len(Table(tmp_path / "table").rejects()) == 2


def test_more_rejects_than_allowed(spark, with_bad, tmp_path):
    def write(limit, mode):
        return run(spark, str(with_bad), str(tmp_path / "table"), max_rejects=limit, mode=mode)

    with pytest.raises(pomona.TooManyRejects, match="3 of 51"):
        write("2", "errorifexists")
    assert not Table(tmp_path / "table").is_finished()
    with pytest.raises(pomona.TooManyRejects):
        write("5%", "overwrite")
    assert write(3, "overwrite")["rows"] == 48
    assert Table(tmp_path / "table").is_finished()
    with pytest.raises(pomona.InvalidOption, match="max_rejects"):
        write("some", "overwrite")


def test_a_source_without_images_is_refused_and_what_was_left_out_is_said(
    spark, some_images, tmp_path
):
    shutil.copytree(some_images, tmp_path / "images")
    write_files(tmp_path / "images", {"a.xyz": b"x", "b.txt": b"x"})
    report = run(spark, str(tmp_path / "images"), str(tmp_path / "table"), label="/(none)/")
    assert report["not_taken"]["suffixes"] == {".txt": 1, ".xyz": 1}
    assert report["unlabelled"] == 48
    assert len(report["remarks"]) == 2
    with pytest.raises(pomona.InvalidOption, match=r"no images in .*: 50 other files not taken"):
        run(spark, str(tmp_path / "images"), str(tmp_path / "other"), glob="*.none")
    assert not (tmp_path / "other").exists()


def test_vectors(spark, some_images, expected, tmp_path):
    run(spark, str(some_images), str(tmp_path / "table"), features_as="vector")
    frame = spark.read.parquet(str(tmp_path / "table"))
    assert frame.schema["features"].dataType.typeName() == "vectorudt"
    assert by_path([row.asDict() for row in frame.collect()]) == expected


@pytest.fixture
def bucket(s3, some_images):
    s3.put_folder(some_images, "Test")
    return s3


def bucket_settings(endpoint, keys):
    jars = {"spark.jars": spark_settings.s3a_jars()} if SPARK_4 else {}
    return {**spark_settings.s3a(endpoint, keys), **jars}


@pytest.mark.skipif(not SPARK_4, reason="the s3a connector that is here goes with Spark 4")
def test_from_bucket_to_bucket(bucket, expected):
    settings = bucket_settings(bucket.endpoint, bucket.credentials)
    uri = f"s3a://{bucket.bucket}"
    result = job(f"{uri}/Test", f"{uri}/features", settings=settings)
    assert result.code == OK, result.stderr
    table = bucket.table("features")
    assert len(table.paths()) == len(set(table.paths())) == len(expected)
    assert table.is_finished()
    assert table.report()["requests"] == 48
    secret = bucket.credentials["AWS_SECRET_ACCESS_KEY"]
    assert secret not in result.stderr + result.stdout + json.dumps(table.report())


def test_wrong_credentials_are_said_within_seconds(bucket, tmp_path):
    keys = {**bucket.credentials, "AWS_SECRET_ACCESS_KEY": "wrong" * 8}
    began = time.monotonic()
    result = job(
        f"s3a://{bucket.bucket}/Test", tmp_path / "table",
        settings=bucket_settings(bucket.endpoint, keys),
    )  # fmt: skip
    assert time.monotonic() - began < 60  # the promise is 30 s; a busy machine takes longer
    assert result.code == FAILED
    error = result.stderr[result.stderr.rindex("error: ") :]
    assert "credentials" in error.lower()
    assert "Traceback" not in error and "\tat " not in error
    assert keys["AWS_SECRET_ACCESS_KEY"] not in result.stderr
    assert not (tmp_path / "table").exists()


def test_a_bucket_that_is_overloaded_at_times(bucket, tmp_path):
    with FaultProxy(bucket.endpoint, "--fail-503", "0.2", "--seed", "3") as proxy:
        settings = bucket_settings(proxy.endpoint, bucket.credentials)
        result = job(f"s3a://{bucket.bucket}/Test", tmp_path / "table", settings=settings)
        assert result.code == OK, result.stderr
        assert sum(proxy.counts()["faults"].values()) > 0
    assert len(Table(tmp_path / "table").paths()) == 48
    assert Table(tmp_path / "table").report()["retries"] > 0


def test_a_share_is_a_part(spark, some_images, tmp_path):
    assert run(spark, str(some_images), str(tmp_path / "table"), partitions=3)["partitions"] == 3
    parts = Table(tmp_path / "table").part_paths()
    assert [pq.read_metadata(part).num_rows for part in parts] == [16, 16, 16]
