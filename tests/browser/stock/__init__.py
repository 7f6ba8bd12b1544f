"""What there is for pages to show: of each noun something in every state, by a module with `WRITTEN` and `stock`."""

from __future__ import annotations

from tests.browser.stock import documents, journals, meetings, memo, requests, rounds, schedule, weekly
from tests.integration.product.cast import Cast

_NOUNS = (requests, documents, journals, rounds, weekly, memo, schedule, meetings)
WRITTEN: tuple[str, ...] = tuple(words for noun in _NOUNS for words in noun.WRITTEN)
"""What people wrote into all of it, outside of bodies."""


def stock(cast: Cast) -> dict[str, str]:
    """Makes all of it in one tenant; what there is, by the names that the places of `places` use."""
    found: dict[str, str] = {}
    for noun in _NOUNS:
        found |= noun.stock(cast)
    return found
