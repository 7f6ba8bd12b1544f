"""Items as other services tell of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from shared import audience, catalogue
from shared.catalogue import Happening, Item
from shared.context import Context
from shared.ids import new_id
from shared.testing import LocalService, context, new_person

START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
SOMEBODY = {name: value for name, value in new_person("홍기안").items() if name != "active"}
TYPE = "documents.item"


def item(**changes: Any) -> Item:
    """An item open to the whole organisation; `changes` replace its fields."""
    values: dict[str, Any] = {
        "noun": "document",
        "subject": new_id(),
        "sequence": 1,
        "title": "예산 편성 지침",
        "state": "approved",
        "at": START,
        "owner": SOMEBODY,
        "department_id": SOMEBODY["department_id"],
        "department": SOMEBODY["department"],
        "audience": {audience.ORGANISATION},
    }
    return Item(**values | changes)


def happening(code: str, minutes: int = 0) -> Happening:
    """Something that happened so many minutes after the start."""
    return Happening(code, SOMEBODY, START + timedelta(minutes=minutes))


def tell(service: LocalService, *items: Item, type_: str = TYPE) -> None:
    """Tells the service of these items."""
    for each in items:
        service.deliver(type_, catalogue.told(each), subject=each.subject)


def found(service: LocalService, q: str = "", ctx: Context | None = None, **asked: Any) -> list[str]:
    """The subjects that are found, the best first."""
    page = service.call("find", ctx or context(), {"q": q, **asked})
    return [each["subject"] for each in page["items"]]
