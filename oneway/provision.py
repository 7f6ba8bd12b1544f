"""Where tenants' data comes to be: databases, schemas, login roles, migrations. Every step may be repeated."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from psycopg import sql
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from oneway import keys, parts
from shared import tenantkeys
from shared.db.engines import postgres_engine, session_settings, sqlite_engine
from shared.db.faults import is_overtaxed
from shared.db.migrate import current, head, upgrade
from shared.db.urls import database_name, role_name, role_passwords, service_secret, sqlite_url
from shared.keys import split
from shared.settings import Settings
from shared.tenants import Registry, Tenant, unwrap_key

CONTROL_DATABASE = "oneway_control"
CONTROL_READER = "ow_control"
# How long a migration waits for a lock, and the seconds until it tries again: a minute and a half in all.
_LOCK_WITHIN = "500ms"
_LOCK_PAUSES = (0.5, 1, 2, 3, 5, *[5] * 15)
APPEND_ONLY = ("audit", "audit_seal")

_ROLE_SETTINGS = text(
    "SELECT setconfig FROM pg_db_role_setting"
    " WHERE setrole = (SELECT oid FROM pg_roles WHERE rolname = :role)"
    " AND setdatabase = (SELECT oid FROM pg_database WHERE datname = :database)"
)

Progress = Callable[[str, str], None]


def quiet(tenant: str, step: str) -> None:
    """Progress that nobody watches."""


class Provisioner:
    """Acts as the administrator of the databases."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.registry = Registry(self._control_engine())

    # -- the control database -----------------------------------------------------------------------

    @property
    def _admin(self) -> URL:
        return make_url(self._settings.database_url).set(drivername="postgresql+psycopg")

    def _control_engine(self) -> Engine:
        if self._settings.embedded:
            return sqlite_engine(URL.create("sqlite", database=str(self._settings.var / "control.sqlite")))
        return postgres_engine(self._admin.set(database=CONTROL_DATABASE), "control")

    def prepare(self) -> None:
        """Makes the control database, and the role services read it with; brings it up to date.

        Raises `keys.Wrong` where it is there already, and under other keys: before anything is changed.
        """
        if not self._settings.embedded:
            with self._connect(self._admin) as conn:
                self._create_database(conn, CONTROL_DATABASE)
        self.registry.create_tables()
        self._require_own_keys()
        if not self._settings.embedded:
            control = self._admin.set(database=CONTROL_DATABASE)
            with self._connect(self._admin) as conn:
                self._set_role(conn, control, CONTROL_READER, self._control_passwords())
            with self._connect(control) as conn:
                conn.execute(text(f"REVOKE ALL ON DATABASE {CONTROL_DATABASE} FROM PUBLIC"))
                conn.execute(text(f"GRANT CONNECT ON DATABASE {CONTROL_DATABASE} TO {CONTROL_READER}"))
                conn.execute(text(f"GRANT USAGE ON SCHEMA public TO {CONTROL_READER}"))
                conn.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {CONTROL_READER}"))
                self._settle_role(conn, CONTROL_DATABASE, CONTROL_READER, "public")
        self._complete_keys()

    def _require_own_keys(self) -> None:
        self.registry.refresh()
        for tenant in self.registry.all():
            try:
                unwrap_key(self._settings.storage_key, tenant)
            except InvalidTag as error:
                raise keys.Wrong(f"ONEWAY_STORAGE_KEY is not what {tenant.code}'s keys are wrapped under") from error
            for service in tenant.keys:
                try:
                    tenantkeys.of_tenant(service_secret(self._settings.database_secret, service), tenant, service)
                except InvalidTag as error:
                    raise keys.Wrong(
                        f"ONEWAY_DATABASE_SECRET is not what {tenant.code}'s keys are wrapped under"
                    ) from error

    def _complete_keys(self) -> None:
        """Enters the keys that tenants from before, and services new since, have had by derivation so far."""
        for tenant in self.registry.all():
            missing = [service for service in parts.SERVICES if service not in tenant.keys]
            if missing:
                self.registry.put_keys(tenant.code, {s: self._derived(tenant.code, s) for s in missing})

    def _derived(self, code: str, service: str) -> bytes:
        secret = service_secret(self._settings.database_secret, service)
        return tenantkeys.wrap(secret, code, service, tenantkeys.derived(split(secret)[-1], code, service))

    def new_keys(self, code: str) -> dict[str, bytes]:
        """Keys of a new tenant for each service, wrapped."""
        return {
            service: tenantkeys.wrap(
                service_secret(self._settings.database_secret, service), code, service, tenantkeys.fresh()
            )
            for service in parts.SERVICES
        }

    def _control_passwords(self) -> list[str]:
        return role_passwords(service_secret(self._settings.database_secret, "control"), "control")

    def control_reader_url(self) -> str:
        """The URL with which services read the registry; one for each of several secrets."""
        if self._settings.embedded:
            return f"sqlite:///{self._settings.var / 'control.sqlite'}"
        url = self._admin.set(database=CONTROL_DATABASE, username=CONTROL_READER)
        return ",".join(
            url.set(password=password).render_as_string(hide_password=False) for password in self._control_passwords()
        )

    # -- a tenant -----------------------------------------------------------------------------------

    def create(self, tenant: Tenant, progress: Progress = quiet) -> None:
        """The tenant's database with a schema and a login role for each service, and no access between them."""
        if not tenant.database:
            return
        name = database_name(tenant.code)
        admin = self._owner(tenant)
        progress(tenant.code, "database")
        with self._connect(admin.set(database=self._admin.database)) as conn:
            self._create_database(conn, name)
        progress(tenant.code, "roles")
        self.set_passwords(tenant)
        progress(tenant.code, "schemas")
        # In one transaction: each statement by itself would wait for the disk by itself.
        engine = create_engine(admin.set(database=name), poolclass=NullPool)
        with engine.begin() as conn:
            for service in parts.SERVICES:
                self._create_schema(conn, name, role_name(tenant.code, service), service)

    def _create_schema(self, conn: Connection, database: str, role: str, schema: str) -> None:
        for statement in (
            f"REVOKE ALL ON DATABASE {database} FROM PUBLIC",
            "REVOKE ALL ON SCHEMA public FROM PUBLIC",
            f"GRANT CONNECT ON DATABASE {database} TO {role}",
            f"CREATE SCHEMA IF NOT EXISTS {schema}",
            f"GRANT USAGE ON SCHEMA {schema} TO {role}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role}",
        ):
            conn.execute(text(statement))
        self._settle_role(conn, database, role, schema)

    def set_passwords(self, tenant: Tenant) -> int:
        """Gives each login role of the tenant the password of the first secret; how many had another, or none."""
        owner = self._owner(tenant)
        changed = 0
        with self._connect(owner.set(database=self._admin.database)) as conn:
            for service in parts.SERVICES:
                passwords = role_passwords(service_secret(self._settings.database_secret, service), tenant.code)
                url = owner.set(database=database_name(tenant.code))
                changed += self._set_role(conn, url, role_name(tenant.code, service), passwords)
        return changed

    def _settle_role(self, conn: Connection, database: str, role: str, schema: str) -> None:
        """What each session of a role holds to in a database: with the role, for PgBouncer passes on no options."""
        wanted = sorted(f"{name}={value}" for name, value in session_settings(schema).items())
        kept = conn.execute(_ROLE_SETTINGS, {"role": role, "database": database}).scalar()
        if sorted(kept or []) != wanted:
            for name, value in session_settings(schema).items():
                conn.execute(text(f"ALTER ROLE {role} IN DATABASE {database} SET {name} = '{value}'"))

    def has_data(self, code: str) -> bool:
        """Whether there is a database called like this tenant's, whoever made it."""
        if self._settings.embedded:
            return any(path.exists() for path in self._files(code))
        with self._connect(self._admin) as conn:
            found = text("SELECT 1 FROM pg_database WHERE datname = :n")
            return conn.execute(found, {"n": database_name(code)}).scalar() is not None

    def _files(self, code: str) -> list[Path]:
        return [Path(str(sqlite_url(self._settings, code, service).database)) for service in parts.SERVICES]

    def clear(self, tenant: Tenant) -> None:
        """Removes all that a tenant has in databases, with whatever is in it."""
        if not tenant.database:
            for path in self._files(tenant.code):
                for suffix in ("", "-wal", "-shm"):
                    path.with_name(path.name + suffix).unlink(missing_ok=True)
            return
        with self._connect(self._owner(tenant).set(database=self._admin.database)) as conn:
            conn.execute(text(f"DROP DATABASE IF EXISTS {database_name(tenant.code)} WITH (FORCE)"))

    def database_url(self, code: str) -> str:
        """Where a new tenant's database will be; without credentials. Empty when embedded."""
        if self._settings.embedded:
            return ""
        admin = self._admin
        bare = URL.create(admin.drivername, None, None, admin.host, admin.port, database_name(code), admin.query)
        return bare.render_as_string()

    def migrate(self, tenant: Tenant, service: str, to: str = "head") -> list[str]:
        """Brings one service's schema of one tenant to a revision, the newest unless told; what was run."""
        engine = self.owner_engine(tenant, service)
        try:
            with engine.connect() as conn:
                with conn.begin():
                    if tenant.database:
                        name = database_name(tenant.code)
                        self._settle_role(conn, name, role_name(tenant.code, service), service)
                    if current(conn) == head(parts.migrations(service)):
                        return []
                return self._upgraded(conn, tenant, service, to)
        finally:
            engine.dispose()

    @staticmethod
    def _upgraded(conn: Connection, tenant: Tenant, service: str, to: str) -> list[str]:
        """The revisions that were run. Who works in the schema meanwhile is not held up.

        A change that waits for a lock makes everybody wait behind it: it lets go after half a second, and comes again.
        Raises the database's error where a lock could not be had that way.
        """
        for pause in (*_LOCK_PAUSES, None):
            try:
                with conn.begin():
                    if tenant.database:
                        conn.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_WITHIN}'"))
                        # Filling a new column may take its time.
                        conn.execute(text("SET LOCAL statement_timeout = 0"))
                    ran = upgrade(conn, parts.migrations(service), to)
                    if tenant.database:
                        role = role_name(tenant.code, service)
                        for table in APPEND_ONLY:
                            conn.execute(text(f"REVOKE UPDATE, DELETE, TRUNCATE ON {service}.{table} FROM {role}"))
                return ran
            except DBAPIError as error:
                if pause is None or not is_overtaxed(error):
                    raise
                time.sleep(pause)
        raise AssertionError("unreachable")

    def owner_engine(self, tenant: Tenant, service: str) -> Engine:
        """An engine on a service's schema as its owner."""
        if not tenant.database:
            return sqlite_engine(sqlite_url(self._settings, tenant.code, service))
        return postgres_engine(self._owner(tenant), service, schema=service)

    def _owner(self, tenant: Tenant) -> URL:
        return make_url(tenant.database).set(
            drivername="postgresql+psycopg", username=self._admin.username, password=self._admin.password
        )

    # -- statements ---------------------------------------------------------------------------------

    @staticmethod
    def _connect(url: URL) -> _Autocommit:
        return _Autocommit(url)

    @staticmethod
    def _create_database(conn: Connection, name: str) -> None:
        if not conn.execute(text("SELECT 1 FROM pg_database WHERE datname = :n"), {"n": name}).scalar():
            # Byte order: keys compare fast and the same everywhere; what people read is sorted where it is shown.
            conn.execute(
                text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'")
            )

    @staticmethod
    def _set_role(conn: Connection, url: URL, name: str, passwords: Sequence[str]) -> bool:
        """Makes the role, or gives it the first of the passwords; whether there was anything to do.

        A password that is right stays untouched: set anew it would have another salt, and a pooler in between would
        have to learn it. PostgreSQL is sent what it keeps of a password, so that no log of its statements tells it.
        """
        exists = conn.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :n"), {"n": name}).scalar()
        if exists and lets_in(url.set(username=name, password=passwords[0])):
            return False
        driver: Any = conn.connection.driver_connection
        kept = driver.pgconn.encrypt_password(passwords[0].encode(), name.encode(), b"scram-sha-256").decode()
        statement = sql.SQL("{} ROLE {} LOGIN NOINHERIT PASSWORD {}").format(
            sql.SQL("ALTER" if exists else "CREATE"), sql.Identifier(name), sql.Literal(kept)
        )
        driver.execute(statement)
        return True


def lets_in(url: URL) -> bool:
    """Whether a database can be opened by this role and password."""
    try:
        create_engine(url, poolclass=NullPool).connect().close()
    except OperationalError:
        return False
    return True


class _Autocommit:
    """A connection on which each statement counts at once; CREATE DATABASE allows no transaction."""

    def __init__(self, url: URL) -> None:
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)

    def __enter__(self) -> Connection:
        self._connection = self._engine.connect()
        return self._connection

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._engine.dispose()
