"""pomona.spark.PCA beside Spark ML's, on the features of real images."""

import numpy as np
import pomona.spark
import pytest
from conftest import read_by_the_core
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml import feature as spark_ml
from pyspark.ml.functions import array_to_vector
from pyspark.ml.linalg import Vectors, VectorUDT
from pyspark.sql import functions
from pyspark.sql.types import LongType, StructField, StructType

import pomona


@pytest.fixture(scope="module")
def arrays(spark, tmp_path_factory):
    """(id, features array<double>) with 200 rows of 24 values that have a structure."""
    random = np.random.default_rng(5)
    values = random.normal(size=(200, 24)) @ random.normal(size=(24, 24)) + 100
    rows = [(number, row.tolist()) for number, row in enumerate(values)]
    frame = spark.createDataFrame(rows, "id long, features array<double>").repartition(5)
    path = str(tmp_path_factory.mktemp("features") / "arrays")
    frame.write.parquet(path)
    return spark.read.parquet(path)


@pytest.fixture(scope="module")
def vectors(arrays):
    return arrays.withColumn("features", array_to_vector("features"))


def projected(frame, column="pca"):
    return np.array([list(row[column]) for row in frame.orderBy("id").select(column).collect()])


def up_to_sign(ours, theirs):
    """`ours` with the signs of `theirs`, column by column."""
    return ours * np.sign((ours * theirs).sum(axis=0))


