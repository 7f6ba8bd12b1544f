"""The record's chain: every audit row is sealed with a hash over the one before.

Rows are written with the transaction they tell of; a moment later they are sealed in batches, so that
commands do not queue for the end of the chain. Both tables are append-only for the service's role. The
seal is an HMAC under a key that is not in the database: who can only write there cannot forge a chain.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, exists, func, insert, select, text

from shared.db.ground import Ground
from shared.db.tx import audit_digest

FIRST = "0" * 64
_CHAIN_LOCK = 0x0A0D17
_BATCH = 1000
GRACE = timedelta(minutes=1)


def chain_key(secret: str, tenant: str, service: str) -> bytes:
    """The key of one chain."""
    return hmac.new(secret.encode(), f"audit:{tenant}:{service}".encode(), hashlib.sha256).digest()


def link(key: bytes, previous: str, seq: int, digest: str) -> str:
    """The hash of the row `seq` whose content has `digest`, after `previous`."""
    return hmac.new(key, f"{previous}\n{seq}\n{digest}".encode(), hashlib.sha256).hexdigest()


def seal(conn: Connection, tables: Ground, key: bytes, rows: list[tuple[str, str]]) -> tuple[int, str]:
    """Seals `rows` (id and digest) in this order, in the transaction of `conn`; the new head as number and hash."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": _CHAIN_LOCK})
    head = conn.execute(
        select(tables.audit_seal.c.seq, tables.audit_seal.c.hash).order_by(tables.audit_seal.c.seq.desc()).limit(1)
    ).first()
    seq, last = (head.seq, head.hash) if head else (0, FIRST)
    known = set(
        conn.execute(
            select(tables.audit_seal.c.audit_id).where(tables.audit_seal.c.audit_id.in_([r[0] for r in rows]))
        ).scalars()
    )
    seals = []
    for audit_id, digest in rows:
        if audit_id not in known:
            seq += 1
            last = link(key, last, seq, digest)
            seals.append({"seq": seq, "audit_id": audit_id, "hash": last})
    if seals:
        conn.execute(insert(tables.audit_seal), seals)
    return seq, last


def unsealed(conn: Connection, tables: Ground, older_than: datetime) -> list[tuple[str, str]]:
    """Rows (id and digest) that a crash left without a seal."""
    audit = tables.audit.c
    rows = conn.execute(
        select(tables.audit)
        .where(audit.at < older_than, ~exists().where(tables.audit_seal.c.audit_id == audit.id))
        .order_by(audit.id)
        .limit(_BATCH)
    ).all()
    return [(r.id, audit_digest(r.id, r.at, r.action, r.subject, r.entry)) for r in rows]


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
    late = unsealed(conn, tables, datetime.now(UTC) - GRACE)
    if late:
        return Verdict(seq, last, f"row {late[0][0]} was inserted without a seal")
    total = conn.execute(select(func.count()).select_from(seals)).scalar() or 0
    return Verdict(seq, last, "" if total == seq else "seals stand outside the chain")
