"""Reading a file of iCalendar, as a worker process does it: text in, texts and what is wrong out."""

from __future__ import annotations

import base64
from typing import Any
from zoneinfo import ZoneInfo

from shared.ical import reading


def read(content: str, zone: str | None, most_bytes: int, most_objects: int) -> dict[str, Any]:
    """`{texts, problems}` of a file in base64; each text is one entry whole, each problem an `ImportProblem`."""
    data = base64.b64decode(content)
    unknown = ZoneInfo(zone) if zone else None
    found = reading.read(data, most_bytes=most_bytes, most_objects=most_objects, zone_for_unknown=unknown)
    return {
        "texts": [obj.text for obj in found.objects],
        "problems": [
            {
                "uid": each.uid[:500],
                "title": each.summary[:300],
                "property": each.property,
                "code": each.code,
                "held": each.severity != "warning",
            }
            for each in found.problems
        ],
    }


def one(content: str) -> dict[str, str]:
    """`{text}` of the one entry that a client puts, or `{refused: reason}`."""
    try:
        return {"text": reading.one(content.encode()).text}
    except reading.NotACalendarObject as error:
        return {"refused": error.reason}
