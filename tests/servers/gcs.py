"""A server of Google Cloud Storage's API on loopback."""

import shutil
import tempfile

from servers import artifacts
from servers.process import ServerProcess, free_port


class FakeGcs:
    """fake-gcs-server over a folder. It lets in everybody: keys cannot be tried on it."""

    def __init__(self):
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.folder = tempfile.mkdtemp(prefix="pomona-gcs-")
        self.process = ServerProcess([
            artifacts.fake_gcs_server(), "-scheme", "http", "-host", "127.0.0.1",
            "-port", str(self.port), "-external-url", self.endpoint,
            "-backend", "filesystem", "-filesystem-root", self.folder, "-log-level", "warn",
        ])  # fmt: skip
        self.process.wait_for_port(self.port, 20)

    def environment(self) -> dict[str, str]:
        return {"POMONA_TEST_GCS_ENDPOINT": self.endpoint}

    def stop(self) -> None:
        self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
