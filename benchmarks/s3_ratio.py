"""2. `pomona extract` from a real S3 server, 20 ms away, over the same from a local folder; and
the client's own CPU time per GET, beside Arrow's S3 client's."""

import os
import pathlib
import shutil
import sys
import tempfile

from measure import REPOSITORY, count_images, extract, line, paired, program, spread, test_data

sys.path.insert(0, str(REPOSITORY / "tests"))

from servers.proxy import FaultProxy  # noqa: E402
from servers.s3 import VersityGateway  # noqa: E402

GOALS = {"f32": 0.90, "bf16": 0.82}
REPEATS = 3
ROUNDS = 3


def copies(source: pathlib.Path, times: int, target: pathlib.Path) -> pathlib.Path:
    for number in range(times):
        shutil.copytree(source, target / f"copy-{number:03}")
    return target


def measure(precision: str, goal: float, local: pathlib.Path, endpoint: str, env: dict) -> None:
    images = count_images(local)

    def from_s3() -> float:
        options = ("--s3-endpoint", endpoint, "--precision", precision)
        return images / extract("s3://bench", *options, env=env)["wall_seconds"]

    def from_disk() -> float:
        return images / extract(local, "--precision", precision)["wall_seconds"]

    ratio, ratios = paired(from_s3, from_disk, ROUNDS)
    line(f"2 S3 at 20 ms / local, {precision}", f">= {goal}", f"{ratio:.3f} ({spread(ratios)})")


def main() -> None:
    server = VersityGateway(keep_alive=True)
    environment = {**os.environ, **server.credentials()}
    try:
        with tempfile.TemporaryDirectory(prefix="pomona-bench-") as scratch:
            # The server's bucket is a folder: filled directly, read through S3.
            local = copies(test_data(), REPEATS, pathlib.Path(scratch) / "images")
            shutil.copytree(local, server.folder / "data" / "bench")
            with FaultProxy(server.endpoint, "--latency", "20ms") as proxy:
                for precision, goal in GOALS.items():
                    measure(precision, goal, local, proxy.endpoint, environment)
                counts = proxy.counts()
            asked = count_images(local) * ROUNDS * len(GOALS)
            line(
                "  requests per image",
                "1 GET, 0 HEAD",
                f"{counts['GET'] / asked:.3f} GET, {counts.get('HEAD', 0)} HEAD, "
                f"{counts['LIST']} listings",
            )
            arguments = ("s3://bench", "--s3-endpoint", server.endpoint)
            ours = program("s3_get_bench", *arguments, env=environment)
            arrows = program("s3_get_bench", *arguments, "--client", "arrow", env=environment)
            line(
                "  client CPU per GET",
                "<= 0.30 core-ms",
                f"{ours['core_ms_per_get']:.3f} core-ms; Arrow's client "
                f"{arrows['core_ms_per_get']:.3f}",
            )
    finally:
        server.stop()


if __name__ == "__main__":
    main()
