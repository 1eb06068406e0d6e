"""Principal components of a feature column, as stages of a pyspark.ml Pipeline."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark import keyword_only
from pyspark.ml import Estimator, Model
from pyspark.ml.functions import array_to_vector, vector_to_array
from pyspark.ml.linalg import DenseMatrix, DenseVector, VectorUDT
from pyspark.ml.param import Params, TypeConverters
from pyspark.ml.param.shared import HasInputCol, HasOutputCol, Param
from pyspark.ml.util import (
    DefaultParamsReadable,
    DefaultParamsReader,
    DefaultParamsWritable,
    DefaultParamsWriter,
)
from pyspark.sql import DataFrame, functions

import pomona
from pomona.spark.column import arrow_function
from pomona.spark.worker import task_threads

# Statistics that the driver merges itself; of more, executors merge some first.
_MERGED_BY_DRIVER = 8


class _PcaParams(HasInputCol, HasOutputCol):
    k = Param(Params._dummy(), "k", "components to keep", TypeConverters.toInt)
    variance = Param(
        Params._dummy(), "variance", "share of the variance to keep", TypeConverters.toFloat
    )
    center = Param(
        Params._dummy(), "center", "subtract the mean before projecting", TypeConverters.toBoolean
    )
    standardize = Param(
        Params._dummy(), "standardize", "divide by the standard deviation", TypeConverters.toBoolean
    )
    outputAs = Param(Params._dummy(), "outputAs", "vector or array", TypeConverters.toString)

    def __init__(self):
        super().__init__()
        self._setDefault(center=True, standardize=False, outputAs="vector")


class PCA(Estimator, _PcaParams, DefaultParamsReadable, DefaultParamsWritable):
    """Fits principal components to `inputCol`, a VectorUDT or array<float|double>.

        PCA(k=50, inputCol="features", outputCol="pca")
        PCA(variance=0.95, inputCol="features", outputCol="pca")

    The components are those of the covariance matrix, as of pyspark.ml.feature.PCA, whose
    projection does not subtract the mean: that is center=False. Executors compute statistics in one
    pass over the features, 6.6 MB a task for 1,280 of them, which are merged on the driver.
    Features that are not stored yet are computed for this: write or cache them first. Null features
    are skipped. Errors of fit(): InvalidOption.
    """

    @keyword_only
    def __init__(
        self,
        *,
        k: int | None = None,
        variance: float | None = None,
        inputCol: str | None = None,
        outputCol: str | None = None,
        center: bool = True,
        standardize: bool = False,
        outputAs: str = "vector",
    ):
        super().__init__()
        self.setParams(**self._input_kwargs)

    @keyword_only
    def setParams(self, **_) -> PCA:
        """Sets those given; keywords as of the constructor. None leaves one as it is."""
        given = {name: value for name, value in self._input_kwargs.items() if value is not None}
        return self._set(**given)

    def setK(self, value: int) -> PCA:
        return self._set(k=value)

    def setVariance(self, value: float) -> PCA:
        return self._set(variance=value)

    def setInputCol(self, value: str) -> PCA:
        return self._set(inputCol=value)

    def setOutputCol(self, value: str) -> PCA:
        return self._set(outputCol=value)

    def _fit(self, dataset: DataFrame) -> PCAModel:
        options = {
            name: self.getOrDefault(name)
            for name in ("k", "variance", "center", "standardize")
            if self.isDefined(name)
        }
        statistics = statistics_of(dataset, self.getInputCol())
        return self._copyValues(PCAModel(statistics.solve(**options)))


def statistics_of(dataset: DataFrame, column: str) -> pomona.PcaStatistics:
    """Those of all rows of a feature column, in one pass."""
    frame = dataset.select(functions.col(f"`{column}`").alias("features"))
    tasks = _tasks_at_a_time(dataset)
    partial = frame.coalesce(tasks).mapInArrow(_statistics_of_rows, "statistics binary")
    if tasks > _MERGED_BY_DRIVER:
        partial = partial.repartition(math.ceil(math.sqrt(tasks)))
        partial = partial.mapInArrow(_merged, "statistics binary")
    parts = [pomona.PcaStatistics.from_bytes(bytes(row.statistics)) for row in partial.collect()]
    if not parts:
        raise pomona.InvalidOption(f"no features in the column {column}")
    for part in parts[1:]:
        parts[0].merge(part)
    return parts[0]


def _tasks_at_a_time(dataset: DataFrame) -> int:
    """As many statistics as tasks run at once are enough; a Connect client cannot ask."""
    spark = dataset.sparkSession
    classic = hasattr(spark, "_jsparkSession")
    return spark.sparkContext.defaultParallelism if classic else _MERGED_BY_DRIVER


def _statistics_of_rows(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    statistics = None
    for batch in batches:
        features = batch.column(0).drop_null()
        if len(features):
            if statistics is None:
                statistics = pomona.PcaStatistics(_dim(features), task_threads())
            statistics.update(features)
    if statistics is not None:
        yield _as_batch(statistics)


def _dim(features: pa.Array) -> int:
    """Of lists, or of Spark's vectors: structs, whose size is null where they are dense."""
    if pa.types.is_struct(features.type):
        return features.field("size")[0].as_py() or len(features.field("values")[0])
    return len(features[0])


