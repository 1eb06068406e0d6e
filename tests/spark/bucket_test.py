"""From a bucket: a real S3 server, whose keys only Spark's Hadoop configuration has."""

import os

import pomona.spark
import pytest
from conftest import SPARK_4, by_path, read_by_the_core
from odd_files import encoded, picture
from servers.proxy import FaultProxy

import pomona


@pytest.fixture
def bucket(s3, some_images):
    s3.put_folder(some_images, "Test")
    return s3


@pytest.fixture
def through(spark, bucket):
    """Sends Spark and Pomona through a FaultProxy with these options; yields a function."""
    proxies = []
    before = spark.conf.get("spark.hadoop.fs.s3a.endpoint", None)

    def start(*options):
        proxy = FaultProxy(bucket.endpoint, *options)
        proxies.append(proxy)
        spark.conf.set(f"fs.s3a.bucket.{bucket.bucket}.endpoint", proxy.endpoint)
        return proxy

    yield start
    spark.conf.unset(f"fs.s3a.bucket.{bucket.bucket}.endpoint")
    assert spark.conf.get("spark.hadoop.fs.s3a.endpoint", None) == before
    for proxy in proxies:
        proxy.stop()


def rows(frame):
    return by_path([row.asDict() for row in frame.collect()])


def of_bucket(expected, bucket, some_images):
    return {
        path.replace(f"file:{some_images}", f"s3a://{bucket.bucket}/Test"): row
        for path, row in expected.items()
    }


def test_keys_and_endpoint_come_from_hadoops_configuration(spark, bucket, expected, some_images):
    assert not any(name.startswith("AWS_ACCESS") for name in os.environ)
    frame = pomona.spark.extract(spark, f"s3a://{bucket.bucket}/Test")
    assert rows(frame) == of_bucket(expected, bucket, some_images)


@pytest.mark.skipif(not SPARK_4, reason="the s3a connector that is here goes with Spark 4")
def test_principal_components_of_stored_features(spark, bucket, some_images, tmp_path):
    def fitted(table):
        features.write.parquet(table)
        stored = spark.read.parquet(table)
        assert read_by_the_core(stored.select("features")) == 48
        stage = pomona.spark.PCA(k=3, inputCol="features", outputCol="p")
        return stage.fit(stored).explainedVariance.toArray()

    features = pomona.spark.extract(spark, str(some_images), partitions=3)
    here, there = fitted(str(tmp_path / "table")), fitted(f"s3a://{bucket.bucket}/a table")
    assert there == pytest.approx(here, rel=1e-9)


@pytest.mark.skipif(not SPARK_4, reason="the s3a connector that is here goes with Spark 4")
def test_paths_are_those_of_binary_file(spark, bucket):
    for name in ("a b.jpg", "100%.jpg", "a%20b.jpg", "plus+.jpg", "Äpfel.jpg", "h#h.jpg"):
        bucket.put(f"Test/{name}", encoded(picture(), "JPEG"))
    source = f"s3a://{bucket.bucket}/Test"
    files = spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(source)
    ours = pomona.spark.extract(spark, source)
    assert sorted(r.path for r in ours.collect()) == sorted(r.path for r in files.collect())
    made = pomona.spark.extract_column(files.select("path"), "path")
    assert rows(made.selectExpr("path", "null as label", "features")) == {
        path: (None, features) for path, (_, features) in rows(ours).items()
    }


def test_an_image_costs_one_get_and_no_head(spark, bucket, through):
    proxy = through()
    frame = pomona.spark.extract(spark, f"s3a://{bucket.bucket}/Test", partitions=3)
    assert len(rows(frame)) == 48
    counts = proxy.counts()
    assert counts["GET"] == 48
    assert counts.get("HEAD", 0) == 0


def test_a_server_that_is_overloaded_at_times(spark, bucket, through, expected, some_images):
    # Which requests depends on their names: of 48, at a fifth, some do.
    proxy = through("--fail-503", "0.2", "--seed", "7")
    before = pomona.spark.counters(spark).value()["retries"]
    frame = pomona.spark.extract(spark, f"s3a://{bucket.bucket}/Test", partitions=3)
    assert rows(frame) == of_bucket(expected, bucket, some_images)
    assert sum(proxy.counts()["faults"].values()) > 0
    assert pomona.spark.counters(spark).value()["retries"] > before


