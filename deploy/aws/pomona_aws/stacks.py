"""Which stacks there are, what each takes from which, and how one is made and removed."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Mapping
from typing import Any

import botocore.exceptions

from pomona_aws import template
from pomona_aws.account import Account
from pomona_aws.errors import Failed, Refused
from pomona_aws.template import Template

# In the order in which they are made. A parameter that has the name of an output of a stack before
# gets its value.
CLUSTER = ("data", "network", "access", "cluster", "alarms")
SERVERLESS = ("data", "network", "access", "serverless")
EVERY = ("data", "network", "access", "serverless", "cluster", "alarms")

# Polls in this rhythm, an hour at most.
_WAIT = {"Delay": 10, "MaxAttempts": 360}


@dataclasses.dataclass(frozen=True)
class Change:
    """One stack as it is to be."""

    template: Template
    values: dict[str, str]
    """Parameters with a value that is known or was said, now or earlier. The others have the
    template's default."""
    wired: dict[str, str]
    """Parameters that are outputs of another stack: its name."""

    def number(self, parameter: str) -> int:
        return int(self.values.get(parameter, self.template.parameters[parameter]["Default"]))


def plan(
    names: tuple[str, ...],
    before: Mapping[str, dict[str, str]],
    known: dict[str, str],
    said: dict[str, str],
) -> list[Change]:
    """The changes that make the stacks `names`. `before` are the values that each has; `known` are
    those found otherwise; `said` are a user's, each for all stacks that have such a parameter, and
    win. Refused.
    """
    changes: list[Change] = []
    outputs: dict[str, str] = {}
    for name in names:
        made = template.load(name)
        wired = {p: outputs[p] for p in made.parameters if p in outputs}
        values = {
            p: v
            for p, v in {**before[name], **known, **said}.items()
            if p in made.parameters and p not in wired
        }
        made.check(values, wired)
        changes.append(Change(made, values, wired))
        outputs |= dict.fromkeys(made.outputs, name)
    settable = {p for change in changes for p in change.template.parameters} - set(outputs)
    unknown = sorted(set(said) - settable)
    if unknown:
        raise Refused(
            f"nothing to set is called {', '.join(unknown)}",
            f"there are {', '.join(sorted(settable))}",
        )
    _check_limits(changes)
    return changes


def _check_limits(changes: list[Change]) -> None:
    """What no parameter's own rules can say."""
    for change in changes:
        if change.template.name == "cluster":
            core, most = change.number("CoreUnits"), change.number("MaximumUnits")
            if most < core:
                raise Refused(
                    f"MaximumUnits={most} is less than CoreUnits={core}", "core nodes count, too"
                )
        if change.template.name == "serverless":
            disk, cores = change.number("MaximumDiskGB"), change.number("MaximumVcpu")
            needed = -(-cores // 4) * 20  # a worker has 4 vCPU, and 20 GB if nothing else is said
            if disk < needed:
                raise Refused(
                    f"MaximumDiskGB={disk} is too little for MaximumVcpu={cores}",
                    f"--set MaximumDiskGB={needed}",
                )


class Stacks:
    """The stacks of one installation in one account."""

    def __init__(self, account: Account, application: str):
        self._cloud = account.client("cloudformation")
        self._application = application

    def name(self, part: str) -> str:
        return f"{self._application}-{part}"

    def find(self, part: str) -> dict[str, Any] | None:
        """What CloudFormation says of a stack; None where there is none."""
        try:
            return self._cloud.describe_stacks(StackName=self.name(part))["Stacks"][0]
        except botocore.exceptions.ClientError as error:
            if "does not exist" in str(error):
                return None
            raise

    def outputs(self) -> dict[str, str]:
        """Of all stacks that are there."""
        found = {}
        for part in EVERY:
            stack = self.find(part) or {}
            found |= {o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", [])}
        return found

    def settings(self, part: str) -> dict[str, str]:
        """What was said of a stack earlier: its parameters that differ from their defaults."""
        rules = template.load(part).parameters
        there = self.find(part) or {}
        before = {p["ParameterKey"]: p["ParameterValue"] for p in there.get("Parameters", [])}
        return {
            name: value
            for name, value in before.items()
            if name in rules and value != str(rules[name].get("Default", ""))
        }

    def apply(self, change: Change) -> str:
        """Makes or changes one stack and waits for it: "created", "updated" or "unchanged". Failed;
        then CloudFormation has taken back what it did, and a new stack is gone."""
        part = change.template.name
        outputs = self.outputs()
        values = change.values | {name: outputs[name] for name in change.wired}
        token = _token()
        request = {
            "StackName": self.name(part),
            "TemplateBody": change.template.text,
            "Parameters": [
                {"ParameterKey": key, "ParameterValue": value} for key, value in values.items()
            ],
            "Capabilities": ["CAPABILITY_IAM"],
            "Tags": [{"Key": "application", "Value": self._application}],
            "ClientRequestToken": token,
        }
        if self.find(part) is None:
            stack = self._cloud.create_stack(**request, OnFailure="DELETE")["StackId"]
            self._wait("stack_create_complete", stack, part, token)
            return "created"
        try:
            stack = self._cloud.update_stack(**request)["StackId"]
        except botocore.exceptions.ClientError as error:
            if "No updates are to be performed" in str(error):
                return "unchanged"
            raise
        self._wait("stack_update_complete", stack, part, token)
        return "updated"

    def delete(self, part: str) -> None:
        """Removes one stack and waits until it is gone. Failed."""
        stack = self.find(part)
        if stack is not None:
            token = _token()
            self._cloud.delete_stack(StackName=stack["StackId"], ClientRequestToken=token)
            self._wait("stack_delete_complete", stack["StackId"], part, token)

    def _wait(self, event: str, stack: str, part: str, token: str) -> None:
        try:
            self._cloud.get_waiter(event).wait(StackName=stack, WaiterConfig=_WAIT)
        except botocore.exceptions.WaiterError:
            raise Failed(f"stack {self.name(part)}: {self._reason(stack, token)}") from None

    def _reason(self, stack: str, token: str) -> str:
        """The first thing that went wrong with what was asked of a stack: what follows are
        consequences."""
        pages = self._cloud.get_paginator("describe_stack_events").paginate(StackName=stack)
        failed = [
            event
            for page in pages
            for event in page["StackEvents"]  # the newest first
            if event.get("ClientRequestToken") == token
            and event["ResourceStatus"].endswith("FAILED")
        ]
        if not failed:
            return "not ready after an hour"
        reason = failed[-1].get("ResourceStatusReason", "no reason given")
        return f"{failed[-1]['LogicalResourceId']}: {reason}"


def _token() -> str:
    """Marks the events of one request."""
    return f"pomona-{uuid.uuid4()}"
