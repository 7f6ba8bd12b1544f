"""Today's schedule on the desk: what takes all day first, then by the hour, with a line where the hour is now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from gateway.core.format import moment

# As many as fit beside what is to be done; the rest is in the calendar.
SHOWN = 7


def rail(items: Sequence[Mapping[str, Any]], now: datetime) -> dict[str, Any]:
    """`rows`, each `{line, state}` (`whole`, `over`, `now`, `coming`), before which it is `now`, and how many `more`.

    Where there are more than fit, those that are over make room.
    """
    rows = [{"line": line, "state": _state(line, now)} for line in items]
    rows.sort(key=lambda row: row["state"] != "whole")
    more = max(0, len(rows) - SHOWN)
    over = [row for row in rows if row["state"] == "over"][:more]
    rows = [row for row in rows if row not in over][:SHOWN]
    timed = [row for row in rows if row["state"] != "whole"]
    coming = next((at for at, row in enumerate(rows) if row["state"] == "coming"), len(rows))
    return {"rows": rows, "now": coming if timed else None, "more": more}


def _state(line: Mapping[str, Any], now: datetime) -> str:
    starts, ends = moment(line["starts_at"]), moment(line["ends_at"])
    if line["all_day"] or starts is None or ends is None:
        return "whole"
    if ends <= now:
        return "over"
    return "now" if starts <= now else "coming"
