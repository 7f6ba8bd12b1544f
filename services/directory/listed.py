"""Receivers from a file: each line names somebody by login or by e-mail."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from services.directory import finding
from services.directory.domain import listed
from services.directory.domain.listed import Entry, Named
from services.directory.models import Person
from shared.context import Context
from shared.contracts.directory import RECEIVERS_LIMIT
from shared.db import Tx
from shared.errors import Invalid

# Names in one statement, each twice: fewer parameters than either database takes.
_AT_ONCE = 5_000
_NAMED = select(Person.id, Person.login, func.lower(Person.email).label("email"), Person.active).where(
    or_(
        Person.login.in_(bindparam("names", expanding=True)),
        func.lower(Person.email).in_(bindparam("names", expanding=True)),
    )
)


def receivers(tx: Tx, ctx: Context, content: str) -> dict[str, Any]:
    """Whom the file names, and each line that adds nobody, as `FoundOfFile`.

    Raises `Invalid` for what is no file of them, and for more than 10,000 lines.
    """
    try:
        encoding, entries = listed.entries(base64.b64decode(content, validate=True))
    except (binascii.Error, ValueError) as error:
        raise Invalid({"content": "not_base64"}) from error
    if len(entries) > RECEIVERS_LIMIT:
        raise Invalid({"content": "too_many_lines"})
    found = listed.resolved(entries, _named(tx, entries))
    items = finding.by_ids(tx, ctx, [f"person:{person}" for person in found.people])["items"]
    problems = [{"line": each.line, "value": each.value, "code": each.code} for each in found.problems]
    return {"items": items, "problems": problems, "encoding": encoding}


def _named(tx: Tx, entries: list[Entry]) -> list[Named]:
    names = sorted({entry.name for entry in entries})
    rows: dict[str, Named] = {}
    for start in range(0, len(names), _AT_ONCE):
        for row in tx.execute(_NAMED, {"names": names[start : start + _AT_ONCE]}):
            rows[row.id] = Named(row.id, row.login, row.email, row.active)
    return list(rows.values())
