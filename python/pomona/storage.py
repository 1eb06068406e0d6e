"""How to reach storage."""

from typing import TypedDict


class Storage(TypedDict, total=False):
    """Without any of it, things are found as the AWS SDK finds them."""

    s3_endpoint: str
    """URL of another S3 server. Default: AWS_ENDPOINT_URL, else AWS."""
    s3_region: str
    """Default: AWS_REGION, the profile, or what the bucket says."""
    s3_access_key: str
    """Explicit keys, instead of the SDK's chain. Never logged, never written."""
    s3_secret_key: str
    s3_session_token: str
    s3_anonymous: bool
    """Unsigned requests, for public buckets."""
    s3_requester_pays: bool
    """Pay for listing and reading, in buckets whose readers do."""
    timeout: float
    """Seconds that one request may take. Default 30."""
    max_attempts: int
    """Tries of a request that fails for a reason that may pass. Default 8."""
