"""`pomona serve`: answers, refusals, and what it does when it is told to end or to reload."""

import base64
import concurrent.futures
import hashlib
import http.client
import io
import json
import os
import pathlib
import signal
import socket
import struct
import zlib

import networks
import pyarrow.parquet as pq
import pytest
from images import jpegs
from PIL import Image
from program import INTERRUPTED, OK, PROBLEM, REFUSED, REPOSITORY, finish
from serving import Served, form, reply_of, wait_until
from table import Table


@pytest.fixture(scope="module")
def made(pomona, some_images, small_network, tmp_path_factory):
    """A table of 48 images, and two classifiers of it."""
    folder = tmp_path_factory.mktemp("serve")
    pomona.ok("extract", some_images, folder / "features", *small_network)
    for name, shrinkage in (("one", 0.1), ("other", 0.5)):
        pomona.ok("train", folder / "features", folder / name, "--shrinkage", shrinkage)
    return folder


@pytest.fixture(scope="module")
def options(small_network):
    """Of every server here: the network is in no catalogue."""
    return small_network[:2]


@pytest.fixture(scope="module")
def served(pomona, made, options):
    """One for all tests that only ask."""
    with Served(pomona, made / "one", *options, "--table", made / "features") as server:
        yield server


@pytest.fixture(scope="module")
def photo(some_images):
    return jpegs(some_images)[0].read_bytes()


@pytest.fixture(scope="module")
def answered(pomona, made, some_images, options, tmp_path_factory):
    """What predict says of the same photos, by path."""
    out = tmp_path_factory.mktemp("answered") / "out"
    pomona.ok("predict", some_images, out, "--classifier", made / "one", *options)
    return {row["path"]: row for row in Table(out).rows().to_pylist()}


def test_classify_says_what_predict_says(served, some_images, answered):
    for image in jpegs(some_images)[::7]:
        reply = served.post("/classify?top=100", image.read_bytes())
        assert reply.status == 200, reply
        got, want = reply.json(), answered[f"file:{image}"]
        assert got["label"] == want["predicted"]
        assert got["set"] == want["set"]
        assert got["unknown"] == want["unknown"]
        assert got["probability"] == pytest.approx(want["probability"], abs=1e-6)
        assert got["unknown_score"] == pytest.approx(want["unknown_score"], abs=1e-6)
        assert [one["probability"] for one in got["top"]] == pytest.approx(
            sorted(want["probabilities"], reverse=True), abs=1e-6
        )
        # The photo is a row of the table.
        assert got["neighbours"][0]["path"] == f"file:{image}"
        assert got["neighbours"][0]["label"] == image.parent.name
        assert len(got["neighbours"]) == 3 and got["photos"] == 1


def test_answers_say_what_made_them(served, photo, made):
    reply = served.post("/classify", photo).json()
    assert reply["classifier_digest"] == hashlib.sha256((made / "one").read_bytes()).hexdigest()
    footer = pq.read_metadata(next((made / "features").glob("*.parquet"))).metadata
    assert reply["model_digest"] == footer[b"pomona.model.digest"].decode()
    assert reply["milliseconds"] > 0


def test_several_photos_are_the_mean_of_each(served, some_images):
    files = [image.read_bytes() for image in jpegs(some_images)[::13]]
    alone = [served.post("/classify?top=100", file).json() for file in files]
    body, content_type = form(*files)
    together = served.post("/classify?top=100", body, Content_Type=content_type).json()
    assert together["photos"] == len(files) == 4

    def by_label(reply):
        return {one["label"]: one["probability"] for one in reply["top"]}

    for label, probability in by_label(together).items():
        assert probability == pytest.approx(
            sum(by_label(one)[label] for one in alone) / len(files), abs=1e-6
        )
    assert together["unknown_score"] == pytest.approx(
        sum(one["unknown_score"] for one in alone) / len(files), abs=1e-6
    )


