"""`pomona export`: the file answers as predict does, in ONNX Runtime and in OpenVINO."""

import json
import re
import subprocess

import numpy as np
import onnx
import onnxruntime
import openvino
import pytest
from networks import network
from onnx import helper, numpy_helper
from PIL import Image
from program import REFUSED, REPOSITORY
from table import Table


@pytest.fixture(scope="module")
def learned(pomona, some_images, tmp_path_factory):
    """Classifiers of the default network, by name, and what predict makes of the images."""
    made = tmp_path_factory.mktemp("export")
    pomona.ok("extract", some_images, made / "last")
    two_maps = ("--features", "blocks.2.residual,blocks.4.residual", "--pool", "mean+std")
    pomona.ok("extract", some_images, made / "levels", "--input-size", 96, *two_maps)
    for name, table, options in (
        ("angle", "last", ("--score", "cosine")),
        ("distance", "levels", ("--score", "distance")),
        ("logistic", "last", ("--method", "logistic")),
        ("centroid", "last", ("--method", "centroid")),
    ):
        pomona.ok("train", made / table, made / f"{name}.classifier", *options)
        pomona.ok("predict", made / table, made / f"{name}.answers",
                  "--classifier", made / f"{name}.classifier")  # fmt: skip
    return made


def pixels(path: str) -> np.ndarray:
    with Image.open(path.removeprefix("file:")) as image:
        return np.asarray(image.convert("RGB"))[None]


def in_onnx_runtime(path):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return lambda image: dict(zip(names, session.run(None, {"image": image}), strict=True))


