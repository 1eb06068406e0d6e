"""up and down: makes an installation and removes it."""

from __future__ import annotations

from pomona_aws import jobs, software, template
from pomona_aws.account import Account
from pomona_aws.errors import Failed, Refused
from pomona_aws.software import Software
from pomona_aws.stacks import EVERY, Change, Stacks
from pomona_aws.talk import say

# Holds what is worth keeping.
_KEPT = ("data",)
# Cannot be changed once the cluster has ended by itself, only made again.
_OF_ONE_CLUSTER = ("cluster", "alarms")


def up(account: Account, stacks: Stacks, changes: list[Change], brought: Software) -> None:
    """Makes or changes the stacks, in order. When one fails, those that this call made are removed
    again, but for the bucket. Failed."""
    made: list[str] = []
    try:
        for change in changes:
            part = change.template.name
            if part == "cluster":
                _bury(account, stacks)
            # A cluster begins by fetching it.
            if part in ("cluster", "serverless"):
                software.upload(account, stacks.outputs()["Bucket"], brought.files())
            say(f"{stacks.name(part)} ...")
            new = stacks.find(part) is None
            # Noted before it is made: an interrupt may come in the middle.
            made += [part] if new else []
            say(f"{stacks.name(part)}: {stacks.apply(change)}")
    except BaseException as error:  # whatever it is, nothing may be left running unsaid
        say("taking back what was begun")
        left = _remove(account, stacks, [part for part in reversed(made) if part not in _KEPT])
        what = "interrupted" if isinstance(error, KeyboardInterrupt) else str(error)
        raise Failed(what, _state(account, stacks, left)) from error


def to_be_made_again(account: Account, stacks: Stacks) -> tuple[str, ...]:
    """The stacks of a cluster that has ended by itself; `up` removes them, then makes another."""
    cluster = _cluster(account, stacks)
    return _OF_ONE_CLUSTER if cluster is not None and not cluster.is_open() else ()


def _cluster(account: Account, stacks: Stacks) -> jobs.Cluster | None:
    """That the stacks tell of, ended or not."""
    cluster = stacks.outputs().get("ClusterId")
    return None if cluster is None else jobs.Cluster(account, cluster)


def _bury(account: Account, stacks: Stacks) -> None:
    ended = to_be_made_again(account, stacks)
    if ended:
        say(f"the cluster of {stacks.name('cluster')} has ended")
    if _remove(account, stacks, list(reversed(ended))):
        raise Failed("what is left of the cluster that has ended could not be removed")


def _state(account: Account, stacks: Stacks, left: list[str]) -> str:
    if left:
        names = ", ".join(stacks.name(part) for part in left)
        return f"STILL THERE, and may cost money: {names}; pomona-aws down --yes tries again"
    cluster = _cluster(account, stacks)
    if cluster is not None and cluster.is_open():
        return f"as before, {stacks.name('cluster')} is running"
    if stacks.find("serverless"):
        return f"as before, {stacks.name('serverless')} is there"
    return "nothing is running; the stacks that this call made are gone, the bucket stays"


def down(account: Account, stacks: Stacks) -> None:
    """Removes everything but the bucket. Failed, naming what is left."""
    left = _remove(account, stacks, [part for part in reversed(EVERY) if part not in _KEPT])
    if left:
        raise Failed("not all could be removed", _state(account, stacks, left))


def present(stacks: Stacks) -> list[str]:
    """The stacks that are there, the last made first."""
    return [part for part in reversed(EVERY) if stacks.find(part)]


def check_removable(account: Account, stacks: Stacks) -> None:
    """Refused where the cluster is protected."""
    cluster = _cluster(account, stacks)
    if cluster is not None and cluster.is_protected():
        raise Refused(
            f"cluster {cluster.id} is protected from termination",
            "pomona-aws up --archive FILE --set TerminationProtected=false --yes",
        )


def _remove(account: Account, stacks: Stacks, parts: list[str]) -> list[str]:
    """Removes stacks in this order, whatever fails; those that are still there."""
    left = []
    for part in parts:
        try:
            if part == "network":
                _untie(account, stacks)
            if stacks.find(part):
                say(f"{stacks.name(part)} ...")
                stacks.delete(part)
                say(f"{stacks.name(part)}: removed")
        except Exception as error:  # the other stacks are to be removed all the same
            say(f"{stacks.name(part)}: {error}")
            left.append(part)
    return left


def _untie(account: Account, stacks: Stacks) -> None:
    """Empties the security groups. EMR adds rules that name one group in another, and a group that
    is named cannot be removed."""
    outputs = stacks.outputs()
    groups = [outputs[name] for name in template.load("network").outputs
              if name.endswith("Group") and name in outputs]  # fmt: skip
    if not groups:
        return
    ec2 = account.client("ec2")
    for group in ec2.describe_security_groups(GroupIds=groups)["SecurityGroups"]:
        for rules, revoke in (
            (group["IpPermissions"], ec2.revoke_security_group_ingress),
            (group["IpPermissionsEgress"], ec2.revoke_security_group_egress),
        ):
            if rules:
                revoke(GroupId=group["GroupId"], IpPermissions=rules)