def test_without_a_table_neighbours_are_what_the_classifier_remembers(
    pomona, made, some_images, options, photo, tmp_path
):
    kept = {
        path: row["label"]
        for row in pq.read_table(made / "one").to_pylist()
        for path in [one["path"] for one in row["prototypes"]]
    }
    with Served(pomona, made / "one", *options) as server:
        near = server.post("/classify?k=5", photo).json()["neighbours"]
        assert len({one["path"] for one in near}) == 5
        assert all(one == {"path": one["path"], "label": kept[one["path"]]} for one in near)
        # One of them is nearest to itself.
        (path,) = [path for path in kept if path == near[0]["path"]]
        itself = pathlib.Path(path.removeprefix("file:")).read_bytes()
        first = server.post("/classify", itself).json()["neighbours"][0]
        assert first["path"] == path
        refusal(server.post("/similar", photo), 404, "no_table")
    pomona.ok("train", made / "features", tmp_path / "c", "--prototypes", 0)
    with Served(pomona, tmp_path / "c", *options) as server:
        assert "neighbours" not in server.post("/classify", photo).json()


def test_several_targets(pomona, made, options, photo, some_images, tmp_path):
    """The first is told as one would be; all of them stand in a list, and have names in outputs."""
    labels = sorted(folder.name for folder in some_images.iterdir())
    rows = "".join(f"{label},{n % 2},{n // 2}\n" for n, label in enumerate(labels))
    (tmp_path / "map.csv").write_text("from,parity,half\n" + rows)
    pomona.ok("train", made / "features", tmp_path / "c", "--labels", tmp_path / "map.csv",
              "--target", "half", "--target", "parity")  # fmt: skip
    with Served(pomona, tmp_path / "c", *options) as server:
        answer = server.post("/classify", photo).json()
        assert [one["target"] for one in answer["targets"]] == ["half", "parity"]
        assert answer["label"] == answer["targets"][0]["label"] == "0"
        names = [one["name"] for one in server.get("/v2/models/pomona").json()["outputs"]]
        assert "label_half" in names and "probabilities_parity" in names
        assert names.count("features") == 1


def test_features_are_those_of_the_table(served, some_images, made):
    rows = {row["path"]: row["features"] for row in Table(made / "features").rows().to_pylist()}
    image = jpegs(some_images)[5]
    body, content_type = form(image.read_bytes(), image.read_bytes())
    features = served.post("/features", body, Content_Type=content_type).json()["features"]
    assert features[0] == features[1]
    assert features[0] == pytest.approx(rows[f"file:{image}"], rel=1e-6)


def test_similar_rows_are_those_of_neighbors(pomona, served, some_images, made, options):
    image = jpegs(some_images)[17]
    similar = served.post("/similar?k=5", image.read_bytes()).json()["similar"]
    report = pomona.ok("neighbors", made / "features", image, "-k", 5, *options, "--json").json()
    (query,) = report["shown"] if isinstance(report["shown"], list) else [report["shown"]]
    found = query["neighbors"] if isinstance(query, dict) else query
    assert [one["row"] for one in similar] == [one["id"] for one in found]
    assert [one["label"] for one in similar] == [one["label"] for one in found]


def test_a_photo_is_turned_as_exif_says(pomona, some_images, tmp_path):
    """By the default network, which sees where what is; its classifier learned without EXIF."""
    pomona.ok("extract", some_images, tmp_path / "features")
    pomona.ok("train", tmp_path / "features", tmp_path / "c")
    upright = Image.new("RGB", (90, 60))
    upright.paste((250, 20, 20), (0, 0, 45, 60))
    exif = Image.Exif()
    exif[0x0112] = 6  # it is to be turned by a quarter
    by_word, by_pixels, as_it_is = io.BytesIO(), io.BytesIO(), io.BytesIO()
    upright.save(by_word, "png", exif=exif)
    upright.transpose(Image.Transpose.ROTATE_270).save(by_pixels, "png")
    upright.save(as_it_is, "png")
    with Served(pomona, tmp_path / "c") as server:

        def of(file):
            return server.post("/features", file.getvalue()).json()["features"]

        assert of(by_word) == of(by_pixels) != of(as_it_is)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "BMP", "TIFF", "GIF"])
def test_formats(served, photo, kind):
    file = io.BytesIO()
    Image.open(io.BytesIO(photo)).save(file, kind)
    assert served.post("/classify", file.getvalue()).status == 200


# What clients get wrong.


def refusal(reply, status: int, code: str) -> dict:
    assert reply.status == status, reply
    assert reply.headers["Content-Type"] == "application/json"
    error = reply.json()
    assert error["code"] == code and error["error"], error
    return error


