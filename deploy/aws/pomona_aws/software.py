"""What the machines start with: the archive of `pomona pack`, the bootstrap script, the job."""

from __future__ import annotations

import dataclasses
import hashlib
import pathlib
import tarfile

from pomona_aws import template
from pomona_aws.account import Account
from pomona_aws.errors import Refused

_JOB = template.FOLDER.parents[1] / "examples" / "spark_job.py"


@dataclasses.dataclass(frozen=True)
class File:
    path: pathlib.Path
    key: str
    """In the bucket. Has the checksum in it, so that nothing that runs is ever replaced."""
    sha256: str


def _file(path: pathlib.Path) -> File:
    with path.open("rb") as data:
        sha256 = hashlib.file_digest(data, "sha256").hexdigest()
    stem, _, suffix = path.name.partition(".")
    return File(path, f"pomona/{stem}-{sha256[:12]}.{suffix}", sha256)


@dataclasses.dataclass(frozen=True)
class Software:
    archive: File | None
    """None on EMR Serverless, whose image has it."""
    bootstrap: File
    job: File

    def files(self) -> list[File]:
        return [file for file in (self.archive, self.bootstrap, self.job) if file]

    def parameters(self) -> dict[str, str]:
        """Those of cluster.yaml."""
        if self.archive is None:
            return {}
        return {
            "BootstrapKey": self.bootstrap.key,
            "ArchiveKey": self.archive.key,
            "ArchiveSha256": self.archive.sha256,
        }


def find(archive: pathlib.Path | None) -> Software:
    """Refused where `archive` is not what `pomona pack` makes."""
    if archive is not None:
        _check(archive)
    return Software(
        _file(archive) if archive else None,
        _file(template.FOLDER / "bootstrap.sh"),
        job(),
    )


def job() -> File:
    """The file that spark-submit is given."""
    return _file(_JOB)


def _check(archive: pathlib.Path) -> None:
    hint = "pomona pack --output env.tar.gz makes one"
    try:
        with tarfile.open(archive) as packed:
            first = packed.next()
    except (OSError, tarfile.TarError) as error:
        raise Refused(f"{archive} is no archive: {error}", hint) from None
    if first is None or first.name != "bin/python":
        raise Refused(f"{archive} is not an archive of `pomona pack`", hint)


def upload(account: Account, bucket: str, files: list[File]) -> None:
    """Puts `files` into the bucket; S3 compares the checksum on arrival."""
    for file in files:
        account.client("s3").upload_file(
            str(file.path), bucket, file.key, ExtraArgs={"ChecksumAlgorithm": "SHA256"}
        )
