"""Spark sessions of the tests, in this process and in processes of their own."""

import os
import pathlib
import subprocess
import sys
import textwrap

from servers.spark_settings import LOCAL


def environment(**more: str) -> dict[str, str]:
    """For a driver: without the keys of the test runner, as a cluster would not have them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        **kept,
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "AWS_EC2_METADATA_DISABLED": "true",
        **more,
    }


def start(master: str, settings: dict[str, str], *arguments, **options) -> subprocess.Popen:
    """Starts python with `arguments` as a driver on `master`."""
    configured = {**LOCAL, **settings, "spark.master": master}
    submit = " ".join(f'--conf "{name}={value}"' for name, value in configured.items())
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        env=environment(PYSPARK_SUBMIT_ARGS=f"{submit} pyspark-shell"),
        **{
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "text": True,
            "errors": "replace",
            **options,
        },
    )


def script(folder: pathlib.Path, text: str) -> pathlib.Path:
    path = folder / "driver.py"
    path.write_text(textwrap.dedent(text))
    return path
