"""Settings of a Spark that works beside the test servers."""

from servers import artifacts

# For every session: nothing leaves this machine, and there is something to read a bucket with.
LOCAL = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "2",
    # The test servers' Hadoop configuration would make HDFS the home of plain paths.
    "spark.hadoop.fs.defaultFS": "file:///",
    "spark.python.worker.faulthandler.enabled": "true",
}


def s3a(endpoint: str, credentials: dict[str, str]) -> dict[str, str]:
    """Settings with which Spark, and so Pomona, reads a bucket of the test server."""
    return {
        "spark.hadoop.fs.s3a.endpoint": endpoint,
        "spark.hadoop.fs.s3a.endpoint.region": credentials["AWS_REGION"],
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.access.key": credentials["AWS_ACCESS_KEY_ID"],
        "spark.hadoop.fs.s3a.secret.key": credentials["AWS_SECRET_ACCESS_KEY"],
    }


def s3a_jars() -> str:
    """hadoop-aws for this Spark. Only the one that goes with Spark 4 is among the artifacts."""
    return ",".join(map(str, sorted((artifacts.s3a() / "lib").glob("*.jar"))))
