"""The search service: the catalogue of every object of a tenant, found by words, by relation and by task card."""

from __future__ import annotations

from functools import partial
from typing import Any

from marshmallow import EXCLUDE

from services.search import analysers, figures, finding, items, relations
from services.search.indexing import Indexing
from shared.bus import Event, Service, on_event, query
from shared.context import Context
from shared.contracts import search as contract
from shared.db import Databases, Tx
from shared.errors import Poison
from shared.settings import settings

_TOLD = contract.ItemTold(unknown=EXCLUDE)


class SearchService(Service):
    """See README.md beside this file for what it owns, listens to and tells."""

    name = "search"

    def __init__(self) -> None:
        self.analyser = analysers.by_default(settings())
        self.indexing: Indexing | None = None

    def begin(self, databases: Databases) -> None:
        """Begins to read what waits to be read."""
        self.indexing = Indexing(databases, self.analyser)
        self.indexing.start()

    def end(self) -> None:
        """Reads no more."""
        if self.indexing:
            self.indexing.stop()

    # -- what every service tells -------------------------------------------------------------------

    @on_event("*.item")
    def keep(self, tx: Tx, event: Event) -> None:
        """An object is another one now; who tells of it is known by the event's type."""
        bad = _TOLD.validate(event.data)
        if bad:
            raise Poison(f"malformed item: {bad}")
        waits = items.keep(tx, event.type.partition(".")[0], event.data, self.analyser)
        if waits and self.indexing:
            tx.after_commit(partial(self.indexing.wake, tx.tenant))

    # -- finding ------------------------------------------------------------------------------------

    @query(contract.FindQuery)
    def find(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """One page of what the caller may read and asks for, as `FoundPage`."""
        page = finding.find(tx, ctx, data, self.analyser.asked(data["q"]) if data["q"] else None)
        if data["q"]:
            figures.SEARCHES.labels("found" if page["items"] else "nothing").inc()
        return page

    @query(contract.RelatedQuery)
    def related(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """What an object refers to and what refers to it, as `RelatedList`."""
        return relations.related(tx, ctx, data["subject"])

    @query(contract.TimelineQuery)
    def timeline(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """What happened to the objects of a task card, as `TimelinePage`."""
        return relations.timeline(tx, ctx, data)
