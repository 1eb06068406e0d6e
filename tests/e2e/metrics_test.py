"""`extract --metrics-file` and `--metrics-port`, read by a real Prometheus."""

import os
import re
import signal
import time

import pytest
from program import INTERRUPTED, KILLED, OK, REFUSED, REPOSITORY, finish
from servers.process import free_port
from servers.prometheus import NodeExporter, Prometheus, lint, page, scraping
from servers.proxy import FaultProxy

OPTIONS = ("--rows-per-file", 8, "--fetches", 1)
GUIDE = REPOSITORY / "docs" / "guides" / "monitoring.md"

pytestmark = pytest.mark.usefixtures("prometheus_is_here")


@pytest.fixture
def source(s3, some_images):
    """48 images, and two that are none."""
    s3.put_folder(some_images, "source")
    s3.put("source/Lemon/empty.jpg", b"")
    s3.put("source/Lemon/text.jpg", b"not an image")
    return s3.uri("source")


@pytest.fixture
def slow(s3):
    """One fetch at a time through it takes seconds for the source; some have to be tried again."""
    with FaultProxy(s3.endpoint, "--latency", "80ms", "--fail-503", "0.1", "--seed", "3") as proxy:
        yield s3.pomona(proxy.endpoint)


def url_of(process) -> str:
    line = process.stderr.readline()
    assert line.startswith("metrics: http://"), line + process.stderr.read()
    return line.split()[1]


def series(text: str) -> dict[str, float]:
    """Of text in Prometheus's format: "name{labels}" -> value."""
    lines = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in lines}


def wait_until(condition, process):
    """Returns once `condition` holds, while the run goes on."""
    while not condition():
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)


def documented_expressions() -> list[str]:
    """The PromQL of the guide: each line of its ```promql blocks that is no comment."""
    # An expression is one line.
    blocks = re.findall(r"^```promql\n(.*?)^```", GUIDE.read_text(), re.M | re.S)
    return [line for block in blocks for line in block.splitlines() if line and line[0] != "#"]


def test_prometheus_sees_a_run_and_its_report(slow, source, tmp_path):
    textfiles = tmp_path / "textfiles"
    textfiles.mkdir()
    port = free_port()
    with (
        NodeExporter(textfiles) as exporter,
        Prometheus(
            scraping(tmp_path, {"pomona": f"127.0.0.1:{port}", "node": exporter.target})
        ) as prometheus,
    ):
        process = slow.start(
            "extract", source, tmp_path / "table", *OPTIONS, "--json", "--price-per-hour", "3.6",
            "--metrics-port", port, "--metrics-file", textfiles / "fruits.prom",
        )  # fmt: skip
        prometheus.wait_for(
            'pomona_images_total{job="pomona"} > 0 and pomona_run_finished == 0', during=process
        )
        result = finish(process)
        assert result.code == OK, result.stderr
        report = result.json()
        prometheus.wait_for('pomona_run_finished{job="node"} == 1')

        # What was scraped while it ran came from the run, and never more than there was.
        scraped = prometheus.value('max_over_time(pomona_images_total{job="pomona"}[10m])')
        assert 0 < scraped <= report["images"]
        assert prometheus.value('max_over_time(pomona_references{job="pomona"}[10m])') == 50

        # What the file says in the end is the report.
        def last(metric: str, **labels: str) -> float | None:
            matchers = ",".join(f'{name}="{value}"' for name, value in labels.items())
            return prometheus.value(f'{metric}{{job="node",run="fruits",{matchers}}}')

        assert report["retries"] > 0 and report["images"] == 48
        for metric, field in {
            "images_total": "images", "parts_total": "parts_written", "bytes_total": "bytes",
            "requests_total": "requests", "retries_total": "retries", "references": "references",
            "unchanged": "unchanged", "cores": "cores",
        }.items():  # fmt: skip
            assert last(f"pomona_{metric}") == report[field], metric
        rejects = prometheus.query('pomona_rejects_total{job="node"} > 0')
        assert {labels["reason"]: count for labels, count in rejects} == report["rejects"]
        assert len(report["rejects"]) == 2
        for stage, share in report["busy"].items():
            workers = last("pomona_stage_workers", stage=stage)
            seconds = last("pomona_stage_seconds_total", stage=stage)
            assert seconds == pytest.approx(share * workers * report["extract_seconds"], rel=1e-6)
        assert last("pomona_price_per_second") == pytest.approx(0.001)
        assert last("pomona_run_failed") == 0
        build = prometheus.query('pomona_build_info{job="node"}')[0][0]
        assert (build["model"], build["precision"]) == ("efficientnet-lite0", "f32")
        assert build["model_digest"] == report["model"]["digest"]
        begun = last("pomona_run_start_timestamp_seconds")
        assert (
            begun < last("pomona_last_progress_timestamp_seconds") < begun + report["seconds"] + 1
        )

        assert documented_expressions()
        for expression in documented_expressions():
            prometheus.query(expression)  # raises if Prometheus cannot parse it


