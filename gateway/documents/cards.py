"""The document card as a whole: what the documents service keeps, and the route, which is the approval service's."""

from __future__ import annotations

from typing import Any

from gateway.core import backend
from shared.errors import Problem

_ENDS = frozenset(("approved", "returned", "withdrawn"))


def whole(document: str) -> dict[str, Any]:
    """The card (`DocumentView`) with its `route` (`Route`, or None where there is none or it cannot be asked).

    What the caller `may` do is what both services say. Where the route has ended and the card has not heard of it
    yet, the card is asked again and waits for that. Raises the documents service's `Problem`.
    """
    card, route = backend.call_many(
        [
            ("documents", "card", {"id": document}),
            ("approval", "route", {"document": document, "opened": True}),
        ]
    )
    if isinstance(card, Problem):
        raise card
    if isinstance(route, Problem):
        if route.status < 500 and route.status not in (403, 404):
            raise route
        route = None
    if route and route["state"] in _ENDS and card["state"] == "in_approval":
        card = backend.call("documents", "card", {"id": document, "settled": _state_of(route["state"])})
    card["route"] = route
    if route:
        card["may"] = [*card["may"], *route["may"]]
    return dict(card)


def _state_of(ended: str) -> str:
    """The state of a document whose route ended so; a withdrawn one is a draft again."""
    return "draft" if ended == "withdrawn" else ended
