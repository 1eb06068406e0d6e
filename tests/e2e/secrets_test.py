"""Runs that fail for their credentials keep them: no message, report, table or metric has a key."""

import pytest
from program import FAILED, OK, REFUSED
from servers.proxy import FaultProxy

WRONG_SECRET = "wrongsecret" * 4
UNKNOWN_KEY = "AKIANOBODYKNOWSTHIS0"
TOKEN = "sessiontoken" * 8


def from_a_profile(folder):
    """The same wrong key, out of a file."""
    (folder / "credentials").write_text(
        f"[fruits]\naws_access_key_id = {UNKNOWN_KEY}\naws_secret_access_key = {WRONG_SECRET}\n"
    )
    # An empty variable is none.
    none = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    return {**none, "AWS_PROFILE": "fruits",
            "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials")}  # fmt: skip


FAILING = {
    "wrong-secret": lambda _: {"AWS_SECRET_ACCESS_KEY": WRONG_SECRET},
    "unknown-key": lambda _: {"AWS_ACCESS_KEY_ID": UNKNOWN_KEY},
    "token-nobody-gave": lambda _: {"AWS_SESSION_TOKEN": TOKEN},
    "profile": from_a_profile,
}


def check(store, folder, *results) -> None:
    """No key, no token and no signature in what was said, nor in any file of `folder`."""
    texts = {f"output {i}": r.stdout + r.stderr for i, r in enumerate(results)}
    texts |= {
        str(path): path.read_bytes().decode(errors="replace")
        for path in folder.rglob("*") if path.is_file()
    }  # fmt: skip
    secrets = [store.credentials["AWS_SECRET_ACCESS_KEY"], WRONG_SECRET, TOKEN]
    secrets += ["AWS4-HMAC", "Signature=", "authorization:"]
    for name, text in texts.items():
        for secret in secrets:
            assert secret.lower() not in text.lower(), name


@pytest.mark.parametrize("failing", FAILING)
def test_no_command_shows_keys_that_fail(any_s3, some_images, tmp_path, failing):
    any_s3.put_folder(some_images, "source")
    secret_folder, folder = tmp_path / "home", tmp_path / "left"
    secret_folder.mkdir()
    folder.mkdir()
    pomona = any_s3.pomona(**FAILING[failing](secret_folder))
    extract = ["--report", folder / "report.json", "--metrics-file", folder / "run.prom", "--json"]
    results = [
        pomona("list", any_s3.uri("source"), seconds=60),
        pomona("plan", any_s3.uri("source"), folder / "table", "--explain", seconds=60),
        pomona("extract", any_s3.uri("source"), folder / "table", *extract, seconds=60),
        pomona("extract", some_images, any_s3.uri("table"), *extract, seconds=60),
        pomona("pca", any_s3.uri("table"), folder / "pca", "--variance", "0.9", seconds=60),
        pomona("verify", any_s3.uri("table"), seconds=60),
    ]
    assert {result.code for result in results} <= {FAILED, REFUSED}
    check(any_s3, folder, *results)


def test_images_that_are_forbidden_leave_no_key_in_table_and_report(s3, some_images, tmp_path):
    """The listing is allowed, some reads are not: the rejects say so."""
    s3.put_folder(some_images, "source")
    name = next(some_images.rglob("*.jpg")).name
    with FaultProxy(s3.endpoint, "--answer", f"{name}=403") as proxy:
        result = s3.pomona(proxy.endpoint)(
            "extract", s3.uri("source"), tmp_path / "table", "--json",
            "--metrics-file", tmp_path / "run.prom",
        )  # fmt: skip
    assert result.code == OK, result.stderr
    assert result.json()["rejects"].get("forbidden", 0) > 0
    check(s3, tmp_path, result)


def test_doctor_shows_no_key(s3, tmp_path):
    for keys in ({}, {"AWS_SECRET_ACCESS_KEY": WRONG_SECRET}, {"AWS_SESSION_TOKEN": TOKEN}):
        check(s3, tmp_path, s3.pomona(**keys)("doctor"))
