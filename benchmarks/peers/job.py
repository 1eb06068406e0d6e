"""What every peer's program is told, and the one line of JSON that it prints.

    program --source URI --output DIR --model DIR [--engine NAME] [--precision f32] [--tasks 2]

`seconds` starts once the system itself is up (Spark's session, Ray's cluster) and ends when the
table is written: listing, loading of the model and everything else is inside.
"""

import argparse
import json
import os
import time
import urllib.parse


def arguments(description: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--source", required=True, help="folder or s3a:// URI of the images")
    parser.add_argument("--output", required=True, help="folder of the Parquet table")
    parser.add_argument("--model", help="folder with model.xml and model.onnx")
    parser.add_argument("--engine", default="onnxruntime", choices=["openvino", "onnxruntime"])
    parser.add_argument("--precision", default="f32", choices=["f32", "bf16"])
    parser.add_argument("--tasks", type=int, default=2, help="tasks or workers at a time")
    return parser.parse_args()


def s3_endpoint() -> dict[str, str] | None:
    """endpoint, host, region, key and secret of the server behind s3a://; None: no server."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if not endpoint:
        return None
    return {
        "endpoint": endpoint,
        "host": urllib.parse.urlsplit(endpoint).netloc,
        "region": os.environ["AWS_REGION"],
        "key": os.environ["AWS_ACCESS_KEY_ID"],
        "secret": os.environ["AWS_SECRET_ACCESS_KEY"],
    }


class Clock:
    """Wall clock of the job; `finish` prints it with what else is to be told."""

    def __init__(self):
        self._start = time.monotonic()

    def finish(self, **more) -> None:
        print(json.dumps({"seconds": time.monotonic() - self._start, **more}), flush=True)
