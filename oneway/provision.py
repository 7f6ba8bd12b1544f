"""Where tenants' data comes to be: databases, schemas, login roles, migrations. Every step may be repeated."""

from __future__ import annotations

from collections.abc import Callable

from psycopg import sql
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from oneway import parts
from shared.db.engines import postgres_engine, sqlite_engine
from shared.db.migrate import current, head, upgrade
from shared.db.urls import database_name, role_name, role_password, service_secret, service_url
from shared.settings import Settings
from shared.tenants import Registry, Tenant

CONTROL_DATABASE = "oneway_control"
CONTROL_READER = "ow_control"
APPEND_ONLY = ("audit", "audit_seal")

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
        return postgres_engine(self._admin.set(database=CONTROL_DATABASE), 1, pooled=False)

    def prepare(self) -> None:
        """Makes the control database, and the role services read it with."""
        if not self._settings.embedded:
            self._create_database(self._admin, CONTROL_DATABASE)
            self._create_role(self._admin, CONTROL_READER, self._control_password())
        self.registry.create_tables()
        if not self._settings.embedded:
            with self._connect(self._admin.set(database=CONTROL_DATABASE)) as conn:
                conn.execute(text(f"REVOKE ALL ON DATABASE {CONTROL_DATABASE} FROM PUBLIC"))
                conn.execute(text(f"GRANT CONNECT ON DATABASE {CONTROL_DATABASE} TO {CONTROL_READER}"))
                conn.execute(text(f"GRANT USAGE ON SCHEMA public TO {CONTROL_READER}"))
                conn.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {CONTROL_READER}"))

    def _control_password(self) -> str:
        return role_password(service_secret(self._settings.database_secret, "control"), "control")

    def control_reader_url(self) -> str:
        """The URL with which services read the registry."""
        if self._settings.embedded:
            return f"sqlite:///{self._settings.var / 'control.sqlite'}"
        url = self._admin.set(database=CONTROL_DATABASE, username=CONTROL_READER, password=self._control_password())
        return url.render_as_string(hide_password=False)

    # -- a tenant -----------------------------------------------------------------------------------

    def create(self, tenant: Tenant, progress: Progress = quiet) -> None:
        """The tenant's database with a schema and a login role for each service, and no access between them."""
        if not tenant.database:
            return
        name = database_name(tenant.code)
        admin = make_url(tenant.database).set(
            drivername="postgresql+psycopg", username=self._admin.username, password=self._admin.password
        )
        progress(tenant.code, "database")
        self._create_database(admin.set(database=self._admin.database), name)
        for service in parts.SERVICES:
            role = role_name(tenant.code, service)
            password = role_password(service_secret(self._settings.database_secret, service), tenant.code)
            self._create_role(admin.set(database=self._admin.database), role, password)
            progress(tenant.code, service)
            with self._connect(admin.set(database=name)) as conn:
                for statement in (
                    f"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
                    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
                    f"GRANT CONNECT ON DATABASE {name} TO {role}",
                    f"CREATE SCHEMA IF NOT EXISTS {service}",
                    f"GRANT USAGE ON SCHEMA {service} TO {role}",
                    f"ALTER DEFAULT PRIVILEGES IN SCHEMA {service}"
                    f" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
                    f"ALTER DEFAULT PRIVILEGES IN SCHEMA {service} GRANT USAGE, SELECT ON SEQUENCES TO {role}",
                ):
                    conn.execute(text(statement))

    def database_url(self, code: str) -> str:
        """Where a new tenant's database will be; without credentials. Empty when embedded."""
        if self._settings.embedded:
            return ""
        admin = self._admin
        bare = URL.create(admin.drivername, None, None, admin.host, admin.port, database_name(code), admin.query)
        return bare.render_as_string()

    def migrate(self, tenant: Tenant, service: str) -> list[str]:
        """Brings one service's schema of one tenant to the newest revision; what was run."""
        engine = self.owner_engine(tenant, service)
        try:
            with engine.connect() as conn:
                if current(conn) == head(parts.migrations(service)):
                    return []
            with engine.begin() as conn:
                ran = upgrade(conn, parts.migrations(service))
                if tenant.database:
                    role = role_name(tenant.code, service)
                    for table in APPEND_ONLY:
                        conn.execute(text(f"REVOKE UPDATE, DELETE, TRUNCATE ON {service}.{table} FROM {role}"))
            return ran
        finally:
            engine.dispose()

    def owner_engine(self, tenant: Tenant, service: str) -> Engine:
        """An engine on a service's schema as its owner."""
        if not tenant.database:
            return sqlite_engine(service_url(self._settings, tenant, service, ""))
        url = make_url(tenant.database).set(
            drivername="postgresql+psycopg", username=self._admin.username, password=self._admin.password
        )
        return postgres_engine(url, 1, service, pooled=False)

    # -- statements ---------------------------------------------------------------------------------

    @staticmethod
    def _connect(url: URL) -> _Autocommit:
        return _Autocommit(url)

    def _create_database(self, url: URL, name: str) -> None:
        with self._connect(url) as conn:
            if not conn.execute(text("SELECT 1 FROM pg_database WHERE datname = :n"), {"n": name}).scalar():
                # Byte order: keys compare fast and the same everywhere; what people read is sorted where it is shown.
                conn.execute(
                    text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'")
                )

    def _create_role(self, url: URL, name: str, password: str) -> None:
        with self._connect(url) as conn:
            exists = conn.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :n"), {"n": name}).scalar()
            verb = "ALTER" if exists else "CREATE"
            statement = sql.SQL("{} ROLE {} LOGIN NOINHERIT PASSWORD {}").format(
                sql.SQL(verb), sql.Identifier(name), sql.Literal(password)
            )
            driver = conn.connection.driver_connection
            assert driver
            driver.execute(statement)


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
