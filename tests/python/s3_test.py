"""A real S3 server, read in one process with pyarrow's own S3 client.

tests/run starts it; alone: tests/servers/with_servers.py --s3 -- tests/python/run -k s3
"""

import os

import pyarrow.fs
import pytest

import pomona

ENDPOINT = os.environ.get("POMONA_TEST_S3_ENDPOINT")
pytestmark = pytest.mark.skipif(ENDPOINT is None, reason="LEFT OUT: there is no S3 server")


@pytest.fixture(scope="module")
def storage():
    return pomona.Storage(
        s3_endpoint=ENDPOINT,
        s3_region=os.environ["AWS_REGION"],
        s3_access_key=os.environ["AWS_ACCESS_KEY_ID"],
        s3_secret_key=os.environ["AWS_SECRET_ACCESS_KEY"],
    )


@pytest.fixture
def bucket(images, storage, monkeypatch):
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    store = pyarrow.fs.S3FileSystem(
        access_key=storage["s3_access_key"],
        secret_key=storage["s3_secret_key"],
        region=storage["s3_region"],
        endpoint_override=ENDPOINT,
        allow_bucket_creation=True,
        allow_bucket_deletion=True,
    )
    name = "python-binding"
    store.create_dir(name)
    pyarrow.fs.copy_files(
        str(images), name, pyarrow.fs.LocalFileSystem(), destination_filesystem=store
    )
    yield f"s3://{name}"
    store.delete_dir(name)


def test_objects_give_the_features_of_files(bucket, images, storage):
    options = {"threads": 2, "share_cores": True}
    found = pomona.extract(bucket, storage=storage, **options)
    table = found.read_all()
    local = pomona.extract(images, **options).read_all()
    assert table["label"].equals(local["label"])
    assert table["features"].equals(local["features"])
    assert table["version"].null_count == 0
    assert found.counters()["requests"] == 48


def test_wrong_keys_are_a_storage_error_without_them(bucket, storage):
    wrong = {**storage, "s3_secret_key": "not-the-secret"}
    with pytest.raises(pomona.StorageError) as caught:
        pomona.extract(bucket, storage=wrong, threads=1).read_all()
    assert "python-binding" in str(caught.value)
    assert "not-the-secret" not in str(caught.value)
