"""The table is what was promised, for every reader people use. Spark's view: spark_test.py."""

import re

import duckdb
import images as image_folders
import numpy as np
import pandas as pd
import polars as pl
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from table import Table


def test_one_row_per_image_with_its_label_and_finite_features(full_table, images):
    rows = Table(full_table).rows()
    files = image_folders.jpegs(images)
    assert sorted(rows["path"].to_pylist()) == sorted(f"file:{path}" for path in files)
    assert set(rows["label"].to_pylist()) == set(image_folders.by_label(images))
    for path, label in zip(rows["path"].to_pylist(), rows["label"].to_pylist(), strict=True):
        assert path.split("/")[-2] == label
    features = np.stack(rows["features"].to_numpy())
    assert features.shape == (len(files), 1280)
    assert np.isfinite(features).all()
    assert (features.std(axis=0) > 0).mean() > 0.9, "features hardly differ between images"


def test_schema_is_path_label_features(full_table):
    schema = pq.read_schema(Table(full_table).part_paths()[0])
    assert {field.name: str(field.type) for field in schema} == {
        "path": "string",
        "label": "string",
        "features": "list<element: float>",
    }
    assert all(field.nullable for field in schema)


def test_file_names_are_those_of_spark(full_table):
    names = sorted(path.name for path in full_table.iterdir())
    parts = [name for name in names if name.startswith("part-")]
    assert names == sorted([*parts, "_SUCCESS", "_pomona"])
    uuid = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    for number, name in enumerate(parts):
        assert re.fullmatch(rf"part-{number:05}-{uuid}-c000\.snappy\.parquet", name), name


def test_footer_says_how_the_features_were_made(full_table):
    path = Table(full_table).part_paths()[0]
    metadata = {
        key.decode(): value.decode() for key, value in pq.read_metadata(path).metadata.items()
    }
    assert "org.apache.spark.sql.parquet.row.metadata" in metadata
    ours = {key: value for key, value in metadata.items() if key.startswith("pomona.")}
    text = " ".join(ours.values())
    for fact in ("efficientnet-lite0", "sha256:", "f32"):
        assert fact in text, ours
    assert all(column.compression == "SNAPPY" for column in columns(path))


def columns(path):
    group = pq.read_metadata(path).row_group(0)
    return [group.column(i) for i in range(group.num_columns)]


def test_pyarrow_pandas_duckdb_and_polars_read_the_folder(full_table, images):
    count = len(image_folders.jpegs(images))
    labels = len(image_folders.by_label(images))
    assert ds.dataset(full_table, format="parquet").count_rows() == count
    frame = pd.read_parquet(full_table)
    assert (len(frame), frame["label"].nunique(), len(frame["features"][0])) == (
        count,
        labels,
        1280,
    )
    query = (
        f"select count(*), count(distinct label), min(len(features)) from '{full_table}/*.parquet'"
    )
    assert duckdb.sql(query).fetchall()[0] == (count, labels, 1280)
    lazy = pl.scan_parquet(f"{full_table}/*.parquet")
    assert lazy.select(pl.len(), pl.col("label").n_unique()).collect().row(0) == (count, labels)
