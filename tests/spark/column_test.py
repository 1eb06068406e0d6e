"""Features of a column: paths, bytes, Spark's image struct; and the featurizer on them."""

import io
import shutil

import pomona.spark
import pytest
from odd_files import encoded, picture
from PIL import Image
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.feature import PCA, StandardScaler, StringIndexer
from pyspark.ml.image import ImageSchema
from pyspark.ml.linalg import VectorUDT
from pyspark.sql import functions

import pomona


@pytest.fixture(scope="module")
def files(spark, some_images):
    """The images as binaryFile shows them: path, modificationTime, length, content."""
    return (
        spark.read.format("binaryFile")
        .option("recursiveFileLookup", "true")
        .option("pathGlobFilter", "*.jpg")
        .load(str(some_images))
        .repartition(3)
    )


def features(frame, column="features"):
    rows = frame.select("path", column).collect()
    return {row.path: None if row[column] is None else list(row[column]) for row in rows}


@pytest.fixture(scope="module")
def wanted(expected):
    return {path: values for path, (_, values) in expected.items()}


def image_frame(spark, images):
    """A DataFrame of (path, image) with Spark's image struct, from {path: (mode, array of
    bytes)}."""
    rows = [
        (path, (path, height, width, channels, mode, bytearray(data)))
        for path, (height, width, channels, mode, data) in images.items()
    ]
    fields = "origin: string, height: int, width: int, nChannels: int, mode: int, data: binary"
    schema = f"path string, image struct<{fields}>"
    return spark.createDataFrame(rows, schema).repartition(2)


def test_a_column_of_paths(files, wanted):
    frame = files.select("path", "length")
    made = pomona.spark.extract_column(frame, "path")
    assert made.columns == ["path", "length", "features"]
    assert features(made) == wanted


def test_a_column_of_bytes(files, wanted):
    assert features(pomona.spark.extract_column(files, "content", "out"), "out") == wanted


def test_sparks_own_image_source(spark, some_images, wanted):
    frame = spark.read.format("image").load(f"{some_images}/*")
    frame = frame.withColumn("path", functions.expr("replace(image.origin, 'file:///', 'file:/')"))
    frame = frame.withColumn("path", functions.expr("replace(path, '%20', ' ')"))
    found = features(pomona.spark.extract_column(frame, "image"))
    assert found.keys() == wanted.keys()
    # Java's JPEG decoder and libjpeg differ in the last bit of some pixels.
    for path, values in found.items():
        assert cosine(values, wanted[path]) > 0.99


def cosine(a, b):
    dot = sum(x * y for x, y in zip(a, b, strict=True))
    return dot / (sum(x * x for x in a) * sum(x * x for x in b)) ** 0.5


def test_pixels_give_what_the_file_gives(spark, files):
    """Each documented mode, against a PNG of the same pixels."""
    cases = {"L": (1, 0, "L"), "RGB": (3, 16, "BGR"), "RGBA": (4, 24, "BGRA")}
    structs, pngs = {}, []
    for mode, (channels, number, order) in cases.items():
        image = picture(mode)
        if mode == "RGBA":
            image.putalpha(picture("L"))
        raw = image.tobytes("raw", order)
        structs[mode] = (image.height, image.width, channels, number, raw)
        pngs.append((mode, bytearray(encoded(image, "PNG"))))
    for option in ({}, {"background": "#3366cc"}):
        from_structs = pomona.spark.extract_column(image_frame(spark, structs), "image", **option)
        png_frame = spark.createDataFrame(pngs, "path string, content binary")
        from_files = pomona.spark.extract_column(png_frame, "content", **option)
        assert features(from_structs) == features(from_files)
        assert None not in features(from_structs).values()


def test_image_structs_without_an_image(spark):
    undefined = (-1, -1, -1, -1, b"")  # what Spark's image source makes of a file it cannot read
    floats = (2, 2, 3, 21, bytes(48))
    short = (10, 10, 3, 16, bytes(30))
    frame = image_frame(spark, {"undefined": undefined, "floats": floats, "short": short})
    made = pomona.spark.extract_column(frame, "image", rejects=True)
    reasons = {row.path: row.reject for row in made.collect()}
    assert reasons == {
        "undefined": "empty_file",
        "floats": "unsupported_format",
        "short": "truncated",
    }


def test_rows_without_an_image_stay(spark, files, wanted):
    frame = files.select("path", functions.when(files.length % 2 == 0, files.content).alias("c"))
    made = pomona.spark.extract_column(frame, "c", rejects=True).collect()
    assert len(made) == 48
    for row in made:
        assert row.reject == ("empty_file" if row.c is None else None)
        assert row.features == (None if row.c is None else wanted[row.path])


