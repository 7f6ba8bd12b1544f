"""The beginning of an organisation: itself and its first administrator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from services.directory import credentials, departments, hashing, personnel
from services.directory.domain.person import ADMIN, Person, Post, folded_login, problems
from services.directory.domain.tree import Node
from services.directory.models import Organisation
from shared.db import Tx
from shared.errors import Invalid

# The first administrator's position (직위) until the organisation's own people are entered.
POSITION = "관리자"


def bootstrap(tx: Tx, data: Mapping[str, Any]) -> dict[str, Any]:
    """Enters the organisation and its first administrator: `{root, created}`. What is there already stays as it is."""
    root = tx.scalar(select(Organisation.root))
    if root is not None:
        return {"root": root, "created": False}
    node = Node(tx.new_id(), data["name"], data["code"], None)
    login = folded_login(data["admin_login"])
    admin = Person(login, data["admin_name"], (Post(node.id, POSITION),), roles=("drafter", ADMIN))
    bad = problems(admin, None, {node.id: node}, ())
    if bad:
        raise Invalid({f"admin_{field}": code for field, code in bad.items()})
    credentials.require_strong(data["admin_password"], login, "admin_password")
    password_hash = hashing.hashed(data["admin_password"])
    # Of two at the same moment the second waits here, fails on the code, and finds everything at its next try.
    tx.insert(Organisation, code=node.code, name=node.name, root=node.id, created_at=tx.now)
    departments.put(tx, [node], {})
    ids = personnel.add(tx, [admin])
    credentials.add_passwords(tx, {ids[login]: password_hash})
    return {"root": node.id, "created": True}