def test_promtool_has_nothing_to_say(slow, source, tmp_path):
    file = tmp_path / "fruits.prom"
    command = ("extract", source, tmp_path / "table", *OPTIONS, "--price-per-hour", "1")
    process = slow.start(*command, "--metrics-file", file, "--metrics-port", 0)
    url = url_of(process)
    texts = [file.read_text()]
    wait_until(lambda: series(page(url))['pomona_images_total{run="fruits"}'], process)
    texts.append(page(url))
    assert finish(process).code == OK
    texts.append(file.read_text())
    assert [lint(text) for text in texts] == ["", "", ""]
    assert len({*texts}) == 3
    assert [path.name for path in tmp_path.glob("*.prom*")] == ["fruits.prom"]


def test_two_runs_in_one_folder_do_not_clash(pomona, some_images, tmp_path):
    for name in ("one", "two"):
        pomona.ok(
            "extract", some_images, tmp_path / name, "--metrics-file", tmp_path / f"{name}.prom"
        )
    with NodeExporter(tmp_path) as exporter:
        seen = series(page(f"http://{exporter.target}/metrics"))
    assert seen["node_textfile_scrape_error"] == 0
    assert seen['pomona_images_total{run="one"}'] == seen['pomona_images_total{run="two"}'] == 48


def test_an_interrupted_run_says_that_it_failed(slow, source, tmp_path):
    file = tmp_path / "fruits.prom"
    process = slow.start("extract", source, tmp_path / "table", *OPTIONS, "--metrics-file", file)
    wait_until(lambda: any((tmp_path / "table").glob("part-*")), process)
    process.send_signal(signal.SIGINT)
    assert finish(process).code == INTERRUPTED
    last = series(file.read_text())
    assert last['pomona_run_failed{run="fruits"}'] == 1
    assert last['pomona_run_finished{run="fruits"}'] == 0
    assert last['pomona_images_total{run="fruits"}'] > 0


def test_a_killed_run_says_neither(slow, source, tmp_path):
    file = tmp_path / "fruits.prom"
    process = slow.start("extract", source, tmp_path / "table", *OPTIONS, "--metrics-file", file)
    wait_until(lambda: any((tmp_path / "table").glob("part-*")), process)
    process.kill()
    assert finish(process).code == KILLED
    last = series(file.read_text())
    assert last['pomona_run_failed{run="fruits"}'] == last['pomona_run_finished{run="fruits"}'] == 0


def test_no_secret_is_in_the_metrics(slow, source, tmp_path):
    file = tmp_path / "fruits.prom"
    slow.ok("extract", source, tmp_path / "table", "--metrics-file", file)
    text = file.read_text()
    assert slow.env["AWS_ACCESS_KEY_ID"] not in text
    assert slow.env["AWS_SECRET_ACCESS_KEY"] not in text
    assert "s3:" not in text and str(tmp_path) not in text


def test_quiet_is_quiet_with_metrics_too(pomona, some_images, tmp_path):
    result = pomona.ok("extract", some_images, tmp_path / "table", "--quiet", "--metrics-port", 0,
                       "--metrics-file", tmp_path / "fruits.prom")  # fmt: skip
    assert (result.stdout, result.stderr) == ("", "")
    assert series((tmp_path / "fruits.prom").read_text())['pomona_references{run="fruits"}'] == 48


def test_a_taken_port_is_refused_before_anything_is_written(slow, source, tmp_path):
    process = slow.start("extract", source, tmp_path / "one", *OPTIONS, "--metrics-port", 0)
    port = url_of(process).split(":")[2].split("/")[0]
    result = slow("extract", source, tmp_path / "two", *OPTIONS, "--metrics-port", port)
    assert result.code == REFUSED
    assert result.stderr.startswith(f"error: metrics-port {port} at 127.0.0.1 cannot")
    assert not (tmp_path / "two").exists()
    assert finish(process).code == OK


@pytest.mark.parametrize(
    "options",
    [("--metrics-port", "-1"), ("--metrics-port", "65536"), ("--metrics-port", "many"),
     ("--metrics-address", "localhost", "--metrics-port", "0"), ("--metrics-address", "0.0.0.0"),
     ("--metrics-file", "no/such/folder/fruits.prom"), ("--metrics-file", "/")],
)  # fmt: skip
def test_absurd_metrics_are_refused_by_name(pomona, some_images, tmp_path, options):
    result = pomona("extract", some_images, tmp_path / "table", *options, cwd=tmp_path)
    assert result.code == REFUSED, result.stderr
    assert options[0].lstrip("-") in result.stderr
    assert os.listdir(tmp_path) == []
