"""Clients of one account and region."""

from __future__ import annotations

import functools
import os

import boto3

from pomona_aws.errors import Refused


class Account:
    """Credentials, region and endpoints are found as the AWS SDK finds them."""

    def __init__(self, profile: str | None, region: str | None):
        # The SDK for Python alone does not look at AWS_REGION.
        region = region or os.environ.get("AWS_REGION") or None
        self._profile = profile
        self._session = boto3.Session(profile_name=profile, region_name=region)
        if not self._session.region_name:
            raise Refused("no region", "--region eu-west-1, or AWS_REGION")
        self.region = self._session.region_name

    def environment(self) -> dict[str, str]:
        """For a program that is to use the same account and region."""
        made = os.environ | {"AWS_REGION": self.region}
        if self._profile:
            made["AWS_PROFILE"] = self._profile
            # Keys would win over a profile that only the environment names.
            for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
                made.pop(key, None)
        return made

    @functools.cache  # noqa: B019  one account lives as long as the command
    def client(self, service: str):
        return self._session.client(service)
