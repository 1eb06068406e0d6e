"""gs:// and abfs:// as source and as output, on emulators of Google's and Azure's storage."""

import pytest
from program import FAILED, KILLED, OK, REFUSED, finish
from table import Table

OPTIONS = ("--rows-per-file", 7)


@pytest.fixture(params=["gcs", "azure"])
def cloud(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def source(cloud, some_images):
    cloud.put_folder(some_images, "source")
    return cloud.uri("source")


def by_name(table: Table):
    """Rows without what differs between stores: the path's beginning."""
    rows = table.rows().to_pylist()
    return [(*row["path"].split("/")[-2:], row["label"], row["features"]) for row in rows]


@pytest.fixture(scope="session")
def local_table(pomona, some_images, tmp_path_factory):
    output = tmp_path_factory.mktemp("local") / "table"
    pomona.ok("extract", some_images, output, *OPTIONS)
    return Table(output)


def test_from_and_to_gives_the_rows_of_the_local_folder(cloud, source, local_table):
    pomona = cloud.pomona()
    pomona.ok("extract", source, cloud.uri("out/table"), *OPTIONS)
    table = cloud.table("out/table")
    assert table.is_finished()
    assert by_name(table) == by_name(local_table)
    assert all(path.startswith(source + "/") for path in table.paths())
    assert pomona("verify", cloud.uri("out/table")).code == OK


def test_an_update_takes_what_is_new(cloud, source, some_images):
    pomona = cloud.pomona()
    command = ("extract", source, cloud.uri("table"), *OPTIONS)
    pomona.ok(*command)
    cloud.put("source/New/1.jpg", next(some_images.rglob("*.jpg")).read_bytes())
    report = pomona.ok(*command, "--update", "--json").json()
    assert (report["images"], report["unchanged"]) == (1, 48)
    assert len(cloud.table("table").paths()) == 49
    assert pomona("verify", cloud.uri("table")).code == OK


@pytest.mark.parametrize("parts", range(3))
def test_killed_and_run_again(cloud, source, local_table, parts):
    command = ("extract", source, cloud.uri("table"), *OPTIONS)
    pomona = cloud.pomona()
    process = pomona.start(*command, "--fetches", 1)
    while len(cloud.table("table").part_paths()) < parts:
        assert process.poll() is None, process.communicate()
    process.kill()
    assert finish(process).code in (OK, KILLED)
    pomona.ok(*command)
    assert by_name(cloud.table("table")) == by_name(local_table)
    assert pomona("verify", cloud.uri("table")).code == OK


def test_a_bucket_that_is_missing(cloud, tmp_path):
    missing = cloud.uri("source").replace(cloud.bucket, "no-such-bucket-here")
    result = cloud.pomona()("extract", missing, tmp_path / "table")
    assert result.code in (FAILED, REFUSED)
    assert "no-such-bucket-here" in result.stderr
    assert not (tmp_path / "table").exists()


def test_azure_refuses_a_wrong_key_and_no_output_shows_one(azure, some_images, tmp_path):
    azure.put_folder(some_images, "source")
    wrong = "d3JvbmcgZnJvbSBiZWdpbm5pbmcgdG8gZW5k"
    for command in (
        ("extract", azure.uri("source"), tmp_path / "table"),
        ("extract", some_images, azure.uri("table")),
        ("list", azure.uri("source")),
    ):
        result = azure.pomona(AZURE_STORAGE_KEY=wrong)(*command, seconds=60)
        assert result.code in (FAILED, REFUSED)
        assert wrong not in result.stdout + result.stderr
    assert not (tmp_path / "table").exists()
    result = azure.pomona().ok("extract", azure.uri("source"), tmp_path / "table", "--json")
    assert azure.key not in result.stdout + result.stderr
    for path in (tmp_path / "table").rglob("*"):
        assert path.is_dir() or azure.key.encode() not in path.read_bytes()
