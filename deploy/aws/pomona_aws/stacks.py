"""Which stacks there are, what each takes from which, and how one is made and removed."""

from __future__ import annotations

import dataclasses
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
    """Parameters with a value that is known. The others keep what was said earlier, else have the
    template's default."""
    wired: dict[str, str]
    """Parameters that are outputs of another stack: its name."""


def plan(names: tuple[str, ...], said: dict[str, str], known: dict[str, str]) -> list[Change]:
    """The changes that make the stacks `names`. `said` are a user's values, each for all stacks
    that have such a parameter; `known` are those found otherwise. Nothing is asked of AWS. Refused.
    """
    changes: list[Change] = []
    outputs: dict[str, str] = {}
    for name in names:
        made = template.load(name)
        wired = {p: outputs[p] for p in made.parameters if p in outputs}
        values = {p: v for p, v in {**known, **said}.items() if p in made.parameters}
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
            rules = change.template.parameters
            core, most = (
                float(change.values.get(name, rules[name]["Default"]))
                for name in ("CoreUnits", "MaximumUnits")
            )
            if most < core:
                raise Refused(
                    f"MaximumUnits={most:g} is less than CoreUnits={core:g}",
                    "core nodes count, too",
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

    def apply(self, change: Change) -> str:
        """Makes or changes one stack and waits for it: "created", "updated" or "unchanged". Failed;
        then CloudFormation has taken back what it did, and a new stack is gone."""
        part = change.template.name
        outputs = self.outputs()
        values = change.values | {name: outputs[name] for name in change.wired}
        there = self.find(part)
        before = {
            p["ParameterKey"]: p["ParameterValue"] for p in (there or {}).get("Parameters", [])
        }
        rules = change.template.parameters
        set_before = {
            name: value
            for name, value in before.items()
            if name in rules and value != str(rules[name].get("Default", ""))
        }
        values = set_before | values
        request = {
            "StackName": self.name(part),
            "TemplateBody": change.template.text,
            "Parameters": [
                {"ParameterKey": key, "ParameterValue": value} for key, value in values.items()
            ],
            "Capabilities": ["CAPABILITY_IAM"],
            "Tags": [{"Key": "application", "Value": self._application}],
        }
        if there is None:
            stack = self._cloud.create_stack(**request, OnFailure="DELETE")["StackId"]
            self._wait("stack_create_complete", stack, part)
            return "created"
        try:
            stack = self._cloud.update_stack(**request)["StackId"]
        except botocore.exceptions.ClientError as error:
            if "No updates are to be performed" in str(error):
                return "unchanged"
            raise
        self._wait("stack_update_complete", stack, part)
        return "updated"

    def delete(self, part: str) -> None:
        """Removes one stack and waits until it is gone. Failed."""
        stack = self.find(part)
        if stack is not None:
            self._cloud.delete_stack(StackName=stack["StackId"])
            self._wait("stack_delete_complete", stack["StackId"], part)

    def _wait(self, event: str, stack: str, part: str) -> None:
        try:
            self._cloud.get_waiter(event).wait(StackName=stack, WaiterConfig=_WAIT)
        except botocore.exceptions.WaiterError:
            raise Failed(f"stack {self.name(part)}: {self._reason(stack)}") from None

    def _reason(self, stack: str) -> str:
        """The first thing that went wrong in a stack: what follows are consequences."""
        events = self._cloud.describe_stack_events(StackName=stack)["StackEvents"]
        for event in reversed(events):
            if event["ResourceStatus"].endswith("FAILED"):
                reason = event.get("ResourceStatusReason", "no reason given")
                return f"{event['LogicalResourceId']}: {reason}"
        return "not ready after an hour"
