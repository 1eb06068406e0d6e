"""The engine on raw pixels, through the program tests/engine_dump of the built tree."""

import os
import pathlib
import subprocess

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("POMONA_BUILD", ROOT / "build" / "release"))


def engine_features(pixels, *options):
    """[n, height, width, 3] uint8 -> [n, dim] float32 by engine_dump."""
    command = [BUILD / "tests" / "engine_dump", *map(str, options)]
    done = subprocess.run(command, input=pixels.tobytes(), capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return np.frombuffer(done.stdout, "<f4").reshape(len(pixels), -1)
