"""Progress from the requests within a request up to the whole (`shared.progress`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select, update

from services.requests.domain import tree
from services.requests.domain.request import Request
from services.requests.domain.states import DECLINED, DONE, FINISHED, WITHDRAWN
from services.requests.models import Part
from services.requests.models import Request as Row
from shared import log
from shared.db import Tx
from shared.progress import WHOLE, Share, rolled

# What was cancelled does not count.
CANCELLED = frozenset((WITHDRAWN, DECLINED))
_WITHIN = select(Row.weight, Row.progress, Row.state, Row.id).where(Row.parent == bindparam("id"))
_ABOVE = (
    select(Row.id, Row.parent, Row.state, Row.own, Row.progress, Row.asker)
    .where(Row.id == bindparam("id"))
    .with_for_update()
)
_HOLDERS = select(Part.person_id).where(Part.request == bindparam("id"))
_RAISE = update(Row).where(Row.id == bindparam("of_id")).values(progress=bindparam("to"))
_log = log.get("requests")


def progress(tx: Tx, request: Request, row: Mapping[str, Any]) -> dict[str, int]:
    """How far a request is by itself and rolled up, as its columns."""
    own = request.own
    if request.state == DONE:
        return {"own": own, "progress": WHOLE}
    return {"own": own, "progress": _rolled(tx, request.id, own)}


def _rolled(tx: Tx, id_: str, own: int) -> int:
    rows = tx.execute(_WITHIN, {"id": id_}).all()
    # One that lies within itself is damaged data.
    return rolled((Share(r.weight, r.progress, r.state not in CANCELLED) for r in rows if r.id != id_), own)


def up(tx: Tx, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Rolls a change of one request up to those it lies within: to the old place and the new one."""
    counts = ("progress", "weight", "parent")
    cancelled = (before["state"] in CANCELLED) != (after["state"] in CANCELLED)
    if cancelled or any(before[name] != after[name] for name in counts):
        for parent in dict.fromkeys((before["parent"], after["parent"])):
            if parent:
                from_(tx, parent)


def from_(tx: Tx, parent: str) -> None:
    """Reckons a request anew, and those above as long as something changes; each once, whatever the data say."""

    def above(row: Any) -> Any:
        if row.state in FINISHED or not _changed(tx, row):
            return None
        return tx.execute(_ABOVE, {"id": row.parent}).first() if row.parent else None

    row = tx.execute(_ABOVE, {"id": parent}).first()
    _, ended = tree.climbed(row, above, lambda each: str(each.id))
    if not ended:
        _log.warning("requests_in_a_circle", request=parent)


def _changed(tx: Tx, row: Any) -> bool:
    now = _rolled(tx, row.id, row.own)
    if now == row.progress:
        return False
    tx.change(_RAISE, {"of_id": row.id, "to": now})
    people = {row.asker["id"], *(part.person_id for part in tx.execute(_HOLDERS, {"id": row.id}) if part.person_id)}
    tx.tell(people, "requests")
    return True
