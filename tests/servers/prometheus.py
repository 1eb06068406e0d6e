"""A real Prometheus on loopback, and the node_exporter that reads metric files."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from servers import artifacts
from servers.process import ServerProcess, free_port


def program(name: str) -> pathlib.Path:
    return artifacts.prometheus() / "usr" / "bin" / name


def scraping(folder: pathlib.Path, targets: dict[str, str]) -> pathlib.Path:
    """A configuration that scrapes `targets` (job name -> "HOST:PORT") five times a second."""
    jobs = [
        {"job_name": job, "static_configs": [{"targets": [target]}]}
        for job, target in targets.items()
    ]
    settings = {
        "global": {"scrape_interval": "200ms", "scrape_timeout": "200ms"},
        "scrape_configs": jobs,
    }
    file = folder / "prometheus.yml"
    file.write_text(json.dumps(settings))  # JSON is YAML
    return file


def page(url: str) -> str:
    """The text of a page of metrics, past any proxy that the environment names."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=20) as answer:
        return answer.read().decode()


class Prometheus:
    """Works by the file `configuration`."""

    def __init__(self, configuration: pathlib.Path):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pomona-prometheus-"))
        self.port = free_port()
        self.process = ServerProcess([
            program("prometheus"), f"--config.file={configuration}",
            f"--storage.tsdb.path={self.folder}", "--log.level=warn",
            f"--web.listen-address=127.0.0.1:{self.port}",
        ])  # fmt: skip
        self.process.wait_for_port(self.port, 20)
        self._wait_until_ready(20)

    def _get(self, path: str, **parameters: str) -> bytes:
        query = urllib.parse.urlencode(parameters)
        url = f"http://127.0.0.1:{self.port}{path}?{query}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.read()

    def _wait_until_ready(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not self._has_targets():
            assert time.monotonic() < deadline, list(self.process.lines)
            time.sleep(0.05)

    def _has_targets(self) -> bool:
        """It looks for what to scrape some seconds after it says that it is ready."""
        try:
            targets = json.loads(self._get("/api/v1/targets", state="active"))["data"]
        except urllib.error.HTTPError:
            return False
        return bool(targets["activeTargets"])

    def query(self, expression: str) -> list[tuple[dict[str, str], float]]:
        """Labels and value of each series of an instant vector."""
        answer = json.loads(self._get("/api/v1/query", query=expression))
        return [
            (series["metric"], float(series["value"][1])) for series in answer["data"]["result"]
        ]

    def value(self, expression: str) -> float | None:
        """Of the only series that `expression` gives; None where it gives none."""
        found = self.query(expression)
        assert len(found) <= 1, found
        return found[0][1] if found else None

    def wait_for(
        self, expression: str, seconds: float = 20, during: subprocess.Popen | None = None
    ) -> None:
        """Returns once `expression` gives a series; as long as `during` runs, where it is given."""
        deadline = time.monotonic() + seconds
        while not self.query(expression):
            assert during is None or during.poll() is None, during.communicate()
            assert time.monotonic() < deadline, f"never came: {expression}"
            time.sleep(0.05)

    def rules(self) -> list[dict]:
        """Its rules as it has read them: "type" (recording or alerting), "name", "query", ..."""
        groups = json.loads(self._get("/api/v1/rules"))["data"]["groups"]
        return [rule for group in groups for rule in group["rules"]]

    def stop(self) -> None:
        self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> "Prometheus":
        return self

    def __exit__(self, *_) -> None:
        self.stop()


class NodeExporter:
    """Serves the *.prom files of `folder`, and nothing else."""

    def __init__(self, folder: pathlib.Path):
        port = free_port()
        self.target = f"127.0.0.1:{port}"
        self.process = ServerProcess([
            program("prometheus-node-exporter"), "--collector.disable-defaults",
            "--collector.textfile", f"--collector.textfile.directory={folder}",
            f"--web.listen-address={self.target}",
        ])  # fmt: skip
        self.process.wait_for_port(port, 20)

    def __enter__(self) -> "NodeExporter":
        return self

    def __exit__(self, *_) -> None:
        self.process.stop()


def promtool(*arguments: str | pathlib.Path, **options) -> str:
    """What promtool finds wrong; empty: nothing."""
    done = subprocess.run(
        [program("promtool"), *arguments], capture_output=True, text=True, **options
    )
    return done.stdout + done.stderr if done.returncode else ""


def lint(text: str) -> str:
    """What `promtool check metrics` finds wrong with metrics in the text format; empty: nothing."""
    return promtool("check", "metrics", input=text)
