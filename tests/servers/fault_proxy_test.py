"""What the other tests rely on: the proxy changes nothing, counts right, spoils by seed."""

import concurrent.futures
import http.client
import http.server
import threading
import time
import urllib.parse

import pytest

from servers.proxy import FaultProxy

BODY = bytes(range(256)) * 1024  # larger than a socket buffer's first bite


class Origin(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen: list = []
    together: threading.Barrier

    def do_GET(self):
        self.seen.append((self.path, self.headers["Host"]))
        if self.path.endswith("/together"):
            self.together.wait(20)
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def do_HEAD(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def origin():
    Origin.seen = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Origin) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def connect(proxy: FaultProxy) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urllib.parse.urlsplit(proxy.endpoint).netloc, timeout=20)


def ask(connection, method="GET", target="/bucket/key.jpg", body=None, **headers):
    connection.request(method, target, body, headers)
    response = connection.getresponse()
    return response.status, response.read()


def outcome(proxy: FaultProxy, target: str):
    """What a client sees: a status, or how the answer broke."""
    connection = connect(proxy)
    try:
        status, body = ask(connection, target=target)
        return status if status != 200 or body == BODY else "wrong body"
    except http.client.IncompleteRead:
        return "short"
    except ConnectionResetError:
        return "reset"
    finally:
        connection.close()


FULL_HTTP = ("--fail-503", "0.000001")  # the mode that reads HTTP, with nothing spoiled
MODES = pytest.mark.parametrize("options", [(), ("--latency", "2ms"), FULL_HTTP])


@MODES
def test_passes_everything_unchanged_on_one_connection(origin, options):
    with FaultProxy(origin, *options) as proxy:
        connection = connect(proxy)
        odd = "/bucket/a%20b/%C3%BC%25%23%3F+.jpg?x=1&y=%2F"
        assert ask(connection, target=odd, Host="signed.example:99") == (200, BODY)
        assert ask(connection, "PUT", body=BODY) == (200, BODY)
        assert ask(connection, "HEAD") == (200, b"")
        assert ask(connection) == (200, BODY)
        assert Origin.seen[0] == (odd, "signed.example:99")
        assert proxy.counts()["connections"] == 1


@MODES
def test_counts_listings_apart_from_objects(origin, options):
    with FaultProxy(origin, *options) as proxy:
        connection = connect(proxy)
        for target in ("/b?list-type=2&prefix=a%2Fb", "/b/?list-type=2", "/b/k", "/b/d/k?x", "/"):
            ask(connection, target=target)
        ask(connection, "HEAD")
        # A body that looks like a request is not one.
        ask(connection, "PUT", body=b"GET /b/k HTTP/1.1\r\n\r\n" * 3)
        counts = proxy.counts()
        kinds = {kind: counts[kind] for kind in ("GET", "LIST", "HEAD", "PUT", "POST", "DELETE")}
        assert kinds == {"GET": 2, "LIST": 3, "HEAD": 1, "PUT": 1, "POST": 0, "DELETE": 0}


def test_latency_delays_each_request_but_not_one_after_the_other(origin):
    Origin.together = threading.Barrier(20)
    with FaultProxy(origin, "--latency", "50ms") as proxy:
        started = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            # The origin answers none of them before it has them all.
            asked = [pool.submit(ask, connect(proxy), target="/b/together") for _ in range(20)]
            assert [one.result() for one in asked] == [(200, BODY)] * 20
        assert time.monotonic() - started >= 0.05


def test_spoils_the_same_requests_for_the_same_seed(origin):
    options = ("--fail-500", "0.1", "--fail-503", "0.2", "--reset", "0.1", "--short", "0.1")
    targets = [f"/bucket/{n}.jpg" for n in range(100)]

    def run(seed, order):
        with FaultProxy(origin, *options, "--seed", seed) as proxy:
            seen = {target: outcome(proxy, target) for target in order}
            return seen, proxy.counts()["faults"]

    first, faults = run("5", targets)
    again, _ = run("5", reversed(targets))
    other, _ = run("6", targets)
    assert first == again
    assert first != other
    kinds = {name: list(first.values()).count(name) for name in (500, 503, "reset", "short")}
    assert kinds == {500: faults["500"], 503: faults["503"], "reset": faults["reset"],
                     "short": faults["short"]}  # fmt: skip
    assert all(kinds.values())
    assert list(first.values()).count(200) == 100 - sum(kinds.values())


def test_answers_what_it_is_told_to(origin):
    with FaultProxy(origin, "--answer", "secret=403", "--answer", "gone=404") as proxy:
        assert outcome(proxy, "/b/secret.jpg") == 403
        assert outcome(proxy, "/b/gone.jpg") == 404
        assert outcome(proxy, "/b/fine.jpg") == 200


def test_fails_writes_after_so_many(origin):
    with FaultProxy(origin, "--fail-writes-after", "2") as proxy:
        connection = connect(proxy)
        statuses = [ask(connection, "PUT", body=b"x")[0] for _ in range(4)]
        assert statuses == [200, 200, 500, 500]
        assert ask(connection)[0] == 200
