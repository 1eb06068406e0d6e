"""pomona.run, plan and verify: what the command line does, without a process of its own."""

import json
import signal
import threading
import time
import typing

import pyarrow.parquet
import pytest
from pomona.reports import NetworkReport

import pomona

OPTIONS = {"threads": 2, "share_cores": True, "rows_per_file": 20}


def test_a_run_makes_a_table_and_says_what_it_did(images, tmp_path):
    report = pomona.run(images, tmp_path / "table", **OPTIONS)
    assert (report["references"], report["rows"], report["parts"]) == (48, 48, 3)
    assert report["model"]["feature_dim"] == 1280
    assert pyarrow.parquet.read_table(tmp_path / "table").num_rows == 48
    stored = json.loads((tmp_path / "table" / "_pomona" / "report.json").read_text())
    assert stored["images"] == report["images"] == 48
    again = pomona.run(images, tmp_path / "table", **OPTIONS)
    assert (again["images"], again["unchanged"]) == (0, 48)


def test_reports_have_the_keys_of_their_types(own_images, tmp_path):
    (own_images / "bad.jpg").write_bytes(b"no image")
    plan = pomona.plan(own_images, tmp_path / "table", **OPTIONS)
    assert plan["added"] == 49 and not plan["finished"]
    assert [part["action"] for part in plan["parts"]] == ["extract"] * 3
    assert not (tmp_path / "table").exists()
    report = pomona.run(own_images, tmp_path / "table", price_per_hour=0.5, **OPTIONS)
    assert report["rejects"] == {"unsupported_format": 1}
    proof = pomona.verify(tmp_path / "table")
    assert proof["problems"] == [] and (proof["rows"], proof["rejects"]) == (48, 1)
    for made, kind in [(report, pomona.RunReport), (report["model"], NetworkReport),
                       (proof, pomona.VerifyReport),
                       (plan["parts"][0], pomona.PlannedPart)]:  # fmt: skip
        assert made.keys() == typing.get_type_hints(kind).keys()
    assert plan.keys() == pomona.Plan.__required_keys__


def test_progress_is_told_on_this_thread(images, tmp_path):
    seen = []

    def tell(progress: pomona.RunProgress):
        seen.append((threading.get_ident(), progress))

    pomona.run(images, tmp_path / "table", progress=tell, **OPTIONS)
    assert {thread for thread, _ in seen} == {threading.get_ident()}
    last = seen[-1][1]
    assert last.keys() == typing.get_type_hints(pomona.RunProgress).keys()
    assert (last["images"], last["references"]) == (48, 48)


def test_what_progress_raises_ends_the_run(images, tmp_path):
    def tell(progress):
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        pomona.run(images, tmp_path / "table", progress=tell, **OPTIONS)
    # And the same call goes on.
    assert pomona.run(images, tmp_path / "table", **OPTIONS)["rows"] == 48


PROGRAM = """
import sys, pomona
def tell(progress):
    print("running", flush=True)
try:
    pomona.run(sys.argv[1], sys.argv[2], progress=tell, threads=1, share_cores=True)
except KeyboardInterrupt:
    print("interrupted")
"""


def test_ctrl_c_ends_a_run(tmp_path, images, start):
    many = tmp_path / "many"
    many.mkdir()
    files = sorted(images.rglob("*.jpg"))
    for number in range(3000):
        (many / f"{number}.jpg").symlink_to(files[number % len(files)])
    process = start(PROGRAM, many, tmp_path / "table")
    assert process.stdout.readline() == "running\n"
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert time.monotonic() - began < 10
    assert stdout.endswith("interrupted\n"), stderr
    assert not (tmp_path / "table" / "_SUCCESS").exists()


def test_refusals_are_by_kind(images, own_images, tmp_path):
    with pytest.raises(pomona.NotFound):
        pomona.run(images, tmp_path / "table", model="resnet-9000")
    with pytest.raises(pomona.InvalidOption, match="exclude each other"):
        pomona.run(images, tmp_path / "table", overwrite=True, update=True)
    with pytest.raises(pomona.StorageError, match="missing"):
        pomona.run(tmp_path / "missing", tmp_path / "table")
    with pytest.raises(pomona.InvalidOption, match="on_error"):
        pomona.run(images, tmp_path / "table", on_error="shrug")
    with pytest.raises(pomona.NotFound):
        pomona.verify(tmp_path / "missing")
    assert not (tmp_path / "table").exists()
    (own_images / "bad.jpg").write_bytes(b"no image")
    with pytest.raises(pomona.TooManyRejects):
        pomona.run(own_images, tmp_path / "table", max_rejects=0, **OPTIONS)
    with pytest.raises(pomona.DamagedData, match="bad image"):
        pomona.run(own_images, tmp_path / "other", on_error="fail", **OPTIONS)
    pomona.run(own_images, tmp_path / "table", **OPTIONS)
    assert "refusal" in pomona.plan(own_images, tmp_path / "table", **{**OPTIONS, "label": "none"})


def test_the_gil_is_free_meanwhile(images, tmp_path):
    ticks = []
    done = threading.Event()

    def tick():
        while not done.wait(0.01):
            ticks.append(1)

    thread = threading.Thread(target=tick)
    thread.start()
    pomona.run(images, tmp_path / "table", **OPTIONS)
    done.set()
    thread.join()
    assert len(ticks) > 5
