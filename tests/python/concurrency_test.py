"""The GIL, Ctrl-C, the end of a process, forks.

No test here measures time: what is wrong hangs, and is ended by pytest's time-out.
"""

import signal
import threading

import pyarrow

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
print("ready", flush=True)
try:
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


def test_a_fork_refuses_its_parents_extractor_and_both_end(start, images):
    program = (
        ENDLESS
        + """
import os
child = os.fork()
if child == 0:
    try: extractor.extract_bytes([])
    except pomona.PomonaError as error: print(str(error).splitlines()[0], flush=True)
    sys.exit(0)
print(os.waitpid(child, 0)[1])
"""
    )
    process = start(program, next(images.rglob("*.jpg")))
    stdout, stderr = process.communicate(timeout=120)
    assert stdout == "an Extractor does not work in the child of a fork\n0\n", stderr
    assert process.returncode == 0
