"""What others tell of their objects, kept: the highest sequence wins, whatever comes first and however often."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, select, update

from services.search import index
from services.search.analysers import Analyser
from services.search.models import AUDIENCE, Card, Happening, Item, Link
from shared import audience
from shared.db import Tx
from shared.dialects import Upsert
from shared.errors import Poison

_SAME_WORDS = and_(Item.title == bindparam("as_titled"), Item.text == bindparam("as_worded"), ~Item.removed)
_KEPT = (
    select(Item.source, Item.sequence, Item.waiting, _SAME_WORDS.label("same_words"))
    .where(Item.subject == bindparam("of_subject"))
    .with_for_update()
)
_CHANGE = update(Item).where(Item.subject == bindparam("of_subject"))
_UNLINK = delete(Link).where(Link.subject == bindparam("of_subject"))
_OFF_CARDS = delete(Card).where(Card.subject == bindparam("of_subject"))
# An entry is one however often it is told.
_HAPPENED = Upsert(Happening, lambda row: row.on_conflict_do_nothing())
_AS_TOLD = ("sequence", "noun", "number", "title", "state", "owner", "department_id", "department", "people", "removed")


def keep(tx: Tx, source: str, told: dict[str, Any], analyser: Analyser) -> bool:
    """Keeps an item as `ItemTold` says, unless something newer is known; whether its words are still to be read.

    The same sequence again is the same item: keeping it anew is how what was damaged heals. Raises `Poison` where
    another service speaks of an object that is not its own.
    """
    subject = told["subject"]
    now = {"of_subject": subject, "as_titled": told["title"], "as_worded": told["text"]}
    row = tx.execute(_KEPT, now).first()
    if row is not None and row.source != source:
        raise Poison(f"{source} tells of {subject}, which is of {row.source}")
    _happened(tx, subject, told["happened"])
    if row is not None and told["sequence"] < row.sequence:
        return False
    # Most changes are of the state: the words are there, or wait to be read as they are.
    has_words = bool(row and told["sequence"] > row.sequence and row.same_words and not told["removed"])
    waits = row.waiting if row and has_words else not told["removed"] and not analyser.at_once
    _keep_row(tx, row, source, told, waits)
    audience.keep(tx, AUDIENCE, subject, () if told["removed"] else told["audience"])
    _relate(tx, subject, told)
    if told["removed"]:
        index.forget(tx, subject)
    elif not waits and not has_words:
        index.put(tx, subject, analyser.read(told["title"], told["text"]))
    return waits


def _keep_row(tx: Tx, row: Row[Any] | None, source: str, told: dict[str, Any], waits: bool) -> None:
    values = {name: told[name] for name in _AS_TOLD}
    values |= {"source": source, "text": told["text"], "at": datetime.fromisoformat(told["at"])}
    values |= {"told_at": tx.now, "waiting": waits}
    if row is None:
        tx.insert(Item, subject=told["subject"], **values)
    else:
        tx.change(_CHANGE, {"of_subject": told["subject"], **values})


def _relate(tx: Tx, subject: str, told: dict[str, Any]) -> None:
    """The links and task cards of an item in place of those it had; of a removed one none."""
    tx.change(_UNLINK, {"of_subject": subject})
    tx.change(_OFF_CARDS, {"of_subject": subject})
    if told["removed"]:
        return
    links = dict.fromkeys((link["role"], link["subject"]) for link in told["links"])
    tx.insert_many(Link, [{"subject": subject, "role": role, "target": target} for role, target in links])
    tx.insert_many(Card, [{"card": card, "subject": subject} for card in dict.fromkeys(told["cards"])])


def _happened(tx: Tx, subject: str, entries: list[dict[str, Any]]) -> None:
    """Adds what happened to what is known of it."""
    rows = [{**entry, "subject": subject, "at": datetime.fromisoformat(entry["at"])} for entry in entries]
    tx.change(_HAPPENED.on(tx.connection), *rows)
