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
        region = region or os.environ.get("AWS_REGION")
        self._session = boto3.Session(profile_name=profile, region_name=region)
        if not self._session.region_name:
            raise Refused("no region", "--region eu-west-1, or AWS_REGION")
        self.region = self._session.region_name

    @functools.cache  # noqa: B019  one account lives as long as the command
    def client(self, service: str):
        return self._session.client(service)