def test_components_and_shares_are_those_of_spark(vectors):
    theirs = spark_ml.PCA(k=6, inputCol="features", outputCol="pca").fit(vectors)
    ours = pomona.spark.PCA(k=6, inputCol="features", outputCol="pca").fit(vectors)
    wanted = theirs.pc.toArray()
    np.testing.assert_allclose(up_to_sign(ours.pc.toArray(), wanted), wanted, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(
        ours.explainedVariance.toArray(), theirs.explainedVariance.toArray(), atol=1e-9
    )


def test_projections_without_centring_are_those_of_spark(vectors):
    theirs = spark_ml.PCA(k=6, inputCol="features", outputCol="pca").fit(vectors)
    ours = pomona.spark.PCA(k=6, inputCol="features", outputCol="pca", center=False).fit(vectors)
    wanted = projected(theirs.transform(vectors))
    made = ours.transform(vectors)
    assert made.schema["pca"].dataType == VectorUDT()
    np.testing.assert_allclose(up_to_sign(projected(made), wanted), wanted, rtol=1e-9, atol=1e-9)


def test_centred_projections_have_no_mean_and_the_variance_of_the_components(arrays):
    model = pomona.spark.PCA(
        variance=0.9, inputCol="features", outputCol="pca", outputAs="array"
    ).fit(arrays)
    values = projected(model.transform(arrays))
    assert abs(values.mean(axis=0)).max() < 1e-9
    shares = values.var(axis=0, ddof=1)
    wanted = model.explainedVariance.toArray()
    np.testing.assert_allclose(shares / shares.sum(), wanted / wanted.sum(), rtol=1e-9)
    assert wanted.sum() >= 0.9 > wanted[:-1].sum()


def test_standardised_is_sparks_scaler_first(vectors):
    scaler = spark_ml.StandardScaler(
        inputCol="features", outputCol="scaled", withMean=True, withStd=True
    )
    theirs = Pipeline(
        stages=[scaler, spark_ml.PCA(k=4, inputCol="scaled", outputCol="pca")]
    ).fit(vectors)  # fmt: skip
    ours = pomona.spark.PCA(k=4, inputCol="features", outputCol="pca", standardize=True)
    wanted = projected(theirs.transform(vectors))
    made = projected(ours.fit(vectors).transform(vectors))
    np.testing.assert_allclose(up_to_sign(made, wanted), wanted, rtol=1e-7, atol=1e-9)


def test_arrays_floats_and_vectors_give_the_same(arrays, vectors):
    def components(frame):
        return pomona.spark.PCA(k=3, inputCol="features", outputCol="p").fit(frame).pc.toArray()

    wanted = components(arrays)
    np.testing.assert_allclose(components(vectors), wanted, rtol=1e-9)
    floats = arrays.withColumn("features", functions.col("features").cast("array<float>"))
    np.testing.assert_allclose(components(floats), wanted, rtol=1e-3)


def test_nulls_and_sparse_vectors(spark):
    rows = [
        (0, Vectors.dense([1.0, 2.0, 0.0])),
        (1, Vectors.sparse(3, [0, 2], [3.0, 1.0])),
        (2, None),
        (3, Vectors.dense([0.0, 0.0, 5.0])),
    ]
    schema = StructType([StructField("id", LongType()), StructField("features", VectorUDT())])
    frame = spark.createDataFrame(rows, schema)
    model = pomona.spark.PCA(k=2, inputCol="features", outputCol="pca").fit(frame)
    made = {row.id: row.pca for row in model.transform(frame).collect()}
    assert made[2] is None
    dense = np.array([[1, 2, 0], [3, 0, 1], [0, 0, 5.0]])
    wanted = (dense - dense.mean(axis=0)) @ model.pc.toArray()
    np.testing.assert_allclose(np.array([list(made[i]) for i in (0, 1, 3)]), wanted, atol=1e-12)


def test_a_fitted_pipeline_is_saved_and_loaded(vectors, tmp_path):
    stage = pomona.spark.PCA(k=5, inputCol="features", outputCol="pca")
    model = Pipeline(stages=[stage]).fit(vectors)
    model.write().overwrite().save(str(tmp_path / "model"))
    loaded = PipelineModel.load(str(tmp_path / "model"))
    np.testing.assert_array_equal(
        projected(loaded.transform(vectors)), projected(model.transform(vectors))
    )
    stage.write().overwrite().save(str(tmp_path / "stage"))
    assert pomona.spark.PCA.load(str(tmp_path / "stage")).getOrDefault("k") == 5


def test_many_tasks_merge_in_two_steps(spark, arrays, monkeypatch):
    from pomona.spark import pca

    whole = pomona.spark.PCA(k=3, inputCol="features", outputCol="p").fit(arrays)
    monkeypatch.setattr(pca, "_tasks_at_a_time", lambda _: 16)
    parts = pomona.spark.PCA(k=3, inputCol="features", outputCol="p").fit(arrays.repartition(16))
    np.testing.assert_allclose(parts.pc.toArray(), whole.pc.toArray(), rtol=1e-9, atol=1e-12)


def test_a_stored_table_is_read_by_the_core(spark, arrays, vectors, tmp_path):
    assert read_by_the_core(arrays.select("features")) == 200
    named = tmp_path / "a name, 100% odd"
    vectors.write.parquet(str(named))
    assert read_by_the_core(spark.read.parquet(str(named)).select("features")) == 200
    parted = tmp_path / "parted"
    labelled = arrays.withColumn("label", functions.concat(functions.lit("é "), arrays.id % 3))
    labelled.write.partitionBy("label").parquet(str(parted))
    assert read_by_the_core(spark.read.parquet(str(parted)).select("features")) == 200


def test_only_a_table_as_it_is_stored_is_read_by_the_core(spark, arrays, tmp_path):
    features = arrays.select("features")
    assert read_by_the_core(features, tasks=100) is None  # Spark cuts large files, this does not
    assert read_by_the_core(arrays.where("id < 20").select("features")) is None
    assert read_by_the_core(features.limit(20)) is None
    assert read_by_the_core(features.union(features)) is None
    assert read_by_the_core(arrays.select(functions.sequence("id", "id").alias("f"))) is None
    assert read_by_the_core(arrays.select("FEATURES")) is None
    features.write.orc(str(tmp_path / "orc"))
    assert read_by_the_core(spark.read.orc(str(tmp_path / "orc"))) is None
    features.cache()
    try:
        assert read_by_the_core(arrays.select("features")) is None
    finally:
        features.unpersist()


def test_read_by_the_core_and_by_spark_the_fit_is_the_same(arrays):
    stage = pomona.spark.PCA(k=3, inputCol="features", outputCol="p")
    stored = stage.fit(arrays).components
    through_the_jvm = stage.fit(arrays.where("id >= 0")).components
    assert (stored.rows, through_the_jvm.rows) == (200, 200)
    np.testing.assert_allclose(stored.components, through_the_jvm.components, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("rows", "options", "error"),
    [
        ([], {"k": 1}, pomona.DamagedData),
        ([[1.0, 2.0], [3.0, 5.0]], {"k": 3}, pomona.InvalidOption),
        ([[1.0, 2.0], [3.0, 5.0]], {"k": 1, "variance": 0.5}, pomona.InvalidOption),
        ([[1.0, 2.0], [3.0, 5.0]], {"variance": 1.5}, pomona.InvalidOption),
    ],
)
def test_what_cannot_be_fitted(spark, rows, options, error):
    frame = spark.createDataFrame([(row,) for row in rows], "features array<double>")
    with pytest.raises(error):
        pomona.spark.PCA(inputCol="features", outputCol="p", **options).fit(frame)


def test_rows_of_different_lengths_are_said(spark):
    frame = spark.createDataFrame([([1.0, 2.0],), ([1.0],)], "features array<double>")
    with pytest.raises(Exception, match="features"):
        pomona.spark.PCA(k=1, inputCol="features", outputCol="p").fit(frame.coalesce(1))
