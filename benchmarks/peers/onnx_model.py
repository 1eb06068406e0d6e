"""Writes Pomona's default network as ONNX, for the peers that run ONNX Runtime.

    python benchmarks/peers/onnx_model.py MODEL_DIR OUTPUT_DIR

MODEL_DIR has the OpenVINO IR (model.xml, model.bin). OUTPUT_DIR gets both files and model.onnx: the
same weights, batch norm folded alike, uint8 [N,224,224,3] `pixels` in, float32 [N,1280] `features`
out. The operations are read from the graph, one by one; one that is not known here is an error.
"""

import pathlib
import shutil
import sys

import numpy as np
import onnx
import openvino as ov
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 8
MEAN, SCALE = 127, 128


class Translation:
    """One OpenVINO graph on its way to ONNX; values are named after the nodes that make them."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], name: str, **attributes) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def normalised(self, name: str) -> None:
        """`pixels` -> what the network's own input is: NCHW float32, (x - 127) / 128."""
        x = self.node("Transpose", ["pixels"], "pixels.nchw", perm=[0, 3, 1, 2])
        x = self.node("Cast", [x], "pixels.f32", to=TensorProto.FLOAT)
        x = self.node("Sub", [x, self.constant("mean", np.float32(MEAN))], "pixels.centred")
        self.node("Div", [x, self.constant("scale", np.float32(SCALE))], name)

    def add(self, op: ov.Node) -> None:
        name, kind = op.get_friendly_name(), op.get_type_name()
        sources = [source.get_source_output().get_node() for source in op.inputs()]
        inputs = [source.get_friendly_name() for source in sources]
        match kind:
            case "Parameter":
                self.normalised(name)
            case "Constant":
                self.constant(name, op.get_data())
            case "Convolution":
                self.convolution(op, inputs)
            case "GroupConvolution":
                groups, outputs, *kernel = sources[1].get_data().shape
                weights = sources[1].get_data().reshape(groups * outputs, *kernel)
                inputs[1] = self.constant(inputs[1] + ".oihw", weights)
                self.convolution(op, inputs, group=groups)
            case "Add":
                self.node("Add", inputs, name)
            case "Clamp":
                bounds = [
                    self.constant(f"{name}.{bound}", np.float32(op.get_attributes()[bound]))
                    for bound in ("min", "max")
                ]
                self.node("Clip", [*inputs, *bounds], name)
            case "ReduceMean":
                axes = [int(axis) for axis in sources[1].get_data()]
                self.node("ReduceMean", inputs[:1], name, axes=axes, keepdims=0)
            case _:
                raise SystemExit(f"error: no ONNX for {kind} `{name}`")

    def convolution(self, op: ov.Node, inputs: list[str], **more) -> None:
        attributes = op.get_attributes()
        if attributes["auto_pad"] != "same_upper":
            raise SystemExit(
                f"error: padding {attributes['auto_pad']} of `{op.get_friendly_name()}`"
            )
        self.node(
            "Conv",
            inputs,
            op.get_friendly_name(),
            strides=list(attributes["strides"]),
            auto_pad="SAME_UPPER",
            **more,
        )


def export(model: pathlib.Path, target: pathlib.Path) -> None:
    network = ov.Core().read_model(model / "model.xml")
    (features,) = [op for op in network.get_ops() if op.get_friendly_name() == "features"]
    network = ov.Model([features.output(0)], network.get_parameters(), "features")
    translation = Translation()
    for op in network.get_ordered_ops():
        if op.get_type_name() != "Result":
            translation.add(op)
    used = {name for node in translation.nodes for name in node.input}
    constants = [constant for constant in translation.constants if constant.name in used]
    side = network.input(0).get_partial_shape()[2].get_length()
    shape = ["N", side, side, 3]
    graph = helper.make_graph(
        translation.nodes,
        "features",
        [helper.make_tensor_value_info("pixels", TensorProto.UINT8, shape)],
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["N", None])],
        constants,
    )
    opset = helper.make_opsetid("", OPSET)
    made = helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION)
    onnx.checker.check_model(made)
    target.mkdir(parents=True, exist_ok=True)
    onnx.save(made, target / "model.onnx")
    for name in ("model.xml", "model.bin"):
        shutil.copy(model / name, target)


if __name__ == "__main__":
    export(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
