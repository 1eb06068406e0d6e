"""S3 as source and as output, on two independent servers; what it costs; whom it lets in."""

import pytest
from program import FAILED, OK, REFUSED
from servers.proxy import FaultProxy
from table import Table


def rows_by_name(table: Table):
    """Rows without what differs between stores: the path's beginning."""
    rows = table.rows().to_pylist()
    return {tuple(row["path"].split("/")[-2:]): (row["label"], row["features"]) for row in rows}


@pytest.fixture(scope="session")
def local_table(pomona, some_images, tmp_path_factory):
    output = tmp_path_factory.mktemp("local") / "table"
    pomona.ok("extract", some_images, output)
    return Table(output)


def test_s3_to_s3_gives_the_rows_of_the_local_folder(any_s3, some_images, local_table):
    any_s3.put_folder(some_images, "source")
    any_s3.pomona().ok("extract", any_s3.uri("source"), any_s3.uri("out/table"))
    table = any_s3.table("out/table")
    assert table.is_finished()
    assert rows_by_name(table) == rows_by_name(local_table)
    assert any_s3.pomona()("verify", any_s3.uri("out/table")).code == OK


def test_local_to_s3_and_s3_to_local(s3, some_images, tmp_path, local_table):
    s3.pomona().ok("extract", some_images, s3.uri("table"))
    assert s3.table("table").content() == local_table.content()
    s3.put_folder(some_images, "source")
    s3.pomona().ok("extract", s3.uri("source"), tmp_path / "table")
    assert rows_by_name(Table(tmp_path / "table")) == rows_by_name(local_table)


def test_the_endpoint_may_be_an_option(s3, some_images, tmp_path):
    s3.put_folder(some_images, "source")
    command = ("extract", s3.uri("source"), tmp_path / "table", "--s3-endpoint", s3.endpoint)
    s3.pomona(endpoint="http://127.0.0.1:1").ok(*command)


def test_an_image_costs_one_get_and_no_head(s3, some_images, tmp_path):
    count = s3.put_folder(some_images, "source")
    with FaultProxy(s3.endpoint) as proxy:
        s3.pomona(proxy.endpoint).ok("extract", s3.uri("source"), tmp_path / "table")
        counts = proxy.counts()
    assert (counts["GET"], counts["HEAD"], counts["PUT"]) == (count, 0, 0)


def test_a_listing_reads_no_image(s3, some_images):
    s3.put_folder(some_images, "source")
    with FaultProxy(s3.endpoint) as proxy:
        listing = s3.pomona(proxy.endpoint).ok("list", s3.uri("source"), "--format", "csv")
        counts = proxy.counts()
    assert len(listing.stdout.splitlines()) == 1 + 48
    assert (counts["GET"], counts["HEAD"]) == (0, 0)


def test_another_runs_output_below_the_source_is_not_taken_for_images(s3, some_images, tmp_path):
    s3.put_folder(some_images, "source")
    s3.pomona().ok("extract", s3.uri("source"), s3.uri("source/table"))
    s3.put("source/_temporary/0/hidden.jpg", next(some_images.rglob("*.jpg")).read_bytes())
    s3.pomona().ok("extract", s3.uri("source"), tmp_path / "table")
    assert len(Table(tmp_path / "table").paths()) == 48
    assert Table(tmp_path / "table").rejects() == []


@pytest.mark.parametrize("command", ["extract", "list", "verify"])
def test_wrong_credentials_fail_quickly_and_keep_the_secret(any_s3, some_images, tmp_path, command):
    any_s3.put_folder(some_images, "source")
    wrong = any_s3.pomona(AWS_SECRET_ACCESS_KEY="wrongsecretwrongsecretwrongsecret")
    arguments = [any_s3.uri("source"), *([tmp_path / "table"] if command == "extract" else [])]
    with FaultProxy(any_s3.endpoint) as proxy:
        wrong.env["AWS_ENDPOINT_URL"] = proxy.endpoint
        result = wrong(command, *arguments, seconds=60)
        counts = proxy.counts()
    assert result.code in (FAILED, REFUSED)
    said = result.stderr.lower()
    assert any(word in said for word in ("credential", "denied", "signature"))
    for secret in ("wrongsecret", any_s3.credentials["AWS_SECRET_ACCESS_KEY"]):
        assert secret not in result.stderr + result.stdout
    assert sum(counts[kind] for kind in ("GET", "LIST", "HEAD")) <= 3, "refused, yet tried again"
    assert not (tmp_path / "table").exists()


def test_no_output_holds_a_secret(s3, some_images, tmp_path):
    s3.put_folder(some_images, "source")
    result = s3.pomona().ok("extract", s3.uri("source"), tmp_path / "table", "--json")
    secret = s3.credentials["AWS_SECRET_ACCESS_KEY"]
    assert secret not in result.stdout + result.stderr
    for path in (tmp_path / "table").rglob("*"):
        assert path.is_dir() or secret.encode() not in path.read_bytes()
