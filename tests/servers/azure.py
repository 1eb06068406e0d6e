"""A server of Azure's blob API on loopback."""

import base64
import secrets
import shutil
import tempfile

from servers import artifacts
from servers.process import ServerProcess, free_port

ACCOUNT = "pomonatest"


class Azurite:
    """Azurite with one account, whose key it checks."""

    def __init__(self):
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}/{ACCOUNT}"
        self.key = base64.b64encode(secrets.token_bytes(32)).decode()
        self.folder = tempfile.mkdtemp(prefix="pomona-azure-")
        self.process = ServerProcess(
            [
                artifacts.node(), artifacts.azurite(), "--blobHost", "127.0.0.1",
                "--blobPort", str(self.port), "--location", self.folder,
                "--silent", "--disableTelemetry", "--skipApiVersionCheck",
            ],
            env={"AZURITE_ACCOUNTS": f"{ACCOUNT}:{self.key}"},
        )  # fmt: skip
        self.process.wait_for_port(self.port, 60)

    def environment(self) -> dict[str, str]:
        return {"POMONA_TEST_AZURE_ENDPOINT": self.endpoint, "AZURE_STORAGE_KEY": self.key}

    def stop(self) -> None:
        self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
