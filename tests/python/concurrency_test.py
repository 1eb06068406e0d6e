"""The GIL, Ctrl-C, the end of a process, forks.

No test here measures time: what is wrong hangs, and is ended by pytest's time-out.
"""

import os
import signal
import threading

import pyarrow
import pytest

import pomona

SCHEMA = pyarrow.schema({"uri": pyarrow.string()})


def test_references_can_come_from_python_while_a_reader_waits(images, extractor):
    """The pipeline asks a generator, which needs the GIL, while pyarrow waits for the rows."""
    uris = [f"file:{file}" for file in sorted(images.rglob("*.jpg"))]

    def batches():
        for uri in uris:
            yield pyarrow.record_batch({"uri": [uri]}, SCHEMA)

    reader = pyarrow.RecordBatchReader.from_batches(SCHEMA, batches())
    assert pyarrow.table(extractor.extract(reader))["uri"].to_pylist() == uris


def test_other_threads_run_while_one_extracts(images, extractor):
    """A reader's batch waits for a reference that only another Python thread lets go."""
    go = threading.Event()
    image = next(images.rglob("*.jpg"))

    def batches():
        go.wait()
        yield pyarrow.record_batch({"uri": [f"file:{image}"]}, SCHEMA)

    reader = pyarrow.RecordBatchReader.from_batches(SCHEMA, batches())
    stream = extractor.extract(reader)
    asked = threading.Event()

    def release():
        asked.wait()
        go.set()

    thread = threading.Thread(target=release)
    thread.start()
    asked.set()
    assert next(stream)["reject"].to_pylist() == [None]
    thread.join()


def test_a_call_after_the_first_starts_no_thread(images, extractor):
    image = next(images.rglob("*.jpg")).read_bytes()
    extractor.extract_bytes([image])
    threads = set(os.listdir("/proc/self/task"))
    for _ in range(5):
        extractor.extract_bytes([image])
        assert set(os.listdir("/proc/self/task")) <= threads


def test_an_unread_stream_can_be_dropped(images, extractor):
    def batches():
        while True:
            yield pyarrow.record_batch({"uri": [f"file:{next(images.rglob('*.jpg'))}"]}, SCHEMA)

    stream = extractor.extract(pyarrow.RecordBatchReader.from_batches(SCHEMA, batches()))
    next(stream)
    del stream


ENDLESS = """
import sys, pomona, pyarrow
schema = pyarrow.schema({"uri": pyarrow.string()})
def batches():
    while True:
        yield pyarrow.record_batch({"uri": ["file:" + sys.argv[1]]}, schema)
extractor = pomona.Extractor(threads=1, share_cores=True)
stream = extractor.extract(pyarrow.RecordBatchReader.from_batches(schema, batches()))
next(stream)
"""


def _interrupt(process) -> tuple[str, str]:
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    return process.communicate(timeout=120)


def test_ctrl_c_ends_an_iteration(start, images):
    program = ENDLESS + "print('ready', flush=True)\nfor batch in stream: pass\n"
    process = start(program, next(images.rglob("*.jpg")))
    _, stderr = _interrupt(process)
    assert stderr.rstrip().endswith("KeyboardInterrupt")
    assert process.returncode == -signal.SIGINT


def test_ctrl_c_ends_a_wait_and_the_stream_goes_on(start, images):
    program = """
import sys, threading, pomona, pyarrow
go = threading.Event()
schema = pyarrow.schema({"uri": pyarrow.string()})
def batches():
    go.wait()
    yield pyarrow.record_batch({"uri": ["file:" + sys.argv[1]]}, schema)
stream = pomona.Extractor(threads=1, share_cores=True).extract(
    pyarrow.RecordBatchReader.from_batches(schema, batches()))
try:
    print("ready", flush=True)
    next(stream)
except KeyboardInterrupt:
    go.set()
    print(next(stream).num_rows)
"""
    process = start(program, next(images.rglob("*.jpg")))
    stdout, stderr = _interrupt(process)
    assert (stdout, stderr, process.returncode) == ("1\n", "", 0)