def in_openvino(path):
    compiled = openvino.Core().compile_model(path, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return lambda image: {name: compiled([image])[name]
                          for name in ("probabilities", "unknown_score", "features")}  # fmt: skip


def said_by(path) -> dict[str, str]:
    if path.suffix == ".onnx":
        return {entry.key: entry.value for entry in onnx.load(path).metadata_props}
    told = openvino.Core().read_model(path)
    names = told.get_rt_info(["pomona"]).astype(dict)
    return {f"pomona.{name}": told.get_rt_info(["pomona", name]).astype(str) for name in names}


RUNTIMES = {"onnx": in_onnx_runtime, "openvino": in_openvino}
SUFFIX = {"onnx": "onnx", "openvino": "xml"}


@pytest.mark.parametrize("form", RUNTIMES)
@pytest.mark.parametrize("name", ["angle", "distance", "logistic", "centroid"])
def test_a_file_answers_as_predict_does(pomona, learned, tmp_path, name, form):
    file = tmp_path / f"fruits.{SUFFIX[form]}"
    pomona.ok("export", learned / f"{name}.classifier", file, "--format", form)
    answer = RUNTIMES[form](file)
    # A grey level of one pixel moves a squared distance by more than one of cosines, but by little
    # beside what is far.
    near = 2e-3 * max(1, float(said_by(file)["pomona.unknown_threshold"]))
    wanted = Table(learned / f"{name}.answers").rows()
    labels = sorted(set(wanted["label"].to_pylist()))
    for row in wanted.to_pylist()[::5]:
        given = answer(pixels(row["path"]))
        assert np.abs(given["probabilities"][0] - row["probabilities"]).max() < 1e-3
        assert given["unknown_score"][0] == pytest.approx(row["unknown_score"], rel=2e-3, abs=near)
        assert labels[given["probabilities"][0].argmax()] == row["predicted"]


@pytest.mark.parametrize("form", RUNTIMES)
def test_a_photo_of_any_size_is_resized_in_the_file(pomona, learned, tmp_path, form):
    photos = tmp_path / "photos"
    photos.mkdir()
    random = np.random.default_rng(4)
    small = random.integers(0, 256, (9, 12, 3), np.uint8)
    for number, size in enumerate([(640, 480), (481, 700), (31, 20)]):
        Image.fromarray(small).resize(size).save(photos / f"{number}.png")
    pomona.ok("predict", photos, tmp_path / "answers",
              "--classifier", learned / "angle.classifier")  # fmt: skip
    file = tmp_path / f"fruits.{SUFFIX[form]}"
    pomona.ok("export", learned / "angle.classifier", file, "--format", form)
    answer = RUNTIMES[form](file)
    for row in Table(tmp_path / "answers").rows().to_pylist():
        given = answer(pixels(row["path"]))["probabilities"][0]
        assert np.abs(given - row["probabilities"]).max() < 1e-3


def test_int8_is_a_third_of_the_size_and_answers_the_same(pomona, learned, tmp_path):
    file = tmp_path / "small.onnx"
    pomona.ok("export", learned / "angle.classifier", file, "--format", "onnx",
              "--precision", "int8")  # fmt: skip
    onnx.checker.check_model(file, full_check=True)
    assert file.stat().st_size < 5_000_000
    kinds = {node.op_type for node in onnx.load(file).graph.node}
    assert {"QuantizeLinear", "DequantizeLinear", "Conv", "Resize"} <= kinds
    answer = in_onnx_runtime(file)
    rows = Table(learned / "angle.answers").rows().to_pylist()[::6]
    labels = sorted({row["label"] for row in rows})
    for row in rows:
        assert labels[answer(pixels(row["path"]))["probabilities"][0].argmax()] == row["predicted"]


def test_a_file_says_what_it_is(pomona, learned, tmp_path):
    classifier = learned / "angle.classifier"
    for name in ("one", "again"):
        pomona.ok("export", classifier, tmp_path / f"{name}.onnx", "--format", "onnx")
    pomona.ok("export", classifier, tmp_path / "one.xml", "--format", "openvino")
    assert (tmp_path / "one.onnx").read_bytes() == (tmp_path / "again.onnx").read_bytes()
    onnx.checker.check_model(tmp_path / "one.onnx", full_check=True)
    said = said_by(tmp_path / "one.onnx")
    assert said_by(tmp_path / "one.xml") == said
    page = (REPOSITORY / "docs" / "format" / "export.md").read_text()
    assert set(said) == set(re.findall(r"^\| `(pomona\.\w+)`", page, re.MULTILINE))
    labels = json.loads(said["pomona.labels"])
    assert labels == sorted(labels) and len(labels) == 4
    assert said["pomona.license"] == "Apache-2.0"
    assert json.loads(said["pomona.network"])["digest"].startswith("sha256:")
    assert json.loads(said["pomona.input"])["colour"] == "RGB"


def test_a_check_compares_all_images(pomona, learned, some_images, tmp_path):
    (tmp_path / "images").mkdir()
    for path in sorted(some_images.rglob("*.jpg"))[:5]:
        (tmp_path / "images" / path.name).write_bytes(path.read_bytes())
    (tmp_path / "images" / "bad.jpg").write_bytes(b"no image")
    count = len(list((tmp_path / "images").glob("*"))) - 1
    for form in RUNTIMES:
        report = pomona.ok("export", learned / "angle.classifier", tmp_path / f"f.{SUFFIX[form]}",
                           "--format", form, "--check", tmp_path / "images",
                           "--json").json()  # fmt: skip
        agreement = report["agreement"]
        assert (agreement["images"], agreement["rejects"]) == (count, 1)
        assert agreement["same"] == agreement["same_unknown"] == count
        assert agreement["contradicted"] == 0
        assert agreement["largest_difference"] < 1e-3
        assert agreement["resized_by_file"] == (form == "openvino")


def test_a_bundle_builds_a_program_that_names_frames(pomona, learned, tmp_path):
    bundle = tmp_path / "bundle"
    pomona.ok("export", learned / "angle.classifier", bundle, "--format", "bundle")
    for step in (["-S", bundle, "-B", tmp_path / "build"], ["--build", tmp_path / "build"]):
        done = subprocess.run(["cmake", *map(str, step)], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    rows = Table(learned / "angle.answers").rows().to_pylist()[::12]
    frames = [pixels(row["path"]) for row in rows]
    height, width = frames[0].shape[1:3]
    assert {frame.shape for frame in frames} == {(1, height, width, 3)}
    done = subprocess.run(
        [tmp_path / "build" / "name_frames", bundle / "classifier.xml", str(width), str(height)],
        input=b"".join(frame.tobytes() for frame in frames), capture_output=True, check=True,
    )  # fmt: skip
    lines = [line.split("\t") for line in done.stdout.decode().splitlines()]
    assert [line[0] for line in lines] == [row["predicted"] for row in rows]
    assert [line[2] for line in lines] == ["unknown" if row["unknown"] else "known" for row in rows]
    refused = pomona("export", learned / "angle.classifier", bundle, "--format", "bundle",
                     "--overwrite")  # fmt: skip
    assert refused.code == REFUSED and "a bundle is never replaced" in refused.stderr


@pytest.fixture(scope="module")
def others(pomona, some_images, tmp_path_factory):
    """Classifiers that cannot be exported, and the networks of some."""
    made = tmp_path_factory.mktemp("others")
    nodes = [
        helper.make_node("Conv", ["image", "filters"], ["filtered"]),
        helper.make_node("Sigmoid", ["filtered"], ["gate"]),
        helper.make_node("GlobalAveragePool", ["gate"], ["pool"]),
        helper.make_node("Flatten", ["pool"], ["flat"]),
    ]
    filters = np.random.default_rng(5).normal(size=(16, 3, 3, 3)).astype(np.float32)
    path = network(made / "gated.onnx", nodes, [numpy_helper.from_array(filters, "filters")],
                   "flat", [1, 16], image=(1, 3, 32, 32))  # fmt: skip
    gated = ("--model", path, "--preprocess", "torch", "--features", "flat")
    for name, options in (
        ("gated", gated),
        ("bilinear", (*gated, "--resize", "bilinear")),
        ("averaged", (*gated, "--views", "mirror", "--views-average")),
    ):
        pomona.ok("extract", some_images, made / f"{name}.table", *options)
        pomona.ok("train", made / f"{name}.table", made / f"{name}.classifier")
    return made


def test_what_cannot_be_exported_is_refused_and_nothing_is_written(
    pomona, learned, others, some_images, tmp_path
):
    there = tmp_path / "there.onnx"
    there.write_text("mine")
    network_of = ("--model", others / "gated.onnx")
    for classifier, output, options, wanted in (
        (learned / "angle.classifier", there, ("--format", "onnx"), "--overwrite replaces it"),
        (learned / "angle.classifier", "a.bin", ("--format", "openvino"), "ends in .xml"),
        (learned / "angle.classifier", "a.onnx", ("--format", "tflite"), "hint: onnx, openvino"),
        (learned / "angle.classifier", "a.onnx", ("--format", "onnx", "--precision", "bf16"),
         "a file computes in f32 or int8"),
        (learned / "angle.classifier", "a.onnx", ("--format", "onnx", *network_of),
         "learned from features of the network sha256:"),
        (learned / "angle.classifier", "a.onnx", ("--format", "onnx", "--check", tmp_path / "nil"),
         "does not exist"),
        (others / "gated.classifier", "a.onnx", ("--format", "onnx", *network_of),
         "operation `Sigmoid`"),
        (others / "gated.classifier", "a.onnx",
         ("--format", "onnx", "--precision", "int8", *network_of), "has no int8 file"),
        (others / "bilinear.classifier", "a.onnx", ("--format", "onnx", *network_of),
         "resized as `bilinear`"),
        (others / "averaged.classifier", "a.onnx", ("--format", "onnx", *network_of),
         "the mean over views"),
    ):  # fmt: skip
        result = pomona("export", classifier, tmp_path / output, *options)
        assert result.code in (REFUSED, 1), result.stderr
        assert wanted in result.stderr
        assert {path.name for path in tmp_path.iterdir()} == {"there.onnx"}
    assert there.read_text() == "mine"
    pomona.ok("export", others / "gated.classifier", tmp_path / "gated.xml", "--format", "openvino",
              *network_of, "--check", some_images)  # fmt: skip