def huge(width: int, height: int) -> bytes:
    """A PNG whose head says so."""
    file = io.BytesIO()
    Image.new("L", (1, 1)).save(file, "png")
    data = bytearray(file.getvalue())
    data[16:24] = struct.pack(">II", width, height)
    data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    return bytes(data)


def test_what_is_no_photo(served, photo):
    assert "curl" in refusal(served.post("/classify", b""), 400, "bad_request")["hint"]
    refusal(served.post("/classify", b"not a photo"), 415, "unsupported_format")
    refusal(served.post("/classify", photo[:300]), 422, "truncated")
    assert "20000" in refusal(
        served.post("/classify", huge(20_000, 20_000)), 413, "too_many_pixels"
    )["error"].replace(",", "")
    body, content_type = form(photo, b"no photo")
    error = refusal(
        served.post("/classify", body, Content_Type=content_type), 415, "unsupported_format"
    )
    assert error["error"].startswith("photo 2: ")
    assert served.post("/classify", photo).status == 200


def test_forms_that_are_none(served, photo):
    body, content_type = form(photo)
    for half in (body[: len(body) // 2], body[:40], body[:-8]):
        refusal(served.post("/classify", half, Content_Type=content_type), 400, "bad_request")
    refusal(served.post("/classify", body, Content_Type="multipart/form-data"), 400, "bad_request")
    body, content_type = form(*[photo] * 6)
    assert (
        "more than 5"
        in refusal(served.post("/classify", body, Content_Type=content_type), 400, "bad_request")[
            "error"
        ]
    )


def test_addresses_methods_and_parameters(served, photo):
    refusal(served.get("/nothing"), 404, "not_found")
    refusal(served.post("/v2/models/other/infer", b"{}"), 404, "not_found")
    refused = served.get("/classify")
    refusal(refused, 405, "method")
    assert refused.headers["Allow"] == "POST"
    assert served.ask("DELETE", "/healthz").status == 405
    for query in ("k=0", "k=101", "k=x", "top=1.5", "size=3"):
        refusal(served.post(f"/classify?{query}", photo), 400, "bad_request")
    refusal(served.get("/%zz"), 400, "bad_address")
    refusal(served.post("/classify", photo, Content_Encoding="gzip"), 415, "content_encoding")


def test_what_is_no_http(served):
    with served.socket() as one:
        one.sendall(b"SPDY please\r\n\r\n")
        assert one.recv(100).startswith(b"HTTP/1.1 400 ")
    with served.socket() as one:
        one.sendall(b"GET /healthz HTTP/1.1\r\n" + b"X: y\r\n" * 5000)
        assert one.recv(100).startswith(b"HTTP/1.1 431 ")


def test_a_body_that_is_too_large_is_not_read(pomona, made, options):
    """200 MB: refused by its head, or as soon as it is more than allowed."""
    with Served(pomona, made / "one", *options, "--max-body", "1MiB") as server:
        refusal(server.post("/classify", b"x" * (2 << 20)), 413, "body_too_large")
        with server.socket() as one:
            one.sendall(b"POST /classify HTTP/1.1\r\nHost: x\r\nContent-Length: 200000000\r\n\r\n")
            assert one.recv(100).startswith(b"HTTP/1.1 413 ")
        with server.socket() as one:
            one.sendall(b"POST /classify HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in range(17):
                one.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            assert one.recv(100).startswith(b"HTTP/1.1 413 ")
        assert server.get("/healthz").status == 200


def test_who_asks_before_it_sends(served, photo):
    """As curl does with large bodies."""
    with served.socket() as one:
        one.sendall(
            b"POST /classify HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
            b"Content-Length: %d\r\n\r\n" % len(photo)
        )
        assert one.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        one.sendall(photo)
        assert one.recv(100).startswith(b"HTTP/1.1 200 ")


def test_a_connection_takes_one_request_after_another(served, photo):
    connection = served.connection()
    for path in ("/classify", "/features", "/classify"):
        connection.request("POST", path, body=photo)
        assert reply_of(connection).status == 200
    connection.request("HEAD", "/healthz")
    answer = connection.getresponse()
    assert answer.status == 200 and answer.read() == b""
    connection.request("GET", "/healthz")
    assert reply_of(connection).json() == {"ready": True}
    connection.close()


# The Open Inference Protocol; Triton's own client is in serve_clients_test.py.


def test_inference_in_json(served, some_images, answered):
    images = jpegs(some_images)[::11]
    data = [base64.b64encode(image.read_bytes()).decode() for image in images]
    request = {"id": "42", "inputs": [
        {"name": "images", "shape": [len(data)], "datatype": "BYTES", "data": data}]}  # fmt: skip
    reply = served.post("/v2/models/pomona/infer", json.dumps(request)).json()
    assert (reply["model_name"], reply["id"]) == ("pomona", "42")
    outputs = {one["name"]: one for one in reply["outputs"]}
    wanted = [answered[f"file:{image}"] for image in images]
    assert outputs["label"]["data"] == [row["predicted"] for row in wanted]
    assert outputs["unknown"]["data"] == [row["unknown"] for row in wanted]
    assert outputs["probabilities"]["shape"] == [len(data), 4]
    assert outputs["probabilities"]["data"] == pytest.approx(
        sum((row["probabilities"] for row in wanted), []), abs=1e-6
    )
    metadata = served.get("/v2/models/pomona/versions/1").json()
    assert {one["name"]: one["datatype"] for one in metadata["outputs"]} == {
        name: one["datatype"] for name, one in outputs.items()
    }


@pytest.mark.parametrize(
    "request_text",
    ['{"inputs": [NaN]}', "{", "[]", '{"inputs": []}', "[" * 100_000,
     '{"inputs":[{"name":"images","shape":[1],"datatype":"BYTES","data":["?"]}]}',
     '{"inputs":[{"name":"images","shape":[1e9],"datatype":"BYTES","data":[]}]}'],
    ids=["nan", "half", "list", "none", "deep", "base64", "count"],
)  # fmt: skip
def test_inference_that_is_none(served, request_text):
    refusal(served.post("/v2/models/pomona/infer", request_text), 400, "bad_request")


# Who may ask.


def test_a_token_is_asked_for(pomona, made, options, photo, tmp_path):
    (tmp_path / "token").write_text("correct-horse-battery\n")
    with Served(pomona, made / "one", *options, "--auth-token-file", tmp_path / "token") as server:
        refused = server.post("/classify", photo)
        refusal(refused, 401, "token")
        assert refused.headers["WWW-Authenticate"] == "Bearer"
        for wrong in ("Bearer correct-horse-batterz", "Bearer ", "Basic correct-horse-battery"):
            refusal(server.post("/classify", photo, Authorization=wrong), 401, "token")
        right = {"Authorization": "Bearer correct-horse-battery"}
        assert server.post("/classify", photo, **right).status == 200
        # Of no use to others, and needed by who runs it.
        assert server.get("/healthz").status == 200
        assert server.get("/v2/health/live").status == 200
        assert server.get("/metrics").status == 401


def test_other_pages_may_not_ask(pomona, served, made, options, photo):
    refusal(served.post("/classify", photo, Origin="https://evil.example"), 403, "origin")
    own = served.post("/classify", photo, Origin=served.url)
    assert own.status == 200 and "Access-Control-Allow-Origin" not in own.headers
    with Served(pomona, made / "one", *options, "--allow-origin", "https://page.example") as server:
        asked = server.ask("OPTIONS", "/classify", Origin="https://page.example")
        assert asked.status == 204
        assert asked.headers["Access-Control-Allow-Origin"] == "https://page.example"
        assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
        reply = server.post("/classify", photo, Origin="https://page.example")
        assert reply.headers["Access-Control-Allow-Origin"] == "https://page.example"
        refusal(server.post("/classify", photo, Origin="https://other.example"), 403, "origin")


def test_the_lan_gets_tls_and_a_token(pomona, made, options, photo):
    with Served(pomona, made / "one", *options, "--lan") as server:
        assert server.url.startswith("https://")
        token = server.process.stderr.readline().split()[-1]
        assert f"#token={token}" in server.process.stderr.readline()
        code = "".join(server.process.stderr.readline() for _ in range(10))
        assert "█" in code and "▀" in code
        refusal(server.post("/classify", photo), 401, "token")
        reply = server.post("/classify", photo, Authorization=f"Bearer {token}")
        assert reply.status == 200
        # A client that speaks no TLS harms nobody.
        with server.socket() as one:
            one.sendall(b"GET / HTTP/1.1\r\n\r\n")
            one.recv(100)
        assert server.get("/healthz").status == 200


# Clients that are slow, and many.


def test_slow_clients_are_cut(pomona, made, options, photo):
    with Served(pomona, made / "one", *options, "--request-timeout", 1) as server:
        trickle = server.socket()
        head = server.socket()
        trickle.sendall(b"POST /classify HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n")
        head.sendall(b"GET /healthz HT")
        for one in (trickle, head):
            with pytest.raises((ConnectionError, TimeoutError)) as cut, one:
                one.settimeout(0.2)
                while True:
                    one.sendall(b"x")
                    try:
                        if one.recv(1) == b"":
                            raise ConnectionError("closed")
                    except TimeoutError:
                        pass
            assert cut.type is not TimeoutError
        assert server.post("/classify", photo).status == 200


def test_too_many_connections_are_refused(pomona, made, options):
    with Served(pomona, made / "one", *options, "--max-connections", 3) as server:
        idle = [server.socket() for _ in range(3)]
        wait_until(lambda: server_refuses(server))
        for one in idle:
            one.close()
        wait_until(lambda: not server_refuses(server))


def server_refuses(server) -> bool:
    with server.socket() as one:
        one.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        try:
            return not one.recv(100).startswith(b"HTTP/1.1 200 ")
        except ConnectionResetError:
            return True


def test_more_than_can_wait_is_told_to_come_again(pomona, made, options, photo):
    """Many at once: each gets its answer, or 503 and when to come again; none gets nothing."""
    with Served(pomona, made / "one", *options, "--queue", 1, "--threads", 1) as server:

        def ask(_):
            return server.post("/classify", photo)

        with concurrent.futures.ThreadPoolExecutor(64) as pool:
            replies = list(pool.map(ask, range(1000)))
        statuses = {reply.status for reply in replies}
        assert 200 in statuses and statuses <= {200, 503}
        for reply in replies:
            if reply.status == 503:
                assert reply.headers["Retry-After"] == "1"
        seen = server.metrics()
        assert seen['pomona_http_requests_total{path="/classify",status="200"}'] == sum(
            reply.status == 200 for reply in replies
        )


# What whoever runs it does.


def test_metrics(served, photo):
    before = served.metrics()
    served.post("/classify", photo)
    served.post("/classify", b"no photo")
    after = served.metrics()

    def added(name: str) -> float:
        return after[name] - before.get(name, 0)

    assert added("pomona_images_total") == 1
    assert added('pomona_rejects_total{reason="unsupported_format"}') == 1
    assert added('pomona_http_requests_total{path="/classify",status="200"}') == 1
    assert added('pomona_http_requests_total{path="/classify",status="415"}') == 1
    assert added('pomona_http_request_seconds_count{path="/classify"}') == 2
    assert added('pomona_stage_seconds_total{stage="infer"}') > 0
    assert after["pomona_http_connections"] >= 1
    served.get("/an/address/of/nobody")
    assert not any("nobody" in name for name in served.metrics())


def test_photos_are_kept_only_where_that_is_asked_for(pomona, made, options, photo, tmp_path):
    (tmp_path / "kept").mkdir()
    with Served(pomona, made / "one", *options, "--keep", tmp_path / "kept") as server:
        server.post("/classify", photo)
        server.post("/features", photo)
        server.post("/classify", b"no photo")
    (kept,) = (tmp_path / "kept").iterdir()
    assert kept.name == hashlib.sha256(photo).hexdigest() + ".jpg"
    assert kept.read_bytes() == photo


def test_sigterm_lets_answers_go_out(pomona, made, options, photo):
    with Served(pomona, made / "one", *options) as server:
        idle = server.socket()
        under_way = server.socket()
        under_way.sendall(
            b"POST /classify HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(photo)
        )
        wait_until(lambda: server.metrics()["pomona_http_connections"] >= 3)
        server.process.send_signal(signal.SIGTERM)
        assert idle.recv(1) == b""  # it has nothing to wait for
        under_way.sendall(photo)
        answer = http.client.HTTPResponse(under_way)
        answer.begin()
        assert answer.status == 200 and answer.headers["Connection"] == "close"
        assert json.loads(answer.read())["label"]
        assert finish(server.process, seconds=60).code == OK
        with pytest.raises(ConnectionError):
            server.socket()


def test_who_does_not_end_is_not_waited_for(pomona, made, options):
    with Served(pomona, made / "one", *options, "--drain-timeout", 0.3) as server:
        with server.socket() as one:
            one.sendall(b"POST /classify HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")
            wait_until(lambda: server.metrics()["pomona_http_connections"] >= 2)
            result = server.end(signal.SIGINT)
        assert result.code == 1 and "--drain-timeout" in result.stderr


def test_sighup_reads_the_classifier_again(pomona, made, options, photo, tmp_path):
    classifier = tmp_path / "classifier"
    classifier.write_bytes((made / "one").read_bytes())
    with Served(pomona, classifier, *options, "--table", made / "features") as server:

        def digest() -> str:
            return server.post("/classify", photo).json()["classifier_digest"]

        def reload(content: bytes) -> str:
            classifier.with_suffix(".new").write_bytes(content)
            os.replace(classifier.with_suffix(".new"), classifier)
            server.process.send_signal(signal.SIGHUP)
            return server.process.stderr.readline()

        first = digest()
        other = (made / "other").read_bytes()
        assert reload(other).startswith("reloaded: ")
        assert digest() == hashlib.sha256(other).hexdigest() != first
        assert reload(other[:-100]).startswith("error: ")
        lines = [server.process.stderr.readline()]
        while "stays" not in lines[-1]:
            lines.append(server.process.stderr.readline())
        assert digest() == hashlib.sha256(other).hexdigest()
        seen = server.metrics()
        assert seen['pomona_reloads_total{result="ok"}'] == 1
        assert seen['pomona_reloads_total{result="failed"}'] == 1


def test_the_document_is_the_reference(served):
    assert (
        served.get("/openapi.json").body
        == (REPOSITORY / "docs" / "format" / "openapi.json").read_bytes()
    )


# What cannot be served.


def test_options_that_cannot_be(pomona, made, options, tmp_path):
    def refused(*arguments, code=REFUSED) -> str:
        result = pomona("serve", *arguments, "--port", 0)
        assert result.code == code, result
        return result.stderr

    one = made / "one"
    assert "--tls-key" in refused(one, *options, "--tls-cert", one)
    assert "--name" in refused(one, *options, "--name", "a/b")
    assert "--keep" in refused(one, *options, "--keep", tmp_path / "missing")
    assert "--host" in refused(one, *options, "--host", "example.org")
    assert "--lan" in refused(one, *options, "--lan", "--host", "127.0.0.2")
    assert "--index" in refused(one, *options, "--index", tmp_path / "index")
    assert "--allow-origin" in refused(one, *options, "--allow-origin", "example.org")
    (tmp_path / "token").write_text("short")
    assert "--auth-token-file" in refused(one, *options, "--auth-token-file", tmp_path / "token")
    assert "certificate" in refused(one, *options, "--tls-cert", one, "--tls-key", one)
    (tmp_path / "text").write_text("no classifier")
    refused(tmp_path / "text", *options, code=PROBLEM)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = pomona("serve", one, *options, "--port", port)
        assert result.code == REFUSED and f"--port {port}" in result.stderr


def test_a_classifier_or_a_table_of_another_network(pomona, made, some_images, options, tmp_path):
    other = networks.small_network(tmp_path / "other", features=16)
    pomona.ok("extract", some_images, tmp_path / "features", *other)
    pomona.ok("train", tmp_path / "features", tmp_path / "c")
    for arguments in (
        (tmp_path / "c", *options),
        (made / "one", *options, "--table", tmp_path / "features"),
    ):
        result = pomona("serve", *arguments, "--port", 0)
        assert result.code == REFUSED, result
        assert "kind" in result.stderr


def test_a_signal_while_it_opens(pomona, made, options):
    process = pomona.start("serve", made / "one", *options, "--port", 0)
    process.send_signal(signal.SIGTERM)
    # Before it listens for signals at all, they end it.
    assert finish(process, seconds=60).code in (INTERRUPTED, OK, -signal.SIGTERM)
