"""등록: the production number (생산등록번호) a document gets with its decision [Reg 11]."""

from __future__ import annotations


def production_number(department: str, serial: int) -> str:
    """`department name-serial`, as it is printed [RR 5③]."""
    return f"{department}-{serial}"
