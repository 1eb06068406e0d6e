"""Principal components of a feature column, as stages of a pyspark.ml Pipeline."""

from __future__ import annotations

import math

import numpy as np
from pyspark import keyword_only
from pyspark.ml import Estimator, Model
from pyspark.ml.functions import vector_to_array
from pyspark.ml.linalg import DenseMatrix, DenseVector, VectorUDT
from pyspark.ml.param import Params, TypeConverters
from pyspark.ml.param.shared import HasInputCol, HasOutputCol, Param
from pyspark.ml.util import (
    DefaultParamsReadable,
    DefaultParamsReader,
    DefaultParamsWritable,
    DefaultParamsWriter,
)
from pyspark.sql import Column, DataFrame, functions
from pyspark.sql.types import ArrayType, DataType, DoubleType, FloatType

import pomona
from pomona.spark import given, pca_tasks, stored_features
from pomona.spark.column import arrow_function
from pomona.spark.frames import as_features

# Statistics that the driver merges itself; of more, executors merge some first.
_MERGED_BY_DRIVER = 8
_STATISTICS = "statistics binary"


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
    Features that are not stored yet are computed for this: write or cache them first. Those that
    spark.read.parquet gives as they are stored do not pass through the JVM: the core reads the
    files. Null features are skipped. Errors of fit(): InvalidOption, DamagedData.
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
        given.check_frame(dataset)
        given.check_set(self, "inputCol")
        statistics = statistics_of(dataset, self.getInputCol())
        return self._copyValues(PCAModel(statistics.solve(**options)))


def statistics_of(dataset: DataFrame, column: str) -> pomona.PcaStatistics:
    """Those of all rows of a feature column, in one pass."""
    tasks = _tasks_at_a_time(dataset)
    features = dataset.select(_feature_column(dataset, column)[0])
    partial = stored_features.in_tasks(features, tasks, pca_tasks.statistics_of, _STATISTICS)
    if partial is None:
        partial = features.coalesce(tasks).mapInArrow(pca_tasks.statistics_of, _STATISTICS)
    if tasks > _MERGED_BY_DRIVER:
        partial = partial.repartition(math.ceil(math.sqrt(tasks)))
        partial = partial.mapInArrow(pca_tasks.merged, _STATISTICS)
    parts = [pomona.PcaStatistics.from_bytes(bytes(row.statistics)) for row in partial.collect()]
    if not parts:
        raise pomona.DamagedData(f"no features in the column {column}")
    for part in parts[1:]:
        parts[0].merge(part)
    return parts[0]


def _feature_column(dataset: DataFrame, name: str) -> tuple[Column, DataType]:
    """InvalidOption if there are no features in it."""
    column, kind = given.input_column(dataset, name, "inputCol")
    numbers = isinstance(kind, ArrayType) and isinstance(kind.elementType, FloatType | DoubleType)
    if not numbers and not isinstance(kind, VectorUDT):
        raise pomona.InvalidOption(
            f"no features in the column {name} of type {kind.simpleString()}\n"
            "hint: array<float>, array<double>, or Spark ML's vector"
        )
    return column, kind


def _tasks_at_a_time(dataset: DataFrame) -> int:
    """As many statistics as tasks run at once are enough; a Connect client cannot ask."""
    spark = dataset.sparkSession
    classic = hasattr(spark, "_jsparkSession")
    return spark.sparkContext.defaultParallelism if classic else _MERGED_BY_DRIVER


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
        given.check_frame(dataset)
        given.check_set(self, "inputCol", "outputCol")
        given.check_new_columns(dataset, [self.getOutputCol()])
        column, kind = _feature_column(dataset, self.getInputCol())
        if isinstance(kind, VectorUDT):
            column = functions.when(column.isNotNull(), vector_to_array(column))
        project = arrow_function(pca_tasks.Project(self.components.to_bytes()), "array<double>")
        output = self.getOutputCol()
        frame = dataset.withColumn(output, project(column))
        return as_features(frame, self.getOrDefault(self.outputAs), output)

    def write(self) -> _PcaModelWriter:
        return _PcaModelWriter(self)

    @classmethod
    def read(cls) -> _PcaModelReader:
        return _PcaModelReader(cls)
