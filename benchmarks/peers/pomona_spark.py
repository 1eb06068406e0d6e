"""Pomona on Spark, as contestant beside the peers; also says how much memory its workers took."""

import os
import pathlib

from job import Clock, arguments
from pomona.spark import PARQUET_OPTIONS, extract
from spark_session import session


def worker_peaks() -> list[int]:
    """Peak resident bytes (VmHWM) of each Python process that Spark forked and that still lives."""
    peaks = []
    for folder in pathlib.Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            if b"pyspark.daemon" not in (folder / "cmdline").read_bytes():
                continue
            status = dict(
                line.split(":", 1) for line in (folder / "status").read_text().splitlines()
            )
        except OSError:
            continue  # it ended meanwhile
        if descends_from(int(folder.name), os.getpid()):
            peaks.append(int(status["VmHWM"].split()[0]) * 1024)
    return peaks


def descends_from(pid: int, ancestor: int) -> bool:
    while pid > 1:
        if pid == ancestor:
            return True
        try:
            stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return False
        pid = int(stat.rsplit(")", 1)[1].split()[1])
    return False


def main() -> None:
    job = arguments(__doc__)
    spark = session(job.tasks)
    clock = Clock()
    table = extract(spark, job.source, precision=job.precision)
    table.write.options(**PARQUET_OPTIONS).mode("overwrite").parquet(job.output)
    clock.finish(worker_peak_bytes=max(worker_peaks(), default=0))
    spark.stop()


if __name__ == "__main__":
    main()
