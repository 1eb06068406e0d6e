"""A real HDFS on loopback, with a real YARN beside it when asked for."""

import pathlib
import shutil
import tempfile

from servers import artifacts
from servers.process import ServerProcess


class Hadoop:
    """A running mini cluster. `uri` is "hdfs://127.0.0.1:PORT"; `conf` holds its site files."""

    def __init__(self, yarn: bool = False):
        home = artifacts.hadoop()
        self._yarn = yarn
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pomona-hadoop-"))
        self.conf = self.folder / "conf"
        self.process = ServerProcess([
            artifacts.java_home() / "bin" / "java", "-Xmx1g", "-Djava.net.preferIPv4Stack=true",
            "-cp", f"{home}/classes:{home}/lib/*", "MiniCluster", self.conf, self.folder / "work",
            *(["--yarn"] if yarn else []),
        ])  # fmt: skip
        ready = self.process.wait_for_ready_line(120)
        self.uri = ready.split()[1].replace("localhost", "127.0.0.1")

    def environment(self) -> dict[str, str]:
        """What Arrow's HDFS client wants, and where the cluster is."""
        return {
            "POMONA_TEST_HDFS": self.uri,
            "HADOOP_CONF_DIR": str(self.conf),
            "ARROW_LIBHDFS_DIR": str(artifacts.libhdfs().parent),
            "CLASSPATH": artifacts.hadoop_client_classpath(),
            "JAVA_HOME": str(artifacts.java_home()),
            **({"POMONA_TEST_YARN": str(self.conf)} if self._yarn else {}),
        }

    def stop(self) -> None:
        self.process.stop(grace_seconds=30)
        shutil.rmtree(self.folder, ignore_errors=True)
