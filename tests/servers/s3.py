"""Two real and independent S3 servers on loopback, each over a folder of its own."""

import pathlib
import secrets
import shutil
import tempfile

from servers import artifacts
from servers.process import ServerProcess, free_port

REGION = "us-east-1"

# One pair a run, so that several servers serve one environment.
ACCESS_KEY = "pomona" + secrets.token_hex(6)
SECRET_KEY = secrets.token_hex(20)


class S3Server:
    """One running server. `endpoint` is its URL; it lets in ACCESS_KEY and nobody else."""

    variable = "POMONA_TEST_S3_ENDPOINT"

    def __init__(self):
        self.port = free_port()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pomona-s3-"))
        (self.folder / "data").mkdir()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def credentials(self) -> dict[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",  # there is none here to wait for
        }

    def environment(self) -> dict[str, str]:
        return {**self.credentials(), self.variable: self.endpoint}

    def stop(self) -> None:
        self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class VersityGateway(S3Server):
    """versitygw over a posix folder: a bucket is a folder of `data`, an object a file."""

    def __init__(self, keep_alive: bool = False):
        """`keep_alive`: as real S3 serves reads. Off by default: version 1.8.0 answers some PUTs of
        the AWS SDK on a connection that it kept with 400 ("error parsing the request")."""
        super().__init__()
        binary = artifacts.versitygw()
        (self.folder / "iam").mkdir()
        self.process = ServerProcess(
            [
                binary, "--port", f"127.0.0.1:{self.port}", "--region", REGION, "--quiet",
                *(["--keep-alive"] if keep_alive else []),
                "--iam-dir", self.folder / "iam", "posix", self.folder / "data",
            ],
            env={"ROOT_ACCESS_KEY": ACCESS_KEY, "ROOT_SECRET_KEY": SECRET_KEY},
        )  # fmt: skip
        self.process.wait_for_port(self.port, 20)


class S3Proxy(S3Server):
    """S3Proxy: another code base, so that nothing here depends on one server's habits."""

    variable = "POMONA_TEST_S3PROXY_ENDPOINT"

    def __init__(self):
        super().__init__()
        jar = artifacts.s3proxy_jar()
        settings = {
            "s3proxy.endpoint": self.endpoint,
            "s3proxy.authorization": "aws-v2-or-v4",
            "s3proxy.identity": ACCESS_KEY,
            "s3proxy.credential": SECRET_KEY,
            "jclouds.provider": "filesystem-nio2",
            "jclouds.filesystem.basedir": self.folder / "data",
            "jclouds.identity": "unused",
            "jclouds.credential": "unused",
        }
        properties = self.folder / "s3proxy.properties"
        properties.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
        java = artifacts.java_home() / "bin" / "java"
        self.process = ServerProcess([java, "-Xmx512m", "-jar", jar, "--properties", properties])
        self.process.wait_for_port(self.port, 60)
