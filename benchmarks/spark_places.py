"""Where the images of the Spark benchmarks are read from: a local folder, or S3, 20 ms away."""

import os
import sys

from measure import REPOSITORY
from pyarrow import fs
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
        self._filled = set()
        self._proxy = FaultProxy(self._server.endpoint, "--latency", LATENCY)
        return self

    def __exit__(self, *_):
        self._proxy.stop()
        self._server.stop()

    def source(self, copies: int, program: str | None) -> str:
        bucket = f"copies-{copies}"
        if bucket not in self._filled:
            # Past the proxy, but through S3: an object that never was put has no ETag, and s3a
            # refuses it.
            keys = self._server.credentials()
            store = fs.S3FileSystem(
                access_key=keys["AWS_ACCESS_KEY_ID"],
                secret_key=keys["AWS_SECRET_ACCESS_KEY"],
                region=keys["AWS_REGION"],
                endpoint_override=self._server.endpoint,
                allow_bucket_creation=True,
            )
            store.create_dir(bucket)
            fs.copy_files(
                str(images(copies)), bucket, fs.LocalFileSystem(), store, use_threads=True
            )
            self._filled.add(bucket)
        return f"{'s3' if program is None else 's3a'}://{bucket}/"

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