def test_ctrl_c_ends_what_pyarrow_reads(start, images):
    program = ENDLESS + (
        "try:\n"
        "    print('ready', flush=True)\n"
        "    pyarrow.table(stream)\n"
        # Arrow's C stream has no code for what was cancelled.
        "except pyarrow.ArrowInvalid as error: print(error)\n"
        # If Ctrl-C comes before pyarrow listens.
        "except KeyboardInterrupt: print('Cancelled: interrupted')\n"
    )
    process = start(program, next(images.rglob("*.jpg")))
    stdout, stderr = _interrupt(process)
    assert (stdout, stderr, process.returncode) == ("Cancelled: interrupted\n", "", 0)


def test_a_process_ends_with_a_stream_unfinished(start, images):
    for keeper in ("", "reader = pyarrow.RecordBatchReader.from_stream(stream)\n"):
        process = start(ENDLESS + keeper + "print('end')\n", next(images.rglob("*.jpg")))
        stdout, stderr = process.communicate(timeout=120)
        assert (stdout, stderr, process.returncode) == ("end\n", "", 0)


def test_a_fork_extracts_with_an_extractor_of_its_own(start, images):
    program = """
import multiprocessing, sys, pomona
def work(file):
    extractor = pomona.Extractor(threads=1, share_cores=True)
    return extractor.extract_bytes([open(file, "rb").read()]).shape
if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(2) as pool:
        print(pool.map(work, [sys.argv[1]] * 2))
"""
    process = start(program, next(images.rglob("*.jpg")))
    stdout, stderr = process.communicate(timeout=120)
    assert (stdout, process.returncode) == ("[(1, 1280), (1, 1280)]\n", 0), stderr


FORKED = """
import os, sys, pomona, pyarrow
def parent():
    {parent}
def child():
    {child}
kept = parent()
pid = os.fork()
if pid == 0:
    try: child()
    except pomona.PomonaError as error: print(str(error).splitlines()[0], flush=True)
    sys.exit(0)
print(os.waitpid(pid, 0)[1])
"""
IMAGE = "[open(sys.argv[1], 'rb').read()]"
OWN = "pomona.Extractor(threads=1, share_cores=True)"
ENDS = f"[{OWN}.extract_bytes({IMAGE})]"
LOADED_BEFORE = "a network was loaded before this process was forked, and its threads are not here"
OF_PARENT = "an Extractor does not work in the child of a fork: its threads are in the parent"
STREAM_OF_PARENT = "a stream does not work in the child of a fork: its threads are in the parent"
SOURCE = "pomona.extract(sys.argv[1], threads=1, share_cores=True)"


@pytest.mark.parametrize(
    ("parent", "child", "said"),
    [
        (f"return {OWN}", f"kept.extract_bytes({IMAGE})", OF_PARENT),
        (f"return {OWN}", ENDS, LOADED_BEFORE),
        (f"{OWN}", ENDS, LOADED_BEFORE),
        (f"{OWN}.extract_bytes({IMAGE})", f"{SOURCE}.read_all()", LOADED_BEFORE),
        (f"{SOURCE}.read_all()", f"{SOURCE}.read_all()", LOADED_BEFORE),
        (f"return {SOURCE}", "kept.read_all()", STREAM_OF_PARENT),
        (f"return {SOURCE}", "pyarrow.table(kept)", None),
        (f"return {SOURCE}", "kept.counters()", "a stream does not work in the child of a fork"),
        (f"return {SOURCE}", "kept.close()", ""),
        (f"return {SOURCE}", "global kept; del kept", ""),
        ("return pomona.list_images(sys.argv[1])", "next(kept)", STREAM_OF_PARENT),
    ],
)
def test_the_child_of_a_fork_is_refused_at_once_and_both_end(start, images, parent, child, said):
    program = FORKED.format(parent=parent, child=child)
    if said is None:  # pyarrow raises its own
        program = program.replace("except pomona.PomonaError", "except pyarrow.ArrowException")
        said = f"Unknown error: {STREAM_OF_PARENT}"
    process = start(program, next(images.rglob("*.jpg")))
    stdout, stderr = process.communicate(timeout=120)
    assert stdout == (f"{said}\n0\n" if said else "0\n"), stderr
    assert process.returncode == 0


