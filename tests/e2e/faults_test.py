"""A store that stumbles costs time, never rows; one that keeps failing costs a reject, or ends the
run so that it can be continued."""

import pytest
from program import FAILED, OK
from servers.proxy import FaultProxy
from table import Table

OPTIONS = ("--rows-per-file", 10)
# Where it is not the number of tries that is tested, fewer of them save the waits between them.
FEW_TRIES = ("--max-attempts", 3)


@pytest.fixture
def source(s3, some_images):
    s3.put_folder(some_images, "source")
    return s3.uri("source")


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    "faults",
    [("--fail-503", "0.2"), ("--fail-500", "0.2"), ("--reset", "0.2"), ("--short", "0.2"),
     ("--fail-503", "0.1", "--fail-500", "0.05", "--reset", "0.05", "--short", "0.05")],
    ids=lambda faults: " ".join(faults),
)  # fmt: skip
def test_passing_faults_cost_no_row(s3, source, tmp_path, faults, seed):
    s3.pomona().ok("extract", source, tmp_path / "calm", *OPTIONS)
    with FaultProxy(s3.endpoint, *faults, "--seed", str(seed)) as proxy:
        stormy = s3.pomona(proxy.endpoint)
        report = stormy.ok("extract", source, tmp_path / "table", *OPTIONS, "--json").json()
        spoiled = sum(proxy.counts()["faults"].values())
    assert spoiled > 0
    assert report["retries"] > 0
    assert report["rejects"] == {}
    assert Table(tmp_path / "table").content() == Table(tmp_path / "calm").content()


def test_faults_on_the_way_out_cost_no_row(s3, source):
    s3.pomona().ok("extract", source, s3.uri("calm"), *OPTIONS)
    with FaultProxy(s3.endpoint, "--fail-503", "0.1", "--reset", "0.03") as proxy:
        s3.pomona(proxy.endpoint).ok("extract", source, s3.uri("table"), *OPTIONS)
    assert s3.table("table").content() == s3.table("calm").content()
    assert s3.pomona()("verify", s3.uri("table")).code == OK


@pytest.mark.parametrize(
    ("status", "reason"),
    [(403, "forbidden"), (404, "not_found"), (412, "changed"), (500, "unavailable"),
     (503, "unavailable")],
)  # fmt: skip
def test_an_object_that_cannot_be_had_is_rejected(
    s3, source, some_images, tmp_path, status, reason
):
    victim = sorted(some_images.rglob("*.jpg"))[5]
    s3.put("source/victim.jpg", victim.read_bytes())
    with FaultProxy(s3.endpoint, "--answer", f"victim.jpg={status}") as proxy:
        s3.pomona(proxy.endpoint).ok("extract", source, tmp_path / "table", *OPTIONS, *FEW_TRIES)
        answered = proxy.counts()["faults"]["answer"]
    assert Table(tmp_path / "table").reject_reasons() == {"victim.jpg": reason}
    assert len(Table(tmp_path / "table").paths()) == 48
    assert (answered > 1) == (status >= 500), "what may pass is retried, what will not is not"


def test_what_storage_refused_is_tried_again_by_update(s3, source, some_images, tmp_path):
    s3.put("source/victim.jpg", next(some_images.rglob("*.jpg")).read_bytes())
    with FaultProxy(s3.endpoint, "--answer", "victim.jpg=403") as proxy:
        s3.pomona(proxy.endpoint).ok("extract", source, tmp_path / "table", *OPTIONS)
    update = s3.pomona().ok("extract", source, tmp_path / "table", *OPTIONS, "--update", "--json")
    assert update.json()["images"] == 1
    assert Table(tmp_path / "table").rejects() == []
    assert len(Table(tmp_path / "table").paths()) == 49


def test_on_error_fail_ends_the_run_after_all_tries(s3, source, some_images, tmp_path):
    s3.put("source/victim.jpg", next(some_images.rglob("*.jpg")).read_bytes())
    with FaultProxy(s3.endpoint, "--answer", "victim.jpg=503") as proxy:
        strict = s3.pomona(proxy.endpoint)
        result = strict("extract", source, tmp_path / "table", *OPTIONS, "--on-error", "fail")
    assert result.code == FAILED
    assert "victim.jpg" in result.stderr


@pytest.mark.parametrize("writes", [0, 4, 9, 15])
def test_an_output_store_that_fails_mid_run_can_be_continued(s3, source, writes):
    s3.pomona().ok("extract", source, s3.uri("calm"), *OPTIONS)
    with FaultProxy(s3.endpoint, "--fail-writes-after", str(writes)) as proxy:
        broken = s3.pomona(proxy.endpoint)(
            "extract", source, s3.uri("table"), *OPTIONS, *(FEW_TRIES if writes else ())
        )
    assert broken.code == FAILED, broken.stderr
    # A slow machine may have said how far it is before.
    assert any(line.startswith("error: ") for line in broken.stderr.splitlines()), broken.stderr
    assert not s3.table("table").is_finished()
    s3.pomona().ok("extract", source, s3.uri("table"), *OPTIONS)
    assert s3.table("table").content() == s3.table("calm").content()
    assert s3.pomona()("verify", s3.uri("table")).code == OK
