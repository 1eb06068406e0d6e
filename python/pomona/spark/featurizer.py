"""A stage of a pyspark.ml Pipeline that turns images into feature vectors."""

from __future__ import annotations

from typing import Any

from pyspark import keyword_only
from pyspark.ml import Transformer
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.param.shared import HasInputCol, HasOutputCol
from pyspark.ml.util import DefaultParamsReadable, DefaultParamsWritable
from pyspark.sql import DataFrame, functions

import pomona
from pomona.spark import given
from pomona.spark.frames import extract_column


def _param(name: str, converter, doc: str) -> Param:
    return Param(Params._dummy(), name, doc, typeConverter=converter)


# Params of the featurizer, by the option of pomona.extract that each stands for.
_OPTIONS = {
    "model": "model", "features": "features", "featuresLayout": "features_layout",
    "precision": "precision",
    "preprocess": "preprocess", "resize": "resize", "background": "background",
    "exifRotate": "exif_rotate", "dctScaling": "dct_scaling", "maxPixels": "max_pixels",
    "threads": "threads", "memory": "memory", "fetches": "fetches", "cacheDir": "cache_dir",
}  # fmt: skip


class PomonaFeaturizer(
    Transformer, HasInputCol, HasOutputCol, DefaultParamsReadable, DefaultParamsWritable
):
    """Adds `outputCol`, the features of the images in `inputCol`: a path (string), the bytes of a
    file (binary), or Spark's image struct. All other columns stay.

        PomonaFeaturizer(inputCol="image", outputCol="features", model="efficientnet-lite0")

    An image that cannot be read has, by `handleInvalid`: "error" (default), the job fails and names
    it; "skip", no row; "keep", a row with null. `featuresAs`: "vector" (default), what Spark ML's
    estimators take, or "array". `decodePaths`: as decode of extract_column. Storage credentials are
    no Params: they come from the Hadoop configuration or the machine's role when transform() is
    called, and are not saved.
    Errors of transform(): InvalidOption, NotFound.
    """

    model = _param("model", TypeConverters.toString, "name in the catalogue, or a path")
    features = _param("features", TypeConverters.toString, "tensor to read")
    featuresLayout = _param("featuresLayout", TypeConverters.toString, "NCHW or NHWC, of a map")
    precision = _param("precision", TypeConverters.toString, "f32, bf16 or auto")
    preprocess = _param("preprocess", TypeConverters.toString, "normalisation without a card")
    resize = _param("resize", TypeConverters.toString, "bicubic, bilinear or nearest")
    background = _param("background", TypeConverters.toString, "colour behind transparency")
    exifRotate = _param("exifRotate", TypeConverters.toBoolean, "turn images as EXIF says")
    dctScaling = _param("dctScaling", TypeConverters.toBoolean, "shrink JPEGs while decoding")
    maxPixels = _param("maxPixels", TypeConverters.toInt, "pixels of the largest image taken")
    threads = _param("threads", TypeConverters.toInt, "cores of a task (spark.task.cpus)")
    memory = _param("memory", TypeConverters.toInt, "bytes that wait for a decoder, a task")
    fetches = _param("fetches", TypeConverters.toInt, "reads under way at once, a task")
    cacheDir = _param("cacheDir", TypeConverters.toString, "folder for compiled models")
    handleInvalid = _param("handleInvalid", TypeConverters.toString, "error, skip or keep")
    decodePaths = _param("decodePaths", TypeConverters.toBoolean, "paths are percent-encoded")
    featuresAs = _param("featuresAs", TypeConverters.toString, "vector or array")

    @keyword_only
    def __init__(
        self,
        *,
        inputCol: str | None = None,
        outputCol: str | None = None,
        model: str = "efficientnet-lite0",
        features: str | None = None,
        featuresLayout: str | None = None,
        precision: str = "f32",
        preprocess: str | None = None,
        resize: str = "bicubic",
        background: str | None = None,
        exifRotate: bool = False,
        dctScaling: bool = False,
        maxPixels: int | None = None,
        threads: int | None = None,
        memory: int | None = None,
        fetches: int | None = None,
        cacheDir: str | None = None,
        handleInvalid: str = "error",
        featuresAs: str = "vector",
        decodePaths: bool = False,
    ):
        super().__init__()
        self._setDefault(
            model="efficientnet-lite0", precision="f32", resize="bicubic", exifRotate=False,
            dctScaling=False, handleInvalid="error", featuresAs="vector", decodePaths=False,
        )  # fmt: skip
        self.setParams(**self._input_kwargs)

    @keyword_only
    def setParams(self, **_) -> PomonaFeaturizer:
        """Sets those given; keywords as of the constructor. None leaves one as it is."""
        given = {name: value for name, value in self._input_kwargs.items() if value is not None}
        return self._set(**given)

    def setInputCol(self, value: str) -> PomonaFeaturizer:
        return self._set(inputCol=value)

    def setOutputCol(self, value: str) -> PomonaFeaturizer:
        return self._set(outputCol=value)

    def setModel(self, value: str) -> PomonaFeaturizer:
        return self._set(model=value)

    def getModel(self) -> str:
        return self.getOrDefault(self.model)

    def setPrecision(self, value: str) -> PomonaFeaturizer:
        return self._set(precision=value)

    def getPrecision(self) -> str:
        return self.getOrDefault(self.precision)

    def setHandleInvalid(self, value: str) -> PomonaFeaturizer:
        return self._set(handleInvalid=value)

    def getHandleInvalid(self) -> str:
        return self.getOrDefault(self.handleInvalid)

    def _extraction(self) -> dict[str, Any]:
        return {
            option: self.getOrDefault(param)
            for param, option in _OPTIONS.items()
            if self.isDefined(param)
        }

    def _transform(self, dataset: DataFrame) -> DataFrame:
        handle = self.getHandleInvalid()
        if handle not in ("error", "skip", "keep"):
            raise pomona.InvalidOption(f"handleInvalid must be error, skip or keep, got `{handle}`")
        given.check_set(self, "inputCol", "outputCol")
        output = self.getOutputCol()
        frame = extract_column(
            dataset,
            self.getInputCol(),
            output,
            on_error="fail" if handle == "error" else "reject",
            features_as=self.getOrDefault(self.featuresAs),
            decode=self.getOrDefault(self.decodePaths),
            **self._extraction(),
        )
        return frame.where(functions.col(f"`{output}`").isNotNull()) if handle == "skip" else frame
