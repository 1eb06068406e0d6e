"""The images of the Spark benchmarks: the real ones, copied until there are enough.

Copies and not links, since not every contestant follows links; kept in build/bench.
"""

import pathlib
import shutil

from measure import REPOSITORY, count_images, test_data

BENCH = REPOSITORY / "build" / "bench"
ENOUGH = 20_000


def images(copies: int) -> pathlib.Path:
    """A folder with `copies` copies of the test data, each in a folder of its own."""
    data = test_data()
    folder = BENCH / "images" / f"{data.name}-{copies}"
    if not folder.exists():
        making = folder.with_name(folder.name + ".making")
        shutil.rmtree(making, ignore_errors=True)
        for number in range(copies):
            shutil.copytree(data, making / f"copy-{number:03}", copy_function=shutil.copyfile)
        making.rename(folder)
    return folder


def copies_for(wanted: int) -> int:
    return -(-wanted // count_images(test_data()))
