"""An AWS account that moto plays, on a port of this process.

moto lets in anybody until its checks are switched on. Then it verifies signatures and finds the
caller's policies; that those allow a request to S3 is decided here (policies.py), for moto does not
know the condition `s3:prefix`.
"""

import json
import os
import re
import urllib.parse

import boto3
import policies
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from moto import settings
from moto.core.authorization import ActionAuthenticatorMixin
from moto.ec2.models import ec2_backends
from moto.ec2.models.route_tables import RouteTable
from moto.emr.models import ElasticMapReduceBackend, emr_backends
from moto.iam.access_control import S3IAMRequest
from moto.iam.models import Policy
from moto.moto_api._internal import moto_api_backend
from moto.server import ThreadedMotoServer

# moto takes EMR's requests at an endpoint of its own for this region's.
REGION = "us-east-1"
NUMBER = "123456789012"

# Of the administrator.
KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIAADMINISTRATOR000",
    "AWS_SECRET_ACCESS_KEY": "administrators-secret-0123456789abcdefgh",
}


class Account:
    def __init__(self):
        self._server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self._server.start()
        self.endpoint = "http://{}:{}".format(*self._server.get_host_and_port())

    def environment(self, **more: str) -> dict[str, str]:
        """For a program that is to take this account for AWS."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return {
            **kept, **KEYS, "AWS_REGION": REGION, "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true", **more,
        }  # fmt: skip

    def client(self, service: str):
        return boto3.client(
            service, region_name=REGION, endpoint_url=self.endpoint,
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        )  # fmt: skip

    def check_rights(self) -> None:
        """From now on every request needs a signature that is right and a policy that allows it."""
        settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
        ActionAuthenticatorMixin.request_count = 0

    def forget(self) -> None:
        """Begins an empty account, open to all."""
        settings.INITIAL_NO_AUTH_ACTION_COUNT = float("inf")
        moto_api_backend.reset()

    def end_step(self, cluster: str, step: str, state: str) -> None:
        """moto's steps run for ever."""
        (found,) = [s for s in emr_backends[NUMBER][REGION].clusters[cluster].steps if s.id == step]
        found.state = state

    def forget_cluster(self, cluster: str) -> None:
        """As EMR does some two months after a cluster's end."""
        emr_backends[NUMBER][REGION].clusters.pop(cluster)

    def stop(self) -> None:
        self._server.stop()


def _statements(policy) -> list[dict]:
    if isinstance(policy, Policy):
        document = next(version.document for version in policy.versions if version.is_default)
    else:
        document = policy if isinstance(policy, str) else policy["policy_document"]
    statement = json.loads(document)["Statement"]
    return statement if isinstance(statement, list) else [statement]


def _check_action_permitted(request: S3IAMRequest, resource: str) -> None:
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(request._path).query)
    context = {f"s3:{name}": values[0] for name, values in query.items()}
    held = [s for policy in request._access_key.collect_policies() for s in _statements(policy)]
    if not policies.allows(held, request._action, resource, context):
        request._raise_access_denied()


S3IAMRequest.check_action_permitted = _check_action_permitted


# moto knows signatures in headers alone; changes of an output are signed in the query.


def _with_signature_in_headers(make):
    def init(self, *, path: str, headers, **arguments):
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(path).query))
        self._in_query = "X-Amz-Signature" in query
        if self._in_query:
            headers = dict(headers) | {
                "Authorization": f"AWS4-HMAC-SHA256 Credential={query['X-Amz-Credential']}, "
                f"SignedHeaders={query['X-Amz-SignedHeaders']}, "
                f"Signature={query['X-Amz-Signature']}",
                "X-Amz-Date": query["X-Amz-Date"],
            }
            if "X-Amz-Security-Token" in query:
                headers["X-Amz-Security-Token"] = query["X-Amz-Security-Token"]
            path = re.sub("[?&]X-Amz-Signature=[^&]*", "", path)
        make(self, path=path, headers=headers, **arguments)

    return init


def _auth_of(request: S3IAMRequest, credentials):
    kind = S3SigV4QueryAuth if request._in_query else S3SigV4Auth
    return kind(credentials, request._service, request._region)


def _aws_request_of(request: S3IAMRequest) -> AWSRequest:
    signed = request._get_string_between(
        "SignedHeaders=", ",", request._headers["Authorization"]
    ).split(";")
    made = AWSRequest(
        method=request._method,
        url=request._path,
        data=request._body or request._data,
        headers=request._create_headers_for_aws_request(signed, request._headers),
    )
    made.context["timestamp"] = request._headers["X-Amz-Date"]
    return made


S3IAMRequest.__init__ = _with_signature_in_headers(S3IAMRequest.__init__)
S3IAMRequest._create_auth = _auth_of
S3IAMRequest._create_aws_request = _aws_request_of


# What moto's CloudFormation leaves out of two resources.

_run_job_flow = ElasticMapReduceBackend.run_job_flow


def _run_job_flow_until_it_is_ended(backend, **request):
    instances = request["instance_attrs"]
    instances["keep_job_flow_alive_when_no_steps"] = instances["KeepJobFlowAliveWhenNoSteps"]
    return _run_job_flow(backend, **request)


ElasticMapReduceBackend.run_job_flow = _run_job_flow_until_it_is_ended


def _delete_route_table(table: RouteTable, account: str, region: str) -> None:
    ec2_backends[account][region].route_tables.pop(table.id)


RouteTable.delete = _delete_route_table
