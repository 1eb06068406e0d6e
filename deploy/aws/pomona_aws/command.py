"""The command line of pomona-aws."""

from __future__ import annotations

import argparse
import pathlib
import re
import shlex
import sys
from typing import Any

import boto3.exceptions
import botocore.exceptions

from pomona_aws import installation, jobs, price, progress, software, spark_submit, stacks
from pomona_aws.account import Account
from pomona_aws.errors import AwsError, Failed, Refused
from pomona_aws.jobs import Place
from pomona_aws.stacks import Stacks
from pomona_aws.talk import say

DONE, INTERRUPTED = 0, 130

# An upload that is refused is of the last kind alone.
_OF_THE_SDK = (
    botocore.exceptions.BotoCoreError,
    botocore.exceptions.ClientError,
    boto3.exceptions.Boto3Error,
)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="pomona-aws",
        description="Pomona on AWS: from an empty account to features in a bucket. What changes "
        "something or costs something only says so, until --yes.",
        epilog="Exit codes: 0 done, 1 failed, 2 refused (nothing begun), 130 interrupted.",
        allow_abbrev=False,
    )
    made.add_argument("--name", default="pomona", help="of the installation (pomona)")
    made.add_argument("--region", help="where the SDK's own settings do not say it")
    made.add_argument("--profile", help="of the SDK's configuration")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text, allow_abbrev=False)

    def acts(command: argparse.ArgumentParser) -> None:
        command.add_argument("--yes", action="store_true", help="do it, rather than only say it")

    def priced(command: argparse.ArgumentParser) -> None:
        command.add_argument("--prices", type=pathlib.Path, metavar="FILE",
                             help="price list, as those of deploy/aws/prices")  # fmt: skip

    up = command("up", "Makes or changes the installation.")
    up.add_argument("--archive", type=pathlib.Path, metavar="FILE",
                    help="of `pomona pack`; not for --serverless")  # fmt: skip
    up.add_argument("--serverless", action="store_true", help="EMR Serverless, no cluster")
    up.add_argument("--set", action="append", default=[], metavar="PARAMETER=VALUE",
                    help="of any template in deploy/aws; repeatable")  # fmt: skip
    acts(up)
    priced(up)

    submit = command(
        "submit", "Starts an extraction. Options of `pomona extract` come last: -- --precision bf16"
    )
    submit.add_argument("source", metavar="SOURCE", help="s3://bucket/images/...")
    submit.add_argument("output", metavar="OUTPUT", help="s3://bucket/features/...")
    acts(submit)
    priced(submit)

    watch = command("watch", "Follows a job to its end, and shows its report.")
    watch.add_argument("--job", help="identifier (the one that was sent last)")
    watch.add_argument("--every", type=float, default=10, metavar="SECONDS", help="(10)")

    fetch = command("fetch", "Brings a job's report and logs.")
    fetch.add_argument("folder", metavar="DIR", type=pathlib.Path)
    fetch.add_argument("--job", help="identifier (the one that was sent last)")

    acts(command("down", "Removes everything but the bucket."))
    return made


def main(words: list[str] | None = None) -> int:
    words = sys.argv[1:] if words is None else words
    # argparse would take options of the job for its own.
    end = words.index("--") if "--" in words else len(words)
    arguments = parser().parse_args(words[:end])
    arguments.options = words[end + 1 :]
    try:
        if arguments.options and arguments.command != "submit":
            raise Refused("only submit has options after --")
        _COMMANDS[arguments.command](arguments)
    except AwsError as error:
        return _say_error(str(error), error.hint, error.exit_code)
    except botocore.exceptions.NoCredentialsError:
        return _say_error("no credentials", "--profile NAME, or aws configure sso", 2)
    except _OF_THE_SDK as error:
        return _say_error(str(error), "", Failed.exit_code)
    except KeyboardInterrupt:
        hint = (
            "pomona-aws watch says whether the job was sent"
            if arguments.command == "submit"
            else "the same command goes on"
        )
        return _say_error("interrupted", hint, INTERRUPTED)
    return DONE


def _say_error(message: str, hint: str, code: int) -> int:
    say(f"error: {message}")
    if hint:
        say(f"hint: {hint}")
    return code


def _start(arguments: argparse.Namespace) -> tuple[Account, Stacks]:
    account = Account(arguments.profile, arguments.region)
    return account, Stacks(account, arguments.name)


