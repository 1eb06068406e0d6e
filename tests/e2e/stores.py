"""Object stores and HDFS, as tests use them: a fresh place for each test, and a client."""

import itertools
import os
import pathlib
import urllib.parse

import pyarrow.fs
from program import Pomona
from table import Table

_numbers = itertools.count()


class ObjectStore:
    """A bucket of its own, `bucket`, on a running server that Arrow's `filesystem` reaches."""

    def __init__(self, filesystem: pyarrow.fs.FileSystem):
        self.filesystem = filesystem
        self.bucket = f"pomona-{os.getpid()}-{next(_numbers)}"
        self.filesystem.create_dir(self.bucket)

    def put(self, key: str, data: bytes) -> None:
        with self.filesystem.open_output_stream(f"{self.bucket}/{key}") as stream:
            stream.write(data)

    def put_folder(self, folder: pathlib.Path, prefix: str) -> int:
        """Uploads the files below `folder`; how many."""
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        for path in files:
            self.put(f"{prefix}/{path.relative_to(folder)}", path.read_bytes())
        return len(files)

    def table(self, key: str) -> Table:
        return Table(f"{self.bucket}/{key}", self.filesystem)


class S3Store(ObjectStore):
    """A bucket on an S3 server."""

    def __init__(self, endpoint: str, credentials: dict[str, str]):
        self.endpoint = endpoint
        self.credentials = credentials
        super().__init__(
            pyarrow.fs.S3FileSystem(
                access_key=credentials["AWS_ACCESS_KEY_ID"],
                secret_key=credentials["AWS_SECRET_ACCESS_KEY"],
                region=credentials["AWS_REGION"],
                endpoint_override=endpoint,
                allow_bucket_creation=True,
                allow_delayed_open=True,  # one PUT for a small object
            )
        )

    def uri(self, key: str = "") -> str:
        return f"s3://{self.bucket}/{key}"

    def pomona(self, endpoint: str | None = None, **env: str) -> Pomona:
        """The program with this store's keys; through `endpoint` when a proxy is to be between."""
        return Pomona({**self.credentials, "AWS_ENDPOINT_URL": endpoint or self.endpoint, **env})


class GcsStore(ObjectStore):
    """A bucket on a server of Google's storage API."""

    def __init__(self, endpoint: str):
        self.endpoint = endpoint
        host = urllib.parse.urlsplit(endpoint).netloc
        super().__init__(
            pyarrow.fs.GcsFileSystem(
                anonymous=True, endpoint_override=host, scheme="http", project_id="pomona"
            )
        )

    def uri(self, key: str = "") -> str:
        return f"gs://{self.bucket}/{key}"

    def pomona(self, **env: str) -> Pomona:
        return Pomona({"CLOUD_STORAGE_EMULATOR_ENDPOINT": self.endpoint, **env})


class AzureStore(ObjectStore):
    """A container on a server of Azure's blob API; `endpoint` ends in the account's name."""

    def __init__(self, endpoint: str, key: str):
        self.endpoint = endpoint
        self.key = key
        address = urllib.parse.urlsplit(endpoint)
        self.account = address.path.strip("/")
        super().__init__(
            pyarrow.fs.AzureFileSystem(
                account_name=self.account,
                account_key=key,
                blob_storage_authority=address.netloc,
                blob_storage_scheme=address.scheme,
                dfs_storage_authority=address.netloc,
                dfs_storage_scheme=address.scheme,
            )  # fmt: skip
        )

    def uri(self, key: str = "") -> str:
        return f"abfs://{self.bucket}@{self.account}.dfs.core.windows.net/{key}"

    def pomona(self, **env: str) -> Pomona:
        keys = {"AZURE_STORAGE_KEY": self.key, "AZURE_STORAGE_SERVICE_ENDPOINT": self.endpoint}
        return Pomona({**keys, **env})


class HdfsStore:
    """A folder of its own on a running HDFS. The libhdfs variables are set for this process."""

    def __init__(self, uri: str):
        self.root = uri
        self.folder = f"/tests-{os.getpid()}-{next(_numbers)}"
        self.filesystem = pyarrow.fs.HadoopFileSystem.from_uri(f"{uri}/?user=pomona")
        self.filesystem.create_dir(self.folder)

    def put_folder(self, folder: pathlib.Path, prefix: str) -> int:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        for path in files:
            target = f"{self.folder}/{prefix}/{path.relative_to(folder)}"
            self.filesystem.create_dir(target.rsplit("/", 1)[0])
            with self.filesystem.open_output_stream(target) as stream:
                stream.write(path.read_bytes())
        return len(files)

    def uri(self, key: str = "") -> str:
        return f"{self.root}{self.folder}/{key}"

    def table(self, key: str) -> Table:
        return Table(f"{self.folder}/{key}", self.filesystem)
