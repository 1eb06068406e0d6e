"""The built command line as these tests call it."""

import dataclasses
import json
import os
import pathlib
import signal
import subprocess

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent

OK = 0
FAILED = 1  # the run could not go on: storage, or something else
REFUSED = 2  # a bad option, or nothing was begun for another reason
PROBLEM = 3  # a file or a table is damaged, or `verify` found something wrong
TOO_MANY_REJECTS = 4  # more images have no features than --max-rejects allows
INTERRUPTED = 130  # Ctrl-C
KILLED = -signal.SIGKILL


def binary() -> pathlib.Path:
    default = REPOSITORY / "build" / "release" / "pomona"
    return pathlib.Path(os.environ.get("POMONA_BIN", default)).resolve()


@dataclasses.dataclass
class Result:
    """How one call ended. Text that is not UTF-8 shows as replacement characters."""

    code: int
    stdout: str
    stderr: str

    def json(self):
        return json.loads(self.stdout)


class Pomona:
    """Calls `pomona`. Arguments may be paths or numbers; `env` is added to a clean environment."""

    def __init__(
        self, env: dict[str, str] | None = None, launcher: list[str | pathlib.Path] | None = None
    ):
        """`launcher`: a command that runs the program, such as ["setpriv", ...]."""
        self.launcher = launcher or []
        # What the test runner's own shell says about stores and colours is no part of a test.
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AWS_", "AZURE_", "CLOUD_STORAGE_"))
            and name not in ("NO_COLOR", "COLUMNS")
        }
        self.env = {**kept, "AWS_EC2_METADATA_DISABLED": "true", **(env or {})}

    def start(self, *arguments, env: dict[str, str] | None = None, **options) -> subprocess.Popen:
        """Starts the program and leaves it running."""
        return subprocess.Popen(
            [*self.launcher, binary(), *map(str, arguments)],
            env={**self.env, **(env or {})},
            **{
                "stdin": subprocess.DEVNULL,
                "stdout": subprocess.PIPE,
                "stderr": subprocess.PIPE,
                "text": True,
                "errors": "replace",
                **options,
            },
        )

    def __call__(self, *arguments, env: dict[str, str] | None = None, seconds=240, **options):
        """Runs the program to its end, whatever that is."""
        return finish(self.start(*arguments, env=env, **options), seconds)

    def ok(self, *arguments, **options) -> Result:
        """Runs the program and insists that all went well."""
        result = self(*arguments, **options)
        assert result.code == OK, f"exit {result.code}\n{result.stdout}\n{result.stderr}"
        return result


def finish(process: subprocess.Popen, seconds=240) -> Result:
    try:
        stdout, stderr = process.communicate(timeout=seconds)
    except BaseException:
        process.kill()
        process.wait()
        raise
    return Result(process.returncode, stdout, stderr)
