"""Runs a command beside real servers: with_servers.py [--s3] [--hdfs] [...] -- CMD

The command finds them in its environment: POMONA_TEST_S3_ENDPOINT with AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY and AWS_REGION; POMONA_TEST_S3PROXY_ENDPOINT, which takes the same keys;
POMONA_TEST_GCS_ENDPOINT; POMONA_TEST_AZURE_ENDPOINT with AZURE_STORAGE_KEY; POMONA_TEST_HDFS with
ARROW_LIBHDFS_DIR and CLASSPATH; HADOOP_CONF_DIR, and POMONA_TEST_YARN where there is a YARN. A
server that cannot be had
here is left out, its variable unset, and standard error says so. The exit code is the command's.
"""

import argparse
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from servers.artifacts import Unavailable  # noqa: E402
from servers.azure import Azurite  # noqa: E402
from servers.gcs import FakeGcs  # noqa: E402
from servers.hdfs import Hadoop  # noqa: E402
from servers.s3 import S3Proxy, VersityGateway  # noqa: E402


def start(arguments: argparse.Namespace) -> list:
    """The servers asked for, as far as this machine can have them."""
    wanted = []
    if arguments.s3:
        wanted.append(VersityGateway)
    if arguments.s3proxy:
        wanted.append(S3Proxy)
    if arguments.gcs:
        wanted.append(FakeGcs)
    if arguments.azure:
        wanted.append(Azurite)
    if arguments.hdfs or arguments.yarn:
        wanted.append(lambda: Hadoop(yarn=arguments.yarn))
    running = []
    try:
        for make in wanted:
            try:
                running.append(make())
            except Unavailable as why:
                print(f"with_servers: LEFT OUT, and with it its tests: {why}", file=sys.stderr)
    except BaseException:
        for server in running:
            server.stop()
        raise
    return running


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Runs a command beside real servers.", usage="%(prog)s [options] -- CMD..."
    )
    parser.add_argument("--s3", action="store_true", help="the Versity S3 Gateway")
    parser.add_argument("--s3proxy", action="store_true", help="S3Proxy, a second S3 server")
    parser.add_argument("--gcs", action="store_true", help="a server of Google's storage API")
    parser.add_argument("--azure", action="store_true", help="Azurite")
    parser.add_argument("--hdfs", action="store_true", help="HDFS")
    parser.add_argument("--yarn", action="store_true", help="HDFS and YARN")
    parser.add_argument("command", nargs="+", metavar="CMD")
    arguments = parser.parse_args()

    servers = start(arguments)
    try:
        environment = dict(os.environ)
        for server in servers:
            environment.update(server.environment())
        return subprocess.run(arguments.command, env=environment).returncode
    except KeyboardInterrupt:
        return 130
    finally:
        for server in servers:
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
