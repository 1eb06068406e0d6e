"""A server process: started, waited for until it says it is ready, stopped for certain."""

import collections
import ctypes
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time


def free_port() -> int:
    """A port on 127.0.0.1 that was free a moment ago, for servers that cannot choose one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _end_with_parent() -> None:
    """In the child: SIGKILL when the test runner dies, however it dies (Linux only)."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


class ServerProcess:
    """Runs `command` until stop(). Its output is read by a thread and the last lines are kept."""

    def __init__(self, command: list[str | pathlib.Path], env: dict[str, str] | None = None):
        self.name = pathlib.Path(command[0]).name
        self.lines: collections.deque[str] = collections.deque(maxlen=200)
        self._ready_line: str | None = None
        self._news = threading.Condition()
        self._process = subprocess.Popen(
            [str(word) for word in command],
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            preexec_fn=_end_with_parent,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._process.stdout:
            with self._news:
                self.lines.append(line.rstrip("\n"))
                if line.startswith("READY") and self._ready_line is None:
                    self._ready_line = line.strip()
                self._news.notify_all()
        with self._news:
            self._news.notify_all()

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_running(self) -> bool:
        return self._process.poll() is None

    def wait_for_ready_line(self, seconds: float) -> str:
        """The line with which the server says that it is ready; it starts with READY."""
        with self._news:
            self._news.wait_for(lambda: self._ready_line or not self.is_running(), seconds)
            if self._ready_line is None:
                raise self._not_ready(seconds)
            return self._ready_line

    def wait_for_port(self, port: int, seconds: float) -> None:
        """Returns once the server accepts connections on 127.0.0.1:port."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.is_running():
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise self._not_ready(seconds)

    def _not_ready(self, seconds: float) -> RuntimeError:
        state = f"not ready after {seconds:g} s" if self.is_running() else "ended at once"
        self.stop()
        return RuntimeError(f"{self.name} {state}:\n" + "\n".join(self.lines))

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def stop(self, grace_seconds: float = 10) -> None:
        """SIGTERM, then SIGKILL when that is not heeded. May be called again."""
        if self.is_running():
            self._process.terminate()
            try:
                self._process.wait(grace_seconds)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._process.wait()
        self._reader.join()
