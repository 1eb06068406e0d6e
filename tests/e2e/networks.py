"""Networks that tests make themselves."""

import pathlib

import numpy as np
from onnx import TensorProto, helper, numpy_helper


def network(path, nodes, tensors, output, shape, image=(1, 3, 6, 8), functions=()):
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info("image", TensorProto.FLOAT, image)],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)], tensors,
    )  # fmt: skip
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, functions=functions
    )
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_bytes(model.SerializeToString())
    return path


def small_network(folder: pathlib.Path, features: int = 32) -> tuple[str | pathlib.Path, ...]:
    """Options of a network that is loaded and computed in no time, for tests of what becomes of
    rows: mixtures of an image's mean colours."""
    nodes = [
        helper.make_node("GlobalAveragePool", ["image"], ["pool"]),
        helper.make_node("Flatten", ["pool"], ["flat"]),
        helper.make_node("MatMul", ["flat", "mixture"], ["mixed"]),
    ]
    mixture = np.random.default_rng(5).uniform(size=(3, features)).astype(np.float32)
    path = network(
        folder / "small.onnx", nodes, [numpy_helper.from_array(mixture, "mixture")], "mixed",
        [1, features], image=(1, 3, 16, 16),
    )  # fmt: skip
    return "--model", path, "--preprocess", "none"
