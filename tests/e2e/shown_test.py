"""What people are shown: no credentials, and nothing that a terminal obeys."""

import json
import pathlib
import re
import shutil

import pytest
from odd_files import encoded, picture, write_files
from program import FAILED, OK, REFUSED, TOO_MANY_REJECTS
from strange_server import error, page, serving
from table import Table

SECRETS = ("wJalrXUtnFEMI", "bPxRfiCYEXAMPLEKEY")
SECRET = "/".join(SECRETS)
EVIL = "\x1b[31mred\x07\x7f\nhint: run this\r\u009b1m\u202e"
CONTROLS = "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]"
TFLITE = pathlib.Path(__file__).parent.parent / "tensorflow" / "small.tflite"

URIS = {
    "s3-keys": f"s3://AKIDEXAMPLE:{SECRET}@bucket/photos",
    "s3a-keys": f"s3a://AKIDEXAMPLE:{SECRET}@bucket/photos",
    "s3-signature": f"s3://bucket/photos?X-Amz-Credential=A&X-Amz-Signature={SECRET}",
    "https-signature": f"https://bucket.s3.amazonaws.com/photos?X-Amz-Signature={SECRET}",
    "https-password": f"https://user:{SECRET}@host/photos",
    "hdfs-password": f"hdfs://user:{SECRET}@host:1/photos",
    "gs-token": f"gs://token:{SECRET}@bucket/photos",
    "azure-signature": f"abfs://user:{SECRET}@account.dfs.core.windows.net/photos?sig={SECRET}",
    "controls": f"TMP/nowhere/{EVIL}",
    "s3-controls": f"s3://bucket/{EVIL}",
    "s3-bucket-controls": f"s3://{EVIL}/photos",
    "scheme-controls": f"ftp://{EVIL}",
}
COMMANDS = {
    "list": ["list", "URI"],
    "plan": ["plan", "URI", "OUTPUT"],
    "plan-output": ["plan", "SOURCE", "URI"],
    "price": ["plan", "URI", "--prices", "URI"],
    "extract": ["extract", "URI", "OUTPUT"],
    "extract-output": ["extract", "SOURCE", "URI"],
    "extract-model": ["extract", "SOURCE", "OUTPUT", "--model", "URI"],
    "extract-report": ["extract", "SOURCE", "OUTPUT", "--report", "URI"],
    "extract-metrics": ["extract", "SOURCE", "OUTPUT", "--metrics-file", "URI"],
    "extract-unknown": ["extract", "SOURCE", "OUTPUT", "URI"],
    "extract-option": ["extract", "SOURCE", "OUTPUT", "--resize", "URI"],
    "extract-endpoint": ["extract", "s3://bucket/a", "OUTPUT", "--s3-endpoint", "URI"],
    "extract-region": ["extract", "s3://bucket/a", "OUTPUT", "--s3-region", "URI"],
    "pca": ["pca", "URI", "OUTPUT"],
    "pca-output": ["pca", "SOURCE", "URI"],
    "pca-model": ["pca", "SOURCE", "OUTPUT", "--model", "URI"],
    "split": ["split", "URI", "OUTPUT", "--folds", "2"],
    "split-output": ["split", "SOURCE", "URI", "--folds", "2"],
    "split-group": ["split", "SOURCE", "OUTPUT", "--folds", "2", "--group", "URI"],
    "verify": ["verify", "URI"],
    "model-show": ["model", "show", "URI"],
    "model-add": ["model", "add", "name", "URI"],
    "doctor": ["doctor", "--no-speed-test", "--s3-endpoint", "URI"],
}


def check(text: str, lines_of_ours: bool = True) -> None:
    for secret in SECRETS:
        assert secret not in text
    assert not re.search(CONTROLS, text), repr(text)
    for line in text.splitlines() if lines_of_ours else []:
        assert not line.startswith("hint: run this"), text


@pytest.fixture(scope="module")
def one_image(tmp_path_factory):
    return write_files(
        tmp_path_factory.mktemp("one") / "photos", {"a.jpg": encoded(picture(), "JPEG")}
    )


