"""The guide's Prometheus pages of a real job, as they are and as deploy/monitoring makes them."""

import contextlib
import json
import re
import subprocess

import monitoring
import sessions
from program import finish
from servers import artifacts
from servers.prometheus import Prometheus, page
from servers.running import or_skip

GUIDE = monitoring.REPOSITORY / "docs" / "guides" / "monitoring.md"
IMAGES = 48

# Extracts, says where its pages are and what it has counted, and stays until its input ends.
DRIVER = """
import json, sys
import pomona.spark
from pyspark.sql import SparkSession

spark = SparkSession.builder.appName("fruits").getOrCreate()
pomona.spark.extract(spark, sys.argv[1]).write.format("noop").mode("overwrite").save()
url = spark.sparkContext.uiWebUrl
print(json.dumps([url, pomona.spark.counters(spark).value()]), flush=True)
sys.stdin.read()
spark.stop()
"""


def documented_settings() -> dict[str, str]:
    """The lines of the guide that begin with --conf."""
    lines = re.findall(r"^--conf '?([^=\s]+)=([^'\n]+)'?$", GUIDE.read_text(), re.MULTILINE)
    return dict(lines)


@contextlib.contextmanager
def job(source, folder):
    """A finished job whose driver is still there: its address, and what it has counted."""
    settings = {**documented_settings(), "spark.ui.enabled": "true", "spark.ui.port": "0"}
    script = sessions.script(folder, DRIVER)
    with open(folder / "driver.log", "w+") as log:
        driver = sessions.start(
            "local[2]", settings, script, source, stdin=subprocess.PIPE, stderr=log
        )
        try:
            line = driver.stdout.readline()
            log.seek(0)
            assert line, log.read()
            url, counted = json.loads(line)
            yield url.removeprefix("http://"), counted
        finally:
            finish(driver)


def test_the_pages_of_a_job(some_images, tmp_path):
    with job(some_images, tmp_path) as (address, counted):
        driver = page(f"http://{address}/metrics/prometheus/")
        executors = page(f"http://{address}/metrics/executors/prometheus/")
    shown = re.findall(
        r'^metrics_fruits_driver_AccumulatorSource_pomona_(\w+)_Value\{type="gauges"\} (\d+)$',
        driver, re.MULTILINE,
    )  # fmt: skip
    assert counted["images"] == IMAGES
    assert {name: int(value) for name, value in shown} == counted
    assert re.search(r'^metrics_executor_completedTasks_total\{.*executor_id="driver"\} [1-9]',
                     executors, re.MULTILINE)  # fmt: skip


def test_prometheus_shows_a_job_in_the_command_lines_names(some_images, tmp_path):
    or_skip(artifacts.prometheus)
    with job(some_images, tmp_path) as (address, counted):
        configuration = monitoring.deployed(tmp_path / "monitoring", spark=address)
        with Prometheus(configuration) as prometheus:
            for name in ("images", "rejects", "bytes", "requests", "retries"):
                prometheus.wait_for(f'pomona_{name}_total{{run="spark"}} == {counted[name]}')
            for stage in ("fetch", "decode", "resize", "infer"):
                series = f'pomona_stage_nanoseconds_total{{run="spark",stage="{stage}"}}'
                assert prometheus.value(series) == counted[f"{stage}_ns"]
            prometheus.wait_for('sum(metrics_executor_totalCores{job="pomona-spark"}) == 2')
            # What a dashboard or a rule asks of Spark alone, or of a run of either kind.
            for recorded in (
                "run:pomona_cores:sum", "run:pomona_rejects:ratio_rate5m",
                "run:pomona_retries:ratio_rate5m",
            ):  # fmt: skip
                prometheus.wait_for(f'{recorded}{{job="pomona-spark"}}')
            shared = [query for query in monitoring.expressions("Runs") if "Cores" in query]
            assert shared
            for query in monitoring.expressions("Spark") + shared:
                prometheus.wait_for(query)
