"""Who may read a document: one rule for every service that holds a part of it."""

from __future__ import annotations

from collections.abc import Collection

from shared.context import Context


def may_read(
    ctx: Context, *, participants: Collection[str], department: str, scope: str, closed: bool, decided: bool
) -> bool:
    """Whether the caller may open the document (열람범위).

    `participants` are the ids of the drafter and of everybody on its lines; `department` is the drafter's.
    Participants always may. Others only once it is `decided`: the department with scope `department`,
    the whole organisation with scope `organisation` unless it is `closed`. Auditors may read what is decided.
    """
    if ctx.person in participants:
        return True
    if not decided:
        return False
    if ctx.has("auditor"):
        return True
    if scope == "organisation" and not closed:
        return True
    return scope in ("department", "organisation") and ctx.department_id == department
