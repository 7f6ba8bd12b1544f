"""A PgBouncer of the tests' own, that gives out connections by the transaction."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import make_url

from oneway.servers import Server, _listens, free_port
from tests.support.certificates import Certificates


class PgBouncer(Server):
    """Before the PostgreSQL server of `url` (its administrator's), on 127.0.0.1; TLS where there are `certificates`.

    It looks up the keys of the login roles in the server, as a pooler in production does: it is told no password but
    the administrator's. `settings` are further ones of `pgbouncer.ini`.
    """

    def __init__(
        self, directory: Path, url: str, certificates: Certificates | None = None, **settings: int | str
    ) -> None:
        super().__init__(directory, "postgres")
        self.port = free_port()
        admin = make_url(url)
        users = directory / "users.txt"
        users.write_text(f'"{admin.username}" "{admin.password}"\n')
        self._config = directory / "pgbouncer.ini"
        lines = {
            "listen_addr": "127.0.0.1",
            "listen_port": self.port,
            "unix_socket_dir": "",
            "pool_mode": "transaction",
            "max_client_conn": 500,
            "default_pool_size": 4,
            "auth_type": "scram-sha-256",
            "auth_file": users,
            "auth_user": admin.username,
            "auth_query": "SELECT usename, passwd FROM pg_shadow WHERE usename = $1",
            **({"max_prepared_statements": 200} if prepares() else {}),
            **(self._secured(certificates) if certificates else {}),
            **settings,
        }
        self._config.write_text(
            f"[databases]\n* = host={admin.host} port={admin.port}\n[pgbouncer]\n"
            + "".join(f"{name} = {value}\n" for name, value in lines.items())
        )
        for path in (users, self._config):
            path.chmod(0o600)
            self._own(path)

    def _secured(self, certificates: Certificates) -> dict[str, object]:
        key, certificate = (self.directory / path.name for path in (certificates.key, certificates.certificate))
        shutil.copy(certificates.key, key)
        shutil.copy(certificates.certificate, certificate)
        key.chmod(0o600)
        self._own(key)
        return {
            "client_tls_sslmode": "require",
            "client_tls_key_file": key,
            "client_tls_cert_file": certificate,
            "server_tls_sslmode": "verify-full",
            "server_tls_ca_file": certificates.ca,
        }

    def start(self) -> None:
        """Returns when it takes connections."""
        self.process = self._open(["pgbouncer", str(self._config)])
        self._await(lambda: _listens(self.port))


def prepares() -> bool:
    """Whether the PgBouncer that is installed keeps prepared statements apart (since 1.21)."""
    told = subprocess.run(["pgbouncer", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+)\.(\d+)", told)
    assert found
    return (int(found[1]), int(found[2])) >= (1, 21)
