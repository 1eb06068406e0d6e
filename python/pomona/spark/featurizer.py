"""A stage of a pyspark.ml Pipeline that turns images into feature vectors."""

from __future__ import annotations

import inspect
from typing import Any

from pyspark import keyword_only
from pyspark.ml import Transformer
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.param.shared import HasInputCol, HasOutputCol
from pyspark.ml.util import DefaultParamsReadable, DefaultParamsWritable
from pyspark.sql import DataFrame, functions

import pomona
from pomona.spark import given
from pomona.spark import options as option_names
from pomona.spark.frames import extract_column

_CONVERTERS = {
    "flag": TypeConverters.toBoolean,
    "integer": TypeConverters.toInt,
    "number": TypeConverters.toFloat,
}


def _param(name: str, converter, doc: str) -> Param:
    return Param(Params._dummy(), name, doc, typeConverter=converter)


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


# Params of the featurizer, by the option of pomona.extract_column that each stands for.
_OPTIONS = {
    _camel_case(name): name for name in option_names.TABLE
    if name in option_names.EXTRACTION | option_names.STREAM
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

    handleInvalid = _param("handleInvalid", TypeConverters.toString, "error, skip or keep")
    decodePaths = _param("decodePaths", TypeConverters.toBoolean, "paths are percent-encoded")
    featuresAs = _param("featuresAs", TypeConverters.toString, "vector or array")

    @keyword_only
    def __init__(
        self,
        *,
        inputCol: str | None = None,
        outputCol: str | None = None,
        handleInvalid: str = "error",
        featuresAs: str = "vector",
        decodePaths: bool = False,
        **options,
    ):
        super().__init__()
        unknown = sorted(options.keys() - _OPTIONS.keys())
        if unknown:
            raise TypeError(f"PomonaFeaturizer() got an unexpected keyword argument '{unknown[0]}'")
        self._setDefault(
            **_defaults(), handleInvalid="error", featuresAs="vector", decodePaths=False
        )
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

    def getPrecision(self) -> str | None:
        """None where it is the preset's."""
        return self.getOrDefault(self.precision) if self.isDefined(self.precision) else None

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


def _defaults() -> dict[str, Any]:
    """Of what decides the rows. Others depend on the machine, and are the core's to fill in."""
    decides = option_names.of_groups("model", "images")
    values = {param: option_names.TABLE[name]["default"]
              for param, name in _OPTIONS.items() if name in decides}  # fmt: skip
    return {param: value for param, value in values.items() if value is not None}


def _add_params() -> None:
    """Each with its place in the constructor's signature."""
    made = inspect.signature(PomonaFeaturizer.__init__)
    parameters = [p for p in made.parameters.values() if p.kind is not p.VAR_KEYWORD]
    defaults = _defaults()
    for param, name in _OPTIONS.items():
        option = option_names.TABLE[name]
        converter = _CONVERTERS.get(option["type"], TypeConverters.toString)
        setattr(PomonaFeaturizer, param, _param(param, converter, option_names.describe(option)))
        parameters.append(
            inspect.Parameter(param, inspect.Parameter.KEYWORD_ONLY, default=defaults.get(param))
        )
    PomonaFeaturizer.__init__.__signature__ = made.replace(parameters=parameters)


_add_params()
