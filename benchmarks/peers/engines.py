"""Inference as a careful user of OpenVINO or ONNX Runtime in several worker processes writes it.

One thread and one image at a time: batches and more threads are slower on these networks, whose
tensors then leave the cache. Both take uint8 pixels and normalise them inside the graph.
"""

import pathlib
from collections.abc import Iterable

import numpy as np

MEAN, SCALE = 127, 128
FEATURES = 1280


class OpenVino:
    def __init__(self, model: str, precision: str = "f32"):
        import openvino as ov

        core = ov.Core()
        network = core.read_model(pathlib.Path(model) / "model.xml")
        (node,) = [op for op in network.get_ops() if op.get_friendly_name() == "features"]
        network = ov.Model([node.output(0)], network.get_parameters(), "features")
        network.reshape([1, 3, 224, 224])
        steps = ov.preprocess.PrePostProcessor(network)
        steps.input().tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
        steps.input().preprocess().convert_element_type(ov.Type.f32).mean(MEAN).scale(SCALE)
        steps.input().model().set_layout(ov.Layout("NCHW"))
        compiled = core.compile_model(
            steps.build(),
            "CPU",
            {
                "INFERENCE_PRECISION_HINT": precision,
                "INFERENCE_NUM_THREADS": 1,
                "NUM_STREAMS": 1,
                # Each process would pin its thread to the first core, all to the same one.
                "ENABLE_CPU_PINNING": False,
            },
        )
        self._request = compiled.create_infer_request()

    def features(self, images: Iterable[np.ndarray]) -> list[np.ndarray]:
        """images: uint8 [224, 224, 3] each. Returns float32 [1280] for each."""
        rows = []
        for image in images:
            self._request.infer({0: image[None]}, share_inputs=True)
            rows.append(self._request.get_output_tensor(0).data[0].copy())
        return rows


class OnnxRuntime:
    def __init__(self, model: str, precision: str = "f32"):
        import onnxruntime

        if precision != "f32":
            raise ValueError(f"ONNX Runtime has no {precision} on a CPU")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(pathlib.Path(model) / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def features(self, images: Iterable[np.ndarray]) -> list[np.ndarray]:
        """images: uint8 [224, 224, 3] each. Returns float32 [1280] for each."""
        return [self._session.run(None, {"pixels": image[None]})[0][0] for image in images]


ENGINES = {"openvino": OpenVino, "onnxruntime": OnnxRuntime}
