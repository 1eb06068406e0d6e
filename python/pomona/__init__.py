"""A folder or bucket of images becomes a feature table.

>>> import pomona, pyarrow
>>> table = pyarrow.table(pomona.extract("photos/"))  # uri, size, ..., label, features, reject

Everything that moves is a stream of Arrow record batches: what `list_images` and `extract` return
can be iterated, and handed to whatever reads `__arrow_c_stream__`: pyarrow, polars, DuckDB.
"""

from pomona._libraries import load as _load

_load()

from pomona._core import (  # noqa: E402  (the libraries come first)
    FeatureStream,
    ImageStream,
    Model,
    PcaModel,
    PcaStatistics,
    RejectLimit,
    Stream,
    __version__,
    check_output,
    models,
)
from pomona.errors import (  # noqa: E402
    DamagedData,
    ImageError,
    InvalidOption,
    NotFound,
    OutOfMemory,
    PomonaError,
    StorageError,
    TooManyRejects,
)
from pomona.extraction import Extractor, extract  # noqa: E402
from pomona.listing import list_images, read_features  # noqa: E402
from pomona.listing_summary import ListingSummary  # noqa: E402
from pomona.nearest import duplicates, neighbors  # noqa: E402
from pomona.options import Storage  # noqa: E402
from pomona.reports import (  # noqa: E402
    Plan,
    PlannedPart,
    RunProgress,
    RunReport,
    SplitFold,
    SplitPart,
    SplitReport,
    VerifyReport,
)
from pomona.running import plan, run, verify  # noqa: E402
from pomona.splitting import split  # noqa: E402

__all__ = [
    "DamagedData",
    "Extractor",
    "FeatureStream",
    "ImageError",
    "ImageStream",
    "InvalidOption",
    "ListingSummary",
    "Model",
    "NotFound",
    "OutOfMemory",
    "PcaModel",
    "PcaStatistics",
    "Plan",
    "PlannedPart",
    "PomonaError",
    "RejectLimit",
    "RunProgress",
    "RunReport",
    "SplitFold",
    "SplitPart",
    "SplitReport",
    "Storage",
    "StorageError",
    "Stream",
    "TooManyRejects",
    "VerifyReport",
    "__version__",
    "check_output",
    "duplicates",
    "extract",
    "list_images",
    "models",
    "neighbors",
    "plan",
    "read_features",
    "run",
    "split",
    "verify",
]
