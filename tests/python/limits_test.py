"""Where the system gives no more memory: an exception, and not the end of the process, but where
the C library itself ends it. Right below what a run needs (some 500 MiB beside Python itself)
Arrow may end it, too: it copies the status that says so in a function which must not throw."""

import pytest

# As Spark does it for spark.executor.pyspark.memory.
PROGRAM = """
import resource, sys, pomona
if sys.argv[2] != "0":
    limit = int(sys.argv[2]) << 20
    used = int(open("/proc/self/statm").read().split()[0]) * 4096
    resource.setrlimit(resource.RLIMIT_AS, (used + limit, used + limit))
try:
    stream = pomona.extract(sys.argv[1], threads=2, share_cores=True)
    print(sum(batch.num_rows for batch in stream), "rows")
except (pomona.PomonaError, MemoryError) as error:
    print("raised", type(error).__name__)
"""


@pytest.mark.parametrize("mebibytes", [16, 48, 96, 160, 256])
def test_a_limited_address_space_ends_in_an_exception_or_in_rows(start, images, mebibytes):
    process = start(PROGRAM, images, mebibytes)
    stdout, stderr = process.communicate(timeout=120)
    # glibc has no error for this: a library that was loaded late wants memory of a thread's own.
    if process.returncode == 127 and stderr.startswith("cannot allocate memory for thread-local"):
        return
    assert process.returncode == 0, (stdout, stderr)
    assert stdout == "48 rows\n" or stdout.startswith("raised"), stderr
