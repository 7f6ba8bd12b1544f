"""An installation without running services, embedded or full, and its command line within this process."""

from __future__ import annotations

import os
from base64 import b64encode
from pathlib import Path
from typing import Any
from unittest import mock

from click.testing import Result
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool
from typer.testing import CliRunner

from oneway import cli, console, keys
from oneway.offline import Offline
from oneway.provision import Provisioner
from shared.db.urls import database_name, role_name, role_passwords, service_secret
from shared.settings import Settings
from shared.tenants import Tenant
from tests.support.environment import without_settings
from tests.support.servers import Servers

PASSWORD = "Onboarding-1"


def administrator(superuser: str) -> str:
    """The URL of an administrator with the rights that it has in production: no superuser's (deploy/k8s)."""
    made = make_url(superuser).set(username="oneway_admin", password="administrators")
    engine = create_engine(make_url(superuser).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with engine.begin() as conn:
        conn.execute(text("CREATE ROLE oneway_admin LOGIN CREATEDB CREATEROLE PASSWORD 'administrators'"))
    return made.render_as_string(hide_password=False)


class Installation:
    """`mode` is `embedded` or `full`; the latter has its databases on a PostgreSQL of the tests' own."""

    def __init__(self, mode: str, directory: Path, servers: Servers) -> None:
        self.mode = mode
        self.environment = {"ONEWAY_MODE": mode, "ONEWAY_VAR": str(directory), "COLUMNS": "200"}
        if mode == "full":
            self.postgres = servers.postgres("tenancy")
            self.environment["ONEWAY_DATABASE_URL"] = administrator(self.postgres.url)
        made = keys.load_or_make(Settings(var=directory))
        # One server serves the tests of a session one after the other: the role that reads the registry is common.
        self.environment |= {f"ONEWAY_{name.upper()}": value for name, value in made.items()}
        with self._environ():
            self.settings, self.provisioner = console.installation()
        self.provisioner.prepare()

    def environ(self) -> dict[str, str]:
        """The environment in which its commands run."""
        return without_settings() | self.environment

    def _environ(self) -> Any:
        return mock.patch.dict(os.environ, self.environ(), clear=True)

    def command(self, *arguments: str) -> Result:
        """What `oneway …` answers."""
        # This process's own logging stays as it is.
        with self._environ(), mock.patch("shared.log.configure"):
            return CliRunner().invoke(cli.app, list(arguments))

    def add(self, code: str) -> Tenant:
        """A tenant by the command line."""
        answer = self.command(
            "tenant", "add", code, "--name", f"{code}기관", "--institution-code", "AB00000", "--password", PASSWORD
        )
        assert answer.exit_code == 0, answer.output
        return self.tenant(code)

    def tenant(self, code: str) -> Tenant:
        """The tenant as the registry has it now."""
        registry = Provisioner(self.settings).registry
        (found,) = [tenant for tenant in registry.all() if tenant.code == code]
        return found

    def call(self, service: str, code: str, method: str, data: Any) -> Any:
        """A service's method, called as the system itself."""
        offline = Offline(service, self.settings, Provisioner(self.settings).registry)
        try:
            return offline.call(code, method, data)
        finally:
            offline.close()

    def record(self, code: str, count: int, first: int = 0) -> None:
        """Enters so many departments, each with a row on the record."""
        rows = "".join(f"AC{number:05},{number}과\n" for number in range(first, first + count))
        content = b64encode(f"부서코드,부서명\n{rows}".encode()).decode()
        data = {"kind": "departments", "content": content, "dry_run": False}
        assert self.call("directory", code, "import_csv", data)["created"] == count

    def sign_in(self, code: str, login: str = "admin", password: str = PASSWORD) -> Any:
        """Signs in; raises the service's `Problem`."""
        return self.call("directory", code, "sign_in", {"login": login, "password": password})

    def owner(self, code: str, service: str) -> Connection:
        """A connection to a service's schema of a tenant, as its owner (PostgreSQL: the administrator)."""
        return self.provisioner.owner_engine(self.tenant(code), service).connect()

    def as_role(self, code: str, role_of: tuple[str, str]) -> Connection:
        """A connection to a tenant's database with the login role that a service has for a tenant."""
        return self.as_role_in(database_name(code), role_of)

    def as_role_in(self, database: str, role_of: tuple[str, str]) -> Connection:
        """A connection to a database of the server with that role."""
        code, service = role_of
        password = role_passwords(service_secret(self.settings.database_secret, service), code)[0]
        url = make_url(self.postgres.url).set(
            drivername="postgresql+psycopg", database=database, username=role_name(code, service), password=password
        )
        return create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect()

    def sweep(self, service: str, code: str) -> None:
        """What a service does for a tenant when it starts."""
        offline = Offline(service, self.settings, Provisioner(self.settings).registry)
        try:
            offline._runtime.housekeeping.sweeper.work()
        finally:
            offline.close()
