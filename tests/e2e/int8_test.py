"""`pomona model quantize`, and what becomes of its file, by the command line."""

import json

import numpy as np
import pytest
from networks import network
from onnx import helper, numpy_helper
from program import PROBLEM, REFUSED
from table import Table


@pytest.fixture
def net(tmp_path):
    """A convolution before the features, and a head behind them."""
    nodes = [
        helper.make_node("Conv", ["image", "filters"], ["filtered"]),
        helper.make_node("Relu", ["filtered"], ["map"]),
        helper.make_node("GlobalAveragePool", ["map"], ["pool"]),
        helper.make_node("Flatten", ["pool"], ["flat"]),
        helper.make_node("MatMul", ["flat", "head"], ["scores"]),
    ]
    random = np.random.default_rng(5)
    tensors = [
        numpy_helper.from_array(random.normal(size=shape).astype(np.float32), name)
        for name, shape in (("filters", (16, 3, 3, 3)), ("head", (16, 4)))
    ]
    path = network(
        tmp_path / "net" / "net.onnx", nodes, tensors, "scores", [1, 4], image=(1, 3, 32, 32)
    )
    (path.parent / "net.onnx.card.json").write_text(
        '{"normalisation": {"mean": [127, 127, 127], "scale": [128, 128, 128]}}'
    )
    return path


def features(folder) -> np.ndarray:
    return np.array(Table(folder).rows()["features"].to_pylist(), np.float32)


def test_a_network_gets_its_file_and_computes_with_it(pomona, net, some_images, tmp_path):
    refused = pomona("extract", tmp_path / "nowhere", tmp_path / "table", "--model", net,
                     "--precision", "int8")  # fmt: skip
    assert refused.code == REFUSED
    assert "error: model `net` has no int8 file" in refused.stderr
    assert "\nhint: pomona model quantize makes one" in refused.stderr
    assert not (tmp_path / "table").exists()

    file = net.parent / "net.onnx.int8.json"
    made = pomona.ok("model", "quantize", net, "--images", some_images, "--output", file,
                     "--calibrate", 20, "--json")  # fmt: skip
    report = made.json()
    assert report["calibrated"] == 20
    assert report["compared"] == 28
    assert report["layers"] == 1
    assert report["cosine"]["least"] > 0.98
    assert set(report["probe"]) == {"f32", "int8", "same"}
    assert "1 of 1 layers in int8" in made.stderr
    assert "ranges" in json.loads(file.read_text())
    assert "20 images of" in pomona.ok("model", "show", net).stdout

    tables = {}
    for name in ("f32", "int8", "again"):
        precision = "f32" if name == "f32" else "int8"
        tables[name] = tmp_path / name
        pomona.ok("extract", some_images, tables[name], "--model", net, "--precision", precision)
    exact, rounded = features(tables["f32"]), features(tables["int8"])
    assert not np.array_equal(exact, rounded)
    assert np.array_equal(rounded, features(tables["again"]))
    lengths = np.linalg.norm(exact, axis=1) * np.linalg.norm(rounded, axis=1)
    assert ((exact * rounded).sum(1) / lengths).min() > 0.98


def test_a_file_of_another_network_or_of_none_is_refused(pomona, net, some_images, tmp_path):
    file = net.parent / "net.onnx.int8.json"
    pomona.ok("model", "quantize", net, "--images", some_images, "--output", file, "--compare", 0)
    call = ("extract", some_images, tmp_path / "table", "--model", net, "--precision")
    good = json.loads(file.read_text())
    file.write_text(json.dumps({**good, "network": "sha256:00"}))
    other = pomona(*call, "int8")
    assert other.code == REFUSED
    assert "is for the network sha256:00, not for sha256:" in other.stderr
    file.write_text(json.dumps({**good, "ranges": {"image": [1]}}))
    damaged = pomona(*call, "int8")
    assert damaged.code == PROBLEM
    assert f"int8 file `{file}`: `ranges.image` must be two numbers" in damaged.stderr
    assert not (tmp_path / "table").exists()
    pomona.ok(*call, "f32")
