"""The notebook runs as it stands, against a real S3 server, and what is kept of it is of that text.

POMONA_KEEP_NOTEBOOK=1 puts the outputs of this run into the repository.
"""

import os
import pathlib

import pyarrow.fs
import pytest
import sessions
from servers import spark_settings

nbformat = pytest.importorskip("nbformat", reason="the environment of Spark 4 has it")
nbclient = pytest.importorskip("nbclient", reason="the environment of Spark 4 has it")

NOTEBOOK = pathlib.Path(__file__).resolve().parents[2] / "examples" / "fruits_spark.ipynb"
BUCKET = "fruits"  # as the notebook says


@pytest.fixture
def bucket(s3, command, tmp_path):
    """The drawn set, where the notebook looks for it."""
    command.ok("demo", tmp_path / "images", "--draw-only")
    s3.filesystem.create_dir(BUCKET)
    pyarrow.fs.copy_files(
        str(tmp_path / "images"),
        f"{BUCKET}/images",
        source_filesystem=pyarrow.fs.LocalFileSystem(),
        destination_filesystem=s3.filesystem,
        use_threads=False,
    )
    return s3


@pytest.fixture
def configuration(bucket, s3_environment, tmp_path):
    """A folder with the spark-defaults.conf of somebody whose bucket is on this server."""
    settings = {
        **spark_settings.LOCAL,
        **spark_settings.s3a(bucket.endpoint, s3_environment),
        "spark.jars": spark_settings.s3a_jars(),
        "spark.ui.showConsoleProgress": "false",
    }
    lines = [f"{name} {value}\n" for name, value in settings.items()]
    (tmp_path / "spark-defaults.conf").write_text("".join(lines))
    # Spark's own warnings are no part of what the notebook shows.
    (tmp_path / "log4j2.properties").write_text("rootLogger.level = error\n")
    return tmp_path


def kinds(notebook) -> list[list[str]]:
    """For each code cell: what kinds of output it has, in their order."""
    return [
        [kind for output in cell.outputs for kind in sorted(output.get("data", {"text": None}))]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def text(notebook) -> str:
    return "".join(
        output.get("text", "") + output.get("data", {}).get("text/plain", "")
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )


@pytest.mark.timeout(600)
def test_the_notebook_runs_from_bucket_to_bucket(configuration, bucket, monkeypatch):
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in sessions.environment(SPARK_CONF_DIR=str(configuration)).items():
        monkeypatch.setenv(name, value)
    kept = nbformat.read(NOTEBOOK, as_version=4)
    ran = nbformat.from_dict(kept)
    where = {"metadata": {"path": str(configuration)}}
    nbclient.NotebookClient(ran, timeout=500, kernel_name="python3", resources=where).execute()
    if os.environ.get("POMONA_KEEP_NOTEBOOK"):
        for cell in ran.cells:
            cell.metadata.pop("execution", None)  # times, which differ with every run
        nbformat.write(ran, NOTEBOOK)
        kept = ran

    assert "1.00 requests an image, 0 retries" in text(ran)
    assert kinds(kept) == kinds(ran), "the outputs in the repository are of another notebook"
    assert sum(kind == "image/png" for cell in kinds(ran) for kind in cell) == 3
    for table in ("cnn", "pca"):
        written = pyarrow.fs.FileSelector(f"{BUCKET}/features/{table}")
        names = [file.base_name for file in bucket.filesystem.get_file_info(written)]
        assert "_SUCCESS" in names and any(name.endswith(".snappy.parquet") for name in names)
