"""Servers that do not keep to S3's rules: the run ends, in words, and can be stopped."""

import itertools
import signal
import threading

import pytest
from odd_files import encoded, picture
from program import FAILED, INTERRUPTED, OK, finish
from strange_server import error, page, serving
from table import Table


def endless(enough: threading.Event, pages: int = 20):
    """Pages of hidden keys for ever; `enough` is set once there were some."""
    numbers = itertools.count(1)

    def answer(_path, _headers):
        number = next(numbers)
        if number >= pages:
            enough.set()
        return page([f"photos/_hidden/{number:09}.jpg"], token=str(number))

    return answer


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", ["extract", "list", "plan"])
def test_a_listing_without_an_end_can_be_stopped(pomona, tmp_path, command, stop):
    enough = threading.Event()
    outputs = [] if command == "list" else [tmp_path / "table"]
    with serving(endless(enough)) as server:
        process = pomona.start(command, "s3://bucket/photos", *outputs, env=server)
        assert enough.wait(60)
        process.send_signal(stop)
        result = finish(process, seconds=30)
    # What holds nothing dies of the signal itself.
    assert result.code in ({INTERRUPTED} if command == "extract" else {INTERRUPTED, -stop})
    assert not (tmp_path / "table" / "_SUCCESS").exists()


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([page(["photos/_1.jpg"], "t"), page(["photos/_2.jpg"], "t")], "circle"),
        ([page([], "a"), page([], "b"), page([], "a")], "circle"),
        ([page(["photos/2.jpg"], "a"), page(["photos/1.jpg"])], "byte order"),
        ([(200, {}, b"<ListBucketResult><Contents><Key>photos/a.jpg</Key><Size>-5</Size>"
           b"</Contents></ListBucketResult>")], "size"),
    ],
    ids=["repeated-token", "circle", "goes-back", "negative-size"],
)  # fmt: skip
def test_what_is_no_listing_is_an_error(pomona, tmp_path, answers, words):
    left = iter(answers)
    with serving(lambda *_: next(left)) as server:
        result = pomona("list", "s3://bucket/photos", env=server)
    assert result.code == FAILED, result.stderr
    assert words in result.stderr


@pytest.mark.parametrize("listed", ["e1", '"e1"', 'W/"e1"', None])
@pytest.mark.parametrize("answered", ["e1", '"e1"', 'W/"e1"', None])
def test_an_etag_is_the_same_however_it_is_spelled(pomona, tmp_path, listed, answered):
    image = encoded(picture(), "JPEG")
    etag = f"<ETag>{listed}</ETag>" if listed else ""
    listing = (
        f"<ListBucketResult><Contents><Key>photos/a.jpg</Key><Size>{len(image)}</Size>{etag}"
        "</Contents></ListBucketResult>"
    ).encode()

    def answer(path, _headers):
        if "list-type" in path:
            return 200, {}, listing
        return 200, {"ETag": answered} if answered else {}, image

    with serving(answer) as server:
        pomona.ok("extract", "s3://bucket/photos", tmp_path / "table", env=server)
        table = Table(tmp_path / "table")
        assert (table.rejects(), table.rows().num_rows) == ([], 1)
        # And nothing has changed since.
        again = pomona.ok("extract", "s3://bucket/photos", tmp_path / "table", "--update", "--json",
                          env=server)  # fmt: skip
    assert again.json()["unchanged"] == 1


def test_the_reader_pays_if_asked_to_and_is_told_so_otherwise(pomona, tmp_path):
    image = encoded(picture(), "JPEG")

    def answer(path, headers):
        if headers.get("x-amz-request-payer") != "requester":
            return error(403, "AccessDenied", "Access Denied")
        if "list-type" in path:
            return page(["photos/a.jpg"])
        return 200, {}, image[:1]

    with serving(answer) as server:
        refused = pomona("list", "s3://bucket/photos", env=server)
        assert refused.code == FAILED
        assert "--s3-requester-pays" in refused.stderr
        result = pomona("extract", "s3://bucket/photos", tmp_path / "table", "--s3-requester-pays",
                        "--max-rejects", "100%", "--json", env=server)  # fmt: skip
    assert result.code == OK, result.stderr
    assert result.json()["rejects"].keys() <= {"truncated", "unsupported_format"}


def test_a_deaf_metadata_server_is_waited_for_once_and_named(pomona, tmp_path):
    asked = threading.Event()
    go_on = threading.Event()

    def answer(*_):
        asked.set()
        go_on.wait(60)
        return 500, {}, b""

    with serving(answer) as server:
        alone = {
            "AWS_EC2_METADATA_DISABLED": "",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": server["AWS_ENDPOINT_URL"],
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        }
        result = pomona("list", "s3://bucket/photos", env=alone, seconds=60)
        go_on.set()
    assert asked.is_set()
    assert result.code == FAILED
    assert f"{alone['AWS_EC2_METADATA_SERVICE_ENDPOINT']} does not answer" in result.stderr
    assert "--s3-anonymous" in result.stderr
