"""scripts/setup, where it may not install."""

import os
import pathlib
import subprocess

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent


def test_what_is_missing_is_named_and_nothing_is_installed(tmp_path):
    # A system that has no package, and says when it is asked for one.
    for name, does in {"dpkg-query": "exit 1", "apt-get": f"touch {tmp_path}/installed"}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)
    environment = os.environ | {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "POMONA_NO_INSTALL": "1",
    }
    ended = subprocess.run(
        [REPOSITORY / "scripts/setup"], env=environment, capture_output=True, text=True
    )
    assert ended.returncode == 1
    assert "system packages: build-essential cmake" in ended.stderr
    assert "libcurl4-openssl-dev" in ended.stderr
    assert not (tmp_path / "installed").exists()
