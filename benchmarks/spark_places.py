"""Where the images of the Spark benchmarks are read from: a local folder, or S3, 20 ms away."""

import hashlib
import os
import pathlib
import shutil
import sys

from measure import REPOSITORY
from spark_images import images

sys.path.insert(0, str(REPOSITORY / "tests"))

from servers import spark_settings  # noqa: E402
from servers.proxy import FaultProxy  # noqa: E402
from servers.s3 import VersityGateway  # noqa: E402

LATENCY = "20ms"


class Local:
    name = "local"
    title = "a local folder"

    def source(self, copies: int, program: str | None) -> str:
        return str(images(copies))

    def environment(self) -> dict:
        return {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}

    def counts(self) -> dict:
        return {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


class S3:
    """A real S3 server; the proxy before it adds the latency and counts the requests."""

    name = "s3"
    title = "an S3 server, 20 ms away"

    def __enter__(self):
        self._server = VersityGateway(keep_alive=True)
        self._proxy = FaultProxy(self._server.endpoint, "--latency", LATENCY)
        return self

    def __exit__(self, *_):
        self._proxy.stop()
        self._server.stop()

    def source(self, copies: int, program: str | None) -> str:
        # A bucket is a folder of the server: filled directly, read through S3.
        bucket = pathlib.Path(self._server.folder) / "data" / f"copies-{copies}"
        if not bucket.exists():
            shutil.copytree(images(copies), bucket)
            for file in bucket.rglob("*.jpg"):
                # Where the server keeps it of what was put. s3a does not read what has none.
                etag = f'"{hashlib.md5(file.read_bytes()).hexdigest()}"'
                os.setxattr(file, "user.etag", etag.encode())
        return f"{'s3' if program is None else 's3a'}://{bucket.name}/"

    def environment(self) -> dict:
        return {
            **os.environ,
            **self._server.credentials(),
            "AWS_ENDPOINT_URL": self._proxy.endpoint,
            "BENCH_SPARK_JARS": spark_settings.s3a_jars(),
        }

    def counts(self) -> dict:
        """Requests so far: GET (of objects), HEAD, LIST, ..."""
        return self._proxy.counts()


PLACES = {place.name: place for place in (Local, S3)}