def test_the_child_of_a_fork_lists_and_computes_what_needs_no_network(start, images):
    """What has threads of its own starts others: statistics that the parent used, too."""
    program = """
import os, sys, numpy, pomona
statistics = pomona.PcaStatistics(dim=64, threads=2)
rows = numpy.random.default_rng(1).normal(size=(5000, 64))
statistics.update(rows)
pomona.list_images(sys.argv[1]).read_all()
pid = os.fork()
if pid == 0:
    statistics.update(rows)
    print(statistics.count, pomona.list_images(sys.argv[1]).read_all().num_rows, flush=True)
    del statistics
    sys.exit(0)
print(os.waitpid(pid, 0)[1])
"""
    process = start(program, images)
    stdout, stderr = process.communicate(timeout=120)
    assert stdout == "10000 48\n0\n", stderr


POOL = """
import multiprocessing, sys, pomona
def work(file):
    try:
        extractor = pomona.Extractor(threads=1, share_cores=True)
        return str(extractor.extract_bytes([open(file, "rb").read()]).shape)
    except pomona.PomonaError as error:
        return str(error).splitlines()[0]
if __name__ == "__main__":
    pomona.Extractor(threads=1, share_cores=True)
    with multiprocessing.get_context(sys.argv[2]).Pool(2) as pool:
        print(*set(pool.map(work, [sys.argv[1]] * 2)))
"""


@pytest.mark.parametrize(
    ("method", "said"),
    [("fork", LOADED_BEFORE), ("forkserver", "(1, 1280)"), ("spawn", "(1, 1280)")],
)
def test_a_pool_of_each_kind_works_or_is_refused(start, images, method, said):
    process = start(POOL, next(images.rglob("*.jpg")), method)
    stdout, stderr = process.communicate(timeout=240)
    assert (stdout, process.returncode) == (f"{said}\n", 0), stderr


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_data_loader_works_or_is_refused(start, images, method):
    pytest.importorskip("torch", reason="LEFT OUT: torch is not installed")
    program = """
import sys, torch.utils.data, pomona
class Images(torch.utils.data.Dataset):
    def __len__(self): return 2
    def __getitem__(self, index):
        extractor = pomona.Extractor(threads=1, share_cores=True)
        return extractor.extract_bytes([open(sys.argv[1], "rb").read()])
if __name__ == "__main__":
    pomona.Extractor(threads=1, share_cores=True)
    loader = torch.utils.data.DataLoader(
        Images(), num_workers=1, multiprocessing_context=sys.argv[2])
    try: print(sum(len(batch) for batch in loader))
    except Exception as error: print("was forked" in str(error))
"""
    process = start(program, next(images.rglob("*.jpg")), method)
    stdout, stderr = process.communicate(timeout=240)
    assert stdout == ("True\n" if method == "fork" else "2\n"), stderr


@pytest.mark.timeout(45)
def test_closing_does_not_wait_for_the_batch_in_work(images):
    """Nor does Ctrl-C, which drops the stream. One core would work on this batch for minutes."""
    data = next(images.rglob("*.jpg")).read_bytes()
    batch = pyarrow.record_batch({"image": pyarrow.array([data] * 30_000, pyarrow.binary())})
    stream = pomona.Extractor(threads=1, share_cores=True).extract_images([batch])
    reader = threading.Thread(target=lambda: pytest.raises(pomona.PomonaError, next, stream))
    reader.start()
    stream.close()
    reader.join()
