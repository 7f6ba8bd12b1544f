"""The registry of tenants: which there are, where their databases are, and their wrapped keys."""

from __future__ import annotations

import re
import threading
import time
from collections import defaultdict
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, LargeBinary, String, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared import dialects, log
from shared.columns import Utc
from shared.errors import NotFound
from shared.keys import Wrapping
from shared.metrics import OTHER
from shared.storage.seal import new_key

CODE = re.compile(r"^[a-z][a-z0-9]{1,30}$")
STATES = ("onboarding", "active", "disabled")
# Seconds what was read is kept, and until it is tried again where it could not be read.
REFRESH = 30.0
_AGAIN = 5.0


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


class TenantKeysRow(ControlBase):
    """One service's keys of one tenant, wrapped under that service's secret (`shared.tenantkeys`)."""

    __tablename__ = "tenant_keys"
    tenant: Mapped[str] = mapped_column(String(31), primary_key=True)
    service: Mapped[str] = mapped_column(String(40), primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True)
class Tenant:
    """A tenant; `database` is the URL of its database without credentials, empty when embedded.

    `keys` has each service's keys of the tenant, wrapped (`shared.tenantkeys`).
    """

    code: str
    name: str
    institution_code: str
    state: str
    database: str
    storage_key: bytes
    keys: Mapping[str, bytes] = field(default_factory=dict)


ATTACHMENTS = Wrapping("storage", b"oneway tenant keys")
"""How the keys of a tenant's attachments are kept: one after the other, 32 bytes each, the newest last."""


def wrap_new_key(storage_key: str, code: str) -> bytes:
    """The first key of tenant `code`, wrapped."""
    return ATTACHMENTS.wrap(storage_key, code, new_key())


def unwrap_key(storage_key: str, tenant: Tenant) -> bytes:
    """The keys of a tenant's attachments, as `shared.storage.Store` takes them."""
    return ATTACHMENTS.unwrap(storage_key, tenant.code, tenant.storage_key)


class Registry:
    """Reads and writes the control database; what was read is kept for half a minute."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._tenants: dict[str, Tenant] = {}
        self._ranks: dict[str, int] = {}
        self._read_at = self._try_again_at = float("-inf")
        self._lock = threading.Lock()

    def create_tables(self) -> None:
        """Makes the control database's tables where they are missing."""
        ControlBase.metadata.create_all(self._engine)

    def refresh(self) -> None:
        """Reads the registry anew."""
        # In the order in which they came: who is among the first stays there.
        oldest_first = select(TenantRow.__table__).order_by(TenantRow.created_at, TenantRow.code)
        with self._engine.connect() as conn:
            rows = conn.execute(oldest_first).all()
            wrapped = conn.execute(select(TenantKeysRow.__table__)).all()
        keys: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
        for w in wrapped:
            keys[w.tenant][w.service] = bytes(w.wrapped)
        self._tenants = {
            r.code: Tenant(
                r.code, r.name, r.institution_code, r.state, r.database, bytes(r.storage_key), keys.get(r.code, {})
            )
            for r in rows
        }
        self._ranks = {code: rank for rank, code in enumerate(self._tenants)}
        self._read_at = time.monotonic()

    def _fresh(self, within: float) -> None:
        """Reads anew what is older than so many seconds; where nobody answers, what was read before still holds."""
        # Who asks for what is known need not wait for somebody who is just reading.
        if not self._stale(within) or not self._lock.acquire(blocking=not self._tenants or within < REFRESH):
            return
        try:
            if self._stale(within):
                self.refresh()
        except DBAPIError as error:
            # Tenants' own databases may be on servers that are well.
            if not self._tenants:
                raise
            self._try_again_at = time.monotonic() + _AGAIN
            log.get("tenants").warning("registry_unreadable", error=str(error.orig))
        finally:
            self._lock.release()

    def _stale(self, within: float) -> bool:
        now = time.monotonic()
        return now - self._read_at > within and now >= self._try_again_at

    def all(self) -> list[Tenant]:
        """Every tenant, by code."""
        self._fresh(REFRESH)
        return sorted(self._tenants.values(), key=lambda t: t.code)

    def active(self) -> list[Tenant]:
        """Those that may work."""
        return [t for t in self.all() if t.state == "active"]

    def onboarded(self) -> list[Tenant]:
        """Those that have all they need, also those that are disabled."""
        return [t for t in self.all() if t.state != "onboarding"]

    def get(self, code: str, states: Container[str] = ("active",)) -> Tenant:
        """The tenant; raises `NotFound` for one that is unknown or in another state."""
        self._fresh(REFRESH)
        if code not in self._tenants or self._tenants[code].state not in states:
            # A tenant that was added a moment ago; at most one look a second, whoever asks.
            self._fresh(1.0)
        tenant = self._tenants.get(code)
        if tenant is None or tenant.state not in states:
            raise NotFound("tenant")
        return tenant

    def label(self, code: str, most: int) -> str:
        """What stands for a tenant in metrics: its code if it is one of the `most` oldest, `other` for all the rest."""
        return code if self._ranks.get(code, most) < most else OTHER

    def add(self, tenant: Tenant) -> None:
        """Writes a new tenant with its keys."""
        values = {
            k: getattr(tenant, k) for k in ("code", "name", "institution_code", "state", "database", "storage_key")
        }
        with self._engine.begin() as conn:
            conn.execute(insert(TenantRow).values(**values, created_at=datetime.now(UTC)))
            _put_keys(conn, tenant.code, tenant.keys)
        self.refresh()

    def set_storage_key(self, code: str, former: bytes, wrapped: bytes) -> bool:
        """Puts the wrapped keys of a tenant's attachments in place of `former`; not where these are others by now."""
        mine = (TenantRow.code == code, TenantRow.storage_key == former)
        with self._engine.begin() as conn:
            done = conn.execute(update(TenantRow).where(*mine).values(storage_key=wrapped)).rowcount
        self.refresh()
        return done == 1

    def renew(self) -> None:
        """Reads the registry anew where something was not found in it; at most once a second, whoever asks."""
        self._fresh(1.0)

    def put_keys(self, code: str, keys: Mapping[str, bytes]) -> None:
        """Enters services' wrapped keys of a tenant, in place of those there were."""
        with self._engine.begin() as conn:
            _put_keys(conn, code, keys)
        self.refresh()

    def set_state(self, code: str, state: str) -> None:
        """Changes a tenant's state."""
        with self._engine.begin() as conn:
            conn.execute(update(TenantRow).where(TenantRow.code == code).values(state=state))
        self.refresh()


def _put_keys(conn: Connection, code: str, keys: Mapping[str, bytes]) -> None:
    for service, wrapped in keys.items():
        row = dialects.insert(conn, TenantKeysRow).values(tenant=code, service=service, wrapped=wrapped)
        conn.execute(row.on_conflict_do_update(index_elements=["tenant", "service"], set_={"wrapped": wrapped}))
