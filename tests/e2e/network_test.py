"""A network of several files, and which of its tensors becomes features, by the command line."""

import json
import shutil

import numpy as np
import onnx
import pytest
import states
from networks import network
from onnx import TensorProto, helper
from PIL import Image
from program import PROBLEM, REFUSED
from table import Table


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(3):
        Image.new("RGB", (8, 6), (10 * number, 20, 30)).save(folder / f"{number}.png")
    return folder


def external(name, shape, location):
    """A tensor of floats whose data lies at `location`."""
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape)
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=location)
    return tensor


def classifier(path, hidden="weights/hidden.bin", last="last.weights"):
    """Pooling, "hidden" [1,4], "scores" [1,2]; the weights of both layers lie in other files."""
    nodes = [
        helper.make_node("GlobalAveragePool", ["image"], ["pool"]),
        helper.make_node("Flatten", ["pool"], ["flat"]),
        helper.make_node("MatMul", ["flat", "w"], ["hidden"]),
        helper.make_node("MatMul", ["hidden", "v"], ["scores"]),
    ]
    network(path, nodes, [external("w", [3, 4], hidden), external("v", [4, 2], last)], "scores",
            [1, 2])  # fmt: skip
    return path


def write(path, values):
    path.parent.mkdir(exist_ok=True, parents=True)
    np.asarray(values, np.float32).tofile(path)


@pytest.fixture
def net(tmp_path):
    """net/net.onnx with both of its weight files."""
    path = classifier(tmp_path / "net" / "net.onnx")
    write(path.parent / "weights" / "hidden.bin", range(12))
    write(path.parent / "last.weights", range(8))
    return path


def features(table):
    return np.stack(Table(table).rows()["features"].to_numpy())


OPTIONS = ("--preprocess", "none")


def test_weights_that_were_replaced_are_another_network(pomona, photos, net, tmp_path):
    options = (*OPTIONS, "--model", net, "--cache", tmp_path / "cache")
    pixels = np.array([[10 * number, 20, 30] for number in range(3)], np.float32)
    before, after = tmp_path / "before", tmp_path / "after"
    for _ in range(2):  # the second time out of the cache
        pomona.ok("extract", photos, before, *options, "--overwrite")
        expected = pixels @ np.arange(12, dtype=np.float32).reshape(3, 4)
        np.testing.assert_allclose(features(before), expected, rtol=1e-5)

    write(net.parent / "weights" / "hidden.bin", range(12, 24))
    pomona.ok("extract", photos, after, *options)
    expected = pixels @ np.arange(12, 24, dtype=np.float32).reshape(3, 4)
    np.testing.assert_allclose(features(after), expected, rtol=1e-5)
    (photos / "new.png").write_bytes((photos / "0.png").read_bytes())
    for more in ((), ("--update",)):
        result = pomona("extract", photos, before, *options, *more)
        assert result.code == REFUSED
        assert "model_digest" in result.stderr

    (net.parent / "last.weights").unlink()
    result = pomona("extract", photos, after, *options, "--update")
    assert result.code != 0
    assert "last.weights`: No such file" in result.stderr


@pytest.mark.parametrize("location", ["../w.bin", "weights/../../w.bin", "ABSOLUTE", "link.bin"])
def test_weights_outside_the_networks_folder_are_refused(pomona, tmp_path, location):
    outside = tmp_path / "w.bin"
    write(outside, range(12))
    location = location.replace("ABSOLUTE", str(outside))
    net = classifier(tmp_path / "net" / "net.onnx", hidden=location)
    write(net.parent / "last.weights", range(8))
    (net.parent / "weights").mkdir()
    (net.parent / "link.bin").symlink_to(outside)
    result = pomona("model", "show", net)
    assert result.code == REFUSED
    assert "folder" in result.stderr


def test_an_address_in_memory_is_no_place_of_weights(pomona, tmp_path):
    net = classifier(tmp_path / "net.onnx", hidden="*/_ORT_MEM_ADDR_/*")
    write(tmp_path / "last.weights", range(8))
    result = pomona("model", "show", net)
    assert result.code == REFUSED
    assert "_ORT_MEM_ADDR_" in result.stderr


