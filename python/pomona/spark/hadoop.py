"""What a Spark application's Hadoop configuration says about storage, for the core."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

# AWS itself is what the core talks to without an endpoint; its name may tell the region.
_AWS_ENDPOINT = re.compile(
    r"^s3[.-](?:dualstack\.)?(?:([a-z]{2}(?:-[a-z]+)+-\d)\.)?amazonaws\.com(\.cn)?$"
)


class _Configuration:
    """Hadoop's configuration of a session, what was set after its start included."""

    def __init__(self, spark, bucket: str):
        self._configuration = spark._jsparkSession.sessionState().newHadoopConf()
        self._bucket = bucket

    def get(self, name: str, default: str = "") -> str:
        """fs.s3a.NAME, or the bucket's own."""
        own = self._configuration.get(f"fs.s3a.bucket.{self._bucket}.{name}")
        return (own or self._configuration.get(f"fs.s3a.{name}") or default).strip()

    def secret(self, name: str) -> str:
        """The same, which may also lie in one of Hadoop's credential stores."""
        for key in (f"fs.s3a.bucket.{self._bucket}.{name}", f"fs.s3a.{name}"):
            characters = self._configuration.getPassword(key)
            if characters:
                return "".join(characters).strip()
        return ""


def storage_options(spark, source: str = "") -> dict[str, Any]:
    """The `storage` of pomona.extract, as the session's fs.s3a.* settings have it for the bucket of
    `source`: endpoint, region, keys (also those in a credential store), session token, anonymous
    access. What is not set is left out: then the core looks where the AWS SDK looks, so that on EMR
    the instance role works by itself. Empty on Spark Connect, whose client has no Hadoop.

    The result holds credentials: do not print it.
    """
    if not hasattr(spark, "_jsparkSession"):
        return {}
    bucket = urlsplit(source).netloc if re.match(r"(?i:s3a?)://", source) else ""
    hadoop = _Configuration(spark, bucket)
    options: dict[str, Any] = {"s3_region": hadoop.get("endpoint.region")}
    endpoint = hadoop.get("endpoint")
    aws = _AWS_ENDPOINT.match(urlsplit(endpoint).netloc or endpoint)
    if aws:
        options["s3_region"] = options["s3_region"] or aws[1]
    elif endpoint:
        if "://" not in endpoint:
            encrypted = hadoop.get("connection.ssl.enabled", "true").lower() != "false"
            endpoint = ("https://" if encrypted else "http://") + endpoint
        options["s3_endpoint"] = endpoint.rstrip("/")
    if "AnonymousAWSCredentialsProvider" in hadoop.get("aws.credentials.provider"):
        options["s3_anonymous"] = True
    else:
        options["s3_access_key"] = hadoop.secret("access.key")
        options["s3_secret_key"] = hadoop.secret("secret.key")
        options["s3_session_token"] = hadoop.secret("session.token")
        options["s3_requester_pays"] = hadoop.get("requester.pays.enabled").lower() == "true"
    return {name: value for name, value in options.items() if value}


def qualified(spark, source: str) -> str:
    """`source` as Spark understands it: without a scheme, on the default file system; hdfs:///x
    with the name node that is configured. Local folders stay as they are."""
    if not hasattr(spark, "_jsparkSession"):
        return source
    default = spark._jsparkSession.sessionState().newHadoopConf().get("fs.defaultFS", "file:///")
    default = default.rstrip("/")
    here = re.match(r"(?i:hdfs):(?://)?(/(?!/).*)", source, re.DOTALL)
    if here and default.startswith("hdfs://"):
        return default + here[1]
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:/", source) or default.startswith("file:"):
        return source
    if source.startswith("/"):
        return default + source
    home = spark._jvm.org.apache.hadoop.fs.FileSystem.get(
        spark._jsparkSession.sessionState().newHadoopConf()
    ).getHomeDirectory()
    return f"{home.toString().rstrip('/')}/{source}"
