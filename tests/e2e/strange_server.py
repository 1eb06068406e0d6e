"""An S3 server that answers what a test wants, over real HTTP."""

import contextlib
import http.server
import threading
from collections.abc import Callable, Iterator

Answer = tuple[int, dict[str, str], bytes]


def page(keys: list[str], token: str = "") -> Answer:
    """One page of a listing; with a token it is not the last."""
    contents = "".join(
        f"<Contents><Key>{key}</Key><Size>1</Size>"
        "<LastModified>2009-10-12T17:50:30.250Z</LastModified></Contents>"
        for key in keys
    )
    more = f"<NextContinuationToken>{token}</NextContinuationToken>" if token else ""
    truncated = "true" if token else "false"
    body = f"<ListBucketResult><IsTruncated>{truncated}</IsTruncated>{more}{contents}"
    return 200, {}, f"{body}</ListBucketResult>".encode()


def error(status: int, code: str, message: str) -> Answer:
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return status, {}, body.encode()


@contextlib.contextmanager
def serving(answer: Callable[[str, dict[str, str]], Answer]) -> Iterator[dict[str, str]]:
    """`answer` is called with the path and the headers of each request, maybe by several threads.
    Gives the environment that leads the program there."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            asked = {name.lower(): value for name, value in self.headers.items()}
            status, headers, body = answer(self.path, asked)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        do_PUT = do_POST = do_DELETE = do_GET

        def do_HEAD(self):
            asked = {name.lower(): value for name, value in self.headers.items()}
            status, headers, _ = answer(self.path, asked)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "verysecret",
        }
    finally:
        server.shutdown()
        server.server_close()
