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
from pomona.classifier import Classifier  # noqa: E402
from pomona.curating import find_label_issues, issues, suggest  # noqa: E402
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
from pomona.learning import evaluate, predict, train  # noqa: E402
from pomona.listing import list_images, read_features  # noqa: E402
from pomona.listing_summary import ListingSummary  # noqa: E402
from pomona.mapping import Projection, map, project  # noqa: E402
from pomona.nearest import NeighborIndex, duplicates, neighbors  # noqa: E402
from pomona.options import Storage  # noqa: E402
from pomona.reports import (  # noqa: E402
    EvaluateReport,
    IssuesReport,
    MapReport,
    PageReport,
    Plan,
    PlannedPart,
    PredictReport,
    RunProgress,
    RunReport,
    SplitFold,
    SplitPart,
    SplitReport,
    SuggestReport,
    TrainReport,
    VerifyReport,
)
from pomona.running import plan, run, verify  # noqa: E402
from pomona.showing import report  # noqa: E402
from pomona.splitting import split  # noqa: E402

__all__ = [
    "Classifier",
    "DamagedData",
    "EvaluateReport",
    "Extractor",
    "FeatureStream",
    "ImageError",
    "ImageStream",
    "InvalidOption",
    "IssuesReport",
    "ListingSummary",
    "MapReport",
    "Model",
    "NeighborIndex",
    "NotFound",
    "OutOfMemory",
    "PageReport",
    "PcaModel",
    "PcaStatistics",
    "Plan",
    "PlannedPart",
    "PomonaError",
    "PredictReport",
    "Projection",
    "RejectLimit",
    "RunProgress",
    "RunReport",
    "SplitFold",
    "SplitPart",
    "SplitReport",
    "Storage",
    "StorageError",
    "Stream",
    "SuggestReport",
    "TooManyRejects",
    "TrainReport",
    "VerifyReport",
    "__version__",
    "check_output",
    "duplicates",
    "evaluate",
    "extract",
    "find_label_issues",
    "issues",
    "list_images",
    "map",
    "models",
    "neighbors",
    "plan",
    "predict",
    "project",
    "read_features",
    "report",
    "run",
    "split",
    "suggest",
    "train",
    "verify",
]