def _merged(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    merged = None
    for batch in batches:
        for part in batch.column(0):
            statistics = pomona.PcaStatistics.from_bytes(part.as_py())
            if merged is None:
                merged = statistics
            else:
                merged.merge(statistics)
    if merged is not None:
        yield _as_batch(merged)


def _as_batch(statistics: pomona.PcaStatistics) -> pa.RecordBatch:
    column = pa.array([statistics.to_bytes()], pa.binary())
    return pa.RecordBatch.from_arrays([column], names=["statistics"])


class _Project:
    """Arrays of features in, arrays of projections out."""

    def __init__(self, model: bytes):
        self._bytes = model

    def __call__(self, columns: Iterator[pa.Array]) -> Iterator[pa.Array]:
        model = pomona.PcaModel.from_bytes(self._bytes)
        threads = task_threads()
        for column in columns:
            rows = column.drop_null()
            lengths = (
                pc.unique(pc.list_value_length(rows)).to_pylist() if len(rows) else [model.dim]
            )
            if lengths != [model.dim]:
                raise pomona.InvalidOption(f"rows have {lengths} features, not {model.dim}")
            values = rows.flatten().to_numpy().reshape(-1, model.dim) if len(rows) else None
            projected = np.empty(0) if values is None else model.transform(values, threads).ravel()
            # A null among the offsets is a null list.
            ends = np.cumsum(column.is_valid().to_numpy(zero_copy_only=False) * model.k)
            offsets = np.concatenate([[0], ends]).astype(np.int32)
            mask = np.append(column.is_null().to_numpy(zero_copy_only=False), False)
            yield pa.ListArray.from_arrays(
                pa.array(offsets, mask=mask), pa.array(projected, pa.float64(), from_pandas=False)
            )


class _PcaModelWriter(DefaultParamsWriter):
    def saveImpl(self, path: str) -> None:
        super().saveImpl(path)
        row = (bytearray(self.instance.components.to_bytes()),)
        frame = self.sparkSession.createDataFrame([row], "model binary")
        frame.coalesce(1).write.parquet(f"{path}/data")


class _PcaModelReader(DefaultParamsReader):
    def load(self, path: str) -> PCAModel:
        model = super().load(path)
        row = self.sparkSession.read.parquet(f"{path}/data").first()
        model.components = pomona.PcaModel.from_bytes(bytes(row.model))
        return model


class PCAModel(Model, _PcaParams, DefaultParamsReadable, DefaultParamsWritable):
    """Fitted components. transform() adds `outputCol`, by `outputAs` a "vector" (default) or
    "array" of k float64; null where the features are null."""

    def __init__(self, components: pomona.PcaModel | None = None):
        super().__init__()
        self.components = components

    @property
    def pc(self) -> DenseMatrix:
        """[dim, k], a component a column: as of pyspark.ml.feature.PCAModel."""
        components = np.asarray(self.components.components)
        return DenseMatrix(*components.shape, components.ravel(order="F"))

    @property
    def explainedVariance(self) -> DenseVector:
        """[k]: share of the variance that each component explains."""
        return DenseVector(np.asarray(self.components.explained_variance))

    def _transform(self, dataset: DataFrame) -> DataFrame:
        column = functions.col(f"`{self.getInputCol()}`")
        if isinstance(dataset.schema[self.getInputCol()].dataType, VectorUDT):
            column = functions.when(column.isNotNull(), vector_to_array(column))
        project = arrow_function(_Project(self.components.to_bytes()), "array<double>")
        output = self.getOutputCol()
        frame = dataset.withColumn(output, project(column))
        if self.getOrDefault(self.outputAs) == "array":
            return frame
        made = functions.col(f"`{output}`")
        return frame.withColumn(output, functions.when(made.isNotNull(), array_to_vector(made)))

    def write(self) -> _PcaModelWriter:
        return _PcaModelWriter(self)

    @classmethod
    def read(cls) -> _PcaModelReader:
        return _PcaModelReader(cls)
