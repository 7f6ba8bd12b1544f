"""공개구분: open, partly open, closed; the clauses of OIA article 9 (1) go with the latter two."""

from __future__ import annotations

from typing import Any

from shared.errors import Invalid


def checked(disclosure: dict[str, Any]) -> dict[str, Any]:
    """The disclosure with its clauses sorted.

    Raises `Invalid` where an open document names clauses, or another names none [OIA 9 (1)].
    """
    clauses = sorted(set(disclosure.get("clauses", ())))
    if disclosure["class"] == "open" and clauses:
        raise Invalid({"disclosure.clauses": "not_for_open"})
    if disclosure["class"] != "open" and not clauses:
        raise Invalid({"disclosure.clauses": "clauses_required"})
    return {"class": disclosure["class"], "clauses": clauses, "reason": disclosure.get("reason", "")}
