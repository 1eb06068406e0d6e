"""Real Spark reads the table, and names files as we do."""

import pytest
from odd_files import encoded, picture, write_files
from table import Table

ODD_NAMES = [
    "a b.jpg", "quo'te.jpg", 'double"quote.jpg', "100%.jpg", "a%20b.jpg", "h#h.jpg", "w?w.jpg",
    "plus+.jpg", "Äpfel.jpg", "林檎.jpg", "comma,semi;.jpg", "brackets[1]{2}.jpg",
]  # fmt: skip


def spark_paths(spark, uri):
    """Paths as Spark's own binaryFile source shows them."""
    reader = spark.read.format("binaryFile").option("recursiveFileLookup", "true")
    rows = reader.option("pathGlobFilter", "*.jpg").load(uri).select("path").collect()
    return sorted(row.path for row in rows)


def test_spark_shows_exactly_the_promised_schema(spark, full_table):
    frame = spark.read.parquet(str(full_table))
    assert frame.schema.simpleString() == "struct<path:string,label:string,features:array<float>>"
    assert frame.count() == Table(full_table).rows().num_rows
    assert frame.selectExpr("min(size(features))", "max(size(features))").first() == (1280, 1280)


def test_spark_ml_takes_vectors(spark, pomona, some_images, tmp_path):
    from pyspark.ml.feature import PCA

    pomona.ok("extract", some_images, tmp_path / "vectors", "--features-as", "vector")
    pomona.ok("extract", some_images, tmp_path / "arrays")
    frame = spark.read.parquet(str(tmp_path / "vectors"))
    assert frame.schema["features"].dataType.typeName() == "vectorudt"
    arrays = dict(
        zip(*Table(tmp_path / "arrays").rows().select(["path", "features"]).columns, strict=True)
    )
    arrays = {path.as_py(): values.as_py() for path, values in arrays.items()}
    for row in frame.collect():
        assert list(row.features) == arrays[row.path]
    model = PCA(k=2, inputCol="features", outputCol="pca").fit(frame)
    assert len(model.transform(frame).first().pca) == 2


def test_paths_are_those_of_spark_in_a_local_folder(spark, pomona, some_images, tmp_path):
    pomona.ok("extract", some_images, tmp_path / "table")
    assert sorted(Table(tmp_path / "table").paths()) == spark_paths(spark, str(some_images))


def test_odd_paths_are_those_of_spark_in_a_local_folder(spark, pomona, tmp_path):
    folder = tmp_path / "a folder"
    write_files(folder, dict.fromkeys(ODD_NAMES, encoded(picture(), "JPEG")))
    pomona.ok("extract", folder, tmp_path / "table")
    assert sorted(Table(tmp_path / "table").paths()) == spark_paths(spark, str(folder))


@pytest.mark.parametrize("scheme", ["s3", "s3a"])
def test_paths_are_those_of_spark_on_s3(spark, s3, some_images, tmp_path, scheme):
    s3.put_folder(some_images, "in put")
    for name in ODD_NAMES:
        s3.put(f"in put/{name}", encoded(picture(), "JPEG"))
    s3.pomona().ok("extract", f"{scheme}://{s3.bucket}/in put", tmp_path / "table")
    expected = spark_paths(spark, f"s3a://{s3.bucket}/in put")
    assert sorted(Table(tmp_path / "table").paths()) == expected
