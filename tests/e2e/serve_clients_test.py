"""`pomona serve` and programs that others wrote: Triton's client, who reads OpenAPI, curl."""

import json
import re
import shutil
import subprocess

import pytest
from images import jpegs
from program import REPOSITORY, finish
from servers.prometheus import Prometheus, scraping
from serving import Served

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def python():
    """That of requirements/serve.txt."""
    made = subprocess.run(
        [REPOSITORY / "scripts" / "env", "--bare", "serve"],
        capture_output=True, text=True, cwd=REPOSITORY,
    )  # fmt: skip
    if made.returncode != 0:
        pytest.skip(f"LEFT OUT: {made.stderr}")
    return REPOSITORY / made.stdout.strip() / "bin" / "python"


@pytest.fixture(scope="module")
def served(pomona, some_images, small_network, tmp_path_factory):
    made = tmp_path_factory.mktemp("clients")
    pomona.ok("extract", some_images, made / "features", *small_network)
    pomona.ok("train", made / "features", made / "c")
    options = small_network[:2]
    with Served(pomona, made / "c", *options, "--table", made / "features", cwd=made) as server:
        yield server


def test_tritons_client(served, python, some_images):
    """All of its calls that there are; infer with JSON and binary outputs; an error of ours."""
    images = jpegs(some_images)[::9]
    done = subprocess.run(
        [python, REPOSITORY / "tests" / "e2e" / "triton_client.py",
         f"{served.address.hostname}:{served.address.port}", *images],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["live"] and told["ready"] and told["model_ready"]
    assert told["server"]["name"] == "pomona"
    assert told["inputs"] == [{"name": "images", "datatype": "BYTES", "shape": [-1]}]
    alone = [served.post("/classify", image.read_bytes()).json() for image in images]
    for outputs in (told["binary"], told["json"]):
        assert outputs["label"] == [one["label"] for one in alone]
        assert outputs["probability"] == pytest.approx([one["probability"] for one in alone])
        assert outputs["unknown"] == [one["unknown"] for one in alone]
        (vector,) = served.post("/features", images[0].read_bytes()).json()["features"]
        assert outputs["features_shape"] == [len(images), len(vector)]
    assert "no output `nothing`" in told["error"]


def test_the_document_is_openapi(served, python):
    done = subprocess.run(
        [python, "-m", "openapi_spec_validator", "-"],
        input=served.get("/openapi.json").body, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_the_document_says_what_is_answered(served):
    """Each of its addresses is there, by its method; what it says is required is in an answer."""
    document = served.get("/openapi.json").json()
    for path, methods in document["paths"].items():
        for method in set(methods) - {"parameters"}:
            at = path.replace("{name}", "pomona")
            assert served.ask(method.upper(), at, b"" if method == "post" else None).status in (
                200, 400,
            ), path  # fmt: skip


@pytest.mark.usefixtures("prometheus_is_here")
def test_prometheus_reads_the_metrics(served, some_images, tmp_path):
    served.post("/classify", jpegs(some_images)[0].read_bytes())
    target = f"127.0.0.1:{served.address.port}"
    with Prometheus(scraping(tmp_path, {"serve": target})) as prometheus:
        prometheus.wait_for('pomona_images_total{job="serve"} >= 1', during=served.process)
        quantile = prometheus.value(
            "histogram_quantile(0.99, sum by (le) "
            '(pomona_http_request_seconds_bucket{path="/classify"}))'
        )
        assert 0 < quantile <= 30


def test_the_guides_client(served, python, some_images, tmp_path):
    guide = (REPOSITORY / "docs" / "guides" / "serve.md").read_text()
    (block,) = re.findall(r"^```python\n(.*?)^```", guide, re.M | re.S)
    shutil.copyfile(jpegs(some_images)[0], tmp_path / "photo.jpg")
    at = f"{served.address.hostname}:{served.address.port}"
    done = subprocess.run(
        [python, "-c", block.replace("127.0.0.1:8080", at)],
        capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    label = served.post("/classify", jpegs(some_images)[0].read_bytes()).json()["label"]
    assert done.returncode == 0 and label in done.stdout, done.stderr


@pytest.mark.skipif(shutil.which("curl") is None, reason="LEFT OUT: there is no curl")
def test_the_examples_of_the_guide(served, some_images, tmp_path):
    """Each line of its ```sh blocks that begins with curl."""
    guide = (REPOSITORY / "docs" / "guides" / "serve.md").read_text()
    blocks = re.findall(r"^```sh\n(.*?)^```", guide, re.M | re.S)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("curl ")]
    assert len(lines) >= 5
    for name in ("photo.jpg", "side.jpg", "cut.jpg"):
        shutil.copyfile(jpegs(some_images)[0], tmp_path / name)
    for line in lines:
        command = line.replace("http://127.0.0.1:8080", served.url)
        done = finish(subprocess.Popen(
            ["bash", "-c", command + " --fail-with-body --silent --show-error"], cwd=tmp_path,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))  # fmt: skip
        assert done.code == 0, (line, done)
