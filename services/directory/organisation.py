"""What concerns the organisation as a whole: administered by one at a time, and told of."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from services.directory.models import Organisation
from shared.db import Tx
from shared.errors import NotFound
from shared.people import TOPIC

# An event that names more people than this says "all".
_NAMED = 200


def lock(tx: Tx) -> str:
    """The id of the tree's root, for a transaction that administers: there is one at a time.

    So neither the tree nor the last administrator is lost between two changes that are each sound for itself.
    """
    root: str | None = tx.scalar(select(Organisation.root).with_for_update())
    if root is None:
        raise NotFound("organisation")
    return root


def tell_changed(tx: Tx, people: Collection[str]) -> None:
    """Snapshots of these people (ids) held elsewhere are out of date."""
    if people:
        named = sorted(people) if len(people) <= _NAMED else []
        subject = named[0] if len(named) == 1 else tx.tenant
        tx.emit("directory.people_changed", subject=subject, data={"people": named})
        tx.tell(named, TOPIC)
