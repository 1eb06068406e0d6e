"""fault_proxy (Go, in fault_proxy/) as a server of a test."""

import json
import pathlib
import signal
import tempfile
import time
import urllib.parse

from servers import artifacts
from servers.process import ServerProcess


class FaultProxy:
    """A proxy in front of `endpoint` ("http://HOST:PORT"); options are those of the program.

    FaultProxy(server.endpoint, "--latency", "20ms", "--fail-503", "0.1", "--seed", "7")
    """

    def __init__(self, endpoint: str, *options: str):
        self._folder = tempfile.TemporaryDirectory(prefix="pomona-proxy-")
        self._counts = pathlib.Path(self._folder.name) / "counts.json"
        target = urllib.parse.urlsplit(endpoint).netloc
        self.process = ServerProcess(
            [artifacts.fault_proxy(), "--target", target, "--counts", self._counts, *options]
        )
        self.endpoint = "http://" + self.process.wait_for_ready_line(10).split()[1]

    def counts(self) -> dict:
        """Requests so far by kind ("GET" of objects, "LIST", "HEAD", "PUT", ...) and "faults"."""
        self._counts.unlink(missing_ok=True)
        self.process.send(signal.SIGUSR1)
        deadline = time.monotonic() + 10
        while not self._counts.exists():
            if time.monotonic() > deadline:
                raise RuntimeError("fault_proxy wrote no counts")
            time.sleep(0.01)
        return json.loads(self._counts.read_text())

    def stop(self) -> None:
        self.process.stop()
        self._folder.cleanup()

    def __enter__(self) -> "FaultProxy":
        return self

    def __exit__(self, *_) -> None:
        self.stop()