def test_wrong_keys_are_said_at_once(spark, bucket):
    secret = "s3cr3t" * 6
    with pytest.raises(pomona.StorageError) as refusal:
        pomona.spark.extract(
            spark, f"s3a://{bucket.bucket}/Test",
            storage={"s3_access_key": "nobody", "s3_secret_key": secret},
        )  # fmt: skip
    assert "credentials" in str(refusal.value).lower()
    assert secret not in str(refusal.value)


def settings(spark, source="s3a://photos/x", **values):
    """storage_options with these fs.s3a settings, dots written as double underscores."""
    names = {f"fs.s3a.{name.replace('__', '.')}": value for name, value in values.items()}
    for name, value in names.items():
        spark.conf.set(name, value)
    try:
        return pomona.spark.storage_options(spark, source)
    finally:
        for name in names:
            spark.conf.unset(name)


def test_settings_of_the_session(spark, s3_environment):
    assert pomona.spark.storage_options(spark, "s3a://x/y") == {
        "s3_endpoint": s3_environment["POMONA_TEST_S3_ENDPOINT"],
        "s3_region": "us-east-1",
        "s3_access_key": s3_environment["AWS_ACCESS_KEY_ID"],
        "s3_secret_key": s3_environment["AWS_SECRET_ACCESS_KEY"],
    }


def test_settings_of_a_bucket_come_first(spark):
    options = settings(spark, bucket__photos__access__key="own", session__token="token")
    assert options["s3_access_key"] == "own"
    assert options["s3_session_token"] == "token"
    assert (
        settings(spark, "s3a://other/x", bucket__photos__access__key="own")["s3_access_key"]
        != "own"
    )


@pytest.mark.parametrize(
    ("endpoint", "ssl", "expected_endpoint", "region"),
    [
        ("minio:9000", "true", "https://minio:9000", "us-east-1"),
        ("minio:9000", "false", "http://minio:9000", "us-east-1"),
        ("https://minio/", "false", "https://minio", "us-east-1"),
        ("s3.amazonaws.com", "true", None, "us-east-1"),
        ("s3.eu-west-3.amazonaws.com", "true", None, "us-east-1"),
    ],
)
def test_endpoints(spark, endpoint, ssl, expected_endpoint, region):
    options = settings(spark, endpoint=endpoint, connection__ssl__enabled=ssl)
    assert options.get("s3_endpoint") == expected_endpoint
    assert options["s3_region"] == region


def test_anonymous_access(spark):
    provider = "org.apache.hadoop.fs.s3a.AnonymousAWSCredentialsProvider"
    options = settings(spark, aws__credentials__provider=provider)
    assert options["s3_anonymous"] is True
    assert "s3_secret_key" not in options


def test_keys_in_a_credential_store(spark, tmp_path):
    secret = "from the store"
    store = f"localjceks://file{tmp_path}/keys.jceks"
    jvm = spark._jvm
    configuration = jvm.org.apache.hadoop.conf.Configuration()
    configuration.set("hadoop.security.credential.provider.path", store)
    provider = jvm.org.apache.hadoop.security.alias.CredentialProviderFactory.getProviders(
        configuration
    ).get(0)
    # py4j makes a Python string of every Java one, which has no toCharArray.
    characters = spark.sparkContext._gateway.new_array(jvm.char, len(secret))
    for position, character in enumerate(secret):
        characters[position] = character
    provider.createCredentialEntry("fs.s3a.bucket.photos.secret.key", characters)
    provider.flush()
    spark.conf.set("hadoop.security.credential.provider.path", store)
    try:
        assert pomona.spark.storage_options(spark, "s3a://photos/x")["s3_secret_key"] == secret
    finally:
        spark.conf.unset("hadoop.security.credential.provider.path")


def test_sources_as_spark_understands_them(spark):
    from pomona.spark import hadoop

    assert hadoop.qualified(spark, "/data/photos") == "/data/photos"
    spark.conf.set("fs.defaultFS", "hdfs://namenode:8020")
    try:
        assert hadoop.qualified(spark, "/data/photos") == "hdfs://namenode:8020/data/photos"
        assert hadoop.qualified(spark, "hdfs:///data") == "hdfs://namenode:8020/data"
        assert hadoop.qualified(spark, "hdfs://other:8020/data") == "hdfs://other:8020/data"
        assert hadoop.qualified(spark, "s3a://bucket/x") == "s3a://bucket/x"
        assert hadoop.qualified(spark, "file:/data") == "file:/data"
    finally:
        spark.conf.unset("fs.defaultFS")
