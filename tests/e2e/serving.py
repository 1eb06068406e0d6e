"""A running `pomona serve`, and a client that says no more than it is told."""

import http.client
import json
import signal
import socket
import ssl
import time
import urllib.parse

from program import Pomona, finish


class Reply:
    def __init__(self, status: int, headers: dict[str, str], body: bytes):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


class Served:
    """`with Served(pomona, classifier, ...)`: at its end it is asked to end, and must."""

    def __init__(self, pomona: Pomona, *arguments, **options):
        self.process = pomona.start("serve", *arguments, "--port", 0, **options)
        line = self.process.stderr.readline()
        assert line.startswith("serving "), line + self.process.stderr.read()
        self.line = line.strip()
        self.url = line.split()[-1]
        self.address = urllib.parse.urlparse(self.url)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if self.process.poll() is not None:
            return
        if kind is not None:
            self.process.kill()
        result = self.end()
        assert kind is not None or result.code == 0, result

    def end(self, with_signal=signal.SIGTERM):
        self.process.send_signal(with_signal)
        return finish(self.process, seconds=60)

    def connection(self, seconds=60):
        if self.address.scheme == "https":
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            return http.client.HTTPSConnection(
                self.address.hostname, self.address.port, timeout=seconds, context=context
            )
        return http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=seconds)

    def ask(self, method: str, path: str, body=None, **headers) -> Reply:
        """A connection of its own. Headers: Content_Type="..."."""
        connection = self.connection()
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body=body, headers=named)
            return reply_of(connection)
        finally:
            connection.close()

    def post(self, path: str, body, **headers) -> Reply:
        return self.ask("POST", path, body, **headers)

    def get(self, path: str, **headers) -> Reply:
        return self.ask("GET", path, **headers)

    def socket(self, seconds=60) -> socket.socket:
        return socket.create_connection((self.address.hostname, self.address.port), timeout=seconds)

    def metrics(self) -> dict[str, float]:
        lines = self.get("/metrics").body.decode().splitlines()
        pairs = (line.rsplit(" ", 1) for line in lines if line and line[0] != "#")
        return {name: float(value) for name, value in pairs}


def reply_of(connection: http.client.HTTPConnection) -> Reply:
    answer = connection.getresponse()
    return Reply(answer.status, dict(answer.getheaders()), answer.read())


def form(*files: bytes, field="photo", boundary="edge") -> tuple[bytes, str]:
    """A body, and its Content-Type."""
    parts = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{n}.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n".encode()
        + file
        + b"\r\n"
        for n, file in enumerate(files)
    )
    return parts + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def wait_until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)
