"""Where a long run is: servers and the full system of its own, with a city and many small organisations."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson
import psycopg
import requests

from oneway.replicas import replicas
from shared.db.urls import database_name
from tests.load import books, ledger
from tests.load.offices import CITY, PASSWORD, offices
from tests.load.plan import NOUNS, Plan, Result
from tests.load.run import run
from tests.support import usage
from tests.support.metrics import total
from tests.support.pooler import PgBouncer, prepares
from tests.support.servers import Servers
from tests.support.system import _ROOT, System
from tests.support.waiting import until

# Of PostgreSQL: a connection for each tenant and service with room for as many again, and for backends of its own.
_DATABASE = {"max_connections": "3000", "shared_buffers": "512MB", "max_wal_size": "4GB", "autovacuum_naptime": "5min"}
_ENV = {"ONEWAY_LOG_LEVEL": "WARNING"}
_CLIENTS = 10_000
# Seconds over which it is looked whether all processes together take less than so much of a core.
_BEAT, _QUIET = 2.0, 0.1


class LoadServers(Servers):
    """Servers for many tenants."""

    def __init__(self) -> None:
        super().__init__()
        self.postgres("system", **_DATABASE)


class Installation(System):
    """The full system, which can be started again with other settings."""

    def __init__(self, servers: Servers, **environment: str) -> None:
        super().__init__("full", servers, gateways=2, **environment)
        self._first: dict[str, str] = {}

    def again(self, **environment: str) -> None:
        """Ends it in order, and starts it with these settings beside those of its first start."""
        self.stop()
        self._first = self._first or dict(self._environment)
        self._environment = self._first | environment
        self.replicas = list(replicas(environment.get("ONEWAY_REPLICAS", "")))
        for path in (self.var / "run").glob("*.metrics"):
            path.unlink()
        self.start()
        until(self._quiet, 180)

    def _quiet(self) -> bool:
        """Whether it has come to rest: every process looks into every tenant's database when it begins."""
        before = sum(usage.cpu(self.pids()).values())
        time.sleep(_BEAT)
        return sum(usage.cpu(self.pids()).values()) - before < _QUIET * _BEAT


class Ground:
    """Use it in a `with`: at its end everything that was started ends, and what it wrote is removed."""

    def __init__(self, small: int, city: int, able: int) -> None:
        self.offices = offices(small, city, able)
        self._size = (small, city, able)
        self.told: dict[str, dict[str, Any]] = {noun: {} for noun in NOUNS}
        self.failures: list[str] = []

    def __enter__(self) -> Ground:
        self.servers = LoadServers()
        # A connection for each tenant, as docs/sizing.md has it.
        self.system = Installation(self.servers, **_ENV, ONEWAY_POOL_CONNECTIONS=str(len(self.offices) + 20))
        self.directory = self.system.directory
        self.pooler: PgBouncer | None = None
        self.system.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        try:
            self.system.remove()
        finally:
            if self.pooler:
                self.pooler.stop()
            self.servers.stop()

    # -- what there is ------------------------------------------------------------------------------

    def onboard(self, at_once: int = 2) -> tuple[float, list[dict[str, Any]]]:
        """Onboards everybody with their journals, so many organisations at once; the seconds it took, those of each."""
        began = time.monotonic()
        command = [sys.executable, "-m", "tests.load.onboard", *map(str, self._size), str(at_once)]
        environment = {**self.system._environment, "PYTHONPATH": str(_ROOT)}
        started = [
            subprocess.Popen([*command, str(part)], cwd=_ROOT, env=environment, stdout=subprocess.PIPE)
            for part in range(at_once)
        ]
        told = [process.communicate()[0] for process in started]
        if any(process.returncode for process in started):
            raise RuntimeError("an organisation was not onboarded")
        took = time.monotonic() - began
        logins = {office.code: dict.fromkeys(office.logins(), PASSWORD) for office in self.offices}
        (self.directory / "offices.json").write_bytes(orjson.dumps(logins))
        each = [orjson.loads(line) for lines in told for line in lines.splitlines()]
        books.write(self.directory / "books.json", [books.Visit(*visit) for one in each for visit in one["visits"]])
        return took, each

    @property
    def small(self) -> list[str]:
        """The codes of the small organisations."""
        return [office.code for office in self.offices if office.code != CITY]

    @property
    def administrator(self) -> str:
        """The administrator's URL of the database server."""
        return self.servers.postgres("system").url

    def through_pooler(self) -> dict[str, str]:
        """Settings with which services open databases through PgBouncer, which is started here."""
        if self.pooler is None:
            self.pooler = PgBouncer(self.directory / "pgbouncer", self.administrator, max_client_conn=_CLIENTS)
            self.pooler.start()
        return {
            "ONEWAY_DATABASE_POOLER": f"127.0.0.1:{self.pooler.port}",
            "ONEWAY_DATABASE_PREPARED": str(prepares()),
        }

    def processes(self) -> dict[str, int]:
        """Every process by name, the servers' among them."""
        postgres, rabbitmq = self.servers.postgres("system").process, self.servers.rabbitmq.process
        assert postgres and rabbitmq
        found = {**self.system.pids(), "postgresql": postgres.pid, "rabbitmq": rabbitmq.pid}
        if self.pooler and self.pooler.process and "ONEWAY_DATABASE_POOLER" in self.system._environment:
            found["pgbouncer"] = self.pooler.process.pid
        return found

    # -- what is done -------------------------------------------------------------------------------

    def day(self, **plan: Any) -> Result:
        """One run of locust on what runs now; what was accepted and what failed is kept for the accounts."""
        gateways = [url for name, url in self.system.health().items() if name.startswith("gateway")]
        files = {name: str(self.directory / f"{name}.json") for name in ("offices", "sessions", "books", "result")}
        result = run(Plan(hosts=gateways, processes=self.processes(), **files, **plan), self.directory)
        for noun, told in result.told.items():
            self.told[noun] |= told
        self.failures += [f"{times} × {what}" for what, times in result.failures.items()]
        return result

    def account(self) -> list[str]:
        """What does not add up of everything accepted so far."""
        return ledger.account(self.administrator, self.told, [])

    def idle(self, seconds: float) -> dict[str, float]:
        """CPU seconds by process while nothing is asked."""
        before = usage.cpu(self.processes())
        time.sleep(seconds)
        return {name: after - before[name] for name, after in usage.cpu(self.processes()).items()}

    def backends(self) -> int:
        """Connections to the database server."""
        with psycopg.connect(self.administrator) as conn:
            row = conn.execute("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'").fetchone()
        assert row
        return int(row[0])

    def stored(self, tenant: str) -> dict[str, int]:
        """Bytes of a tenant's database, and those that the server has written to its log so far."""
        sizes = "SELECT pg_database_size(%s), pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"
        with psycopg.connect(self.administrator) as conn:
            row = conn.execute(sizes, [database_name(tenant)]).fetchone()
        assert row
        return {"in the database, indexes with it": int(row[0]), "in the write-ahead log": int(row[1])}

    def metric(self, name: str) -> dict[str, float]:
        """One of the system's metrics by process, summed over its labels."""
        health = self.system.health().items()
        return {process: total(requests.get(f"{url}/metrics", timeout=30).text, name) for process, url in health}


def machine() -> dict[str, Any]:
    """What these figures were taken on, and how busy it was."""
    model = next((line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": os.cpu_count(),
        "model": model.partition(":")[2].strip(),
        "memory_gib": round(memory),
        "load": round(os.getloadavg()[0], 2),
        "date": time.strftime("%Y-%m-%d %H:%M"),
    }