def test_vanished_files_are_rejects(spark, some_images, tmp_path):
    frame = spark.createDataFrame([(f"file:{tmp_path}/gone.jpg",)], "path string")
    row = pomona.spark.extract_column(frame, "path", rejects=True).first()
    assert (row.features, row.reject) == (None, "not_found")


def test_other_types_of_columns_are_refused(spark):
    frame = spark.createDataFrame([(1,)], "number int")
    with pytest.raises(pomona.InvalidOption, match="int"):
        pomona.spark.extract_column(frame, "number")


def test_listing_options_are_refused_for_columns(files):
    with pytest.raises(pomona.InvalidOption, match="label"):
        pomona.spark.extract_column(files, "content", label="none")


def test_a_filter_does_not_compute_twice(spark, files):
    counters = pomona.spark.counters(spark)
    before = counters.value()["images"]
    frame = pomona.spark.extract_column(files, "content")
    frame = frame.where(functions.col("features").isNotNull() & (functions.size("features") > 5))
    assert frame.count() == 48
    assert counters.value()["images"] - before == 48


def test_featurizer_in_a_pipeline(spark, files, tmp_path):
    labelled = files.withColumn("label_name", functions.expr("element_at(split(path, '/'), -2)"))
    featurizer = pomona.spark.PomonaFeaturizer(inputCol="content", outputCol="features")
    pipeline = Pipeline(
        stages=[
            featurizer,
            StringIndexer(inputCol="label_name", outputCol="label"),
            StandardScaler(inputCol="features", outputCol="scaled", withMean=True),
            PCA(k=8, inputCol="scaled", outputCol="pca"),
            LogisticRegression(featuresCol="pca", maxIter=20),
        ]
    )
    model = pipeline.fit(labelled)
    predictions = model.transform(labelled)
    assert predictions.schema["features"].dataType == VectorUDT()
    assert set(labelled.columns) < set(predictions.columns)
    rows = predictions.select("label", "prediction").collect()
    assert sum(row.label == row.prediction for row in rows) >= 44

    model.write().overwrite().save(str(tmp_path / "model"))
    again = PipelineModel.load(str(tmp_path / "model")).transform(labelled)
    assert [row.prediction for row in again.orderBy("path").collect()] == [
        row.prediction for row in predictions.orderBy("path").collect()
    ]


def test_featurizer_keeps_its_params(spark, tmp_path):
    made = pomona.spark.PomonaFeaturizer(
        inputCol="image", outputCol="f", precision="bf16", exifRotate=True, maxPixels=1000,
        handleInvalid="keep", featuresAs="array", featuresLayout="NCHW",
    )  # fmt: skip
    made.write().overwrite().save(str(tmp_path / "featurizer"))
    loaded = pomona.spark.PomonaFeaturizer.load(str(tmp_path / "featurizer"))
    assert loaded.uid == made.uid

    def values(featurizer):
        return {param.name: value for param, value in featurizer.extractParamMap().items()}

    assert values(loaded) == values(made)
    assert loaded.getPrecision() == "bf16"
    assert values(loaded.copy({loaded.model: "other"}))["model"] == "other"


@pytest.fixture
def with_one_bad(spark, some_images, tmp_path):
    shutil.copytree(some_images, tmp_path / "images")
    (tmp_path / "images" / "bad.jpg").write_bytes(b"\xff\xd8\xff cut")
    return (
        spark.read.format("binaryFile")
        .option("recursiveFileLookup", "true")
        .load(str(tmp_path / "images"))
    )


@pytest.mark.parametrize("column", ["path", "content"])
def test_handle_invalid(with_one_bad, column):
    def transformed(handle):
        featurizer = pomona.spark.PomonaFeaturizer(
            inputCol=column, outputCol="features", handleInvalid=handle
        )
        return featurizer.transform(with_one_bad).select("path", "features").collect()

    kept = transformed("keep")
    assert len(kept) == 49
    assert [row.path.rsplit("/", 1)[1] for row in kept if row.features is None] == ["bad.jpg"]
    assert len(transformed("skip")) == 48
    with pytest.raises(Exception, match="bad.jpg" if column == "path" else "truncated|corrupt"):
        transformed("error")
    with pytest.raises(pomona.InvalidOption, match="handleInvalid"):
        transformed("drop")


def test_a_picture_of_another_kind_in_bytes(spark):
    buffer = io.BytesIO()
    Image.new("RGB", (50, 40), "red").save(buffer, "WEBP")
    frame = spark.createDataFrame([(bytearray(buffer.getvalue()),)], "content binary")
    assert len(pomona.spark.extract_column(frame, "content").first().features) == 1280


def test_documented_modes_are_sparks(spark):
    from pomona.spark import images

    assert ImageSchema.ocvTypes["CV_8UC1"] == images.GREY
    assert ImageSchema.ocvTypes["CV_8UC3"] == images.BGR
    assert ImageSchema.ocvTypes["CV_8UC4"] == images.BGRA
