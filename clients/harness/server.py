"""The server under test as a child process."""

import os
import signal
import subprocess
from pathlib import Path

from harness.api import Api
from harness.binary import tidings_binary
from harness.poll import eventually
from harness.ports import free_port

START_SECONDS = 30
STOP_SECONDS = 30


class Tidings:
    """`tidings serve` on a free port and a data folder of its own. Port and folder survive a restart."""

    def __init__(self, folder: Path, *, descriptors: int | None = None, **environment: str) -> None:
        self.folder = folder
        # How many files and connections the operating system lets the server have open; its own limit unless told.
        self.descriptors = descriptors
        self.port = free_port()
        self.environment = environment
        self.log = folder / "server.log"
        self.data = folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def url(self) -> str:
        """The base URL clients are given: no trailing slash."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "Tidings":
        """Starts the server and waits until its store is usable."""
        command = [str(tidings_binary()), "serve"]
        if self.descriptors is not None:
            command = ["prlimit", f"--nofile={self.descriptors}", *command]
        command += ["--listen", f"127.0.0.1:{self.port}", "--data-dir", str(self.data)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self._variables()
            )
        eventually(self._ready, within=START_SECONDS, what="a ready server")
        return self

    def stop(self) -> None:
        """SIGTERM; the server must finish or hand back what it holds and leave with 0."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            status = process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"the server did not stop; its log:\n{self.tail()}") from None
        assert status == 0, f"the server left with {status}; its log:\n{self.tail()}"

    def kill(self) -> None:
        """SIGKILL: no warning, no clean-up."""
        process, self._process = self._process, None
        assert process is not None, "nothing to kill"
        process.kill()
        process.wait()

    def create_key(self, environment: str, *options: str) -> str:
        """A new API key from the command line, which works beside a running server."""
        made = self._keys("create", "--environment", environment, *options)
        key = made.strip()
        assert key and len(key.split()) == 1, f"not a key alone: {made!r}"
        return key

    def client_key(self, environment: str) -> dict[str, str]:
        """The client key of an environment, and the secret that user ids are signed with."""
        shown = self._keys("client", "--environment", environment)
        lines = [line.split(":", 1) for line in shown.splitlines() if ":" in line]
        told = {name.strip(): value.strip() for name, value in lines}
        return {"key": told["client key"], "secret": told["signing secret"]}

    def _keys(self, *command: str) -> str:
        """What `tidings keys ..` prints."""
        done = subprocess.run(
            [str(tidings_binary()), "keys", *command, "--data-dir", str(self.data)],
            check=True,
            capture_output=True,
            text=True,
            env=self._variables(),
        )
        return done.stdout

    def tail(self, lines: int = 40) -> str:
        """The end of the server's log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _variables(self) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("TIDINGS_")}
        return {**inherited, **self.environment}

    def _ready(self) -> bool:
        process = self._process
        if process is not None and process.poll() is not None:
            raise AssertionError(f"the server ended with {process.returncode}; its log:\n{self.tail()}")
        try:
            return Api(self.url, None).call("GET", "/readyz").status == 200
        except OSError:
            return False
