"""The toy services."""

from __future__ import annotations

import os
import signal
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from marshmallow import fields
from sqlalchemy import func, select, text, update

from shared import alarms
from shared.alarms import Alarm
from shared.bus import Event, Service, command, on_event, on_time, query
from shared.context import Context
from shared.contracts.common import Strict
from shared.db import Tx
from shared.errors import NotFound, Poison
from shared.settings import settings
from tests.integration.ground.toy.models import Counter, Effect, Thing


class Echo(Strict):
    """`echo`, after so many seconds."""

    value = fields.Raw(load_default=None)
    seconds = fields.Float(load_default=0.0)


class Make(Strict):
    """`make`: things from `first` on, each with an event that says how `sink` is to take it."""

    series = fields.String(required=True)
    first = fields.Integer(load_default=0)
    count = fields.Integer(load_default=1)
    manner = fields.String(load_default="")


class Series(Strict):
    """`made` and `effects` of a series."""

    series = fields.String(required=True)


class Tell(Strict):
    """`tell`: to these people."""

    people = fields.List(fields.String(), required=True)


class Count(Strict):
    """`count_up`: in a serializable transaction that takes so many seconds."""

    name = fields.String(required=True)
    seconds = fields.Float(load_default=0.0)


class SetAlarms(Strict):
    """`set_alarms`: so many from `first` on, each to go off after so many seconds, in the manner of an event."""

    series = fields.String(required=True)
    first = fields.Integer(load_default=0)
    count = fields.Integer(load_default=1)
    seconds = fields.Float(load_default=0.0)
    manner = fields.String(load_default="")


class ToyService(Service):
    """Is asked, and tells."""

    name = "toy"

    @query(Echo)
    def echo(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """What was given, and who gave it."""
        time.sleep(data["seconds"])
        return {"value": data["value"], "tenant": ctx.tenant, "person": ctx.person}

    @query(Strict)
    def missing(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Always a problem."""
        raise NotFound("thing")

    @command(Make)
    def make(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Makes things and tells of each."""
        numbers = range(data["first"], data["first"] + data["count"])
        tx.insert_many(Thing, [{"id": tx.new_id(), "series": data["series"], "number": n} for n in numbers])
        if "TOY_FILLS" in os.environ:
            # The next version: it fills a column that the schema of this one does not have yet.
            tx.change(text("UPDATE thing SET note = 'filled' WHERE series = :s"), {"s": data["series"]})
        for number in numbers:
            tx.emit("toy.made", data["series"], {**data, "number": number})
        tx.audit("toy.made", data["series"], after={"count": data["count"]})
        return {"made": data["count"]}

    @query(Series)
    def made(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> list[int]:
        """The numbers of a series, in order."""
        rows = tx.all(select(Thing.number).where(Thing.series == data["series"]).order_by(Thing.number))
        return [row.number for row in rows]

    @command(Tell)
    def tell(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Tells open pages."""
        tx.tell(data["people"], "toys")
        return {}

    @command(Count)
    def count_up(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> int:
        """One more; of two at once one fails to serialize and is run again."""
        tx.execute(text("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"))
        value = tx.scalar(select(Counter.value).where(Counter.name == data["name"])) or 0
        tx.execute(text("SELECT pg_sleep(:s)"), {"s": data["seconds"]})
        if value:
            tx.execute(update(Counter).where(Counter.name == data["name"]).values(value=value + 1))
        else:
            tx.insert_new(Counter, name=data["name"], value=1)
        return int(value) + 1


class SinkService(Service):
    """Listens."""

    name = "sink"

    @on_event("toy.made")
    def take(self, tx: Tx, event: Event) -> None:
        """Does something about it, in the manner the event asks for."""
        data = event.data
        tx.insert(Effect, id=tx.new_id(), series=data["series"], number=data["number"])
        if data["manner"]:
            _misbehave(data["manner"], data["series"])

    @command(SetAlarms)
    def set_alarms(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Sets itself alarms."""
        when = tx.now + timedelta(seconds=data["seconds"])
        for number in range(data["first"], data["first"] + data["count"]):
            told = {"series": data["series"], "number": number, "manner": data["manner"]}
            alarms.at(tx, when, "effect", tx.new_id(), **told)
        return {}

    @on_time("effect")
    def effect(self, tx: Tx, alarm: Alarm) -> None:
        """Has its effect, as an event's has."""
        data = alarm.data
        tx.insert(Effect, id=tx.new_id(), series=data["series"], number=data["number"])
        if data["manner"]:
            _misbehave(data["manner"], data["series"])

    @query(Series)
    def effects(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> list[int]:
        """The numbers there are effects of, in order, each as often as there are."""
        rows = tx.all(select(Effect.number).where(Effect.series == data["series"]).order_by(Effect.number))
        return [row.number for row in rows]

    @query(Series)
    def count(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> int:
        """How many effects there are."""
        return int(tx.scalar(select(func.count()).select_from(Effect).where(Effect.series == data["series"])))

    @query(Series)
    def tries(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> list[float]:
        """When handling was tried, in seconds since the epoch."""
        path = _tries(data["series"])
        return [float(line) for line in path.read_text().splitlines()] if path.exists() else []


def _tries(series: str) -> Path:
    return settings().var / f"{series}.tries"


def _misbehave(manner: str, series: str) -> None:
    """`fail`: as long as there is no file `<series>.well`. `poison`: always, for good. `die`: the first time."""
    path = _tries(series)
    with path.open("a") as file:
        file.write(f"{time.time()}\n")
    if manner == "poison":
        raise Poison("not to be handled")
    if manner == "fail" and not path.with_suffix(".well").exists():
        raise RuntimeError("not yet")
    if manner == "die" and len(path.read_text().splitlines()) == 1:
        os.kill(os.getpid(), signal.SIGKILL)
