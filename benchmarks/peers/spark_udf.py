"""Peer: Spark's binaryFile source and an engine in a scalar-iterator pandas UDF.

The model is loaded once a task, of which there is one a core: `coalesce` joins the source's many
small partitions without shuffling the images' bytes, as `repartition` would.
"""

from collections.abc import Iterator

import pandas as pd
from engines import ENGINES
from job import Clock, arguments
from pixels import pixels
from pyspark.sql.functions import pandas_udf
from pyspark.sql.types import ArrayType, FloatType
from spark_session import images, session, write

ROWS = 256  # images in one Arrow batch to Python: bounds the worker's memory


def main() -> None:
    job = arguments(__doc__)
    engine, model, precision = ENGINES[job.engine], job.model, job.precision

    @pandas_udf(ArrayType(FloatType()))
    def features(batches: Iterator[pd.Series]) -> Iterator[pd.Series]:
        loaded = engine(model, precision)
        for batch in batches:
            yield pd.Series(loaded.features(pixels(content) for content in batch))

    spark = session(job.tasks)
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", ROWS)
    clock = Clock()
    table = images(spark, job.source).coalesce(job.tasks)
    write(table, features("content"), job.output)
    clock.finish()
    spark.stop()


if __name__ == "__main__":
    main()
