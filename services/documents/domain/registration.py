"""등록: the production number (생산등록번호) a document gets with its decision [Reg 11]."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")


def seoul_year(moment: datetime) -> int:
    """The year in which a series counts: by the clock of the office, not of the server."""
    return moment.astimezone(SEOUL).year


def production_number(department: str, serial: int) -> str:
    """`department name-serial`, as it is printed [RR 5③]."""
    return f"{department}-{serial}"
