"""serve_ratio.py [SECONDS]: what HTTP adds to the engine, with the client on the same cores.

Prints the throughput of 16 clients, the latency of one, the memory of 1,000 idle connections, and
what SECONDS (default 60) of more requests than it can answer do."""

import pathlib
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from measure import POMONA, line, paired, program, spread, test_data

PORT = 18080
ROUNDS = 5
SECONDS = 5
IDLE = 1000


def trained(scratch: pathlib.Path) -> pathlib.Path:
    """A classifier of some images of the default network."""
    images = scratch / "images"
    images.mkdir()
    for label in sorted(folder for folder in test_data().iterdir() if folder.is_dir())[:4]:
        (images / label.name).symlink_to(label)
    subprocess.run([POMONA, "extract", images, scratch / "features", "--quiet"], check=True)
    subprocess.run([POMONA, "train", scratch / "features", scratch / "c", "--quiet"], check=True)
    return scratch / "c"


def resident(process: subprocess.Popen) -> int:
    text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(text.split("VmRSS:")[1].split()[0]) * 1024


def serving(classifier: pathlib.Path, *options) -> subprocess.Popen:
    process = subprocess.Popen(
        [POMONA, "serve", classifier, "--port", str(PORT), *map(str, options)],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    said = process.stderr.readline()
    if not said.startswith("serving "):
        raise RuntimeError(said + process.stderr.read())
    return process


def load(image: pathlib.Path, clients: int, seconds: float = SECONDS) -> dict:
    done = program("http_load_bench", PORT, image, "--clients", clients, "--seconds", seconds)
    if set(done["statuses"]) - {"200", "503"} or done["broken"]:
        raise RuntimeError(f"neither 200 nor 503: {done}")
    return done


def throughput(image: pathlib.Path) -> None:
    ratio, ratios = paired(
        lambda: load(image, 16)["answers_per_second"],
        lambda: program("engine_bench", "--seconds", SECONDS)["images_per_second"],
        ROUNDS,
    )
    line("16 clients / engine", ">= 0.90", f"{ratio:.3f} ({spread(ratios)})")


def latency(image: pathlib.Path) -> None:
    rounds = [
        (load(image, 1), program("engine_bench", "--seconds", SECONDS)["ms_per_image_alone"])
        for _ in range(3)
    ]
    engine = statistics.median(alone for _, alone in rounds)
    for name, goal in (("p50_ms", "1.5"), ("p99_ms", "5")):
        served = statistics.median(one[name] for one, _ in rounds)
        line(
            f"one client's {name[:3]} - engine", f"<= +{goal} ms",
            f"{served - engine:+.2f} ms ({served:.2f} and {engine:.2f})",
        )  # fmt: skip


def idle(process: subprocess.Popen) -> None:
    before = resident(process)
    connections = [socket.create_connection(("127.0.0.1", PORT)) for _ in range(IDLE)]
    # Each has asked once, as a browser that stays has.
    for one in connections:
        one.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        one.recv(4096)
    grown = resident(process) - before
    for one in connections:
        one.close()
    line("1,000 idle connections", "<= 20 MB", f"{grown / 1e6:.1f} MB")


def overload(classifier: pathlib.Path, image: pathlib.Path, seconds: float) -> None:
    """Twice as many requests at once as there may be: each is answered or told to come again."""
    process = serving(classifier, "--queue", 16)
    try:
        load(image, 64, 5)
        before = resident(process)
        done = load(image, 64, seconds)
        grown = resident(process) - before
        answered, busy = (done["statuses"].get(status, 0) for status in ("200", "503"))
        line(
            f"{seconds:.0f} s at more than it can", "no growth",
            f"{grown / 1e6:+.1f} MB, {answered:,} answers, {busy:,} x 503, nothing else",
        )  # fmt: skip
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(files, 4 * IDLE), files))
    image = next(test_data().rglob("*.jpg"))
    with tempfile.TemporaryDirectory(prefix="pomona-bench-") as scratch:
        classifier = trained(pathlib.Path(scratch))
        process = serving(classifier, "--max-connections", 2 * IDLE)
        try:
            load(image, 16, 2)
            throughput(image)
            latency(image)
            idle(process)
        finally:
            process.terminate()
            process.wait()
        time.sleep(1)
        overload(classifier, image, seconds)


if __name__ == "__main__":
    main()
