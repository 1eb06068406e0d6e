"""pomona.report: the command's work from Python."""

import json
import re
import typing

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import pomona


@pytest.fixture
def features(tmp_path):
    values = np.random.default_rng(1).normal(size=(60, 6)).astype(np.float32)
    table = {
        "path": [f"/{r}.jpg" for r in range(60)],
        "label": ["apple", "lemon", "pear"] * 20,
        "features": pa.array(list(values), pa.list_(pa.float32())),
    }
    pq.write_table(pa.table(table), tmp_path / "features.parquet")
    return tmp_path / "features.parquet"


def test_report_writes_a_page_and_says_what_it_shows(features, tmp_path):
    output = tmp_path / "page.html"
    report = pomona.report(features, output, title="Fruits", compare=features)
    assert report.keys() == typing.get_type_hints(pomona.PageReport).keys()
    assert report["rows"] == report["points"] == 60 and report["classes"] == 3
    assert report["page_bytes"] == output.stat().st_size
    data = re.search(r'id="report-data">(.*?)</script>', output.read_text(), re.DOTALL)
    page = json.loads(data[1])
    assert page["title"] == "Fruits" and page["compare"]["new"] == 0
    assert len(page["remarks"]) == len(report["remarks"]) > 0
    assert (
        "trust: which rows look like no label is what a classifier says: classifier"
        in (report["remarks"])
    )
    assert pq.read_table(tmp_path / "page" / "points.parquet").num_rows == 60
    with pytest.raises(pomona.InvalidOption, match="overwrite=True"):
        pomona.report(features, output)
    pomona.report(features, output, overwrite=True, data=tmp_path / "data")
    assert (tmp_path / "data" / "remarks.parquet").exists()


def test_report_refuses(features, tmp_path):
    with pytest.raises(pomona.InvalidOption, match="max_size"):
        pomona.report(features, tmp_path / "page.html", max_size=10)
    with pytest.raises(pomona.InvalidOption, match=".html"):
        pomona.report(features, tmp_path / "page")
    with pytest.raises(pomona.InvalidOption, match="there is no file"):
        pomona.report(features, tmp_path / "page.html", classifier=tmp_path / "none")
