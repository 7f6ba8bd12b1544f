"""Entries as lines of a window: what each reader is shown of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.schedule.domain.access import Access, shown
from services.schedule.domain.windows import Unfolded
from shared.calendar import SEOUL

Doc = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """An entry, or one of a series, in a window; `rid` is None where it happens once."""

    row: Mapping[str, Any]
    starts_at: datetime
    ends_at: datetime
    rid: str | None = None
    differs: Mapping[str, Any] | None = None

    @classmethod
    def once(cls, row: Any) -> Shown:
        """What happens once."""
        return cls(row._mapping, row.starts_at, row.ends_at)

    @classmethod
    def of(cls, row: Any, one: Unfolded) -> Shown:
        """One of a series."""
        return cls(row._mapping, one.starts_at, one.ends_at, one.rid, one.differs)

    def said(self, name: str) -> Any:
        """A field, as it holds for this one."""
        return self.differs[name] if self.differs and name in self.differs else self.row[name]


def when(moment: datetime, *, all_day: bool) -> str:
    """A moment as it is told; of whole days the day in Seoul."""
    return moment.astimezone(SEOUL).date().isoformat() if all_day else moment.isoformat()


def line(one: Shown, calendar: Any, access: Access) -> Doc:
    """It as `CalendarEntry`, as far as the reader sees it."""
    row, level = one.row, shown(access.level, one.said("visibility"))
    all_day = one.said("all_day")
    kind, _, owner = calendar.holder.partition(":")
    open_ = level != "busy"
    source = {"noun": row["source_noun"], "subject": row["source_subject"]} if row["source_noun"] else None
    return {
        "id": row["id"],
        "rid": one.rid,
        "calendar": row["calendar"],
        "person": owner if kind == "person" else None,
        "title": one.said("title") if open_ else "",
        "kind": one.said("kind") if open_ else "other",
        "starts_at": when(one.starts_at, all_day=all_day),
        "ends_at": when(one.ends_at, all_day=all_day),
        "all_day": all_day,
        "place": one.said("place") if open_ else "",
        "link": one.said("link") if open_ else None,
        "importance": one.said("importance") if open_ else 0,
        "visibility": one.said("visibility"),
        "shown_as": one.said("shown_as"),
        "recurring": row["recurring"],
        "moved": bool(one.differs and one.differs.get("moved")),
        "access": level,
        "mark": access.mark,
        "source": source if open_ else None,
    }
