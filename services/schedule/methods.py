"""The methods by which programs follow and exchange calendars: a part of the schedule service."""

from __future__ import annotations

from typing import Any

from services.schedule import dav, exchange, feeds
from services.schedule.domain.reading import one
from shared.bus import Service, command, query
from shared.context import Context
from shared.contracts import dav as contract
from shared.contracts import schedule as schedules
from shared.contracts.common import Strict
from shared.contracts.schedule import ICS_LIMIT
from shared.db import Tx
from shared.errors import Invalid
from shared.ical.objects import Object

Doc = dict[str, Any]
_MOST_OBJECTS = 5_000


class ExchangeMethods(Service):
    """Beside `Service` among the bases of the schedule service."""

    # -- CalDAV -------------------------------------------------------------------------------------

    @query(Strict)
    def dav_calendars(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """The collections of the caller, as `DavCalendars`."""
        return dav.collections(tx, ctx)

    @command(contract.DavMake)
    def dav_make(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """A further calendar of the caller's."""
        return dav.make(tx, ctx, data)

    @query(contract.DavQuery)
    def dav_objects(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Resources of a calendar, as `DavObjects`."""
        return dav.objects(tx, ctx, data)

    @command(contract.DavPut)
    def dav_put(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Keeps a resource, as `DavPutResult`."""
        text = one(data["content"])
        if "refused" in text:
            raise Invalid({"content": text["refused"]})
        return dav.put(tx, ctx, data, Object.of_text(text["text"]), same=text["text"] == data["content"])

    @command(contract.DavDelete)
    def dav_delete(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Takes a resource out."""
        return dav.delete(tx, ctx, data)

    @query(contract.DavChangesQuery)
    def dav_changes(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """What has changed since, as `DavChanges`."""
        return dav.changes(tx, ctx, data)

    @query(contract.DavBusy)
    def dav_busy(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """When one calendar makes busy, as `BusyView`."""
        return dav.taken(tx, ctx, data)

    # -- files --------------------------------------------------------------------------------------

    @command(schedules.ImportIcs)
    def import_ics(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Takes a file in, or says what it would do, as `ImportView`."""
        exchange.content(data)
        exchange.zone(data["zone"])
        read = exchange.READ(data["content"], data["zone"], ICS_LIMIT, _MOST_OBJECTS)
        return exchange.take_in(tx, ctx, data, read)

    @query(schedules.CalendarQuery)
    def export(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """A calendar as a file, as `IcsFile`."""
        return exchange.give_out(tx, ctx, data["id"])

    # -- feeds --------------------------------------------------------------------------------------

    @command(schedules.CreateFeed)
    def create_feed(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """A secret address of a calendar, as `NewFeed`."""
        return feeds.create(tx, ctx, data)

    @query(Strict)
    def feeds(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """The caller's addresses, as `FeedList`."""
        return feeds.listed(tx, ctx)

    @command(schedules.FeedId)
    def revoke_feed(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Ends an address at once."""
        return feeds.revoke(tx, ctx, data["id"])

    @query(schedules.FeedQuery, anonymous=True)
    def feed(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """What stands at a secret address, as `IcsFile`."""
        return feeds.read(tx, data["secret"])
