"""The record's chain: every audit row is sealed with a hash over the one before.

Rows are written with the transaction they tell of; a moment later they are sealed in batches, so that
commands do not queue for the end of the chain. Both tables are append-only for the service's role. The
seal is an HMAC under a key that is not in the database: who can only write there cannot forge a chain.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, func, select, text

from shared.db.ground import Ground
from shared.db.tx import Tx, audit_digest, audit_mac
from shared.ids import first_id

FIRST = "0" * 64
_ONE_AT_A_TIME = text(f"SELECT pg_advisory_xact_lock({0x0A0D17})")
_BATCH = 1000
_RECENT = timedelta(days=1)


def link(key: bytes, previous: str, seq: int, digest: str) -> str:
    """The hash of the row `seq` whose content has `digest`, after `previous`."""
    return hmac.new(key, f"{previous}\n{seq}\n{digest}".encode(), hashlib.sha256).hexdigest()


def seal(tx: Tx, tables: Ground, key: bytes, rows: list[tuple[str, str]]) -> tuple[int, str]:
    """Seals `rows` (id and digest) in this order with the transaction; the new head as number and hash."""
    seals = tables.audit_seal
    if tx.connection.dialect.name == "postgresql":
        tx.change(_ONE_AT_A_TIME, {})
    head = tx.one(select(seals.c.seq, seals.c.hash).order_by(seals.c.seq.desc()).limit(1))
    seq, last = (head.seq, head.hash) if head else (0, FIRST)
    sealed = select(seals.c.audit_id).where(seals.c.audit_id.in_([audit_id for audit_id, _ in rows]))
    known = {row.audit_id for row in tx.all(sealed)}
    new = []
    for audit_id, digest in rows:
        if audit_id not in known:
            seq += 1
            last = link(key, last, seq, digest)
            new.append({"seq": seq, "audit_id": audit_id, "hash": last})
    tx.insert_many(seals, new)
    return seq, last


@dataclass(frozen=True)
class Unsealed:
    """Rows without a seal: those that are the service's own, as id and digest, and the ids of those that are not."""

    own: list[tuple[str, str]]
    forged: list[str]


def unsealed(
    conn: Connection, tables: Ground, key: bytes, older_than: datetime | None = None, *, recent: bool = False
) -> Unsealed:
    """What a crash, or somebody who can write to the database, left without a seal.

    `recent`: looks no further back than a day before the row sealed last, so that it costs the same however long the
    record is.
    """
    audit = tables.audit.c
    statement = select(tables.audit).where(~exists().where(tables.audit_seal.c.audit_id == audit.id))
    if older_than:
        statement = statement.where(audit.at < older_than)
    if recent and (sealed := _sealed_last(conn, tables)):
        statement = statement.where(audit.id > first_id(sealed - _RECENT))
    rows = conn.execute(statement.order_by(audit.id).execution_options(yield_per=_BATCH))
    found = Unsealed([], [])
    for r in rows:
        digest = audit_digest(r.id, r.at, r.action, r.subject, r.entry)
        if hmac.compare_digest(audit_mac(key, digest), r.mac):
            found.own.append((r.id, digest))
        else:
            found.forged.append(r.id)
    return found


def _sealed_last(conn: Connection, tables: Ground) -> datetime | None:
    """When the row was entered that was sealed last."""
    seals, audit = tables.audit_seal.c, tables.audit.c
    statement = select(audit.at).join(tables.audit_seal, seals.audit_id == audit.id)
    found: datetime | None = conn.execute(statement.order_by(seals.seq.desc()).limit(1)).scalar()
    return found


@dataclass(frozen=True)
class Verdict:
    """What a verification found: `rows` sealed and sound, and the first bad one in words, or empty."""

    rows: int
    head: str
    problem: str


def verify(conn: Connection, tables: Ground, key: bytes) -> Verdict:
    """Walks the chain from its start; tells of the first row that was altered, removed or inserted."""
    seals, audit = tables.audit_seal, tables.audit
    seq, last = 0, FIRST
    while True:
        batch = conn.execute(
            select(seals.c.seq, seals.c.hash, seals.c.audit_id, audit.c.id, audit.c.at, audit.c.action)
            .add_columns(audit.c.subject, audit.c.entry)
            .select_from(seals.outerjoin(audit, audit.c.id == seals.c.audit_id))
            .where(seals.c.seq > seq)
            .order_by(seals.c.seq)
            .limit(_BATCH)
        ).all()
        for row in batch:
            if row.seq != seq + 1:
                return Verdict(seq, last, f"seal {seq + 1} was removed")
            if row.id is None:
                return Verdict(seq, last, f"row {row.seq} ({row.audit_id}) was removed")
            expected = link(key, last, row.seq, audit_digest(row.id, row.at, row.action, row.subject, row.entry))
            if not hmac.compare_digest(expected, row.hash):
                return Verdict(seq, last, f"row {row.seq} ({row.id}, {row.action}) was altered or its seal forged")
            seq, last = row.seq, row.hash
        if len(batch) < _BATCH:
            break
    forged = unsealed(conn, tables, key).forged
    if forged:
        return Verdict(seq, last, f"row {forged[0]} was inserted without a seal")
    total = conn.execute(select(func.count()).select_from(seals)).scalar() or 0
    return Verdict(seq, last, "" if total == seq else "seals stand outside the chain")
