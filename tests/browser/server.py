"""A Streamlit server of the tests' own: on a free loopback port, waited for, ended by its id."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
STOP_SECONDS = 10

# Settings of the developer's shell must not decide what the tests see.
_FOREIGN = ("GEO_", "STREAMLIT_")
_FLAGS = {
    "server.headless": "true",
    "server.address": "127.0.0.1",
    "server.fileWatcherType": "none",
    "browser.serverAddress": "127.0.0.1",
    "browser.gatherUsageStats": "false",
}
# Origins of the servers of this process: what a page may talk to.
_origins: set[str] = set()


def is_own_origin(origin: str) -> bool:
    """Tell whether an origin such as http://127.0.0.1:8600 is a server that this process started."""
    return origin in _origins


def allow(origin: str) -> None:
    """Let pages talk to another server of the tests' own, as a sign-in does."""
    _origins.add(origin)


def free_port() -> int:
    """Return a loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """One Streamlit process; also a context manager.

    `env` is laid over the environment (GEO_DATA and the like); without GEO_STATE the store is a new
    one beside the log, so that nothing in the developer's own shows. `args` go to `streamlit run`,
    `script` is relative to `cwd`. `restart` keeps the port, so that open pages can come back.
    """

    def __init__(
        self,
        log: Path,
        *,
        script: str = "app.py",
        cwd: Path = ROOT,
        env: Mapping[str, str] | None = None,
        args: Sequence[str] = (),
        port: int = 0,
    ) -> None:
        self.log = log
        self._script, self._cwd, self._args = script, cwd, list(args)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(_FOREIGN)}
        state = {"GEO_STATE": str(log.with_name(f"{log.stem}-state"))}
        self._env = {**kept, "PYTHONUNBUFFERED": "1", **state, **(env or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self.port = port

    @property
    def url(self) -> str:
        """Return the address of the home page, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Return the id of the running process."""
        assert self._process is not None, "the server is not running"
        return self._process.pid

    def log_text(self) -> str:
        """Return all that the server has printed since it was made, restarts included."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def start(self) -> Server:
        """Start the process and wait until it answers; another process may take the port first."""
        assert (self._cwd / self._script).is_file(), f"there is no {self._cwd / self._script}"
        wanted = self.port
        for _ in range(3):
            self.port = wanted or free_port()
            self._spawn()
            if self._comes_up():
                _origins.add(self.url)
                return self
            self.stop()
        raise AssertionError(f"the server did not start:\n{self.log_text()[-3000:]}")

    def stop(self) -> None:
        """End the process and the children it left, by the id of its own group."""
        process, self._process = self._process, None
        _origins.discard(self.url)
        if process is None:
            return
        for sign in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, sign)
            try:
                process.wait(STOP_SECONDS)
                break
            except subprocess.TimeoutExpired:
                continue

    def restart(self) -> Server:
        """Start afresh on the same port: nothing that a session left in memory survives."""
        self.stop()
        return self.start()

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _spawn(self) -> None:
        flags = {**_FLAGS, "server.port": str(self.port)}
        command = [sys.executable, "-m", "streamlit", "run", self._script]
        command += [f"--{name}={value}" for name, value in flags.items()] + self._args
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(
                command,
                cwd=self._cwd,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _comes_up(self) -> bool:
        assert self._process is not None
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:
                    if answer.status == 200:
                        return self._process.poll() is None
            except (OSError, urllib.error.URLError):
                time.sleep(0.05)
        return False
