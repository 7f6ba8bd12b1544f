"""A running service: requests become transactions, events take effect exactly once."""

from __future__ import annotations

import hmac
import threading
import time
from typing import Any

import orjson
import psycopg
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError

from shared import log, metrics
from shared.bus.broker import Broker
from shared.bus.client import Client
from shared.bus.housekeeping import Housekeeping
from shared.bus.spec import Method, Service, handlers, methods
from shared.bus.wire import Request
from shared.context import Context, Signer
from shared.db import Databases, Tx
from shared.db.databases import is_transient
from shared.errors import Conflict, Forbidden, NotFound, NotYet, Problem, Unauthorized, Unavailable
from shared.events import Event
from shared.people import TOPIC, PeopleCache
from shared.validation import load

_ATTEMPTS = 5
_NOT_YET, _NOT_YET_PAUSE = 1.0, 0.02


class Runtime:
    """One service in this process, without its entrypoints: what they call is `execute` and `apply`."""

    def __init__(
        self, cls: type[Service], databases: Databases, broker: Broker, signer: Signer, secret: str, timeout: float
    ) -> None:
        self.name = cls.name
        self.service = cls()
        self.service.secret = secret
        self.databases = databases
        self.methods = methods(cls)
        self.handlers = handlers(cls)
        self.housekeeping = Housekeeping(cls.name, databases, broker, signer, secret)
        self._news = threading.Event()
        self._log = log.get("service").bind(service=cls.name)
        client = Client(broker, signer, timeout)
        cache = PeopleCache(lambda ctx, ids: client.call("directory", "people_by_ids", ctx, {"ids": ids}))
        client.on_live(cache.told, cache.clear, (TOPIC,))
        self.service._call = client.call
        self.service._people = cache.get

    # -- requests -----------------------------------------------------------------------------------

    def execute(self, request: Request) -> bytes:
        """The answer of a method as JSON. Raises a `Problem` for everything the caller should be told."""
        started = time.perf_counter()
        outcome = "ok"
        try:
            method = self._admit(request)
            data = load(method.schema, request.data)
            return self._patiently(method, request, data)
        except Problem as problem:
            outcome = str(problem.status)
            raise
        except Exception as error:
            outcome = "500"
            self._log.error(
                "request_failed", method=request.method, request_id=request.context.request_id, exc_info=error
            )
            raise self._fault(error) from error
        finally:
            known = request.method if request.method in self.methods else "unknown"
            metrics.RPC.labels(self.name, known, outcome).observe(time.perf_counter() - started)

    def _admit(self, request: Request) -> Method:
        method = self.methods.get(request.method)
        if method is None:
            raise NotFound(f"{self.name}.{request.method}")
        ctx = request.context
        if method.roles and not method.roles & ctx.roles:
            raise Forbidden("role")
        if not (ctx.person or method.anonymous or method.roles):
            raise Unauthorized()
        return method

    def _patiently(self, method: Method, request: Request, data: dict[str, Any]) -> bytes:
        """Runs the method; where what it needs is on its way (`NotYet`), again for up to a second."""
        until = time.monotonic() + _NOT_YET
        last_try = False
        run = self._command if method.writes else self._query
        while True:
            news = self._news
            try:
                return run(method, request, data, last_try)
            except NotYet:
                if last_try:
                    raise
                last_try = time.monotonic() > until
                # What it waits for comes as an event: here, or in another process of this service.
                news.wait(_NOT_YET_PAUSE)

    def _query(self, method: Method, request: Request, data: dict[str, Any], last_try: bool) -> bytes:
        try:
            return self._read(method, request, data, last_try)
        except (DBAPIError, psycopg.Error) as error:
            if not is_transient(error):
                raise
            return self._read(method, request, data, last_try)

    def _read(self, method: Method, request: Request, data: dict[str, Any], last_try: bool) -> bytes:
        with self.databases.read(request.context) as tx:
            tx.last_try = last_try
            answer = orjson.dumps(getattr(self.service, method.name)(tx, request.context, data))
        self.housekeeping.noted(tx)
        return answer

    def _command(self, method: Method, request: Request, data: dict[str, Any], last_try: bool) -> bytes:
        fingerprint = self._fingerprint(method, request) if request.key else ""
        for attempt in range(_ATTEMPTS):
            try:
                return self._once(method, request, data, fingerprint, last_try)
            except Problem as problem:
                # A repeat is answered as before, also where what it asked for would have to be waited for by now.
                earlier = None if problem.keep else self._earlier(request, fingerprint)
                if earlier is None:
                    raise
                return earlier
            except (IntegrityError, psycopg.IntegrityError) as error:
                earlier = self._earlier(request, fingerprint)
                if earlier is not None:
                    return earlier
                raise Conflict("already-there") from error
            except (DBAPIError, psycopg.Error) as error:
                # What fails at the commit comes straight from the driver (pipeline mode).
                if not is_transient(error):
                    if is_outage(error):
                        self.housekeeping.in_doubt(request.context.tenant)
                    raise
                if attempt == _ATTEMPTS - 1:
                    raise
                time.sleep(0.01 * 2**attempt)
        raise AssertionError("unreachable")

    def _fingerprint(self, method: Method, request: Request) -> str:
        """What was asked under a key, to tell another question from a repeat; no dictionary finds a password by it."""
        asked = orjson.dumps([method.name, request.data])
        return hmac.digest(self.service.secret.encode(), asked, "sha256").hex()

    def _once(self, method: Method, request: Request, data: dict[str, Any], fingerprint: str, last_try: bool) -> bytes:
        refusal: Problem | None = None
        answer = b"null"
        with self.databases.write(request.context) as tx:
            tx.last_try = last_try
            try:
                answer = orjson.dumps(getattr(self.service, method.name)(tx, request.context, data))
            except Problem as problem:
                if not problem.keep:
                    raise
                refusal = problem
            if request.key and refusal is None:
                tx.remember(request.key, fingerprint, answer)
        self.housekeeping.committed(tx)
        if refusal:
            raise refusal
        return answer

    def _earlier(self, request: Request, fingerprint: str) -> bytes | None:
        """The answer given before under this key. Raises `Conflict` when something else was asked then."""
        if not request.key:
            return None
        table = self.databases.ground.idempotency
        with self.databases.read(request.context) as tx:
            row = tx.one(select(table.c.request, table.c.answer).where(table.c.key == request.key))
        if row is None:
            return None
        if row.request != fingerprint:
            raise Conflict("idempotency-key-reused")
        return str(row.answer).encode()

    def _fault(self, error: Exception) -> Problem:
        if is_outage(error):
            return Unavailable(f"{self.name} database")
        return Problem(500, "internal", "Something went wrong")

    # -- events -------------------------------------------------------------------------------------

    def apply(self, tenant: str, events: list[Event]) -> None:
        """Handles events of one tenant in one transaction; those handled before are passed over.

        They are taken for new: the inbox is written in one round trip with their first effect, and refuses what was
        handled before. Only where it does is it asked first.
        """
        try:
            self._handle(tenant, events, ask=False)
        except (IntegrityError, psycopg.IntegrityError):
            self._handle(tenant, events, ask=True)
        now = time.time()
        for event in events:
            metrics.EVENTS.labels(self.name, event.type, "ok").inc()
            metrics.EVENT_LAG.labels(self.name).observe(max(0.0, now - event.at.timestamp()))

    def _handle(self, tenant: str, events: list[Event], *, ask: bool) -> None:
        with self.databases.write(Context(tenant=tenant)) as tx:
            new = self._take_in(tx, events, ask)
            for event in events:
                if event.id in new:
                    new.discard(event.id)
                    tx.ctx = event.context
                    for name in self.handlers.get(event.type, ()):
                        getattr(self.service, name)(tx, event)
        self.housekeeping.committed(tx)
        news, self._news = self._news, threading.Event()
        news.set()

    def _take_in(self, tx: Tx, events: list[Event], ask: bool) -> set[str]:
        """Enters the events into the inbox; the ids of those that were not there, or of all without asking."""
        inbox = self.databases.ground.inbox
        ids = dict.fromkeys(event.id for event in events)
        if not ask:
            tx.insert_many(inbox, [{"id": id_, "at": tx.now} for id_ in ids])
            return set(ids)
        return {id_ for id_ in ids if tx.insert_new(inbox, id=id_, at=tx.now)}


def is_outage(error: BaseException) -> bool:
    """Whether the database itself was away, so that the same thing may well succeed later."""
    driver = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(driver, psycopg.OperationalError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    )
