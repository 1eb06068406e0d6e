"""An S3 bucket whose objects are listed, and gone when they are read."""

import http.server
import threading

_LISTING = "<ListBucketResult><IsTruncated>false</IsTruncated>{}</ListBucketResult>"
_ENTRY = '<Contents><Key>photos/{}.jpg</Key><Size>100</Size><ETag>"e"</ETag></Contents>'


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        listed = "list-type" in self.path
        body = _LISTING.format("".join(map(_ENTRY.format, range(5)))).encode() if listed else b""
        self.send_response(200 if listed else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        pass


class VanishedBucket:
    """Answers on loopback, without signatures, as long as it is entered."""

    uri = "s3a://bucket/photos"

    def __enter__(self) -> "VanishedBucket":
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.arguments = [
            "--s3-endpoint", f"http://127.0.0.1:{self._server.server_port}",
            "--s3-region", "us-east-1", "--s3-anonymous",
        ]  # fmt: skip
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
