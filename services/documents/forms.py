"""Forms (서식): those that come with the system, those of the tenant in their place or beside them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.documents.domain.forms import DEFAULTS
from services.documents.models import Form
from shared.db import Tx
from shared.errors import Invalid

_COLUMNS = (Form.id, Form.name, Form.body, Form.retention, Form.disclosure)


def every(tx: Tx) -> list[dict[str, Any]]:
    """All forms; the tenant's own after those that come with the system."""
    own = {row.id: dict(row._mapping) for row in tx.all(select(*_COLUMNS).order_by(Form.name))}
    return list((DEFAULTS | own).values())


def one(tx: Tx, form: str) -> dict[str, Any]:
    """A form by its id. Raises `Invalid` for one there is not."""
    row = tx.one(select(*_COLUMNS).where(Form.id == form)) if form.isprintable() else None
    found = dict(row._mapping) if row else DEFAULTS.get(form)
    if found is None:
        raise Invalid({"form": "unknown_form"})
    return found
