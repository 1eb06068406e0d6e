"""Embedding Atlas, the real one in a real browser, opens what `pomona map` makes. Nothing that
could compute an embedding or a projection is installed beside it."""

import contextlib
import json
import pathlib
import re
import shutil
import socket
import subprocess
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from program import REPOSITORY
from table import Table

BROWSER = REPOSITORY / "tests" / "browser"


@pytest.fixture(scope="module")
def atlas() -> pathlib.Path:
    made = subprocess.run(
        [REPOSITORY / "scripts/env", "--bare", "--no-deps", "atlas"],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return REPOSITORY / made.stdout.strip() / "bin" / "embedding-atlas"


def with_pictures(folder: pathlib.Path, file: pathlib.Path) -> pa.Table:
    """As docs/guides/map.md does it: the bytes of each picture beside its row."""
    table = Table(folder).rows()
    pictures = [
        {"bytes": pathlib.Path(path.removeprefix("file:")).read_bytes(), "path": path}
        for path in table["path"].to_pylist()
    ]
    kind = pa.struct({"bytes": pa.binary(), "path": pa.string()})
    table = table.append_column("image", pa.array(pictures, kind))
    pq.write_table(table, file)
    return table


@contextlib.contextmanager
def served(atlas: pathlib.Path, *arguments):
    """Its address, while it runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [atlas, *arguments, "--host", "127.0.0.1", "--port", str(port), "--no-auto-port"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        for _ in range(600):
            assert process.poll() is None, process.stdout.read()
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate()


def test_it_opens_the_table_with_its_pictures_and_computes_nothing(
    pomona, some_images, atlas, tmp_path
):
    chromium = shutil.which("chromium")
    assert chromium, "scripts/setup --tests installs chromium"
    pomona.ok("extract", some_images, tmp_path / "features")
    pomona.ok("map", tmp_path / "features", tmp_path / "map", "--no-features")
    table = with_pictures(tmp_path / "map", tmp_path / "pictures.parquet")
    arguments = ["--x", "projection_x", "--y", "projection_y", "--neighbors", "neighbors"]
    # It would rank the rows by their neighbours where it shows images, unless a column has that.
    arguments += ["--image", "image", "--pagerank", "projection_x"]
    with served(atlas, tmp_path / "pictures.parquet", *arguments) as address:
        props = json.loads(
            subprocess.run(
                ["curl", "-s", f"{address}/data/metadata.json"], check=True, capture_output=True
            ).stdout
        )
        shown = subprocess.run(
            ["node", "atlas.mjs", chromium, address, f"{len(table)} points"],
            cwd=BROWSER,
            check=True,
            capture_output=True,
            text=True,
            timeout=400,
        )
    used = json.dumps(props)
    assert all(name in used for name in ("projection_x", "projection_y", "neighbors"))
    page = json.loads(shown.stdout)
    assert page["errors"] == []
    assert len(page["sizes"]) >= 10
    assert all(width > 0 for width, _ in page["sizes"])
    assert re.search(rf"\b{len(table)}\b", page["text"])
    assert table["label"][0].as_py() in page["text"]