def _said(settings: list[str], name: str) -> dict[str, str]:
    said = {"Application": name}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals:
            raise Refused(f"--set {setting} has no value", "--set CoreUnits=16")
        said[key] = value
    return said


def _up(arguments: argparse.Namespace) -> None:
    if arguments.serverless == (arguments.archive is not None):
        raise Refused(
            "a cluster needs --archive FILE, and --serverless takes none",
            "pomona pack --output env.tar.gz makes one; the image of EMR Serverless has its own",
        )
    names = stacks.SERVERLESS if arguments.serverless else stacks.CLUSTER
    brought = software.find(arguments.archive)
    said = _said(arguments.set, arguments.name)
    account, there = _start(arguments)
    before = {name: there.settings(name) for name in names}
    changes = stacks.plan(names, before, brought.parameters(), said)
    ended = installation.to_be_made_again(account, there)
    for change in changes:
        verb = "change" if there.find(change.template.name) else "make"
        verb = "remake" if change.template.name in ended else verb
        values = ", ".join(f"{key}={value}" for key, value in sorted(change.values.items()))
        print(f"{verb:7}{there.name(change.template.name)}: {values}")
    for file in brought.files():
        print(f"upload {file.key}: {file.path}, {file.path.stat().st_size / 1e6:.1f} MB")
    if not arguments.serverless:
        print(price.of_cluster(changes[names.index("cluster")], arguments.prices))
    if _is_only_said(arguments):
        return
    installation.up(account, there, changes, brought)
    for key, value in sorted(there.outputs().items()):
        print(f"{key}={value}")


def _submit(arguments: argparse.Namespace) -> None:
    for uri in (arguments.source, arguments.output):
        if not re.fullmatch(r"s3://[^/]+/.+", uri):
            raise Refused(f"{uri} is no place in a bucket", "s3://bucket/images/Test")
    account, there = _start(arguments)
    outputs = there.outputs()
    place = jobs.place(account, outputs)
    if not place.is_open():
        raise Refused(
            f"cluster {outputs['ClusterId']} has ended, as it does when idle",
            "pomona-aws up --archive FILE --yes makes another",
        )
    for uri, may, parameter in (
        (arguments.source, outputs["Images"], "ImagesPrefix"),
        (arguments.output, outputs["Features"], "FeaturesPrefix"),
    ):
        if not f"{uri.rstrip('/')}/".startswith(f"{may}/"):
            raise Refused(
                f"the job's role may not use {uri}, only what is below {may}",
                f"pomona-aws up --set {parameter}=...",
            )
    job_key = software.job().key
    request = (outputs["Bucket"], job_key, arguments.source, arguments.output, arguments.options)
    print(f"run    {shlex.join(spark_submit.command(*request))}")
    print(price.of_job(account, arguments.source, arguments.options, arguments.prices))
    if not _is_only_said(arguments):
        software.upload(account, outputs["Bucket"], [software.job()])
        print(place.submit(*request))


def _job(arguments: argparse.Namespace) -> tuple[Account, dict[str, Any], Place, str]:
    account, there = _start(arguments)
    outputs = there.outputs()
    place = jobs.place(account, outputs)
    job = arguments.job or place.latest()
    if job is None:
        raise Refused("no job was sent yet", "pomona-aws submit SOURCE OUTPUT --yes")
    return account, outputs, place, job


def _watch(arguments: argparse.Namespace) -> None:
    account, _, place, job = _job(arguments)
    done = progress.watch(account, place, job, arguments.every)
    made = progress.report(account, done.output)
    print(f"{done.output}: {progress.summary(made) if made else 'there is no report'}")


def _fetch(arguments: argparse.Namespace) -> None:
    account, outputs, place, job = _job(arguments)
    files = progress.fetch(account, place, place.find(job), outputs["Bucket"], arguments.folder)
    print(f"{files} files of {job} in {arguments.folder}")


def _down(arguments: argparse.Namespace) -> None:
    account, there = _start(arguments)
    installation.check_removable(account, there)
    for part in installation.present(there):
        print(f"{'keep' if part == 'data' else 'remove':7}{there.name(part)}")
    if _is_only_said(arguments):
        return
    installation.down(account, there)
    print("nothing runs; the bucket and what is in it stay")


def _is_only_said(arguments: argparse.Namespace) -> bool:
    if not arguments.yes:
        say("nothing was done; --yes does it")
    return not arguments.yes


_COMMANDS = {"up": _up, "submit": _submit, "watch": _watch, "fetch": _fetch, "down": _down}
