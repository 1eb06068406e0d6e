"""A SavedModel and a TFLite file that TensorFlow wrote, as --model, against Keras' features.

TensorFlow itself is not needed: tests/tensorflow/make_models.py has made the files.
"""

import shutil
import subprocess

import numpy as np
import pyarrow.parquet as pq
import pytest
from engine_dump import BUILD, ROOT, engine_features
from PIL import Image

MODELS = ROOT / "tests" / "tensorflow"
OPTIONS = ("--preprocess", "keras-tf")


@pytest.fixture(params=["small_saved_model", "small.tflite"])
def model(request):
    return MODELS / request.param


@pytest.fixture(scope="module")
def keras():
    """Images, [n, 16, 16, 3] uint8, and their features, [n, 8] float32."""
    with np.load(MODELS / "expected.npz") as expected:
        return expected["images"], expected["features"]


def test_features_equal_keras(model, keras):
    images, expected = keras
    features = engine_features(images, "--model", model, *OPTIONS)
    np.testing.assert_allclose(features, expected, rtol=0, atol=1e-5)


def test_an_extension_may_be_in_capitals(keras, tmp_path):
    images, expected = keras
    shutil.copyfile(MODELS / "small.tflite", tmp_path / "Small.TFLITE")
    features = engine_features(images, "--model", tmp_path / "Small.TFLITE", *OPTIONS)
    np.testing.assert_allclose(features, expected, rtol=0, atol=1e-5)


def test_the_command_line_takes_it(model, keras, tmp_path):
    images, expected = keras
    (tmp_path / "images").mkdir()
    for number, image in enumerate(images):
        Image.fromarray(image).save(tmp_path / "images" / f"{number}.png")
    subprocess.run(
        [BUILD / "pomona", "extract", tmp_path / "images", tmp_path / "table", "--model", model,
         *OPTIONS],
        check=True, capture_output=True,
    )  # fmt: skip
    (part,) = (tmp_path / "table").glob("part-*.parquet")
    rows = pq.read_table(part)
    assert [path.rsplit("/", 1)[1] for path in rows["path"].to_pylist()] == [
        f"{number}.png" for number in range(len(images))
    ]
    np.testing.assert_allclose(np.stack(rows["features"].to_numpy()), expected, rtol=0, atol=1e-5)
