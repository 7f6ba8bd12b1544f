"""The service of the kettle: put on, it whistles when it is time, and again while it is told to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from marshmallow import fields

from shared import alarms
from shared.alarms import Alarm
from shared.bus import Service, command, on_time
from shared.context import Context
from shared.contracts.common import Id, Strict
from shared.db import Tx
from tests.unit.alarms.toy.models import Whistle

BROKEN: set[str] = set()
"""Kettles that fail to whistle."""


class PutOn(Strict):
    """`put_on`: to whistle at a time, so many times, a minute after each other."""

    id = Id(required=True)
    at = fields.AwareDateTime(required=True)
    times = fields.Integer(load_default=1)
    tune = fields.String(load_default="high")


class TakeOff(Strict):
    """`take_off`."""

    id = Id(required=True)


class KettleService(Service):
    """Whistles."""

    name = "kettle"

    @command(PutOn)
    def put_on(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> None:
        """Sets the alarm."""
        alarms.at(tx, data["at"], "whistle", data["id"], times=data["times"], tune=data["tune"])

    @command(TakeOff)
    def take_off(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> None:
        """Cancels it."""
        alarms.cancel(tx, "whistle", data["id"])

    @on_time("whistle")
    def whistle(self, tx: Tx, alarm: Alarm) -> None:
        """Whistles, and sets itself the next time."""
        tx.insert(Whistle, id=tx.new_id(), kettle=alarm.subject, tune=alarm.data["tune"], at=alarm.at)
        if alarm.subject in BROKEN:
            raise RuntimeError("no steam")
        if alarm.data["times"] > 1:
            more = {**alarm.data, "times": alarm.data["times"] - 1}
            alarms.at(tx, alarm.at + timedelta(minutes=1), "whistle", alarm.subject, **more)
