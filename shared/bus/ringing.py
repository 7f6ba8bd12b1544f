"""Alarms that are due, each done in a transaction of its own with its effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from shared import alarms, log, metrics
from shared.alarms import Alarm
from shared.bus.spec import Service
from shared.context import Context, system
from shared.db import Tx
from shared.errors import NotFound

Written = Callable[[Context], AbstractContextManager[Tx]]


class Ringing:
    """What one service does at its times; `bells` are its methods by the kind of alarm."""

    def __init__(
        self, service: Service, bells: Mapping[str, str], written: Written, committed: Callable[[Tx], None]
    ) -> None:
        self.bells = bells
        self._service = service
        self._written = written
        self._committed = committed
        self._log = log.get("alarms").bind(service=service.name)

    def ring(self, tenant: str) -> datetime | None:
        """Does what is due in a tenant, one after the other; when the next is due, None where none is set."""
        while True:
            following, more = self._one(system(tenant))
            if not more:
                return following

    def _one(self, ctx: Context) -> tuple[datetime | None, bool]:
        """The next alarm that is due, done; or when the next one is."""
        row: Row[Any] | None = None
        try:
            with log.about(ctx, self._service.name), self._written(ctx) as tx:
                row = alarms.take(tx)
                if row is None:
                    return alarms.following(tx), False
                self._do(tx, row)
                alarms.done(tx, row)
        except Exception as error:
            if row is None:
                raise
            self._failed(ctx, row, error)
            return None, True
        self._committed(tx)
        metrics.series(metrics.ALARMS, self._service.name, row.kind, "ok").inc()
        return None, True

    def _do(self, tx: Tx, row: Row[Any]) -> None:
        name = self.bells.get(row.kind)
        if name is None:
            # Another version of this service beside this one knows it: it is to get its turn.
            raise LookupError(f"no method for alarms of the kind {row.kind} in this version")
        getattr(self._service, name)(tx, Alarm(row.kind, row.subject, row.set_for, row.data))

    def _failed(self, ctx: Context, row: Row[Any], error: Exception) -> None:
        """It goes off again, later and later; those after it have their turn. One for what is not there is over."""
        if isinstance(error, NotFound):
            self._log.warning("alarm_for_nothing", kind=row.kind, subject=row.subject, error=repr(error))
            metrics.series(metrics.ALARMS, self._service.name, row.kind, "gone").inc()
            with self._written(ctx) as tx:
                alarms.done(tx, row)
            return
        self._log.warning("alarm_failed", kind=row.kind, subject=row.subject, failures=row.failures + 1, exc_info=error)
        metrics.series(metrics.ALARMS, self._service.name, row.kind, "failed").inc()
        with self._written(ctx) as tx:
            alarms.postpone(tx, row)
