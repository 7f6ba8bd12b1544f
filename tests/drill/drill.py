"""The drill: back up under load, go on, destroy, restore, send again, verify, compare."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.drill.database import Archived, size
from tests.drill.load import Load
from tests.integration.product.cast import Cast
from tests.integration.product.database import sql
from tests.integration.product.settled import agree
from tests.support.servers import Servers
from tests.support.system import System
from tests.support.waiting import until


@dataclass
class Report:
    """What was measured: seconds and bytes by what they are of, and counts."""

    seconds: dict[str, float] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


class Drill:
    """`before` and `after` are how many journeys end before the backup, and between it and the last archived WAL."""

    def __init__(self, before: int, after: int, clients: int) -> None:
        self._before, self._after, self._clients = before, after, clients
        self.report = Report()
        self._files: dict[str, str] = {}

    def run(self) -> Report:
        """Raises `AssertionError` where anything acknowledged before the recovery point is missing or doubled."""
        self._servers = Servers(durable=True)
        try:
            self._database = Archived(self._servers.postgres("system"), self._servers.directory / "backup")
            self._system = System("full", self._servers)
            try:
                self._system.start()
                self._work()
                self._recover()
                self._compare()
            finally:
                self._system.remove()
        finally:
            self._servers.stop()
        return self.report

    # -- before -------------------------------------------------------------------------------------

    def _work(self) -> None:
        """Journeys go on all the while, until there is no database any more."""
        cast = Cast(self._system)
        self._load = Load(cast, "복구 훈련", self._clients).start()
        self._load.goes_on(self._before)
        self._attach(cast)
        self._timed("base backup, under load", self._database.back_up)
        self._load.goes_on(self._after)
        self._attach(cast)
        self._safe = set(self._load.done)
        self._timed("last WAL archived", self._database.archive_all)
        self._timed("copy of the objects", self._copy_objects)
        self._load.goes_on(max(1, self._after // 4))
        self._database.destroy()
        self._load.cut()
        self.report.sizes |= {"base backup": size(self._database.base), "archived WAL": size(self._database.wal)}

    def _attach(self, cast: Cast) -> None:
        document = cast.draft("붙임")["id"]
        content = os.urandom(300_000)
        headers = {"Content-Type": "application/octet-stream"}
        path = f"/documents/{document}/attachments?name=plan.txt"
        content = content.hex().encode()
        answer = cast.drafter.call("POST", path, data=content, headers=headers)
        assert answer.status_code == 201, answer.text
        made = f"/documents/{document}/attachments/{answer.json()['id']}"
        self._files[made] = hashlib.sha256(content).hexdigest()

    @property
    def _objects(self) -> Path:
        return self._system.var / "objects"

    def _copy_objects(self) -> None:
        shutil.copytree(self._objects, self._database.base.parent / "objects")
        self.report.sizes["objects"] = size(self._objects)

    def _timed(self, what: str, work: Callable[[], object]) -> None:
        began = time.monotonic()
        work()
        self.report.seconds[what] = time.monotonic() - began

    # -- the way back -------------------------------------------------------------------------------

    def _recover(self) -> None:
        self._system.stop(9)
        shutil.rmtree(self._objects)
        began = time.monotonic()
        self._timed("database restored, WAL replayed", self._database.restore)
        self._timed("objects restored", lambda: shutil.copytree(self._database.base.parent / "objects", self._objects))
        self._timed("empty broker", self._empty_broker)
        self._timed("records verified", lambda: self._command("audit", "verify"))
        self._timed("events to send again looked for", self._resend)
        self._timed("services started", self._system.start)
        self.report.seconds["in all, from the loss to ready"] = time.monotonic() - began

    def _empty_broker(self) -> None:
        broker = self._servers.rabbitmq
        self._servers.crash(broker)
        shutil.rmtree(broker.directory / "mnesia")
        broker.start()

    def _resend(self) -> None:
        told = self._command("events", "resend")
        found = [int(line.split(": ")[1].split()[0]) for line in told.splitlines() if "to be sent again" in line]
        self.report.counts["events sent again"] = sum(found)

    def _command(self, *arguments: str) -> str:
        done = self._system.command(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    # -- comparing ----------------------------------------------------------------------------------

    def _compare(self) -> None:
        numbers = dict(self._ask("documents", "SELECT id, number FROM document WHERE number IS NOT NULL"))
        missing = self._safe - set(numbers)
        assert not missing, f"acknowledged before the recovery point and gone: {missing}"
        doubled = len(numbers) - len(set(numbers.values()))
        assert not doubled, "a number was given twice"
        until(lambda: agree(self._system, self._system.tenant))
        cast = Cast(self._system)
        for path, expected in self._files.items():
            answer = cast.drafter.call("GET", path)
            assert hashlib.sha256(answer.content).hexdigest() == expected, path
        self._command("audit", "verify")
        until(lambda: "not handled" not in self._command("events", "resend", "--dry-run"), pause=1)
        there = {row[0] for row in self._ask("documents", "SELECT id FROM document WHERE number IS NOT NULL")}
        lost = set(self._load.done) - there
        assert not lost & self._safe
        self.report.counts |= {
            "journeys acknowledged before the recovery point": len(self._safe),
            "of these missing or doubled": len(missing) + doubled,
            "journeys acknowledged after it": len(set(self._load.done) - self._safe),
            "of these lost, as must be": len(lost),
        }

    def _ask(self, service: str, statement: str) -> list[tuple[str, ...]]:
        return [tuple(row) for row in sql(self._system, self._system.tenant, service, statement)]
