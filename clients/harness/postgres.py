"""A PostgreSQL server of our own, from the programs that Debian installs."""

import os
import shutil
import subprocess
from pathlib import Path

from harness.poll import eventually
from harness.ports import free_port

PROGRAMS = Path("/usr/lib/postgresql")


def programs() -> Path:
    """The programs of the newest version that is installed."""
    versions = [folder for folder in PROGRAMS.glob("*") if (folder / "bin/initdb").exists()]
    assert versions, 'this needs a PostgreSQL server: install the Debian package "postgresql"'
    return max(versions, key=lambda folder: int(folder.name)) / "bin"


class Postgres:
    """A server on a free port, gone with its files after `stop`. It refuses to be run by root, so it is not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """What the setting `database_url` is given."""
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> "Postgres":
        """Makes a database and waits until it can be used."""
        self.folder.mkdir(parents=True)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        data = self.folder / "data"
        initdb = [str(programs() / "initdb"), "--pgdata", str(data), "--username=postgres", "--auth=trust"]
        initdb += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(self._as_user(initdb), check=True, capture_output=True, cwd=self.folder)
        server = [str(programs() / "postgres"), "-D", str(data), "-p", str(self.port), "-k", str(self.folder)]
        server += ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "log_min_messages=warning"]
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                self._as_user(server), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder
            )
        eventually(self._ready, within=30, what="a PostgreSQL server that can be used")
        return self

    def stop(self) -> None:
        """Ends the server at once: nothing in it is needed any more."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _ready(self) -> bool:
        asked = [str(programs() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(asked, check=False).returncode == 0

    @staticmethod
    def _as_user(command: list[str]) -> list[str]:
        if os.geteuid() != 0:
            return command
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