@pytest.mark.parametrize("uri", URIS)
@pytest.mark.parametrize("command", COMMANDS)
def test_an_argument_is_shown_without_secrets_and_controls(
    pomona, one_image, tmp_path, command, uri
):
    words = {
        "URI": URIS[uri].replace("TMP", str(tmp_path)),
        "SOURCE": one_image,
        "OUTPUT": tmp_path / "table",
    }
    arguments = [words.get(word, word) for word in COMMANDS[command]]
    if arguments[0] in ("extract", "list", "pca", "split", "verify") or command.startswith("plan"):
        arguments += ["--max-attempts", 1]
    nobody = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
              "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "us-east-1"}  # fmt: skip
    result = pomona(*arguments, env=nobody, cwd=tmp_path, seconds=60)
    # A local folder of that name can be made.
    assert result.code != OK or uri == "controls" or command in ("extract-report", "doctor")
    # A line break in one's own argument may pass for one of ours.
    check(result.stdout + result.stderr, lines_of_ours=False)
    for file in tmp_path.rglob("*.json"):
        for secret in SECRETS:
            assert secret not in file.read_text(), file


def test_names_of_files_are_shown_without_controls(pomona, tmp_path):
    folder = write_files(tmp_path / f"a{EVIL}b", {f"{EVIL}.jpg": b"no image"})
    table = tmp_path / "table"
    for arguments in (
        ["list", folder],
        ["list", folder, "--summary"],
        ["extract", folder, table, "--on-error", "fail"],
        ["plan", folder, table, "--explain"],
        ["extract", folder, table, "--max-rejects", "100%"],
        ["verify", table],
    ):
        result = pomona(*arguments)
        assert "Traceback" not in result.stderr
        check(result.stdout + result.stderr)
    (folder / f"2{EVIL}.jpg").write_bytes(b"no image either")
    check(pomona("extract", folder, table).stderr)
    rejects = Table(table).rejects()
    assert len(rejects) == 1
    for row in rejects:
        check(row["message"])
    check((table / "_pomona" / "report.json").read_text(), lines_of_ours=False)


def test_cards_are_shown_without_controls(pomona, one_image, tmp_path):
    shutil.copy(TFLITE, tmp_path / "small.tflite")
    card = dict.fromkeys(("name", "description", "source", "license"), EVIL)
    (tmp_path / "small.tflite.card.json").write_text(json.dumps(card))
    shown = pomona("model", "show", tmp_path / "small.tflite")
    check(shown.stdout + shown.stderr)
    listed = tmp_path / "models" / "small"
    listed.mkdir(parents=True)
    shutil.copy(TFLITE, listed / "model.tflite")
    (listed / "card.json").write_text(json.dumps(card))
    check(pomona("model", "list", env={"POMONA_MODELS": str(listed.parent)}).stdout)
    result = pomona("extract", one_image, tmp_path / "table", "--model", tmp_path / "small.tflite",
                    "--preprocess", "none", "--metrics-file", tmp_path / "run.prom")  # fmt: skip
    check(result.stdout + result.stderr)
    if (tmp_path / "run.prom").exists():
        check((tmp_path / "run.prom").read_text())


@pytest.mark.parametrize("status", [403, 404, 400, 500])
def test_words_of_a_server_are_shown_without_controls(pomona, one_image, tmp_path, status):
    words = re.sub("[\x00-\x09\x0b-\x1f]", "", EVIL) + f" s3://A:{SECRET}@b"

    def answer(path, _headers):
        if "list-type" in path and "photos" in path:
            return page(["photos/a.jpg"])
        return error(status, f"Bad{words}", words)

    with serving(answer) as server:
        many = ["--max-attempts", 1]
        results = [
            pomona("list", "s3://bucket/other", *many, env=server),
            pomona("extract", "s3://bucket/photos", tmp_path / "table", *many, env=server),
            pomona("extract", one_image, "s3://bucket/table", *many, env=server),
            pomona("verify", "s3://bucket/table", *many, env=server),
        ]
    assert {result.code for result in results} <= {OK, FAILED, REFUSED, TOO_MANY_REJECTS}
    for result in results:
        check(result.stdout + result.stderr)
    for row in Table(tmp_path / "table").rejects():
        check(row["message"])
