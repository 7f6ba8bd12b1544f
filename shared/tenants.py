"""The registry of tenants: which there are, where their databases are, and their wrapped keys."""

from __future__ import annotations

import os
import re
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Engine, LargeBinary, String, insert, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db.types import Utc
from shared.errors import NotFound

CODE = re.compile(r"^[a-z][a-z0-9]{1,30}$")
STATES = ("onboarding", "active", "disabled")
REFRESH = 30.0


class ControlBase(DeclarativeBase):
    """Base of the control database's tables."""


class TenantRow(ControlBase):
    """One organisation that owns its database."""

    __tablename__ = "tenant"
    code: Mapped[str] = mapped_column(String(31), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    institution_code: Mapped[str] = mapped_column(String(7))
    state: Mapped[str] = mapped_column(String(20))
    database: Mapped[str] = mapped_column(String(500), default="")
    storage_key: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Utc)


@dataclass(frozen=True)
class Tenant:
    """A tenant; `database` is the URL of its database without credentials, empty when embedded."""

    code: str
    name: str
    institution_code: str
    state: str
    database: str
    storage_key: bytes


def _wrapper(secret: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, None, b"oneway tenant keys").derive(secret.encode()))


def wrap_new_key(secret: str, code: str) -> bytes:
    """A new attachment key for tenant `code`, encrypted under the installation's `secret`."""
    nonce = os.urandom(12)
    return nonce + _wrapper(secret).encrypt(nonce, AESGCM.generate_key(256), code.encode())


def unwrap_key(secret: str, tenant: Tenant) -> bytes:
    """The tenant's attachment key, 32 bytes."""
    return _wrapper(secret).decrypt(tenant.storage_key[:12], tenant.storage_key[12:], tenant.code.encode())


class Registry:
    """Reads and writes the control database; what was read is kept for half a minute."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._tenants: dict[str, Tenant] = {}
        self._read_at = float("-inf")
        self._lock = threading.Lock()

    def create_tables(self) -> None:
        """Makes the control database's tables where they are missing."""
        ControlBase.metadata.create_all(self._engine)

    def refresh(self) -> None:
        """Reads the registry anew."""
        with self._engine.connect() as conn:
            rows = conn.execute(select(TenantRow.__table__)).all()
        self._tenants = {
            r.code: Tenant(r.code, r.name, r.institution_code, r.state, r.database, bytes(r.storage_key)) for r in rows
        }
        self._read_at = time.monotonic()

    def _fresh(self, within: float) -> None:
        if time.monotonic() - self._read_at > within:
            with self._lock:
                if time.monotonic() - self._read_at > within:
                    self.refresh()

    def all(self) -> list[Tenant]:
        """Every tenant, by code."""
        self._fresh(REFRESH)
        return sorted(self._tenants.values(), key=lambda t: t.code)

    def active(self) -> list[Tenant]:
        """Those that may work."""
        return [t for t in self.all() if t.state == "active"]

    def get(self, code: str, *, onboarding: bool = False) -> Tenant:
        """The tenant; raises `NotFound` for one that is unknown or disabled."""
        self._fresh(REFRESH)
        if code not in self._tenants or self._tenants[code].state != "active":
            # A tenant that was added a moment ago; at most one look a second, whoever asks.
            self._fresh(1.0)
        tenant = self._tenants.get(code)
        if tenant is None or not (tenant.state == "active" or (onboarding and tenant.state == "onboarding")):
            raise NotFound("tenant")
        return tenant

    def add(self, tenant: Tenant) -> None:
        """Writes a new tenant."""
        values = {
            k: getattr(tenant, k) for k in ("code", "name", "institution_code", "state", "database", "storage_key")
        }
        with self._engine.begin() as conn:
            conn.execute(insert(TenantRow).values(**values, created_at=datetime.now(UTC)))
        self.refresh()

    def set_state(self, code: str, state: str) -> None:
        """Changes a tenant's state."""
        with self._engine.begin() as conn:
            conn.execute(update(TenantRow).where(TenantRow.code == code).values(state=state))
        self.refresh()
