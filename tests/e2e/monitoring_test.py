"""deploy/monitoring: its rules and its dashboard, with a real Prometheus that watches real runs."""

import contextlib
import re
import signal
import time

import monitoring
import pytest
from program import INTERRUPTED, KILLED, OK, finish
from servers.process import free_port
from servers.prometheus import NodeExporter, Prometheus, promtool
from servers.proxy import FaultProxy

pytestmark = pytest.mark.usefixtures("prometheus_is_here")

OPTIONS = ("--rows-per-file", 8, "--fetches", 1, "--price-per-hour", "3.6")
PATIENCE = 3  # seconds without progress until a run is stalled


@pytest.fixture
def source(s3, some_images):
    s3.put_folder(some_images, "source")
    s3.put("source/Lemon/empty.jpg", b"")
    return s3.uri("source")


@pytest.fixture
def proxy(s3):
    """One fetch at a time through it takes seconds for the source; some have to be tried again."""
    with FaultProxy(s3.endpoint, "--latency", "300ms", "--fail-503", "0.1", "--seed", "3") as proxy:
        yield proxy


@contextlib.contextmanager
def stopped(process):
    """It takes what is sent to it, and does not answer."""
    process.send(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send(signal.SIGCONT)


def firing(alert: str = "Pomona.+", **labels: str) -> str:
    matchers = "".join(f',{name}="{value}"' for name, value in labels.items())
    return f'ALERTS{{alertname=~"{alert}",alertstate="firing"{matchers}}}'


def documented_metrics() -> set[str]:
    """The first column of the guide's table of metrics."""
    guide = monitoring.REPOSITORY / "docs" / "guides" / "monitoring.md"
    return set(re.findall(r"^\| `(pomona_\w+)", guide.read_text(), re.MULTILINE))


def test_promtool_has_nothing_to_say():
    assert promtool("check", "config", monitoring.FOLDER / "prometheus.yml") == ""


@pytest.mark.parametrize(
    "file", sorted(monitoring.FOLDER.glob("*_test.yml")), ids=lambda file: file.stem
)
def test_rules_keep_their_unit_tests(file):
    assert promtool("test", "rules", file) == ""


def test_each_alert_has_a_unit_test_in_which_it_fires():
    rules = (monitoring.FOLDER / "alerts.yml").read_text()
    tests = "".join(file.read_text() for file in monitoring.FOLDER.glob("*_test.yml"))
    alerts = re.findall(r"- alert: (\w+)", rules)
    fired = re.findall(r"alertname: (\w+)\n +exp_alerts:", tests)
    assert alerts and set(alerts) == set(fired)


def test_each_limit_is_there_and_is_used():
    limit = r"pomona:alert_threshold\{alert=\"(\w+)\"\}"
    used = re.findall(limit, (monitoring.FOLDER / "alerts.yml").read_text())
    set_ = re.findall(
        r"labels: \{alert: (\w+)\}", (monitoring.FOLDER / "thresholds.yml").read_text()
    )
    assert used and sorted(used) == sorted(set_)


def test_a_run_whose_store_does_not_answer(s3, source, proxy, tmp_path):
    port = free_port()
    configuration = monitoring.deployed(
        tmp_path / "monitoring", port=f"127.0.0.1:{port}", stalled_seconds=PATIENCE
    )
    with Prometheus(configuration) as prometheus:
        pomona = s3.pomona(proxy.endpoint)
        process = pomona.start(
            "extract", source, tmp_path / "table", *OPTIONS, "--metrics-port", port
        )
        prometheus.wait_for(
            "pomona_parts_total > 1 and rate(pomona_images_total[5m]) > 0", during=process
        )
        with stopped(proxy.process):
            prometheus.wait_for(firing("PomonaRunStalled", job="pomona"))
            # While the run is there, everything that is drawn or recorded has a value.
            drawn = monitoring.expressions("Runs")
            recorded = [rule["name"] for rule in prometheus.rules() if rule["type"] == "recording"]
            for expression in drawn + recorded:
                prometheus.wait_for(expression)
            used = set().union(*map(monitoring.names, drawn))
            exported = {
                labels["__name__"] for labels, _ in prometheus.query('{__name__=~"pomona_.+"}')
            }
            ruled = set().union(*(monitoring.names(rule["query"]) for rule in prometheus.rules()))
        assert finish(process).code == OK
        prometheus.wait_for(f"absent({firing()})")
    spark = {"metrics_executor_totalCores"}
    assert used - spark == exported == documented_metrics()
    assert ruled <= exported | set(recorded) | spark


def test_runs_that_have_ended(pomona, s3, source, some_images, proxy, tmp_path):
    textfiles = tmp_path / "textfiles"
    textfiles.mkdir()
    slow = s3.pomona(proxy.endpoint)

    def start(name):
        file = textfiles / f"{name}.prom"
        process = slow.start("extract", source, tmp_path / name, *OPTIONS, "--metrics-file", file)
        while not any((tmp_path / name).glob("part-*")):
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        return process

    with NodeExporter(textfiles) as exporter:
        configuration = monitoring.deployed(
            tmp_path / "monitoring", files=exporter.target, stalled_seconds=PATIENCE
        )
        with Prometheus(configuration) as prometheus:
            pomona.ok(
                "extract", some_images, tmp_path / "good", "--metrics-file", textfiles / "good.prom"
            )
            interrupted = start("interrupted")
            interrupted.send_signal(signal.SIGINT)
            assert finish(interrupted).code == INTERRUPTED
            killed = start("killed")
            killed.kill()
            assert finish(killed).code == KILLED

            prometheus.wait_for(firing("PomonaRunStalled", job="pomona-files", run="killed"))
            prometheus.wait_for(firing("PomonaRunFailed", job="pomona-files", run="interrupted"))
            prometheus.wait_for('pomona_run_finished{run="good"} == 1')
            alerts = [
                (labels["alertname"], labels["run"]) for labels, _ in prometheus.query(firing())
            ]
            assert sorted(alerts) == [
                ("PomonaRunFailed", "interrupted"), ("PomonaRunStalled", "killed"),
            ]  # fmt: skip