def tensor_in(kind, path):
    """A graph that has an external tensor at w.bin in one kind of place."""
    tensor = external("t", [1], "w.bin")
    nodes = [helper.make_node("GlobalAveragePool", ["image"], ["pool"])]
    functions = []
    branch = lambda inside: helper.make_graph(inside, "b", [], [], [])  # noqa: E731
    constant = helper.make_node("Constant", [], ["c"], value=tensor)
    if kind == "attribute":
        nodes.insert(0, constant)
    elif kind == "subgraph":
        nodes.insert(0, helper.make_node("If", ["x"], ["y"], then_branch=branch([constant]),
                                         else_branch=branch([])))  # fmt: skip
    elif kind == "function":
        functions = [helper.make_function("d", "f", [], ["c"], [constant],
                                          [helper.make_opsetid("", 17)])]  # fmt: skip
    net = network(path, nodes, [tensor] if kind == "initializer" else [], "pool", [1, 3, 1, 1],
                  functions=functions)  # fmt: skip
    if kind == "sparse":
        model = onnx.load(net, load_external_data=False)
        model.graph.sparse_initializer.add(values=tensor, dims=[4])
        net.write_bytes(model.SerializeToString())
    return net


@pytest.mark.parametrize("kind", ["initializer", "attribute", "subgraph", "function", "sparse"])
def test_onnxs_own_writer_puts_tensors_where_we_look(pomona, tmp_path, kind):
    """The numbers of the fields of onnx.proto are right: without the file the graph is refused."""
    result = pomona("model", "show", tensor_in(kind, tmp_path / "net.onnx"))
    assert "w.bin`: No such file" in result.stderr


def test_model_add_copies_every_file(pomona, net, photos, tmp_path):
    env = {"XDG_DATA_HOME": str(tmp_path / "data")}
    digest = pomona.ok("model", "show", net, "--json").json()["digest"]
    pomona.ok("model", "add", "mine", net, env=env)
    shutil.rmtree(net.parent)
    assert pomona.ok("model", "show", "mine", "--json", env=env).json()["digest"] == digest
    pomona.ok("extract", photos, tmp_path / "table", "--model", "mine", *OPTIONS, env=env)
    assert features(tmp_path / "table").shape == (3, 4)


def test_a_git_lfs_pointer_says_what_it_is(pomona, tmp_path):
    pointer = tmp_path / "net.onnx"
    pointer.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 99\n")
    result = pomona("model", "show", pointer)
    assert result.code == PROBLEM
    assert "net.onnx` is a Git LFS pointer" in result.stderr
    assert "hint: git lfs pull" in result.stderr


def test_the_summary_says_which_tensor_the_features_are(pomona, net, photos, tmp_path):
    result = pomona.ok("extract", photos, tmp_path / "table", "--model", net, *OPTIONS)
    line = next(line for line in result.stderr.splitlines() if line.startswith("  features"))
    assert "hidden [4], the input of the last dense layer" in line
    assert "--features scores takes its output" in line
    network = Table(tmp_path / "table").report()["model"]
    assert network["features_origin"].startswith("the input of the last dense layer")
    assert network["features_layout"] is None
    shown = pomona.ok("model", "show", net).stdout
    assert "the input of the last dense layer" in shown


def ambiguous(path):
    """A map that is reshaped: nothing tells its channels."""
    nodes = [
        helper.make_node("Reshape", ["image", "shape"], ["map"]),
    ]
    shape = helper.make_tensor("shape", TensorProto.INT64, [4], [1, 8, 3, 6])
    return network(path, nodes, [shape], "map", [1, 8, 3, 6])


def test_the_layout_of_a_map_is_asked_for_where_the_graph_is_silent(pomona, photos, tmp_path):
    net = ambiguous(tmp_path / "net.onnx")
    table = tmp_path / "table"
    options = ("extract", photos, table, *OPTIONS, "--model", net)
    result = pomona(*options)
    assert result.code == REFUSED
    assert "[1,8,3,6]" in result.stderr
    assert "--features-layout" in result.stderr
    assert not table.exists()
    pomona.ok(*options, "--features-layout", "NCHW")
    assert features(table).shape == (3, 8)
    assert states.record(table)["options"]["features_layout"] == "NCHW"
    result = pomona(*options, "--features-layout", "NHWC")
    assert result.code == REFUSED
    assert "features_layout" in result.stderr
    card = {"features_layout": "NHWC"}
    (tmp_path / "net.onnx.card.json").write_text(json.dumps(card))
    pomona.ok("extract", photos, tmp_path / "by-card", *OPTIONS, "--model", net)
    assert features(tmp_path / "by-card").shape == (3, 6)
