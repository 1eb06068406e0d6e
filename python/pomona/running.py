"""A folder or bucket of images becomes a table: what the command line does."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from typing import Unpack, cast

from pomona import _core
from pomona._signature import takes
from pomona.options import RunOptions, Storage
from pomona.reports import Plan, RunProgress, RunReport, VerifyReport

Place = str | bytes | PathLike[str]


@takes(RunOptions)
def run(
    source: Place,
    output: Place,
    *,
    progress: Callable[[RunProgress], object] | None = None,
    **options: Unpack[RunOptions],
) -> RunReport:
    """Makes or continues a feature table, as `pomona extract` does. The same call again continues
    where the last one stopped, whatever ended that.

    source: a folder, a file, or s3://bucket/prefix (s3a:// is the same), hdfs://, gs://, abfs://.
    output: a folder or URI; docs/format/output.md says what appears in it.
    progress: is called some times a second, on this thread. Costs a second listing of the source.
        What it raises ends the run, and is raised.
    {options}

    Ctrl-C ends the run with KeyboardInterrupt; what was committed stays.

    InvalidOption, also for an output that holds something else or was made with other options, and
    NotFound (the model): nothing was changed. TooManyRejects, DamagedData, StorageError,
    PomonaError: the same call continues it.
    """
    return cast(RunReport, _core.run(source, output, progress, **options))


@takes(RunOptions)
def plan(
    source: Place, output: Place, *, classifier: Place | None = None, **options: Unpack[RunOptions]
) -> Plan:
    """What run() would do now with the same arguments. Lists the source and loads the model; writes
    nothing.

    source, output: see run.
    classifier: what predict() would do with it, instead; what makes features is the classifier's.
    {options}

    InvalidOption; NotFound (the model); StorageError; DamagedData (the output). What run() would
    refuse in this output is in `refusal`.
    """
    return cast(Plan, _core.plan(source, output, classifier, **options))


def verify(output: Place, *, quick: bool = False, storage: Storage | None = None) -> VerifyReport:
    """Proves a finished table by reading all of it. It is proved if `problems` is empty.

    output: a folder or URI.
    quick: names, sizes and the states' hashes alone; no data is read.
    storage: see Storage.

    InvalidOption; NotFound, if there is no table of pomona; StorageError.
    """
    return cast(VerifyReport, _core.verify(output, quick=quick, storage=storage))
