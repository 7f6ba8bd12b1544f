"""A PostgreSQL server that archives its WAL, and the way back from there."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from oneway.servers import Postgres
from tests.support.waiting import until


class Archived:
    """The server with a directory of archived WAL and one for a base backup beside it."""

    def __init__(self, server: Postgres, directory: Path) -> None:
        self.server = server
        self.wal, self.base = directory / "wal", directory / "base"
        for path in (directory, self.wal, self.base):
            path.mkdir(mode=0o755, exist_ok=True)
            server._own(path)
        target = f"{self.wal}/%f"
        self._configure(
            "archive_mode = on",
            f"archive_command = 'test ! -f {target} && cp %p {target}.new && mv {target}.new {target}'",
        )
        server.stop()
        server.start()

    def _configure(self, *lines: str) -> None:
        with (self.server._data / "postgresql.conf").open("a") as file:
            file.writelines(f"{line}\n" for line in lines)

    def ask(self, statement: str, **values: str) -> str:
        """The one value a statement answers with."""
        engine = create_engine(make_url(self.server.url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            return str(conn.execute(text(statement), values).scalar())

    def back_up(self) -> None:
        """A base backup, taken while the server works."""
        program = self.server.binaries() / "pg_basebackup"
        command = [str(program), "-d", self.server.url, "-D", str(self.base), "-c", "fast", "-X", "none"]
        subprocess.run([*command, "--no-manifest"], check=True, capture_output=True)

    def archive_all(self) -> None:
        """Returns when everything written until now is archived."""
        last = self.ask("SELECT pg_walfile_name(pg_current_wal_lsn())")
        self.ask("SELECT pg_switch_wal()")
        until(lambda: (self.wal / last).exists())

    def destroy(self) -> None:
        """SIGKILL for every process of the server, and its data are gone."""
        assert self.server.process
        os.killpg(self.server.process.pid, signal.SIGKILL)
        self.server.stop(signal.SIGKILL)
        shutil.rmtree(self.server._data)

    def restore(self) -> None:
        """The base backup and every WAL segment that was archived; returns when the server takes writes."""
        shutil.copytree(self.base, self.server._data)
        self._configure(f"restore_command = 'cp {self.wal}/%f %p'")
        (self.server._data / "recovery.signal").touch()
        for path in (self.server._data, *self.server._data.rglob("*")):
            self.server._own(path)
        self.server._data.chmod(0o700)
        self.server.start()
        until(lambda: self.ask("SELECT pg_is_in_recovery()") == "False")


def size(directory: Path) -> int:
    """Bytes of the files below a directory."""
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
