"""What makes a run pointless is said at once, clearly, before any image is read."""

import pytest
from program import FAILED, PROBLEM, REFUSED


def refused(result, *words, codes=(FAILED, REFUSED)):
    assert result.code in codes, result.stderr
    assert result.stdout == ""
    first = result.stderr.strip().splitlines()[0]
    assert first.startswith("error: "), result.stderr
    for word in words:
        assert str(word) in result.stderr
    assert "Traceback" not in result.stderr and "terminate called" not in result.stderr


def test_source_is_missing(pomona, tmp_path):
    refused(pomona("extract", tmp_path / "nowhere", tmp_path / "table"), tmp_path / "nowhere")
    assert not (tmp_path / "table").exists()


def test_source_has_no_images(pomona, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "notes.txt").write_text("no image")
    refused(pomona("extract", tmp_path / "empty", tmp_path / "table"), "hint:")
    assert not (tmp_path / "table").exists()


def test_output_is_a_file(pomona, some_images, tmp_path):
    (tmp_path / "table").write_text("in the way")
    refused(pomona("extract", some_images, tmp_path / "table"), tmp_path / "table")
    assert (tmp_path / "table").read_text() == "in the way"


def test_model_is_unknown(pomona, some_images, tmp_path):
    result = pomona("extract", some_images, tmp_path / "table", "--model", "resnet-9000")
    refused(result, "resnet-9000", "hint:")


def test_model_file_is_none(pomona, some_images, tmp_path):
    (tmp_path / "model.onnx").write_bytes(b"not a model")
    result = pomona("extract", some_images, tmp_path / "table", "--model", tmp_path / "model.onnx",
                    "--preprocess", "torch")  # fmt: skip
    refused(result, "model.onnx", codes=(PROBLEM,))


def test_feature_tensor_is_missing(pomona, some_images, tmp_path):
    result = pomona("extract", some_images, tmp_path / "table", "--features", "no_such_tensor")
    refused(result, "no_such_tensor", "hint:")


@pytest.mark.parametrize("source", ["ftp://host/images", "s3://"])
def test_source_is_no_place_that_can_be_read(pomona, tmp_path, source):
    refused(pomona("extract", source, tmp_path / "table"), source)


def test_bucket_is_missing(s3, tmp_path):
    result = s3.pomona()("extract", "s3://no-such-bucket-here/images", tmp_path / "table")
    refused(result, "no-such-bucket-here")


def test_server_is_not_there(s3, tmp_path):
    nobody = s3.pomona(endpoint="http://127.0.0.1:1")
    refused(nobody("extract", s3.uri("images"), tmp_path / "table", seconds=120), s3.bucket)
