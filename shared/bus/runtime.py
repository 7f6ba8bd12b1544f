"""A running service: requests become transactions, events take effect exactly once."""

from __future__ import annotations

import contextlib
import hmac
import time
from collections.abc import Iterator
from typing import Any

import orjson
import psycopg
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from shared import holidays, log, metrics, people
from shared.bus import spans
from shared.bus.attempts import Attempts
from shared.bus.broker import Broker
from shared.bus.client import Client
from shared.bus.housekeeping import Housekeeping
from shared.bus.news import News
from shared.bus.ringing import Ringing
from shared.bus.spec import Arrived, Method, Service, bells, handlers, handling, methods
from shared.bus.turns import NoTurn, Turns
from shared.bus.wire import Request
from shared.context import OPERATOR, RPC_LIFETIME, Context, Signer
from shared.db import Databases, Tx
from shared.db.faults import FAULTS, InDoubt, is_away, is_overtaxed
from shared.errors import Conflict, Forbidden, NotFound, Problem, Unauthorized, Unavailable, Unsettled
from shared.events import Event
from shared.holidays import CalendarCache
from shared.people import PeopleCache
from shared.validation import load

# Seconds for which a request waits for a database that is away, and what is left of its time for the answer.
_PATIENCE, _FOR_THE_ANSWER = 2.0, 0.5
# Requests that wait for news at once, in one process; the next are answered as things stand.
_MOST_WAITING = 64
# More requests than that are worked on at once in no case.
_WORKERS = 32


class _NotArrived(Exception):
    """What a method waits for is not there yet; its transaction is left without a trace."""


class Runtime:
    """One service in this process, without its entrypoints: what they call is `execute` and `apply`.

    As many requests as `workers` are worked on at once; beside them `waiting_room` more may wait, for their turn or
    for news, and hold no connection meanwhile.
    """

    def __init__(
        self,
        cls: type[Service],
        databases: Databases,
        broker: Broker,
        signer: Signer,
        timeout: float,
        workers: int = _WORKERS,
    ) -> None:
        self.name = cls.name
        self.service = cls()
        self.databases = databases
        self.methods = methods(cls)
        self.handlers = handlers(cls)
        self.ringing = Ringing(self.service, bells(cls), self._written, lambda tx: self.housekeeping.committed(tx))
        ring = self.ringing.ring if self.ringing.bells else None
        self.housekeeping = Housekeeping(cls.name, databases, broker, signer, ring)
        self.turns = {method.turns for method in self.methods.values() if method.turns}
        self._news = News(_MOST_WAITING)
        waits = any(method.wait_for for method in self.methods.values())
        self.waiting_room = sum(turns.most for turns in self.turns) + waits * self._news.most
        self._room = Turns(cls.name, workers, self.waiting_room, RPC_LIFETIME) if self.waiting_room else None
        self._log = log.get("service").bind(service=cls.name)
        client = Client(broker, signer, timeout, cls.name)
        known = PeopleCache(
            lambda ctx, ids: client.call("directory", "people_by_ids", ctx, {"ids": ids}, repeatable=True)
        )
        calendars = CalendarCache(lambda ctx: client.call("directory", "calendar", ctx, {}, repeatable=True))
        for cache in (known, calendars):
            client.on_live(cache.told, cache.clear, (people.TOPIC, holidays.TOPIC))
        self.service._call = client.call
        self.service._people = known.get
        self.service._calendar = calendars.get

    # -- requests -----------------------------------------------------------------------------------

    def execute(self, request: Request) -> bytes:
        """The answer of a method as JSON. Raises a `Problem` for everything the caller should be told."""
        started = time.perf_counter()
        known = request.method if request.method in self.methods else "unknown"
        step = spans.answering(self.name, known, request.context)
        refusal: Problem | None = None
        step.enter()
        try:
            with log.about(request.context, self.name):
                return self._answer(request)
        except Problem as problem:
            refusal = problem
            raise
        finally:
            step.leave()
            outcome = spans.ended(step, refusal)
            metrics.series(metrics.RPC, self.name, known, outcome).observe(time.perf_counter() - started)

    def _answer(self, request: Request) -> bytes:
        try:
            method = self._admit(request)
            data = load(method.schema, request.data)
            return self._in_turn(method, request, data)
        except Problem:
            raise
        except Exception as error:
            self._log.error("request_failed", method=request.method, exc_info=error)
            raise self._fault(error) from error

    def _admit(self, request: Request) -> Method:
        method = self.methods.get(request.method)
        if method is None:
            raise NotFound(f"{self.name}.{request.method}")
        ctx = request.context
        if method.roles and not method.roles & ctx.roles:
            raise Forbidden("role")
        if not (ctx.person or method.anonymous or method.roles or (method.system and ctx.has(OPERATOR))):
            raise Unauthorized()
        return method

    @contextlib.contextmanager
    def _turn(self, turns: Turns | None, request: Request) -> Iterator[None]:
        """In its turn. Raises `NoTurn` where too many wait, or its caller has given up."""
        if turns is None:
            yield
            return
        turns.take(request.deadline)
        try:
            yield
        finally:
            turns.give()

    def _in_turn(self, method: Method, request: Request, data: dict[str, Any]) -> bytes:
        try:
            with self._turn(method.turns, request):
                return self._once_arrived(method, request, data)
        except NoTurn as refusal:
            metrics.series(metrics.TURNS_REFUSED, self.name, refusal.reason).inc()
            raise

    def _once_arrived(self, method: Method, request: Request, data: dict[str, Any]) -> bytes:
        """Runs the method; where what it waits for is not there, or nothing settled, again when there is news.

        At last it runs without what it waited for, and a refusal stands.
        """
        tenant, until = request.context.tenant, News.longest(request.deadline)
        arrived = method.wait_for
        while True:
            seen = self._news.seen(tenant)
            try:
                with self._turn(self._room, request):
                    return self._perform(method, request, data, arrived)
            except (_NotArrived, Unsettled) as early:
                if self._news.wait(tenant, seen, until):
                    continue
                if isinstance(early, Unsettled):
                    raise
                arrived = None

    def _perform(self, method: Method, request: Request, data: dict[str, Any], arrived: Arrived | None) -> bytes:
        run = self._command if method.writes else self._query
        return run(method, request, data, arrived)

    def _query(self, method: Method, request: Request, data: dict[str, Any], arrived: Arrived | None) -> bytes:
        attempts = self._attempts(request)
        while True:
            try:
                return self._read(method, request, data, arrived)
            except FAULTS as error:
                attempts.after(error)

    def _attempts(self, request: Request) -> Attempts:
        return Attempts(self.name, min(_PATIENCE, request.deadline - time.monotonic() - _FOR_THE_ANSWER))

    def _read(self, method: Method, request: Request, data: dict[str, Any], arrived: Arrived | None) -> bytes:
        with self.databases.read(request.context) as tx:
            answer = self._called(tx, method, request, data, arrived)
        self.housekeeping.noted(tx)
        return answer

    def _called(self, tx: Tx, method: Method, request: Request, data: dict[str, Any], arrived: Arrived | None) -> bytes:
        """What the method answers, as JSON. Raises `_NotArrived` while it is to wait."""
        if arrived and not arrived(tx, data):
            raise _NotArrived
        return orjson.dumps(getattr(self.service, method.name)(tx, request.context, data))

    def _command(self, method: Method, request: Request, data: dict[str, Any], arrived: Arrived | None) -> bytes:
        fingerprint = self._fingerprint(method, request) if request.key else ""
        attempts = self._attempts(request)
        while True:
            try:
                return self._once(method, request, data, fingerprint, arrived)
            except (Problem, _NotArrived):
                # A repeat is answered as before, also where what it asked for would have to be waited for by now.
                earlier = self._earlier(request, fingerprint)
                if earlier is None:
                    raise
                return earlier
            except (IntegrityError, psycopg.IntegrityError) as error:
                earlier = self._earlier(request, fingerprint)
                if earlier is not None:
                    return earlier
                raise Conflict("already-there") from error
            except InDoubt as error:
                # With a key the next attempt finds out: what was committed has entered it.
                if not request.key:
                    raise
                attempts.after(error)
            except FAULTS as error:
                attempts.after(error)

    def _fingerprint(self, method: Method, request: Request) -> str:
        """What was asked under a key, to tell another question from a repeat; no dictionary finds a password by it."""
        asked = orjson.dumps([method.name, request.data])
        key = self.databases.keys(request.context.tenant).requests
        return hmac.digest(key, asked, "sha256").hex()

    def _once(
        self, method: Method, request: Request, data: dict[str, Any], fingerprint: str, arrived: Arrived | None
    ) -> bytes:
        refusal: Problem | None = None
        answer = b"null"
        with self._written(request.context) as tx:
            try:
                answer = self._called(tx, method, request, data, arrived)
            except Problem as problem:
                # What was answered under this key before has not failed by coming again: nothing is counted.
                if not _kept(method, problem) or self._earlier(request, fingerprint) is not None:
                    raise
                refusal = problem
            if request.key and refusal is None:
                tx.remember(request.key, fingerprint, answer)
        self.housekeeping.committed(tx)
        if refusal:
            raise refusal
        return answer

    @contextlib.contextmanager
    def _written(self, ctx: Context, *, whatever_state: bool = False) -> Iterator[Tx]:
        """A transaction. Raises `InDoubt` where it is not known whether it was committed; that is looked into later."""
        tx: Tx | None = None
        try:
            with self.databases.write(ctx, whatever_state=whatever_state) as tx:
                yield tx
        except FAULTS as error:
            if tx is None or not tx.committing or not is_away(error):
                raise
            self.housekeeping.in_doubt(ctx.tenant)
            raise InDoubt(ctx.tenant) from error

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
        if is_away(error) or is_overtaxed(error):
            return Unavailable(f"{self.name} database")
        return Problem(500, "internal", "Something went wrong")

    # -- events -------------------------------------------------------------------------------------

    def apply(self, tenant: str, events: list[Event]) -> None:
        """Handles events of one tenant in one transaction; those handled before are passed over.

        They are taken for new: the inbox is written in one round trip with their first effect, and refuses what was
        handled before. Only where it does is it asked first.
        """
        with metrics.timed(metrics.EVENT_BATCH, self.name), spans.Handling(self.name, events) as handling:
            try:
                self._handle(tenant, events, handling, ask=False)
            except (IntegrityError, psycopg.IntegrityError):
                self._handle(tenant, events, handling, ask=True)
        now = time.time()
        for event in events:
            type_ = self.label(event.type)
            metrics.series(metrics.EVENTS, self.name, type_, "ok").inc()
            metrics.series(metrics.EVENT_LAG, self.name, type_).observe(max(0.0, now - event.at.timestamp()))

    def label(self, type_: str) -> str:
        """What stands for an event's type in metrics."""
        return type_ if self.hears(type_) else metrics.UNKNOWN

    def hears(self, type_: str) -> bool:
        """Whether the service handles events of this type."""
        return bool(handling(self.handlers, type_))

    def _handle(self, tenant: str, events: list[Event], handling: spans.Handling, *, ask: bool) -> None:
        # Also where nobody is let in for now: what has happened is complete on the day they are again.
        with self._written(Context(tenant=tenant), whatever_state=True) as tx:
            new = self._take_in(tx, events, ask)
            for event in events:
                if event.id in new:
                    new.discard(event.id)
                    tx.ctx = event.context
                    with handling.of(event), log.about(event.context, self.name):
                        self._run(tx, event)
        self.housekeeping.committed(tx)
        self._news.came(tenant)

    def _run(self, tx: Tx, event: Event) -> None:
        with metrics.timed(metrics.EVENT, self.name, self.label(event.type)):
            for name in handling(self.handlers, event.type):
                getattr(self.service, name)(tx, event)

    def _take_in(self, tx: Tx, events: list[Event], ask: bool) -> set[str]:
        """Enters the events into the inbox; the ids of those that were not there, or of all without asking."""
        inbox = self.databases.ground.inbox
        ids = dict.fromkeys(event.id for event in events)
        if not ask:
            tx.insert_many(inbox, [{"id": id_, "at": tx.now} for id_ in ids])
            return set(ids)
        return {id_ for id_ in ids if tx.insert_new(inbox, id=id_, at=tx.now)}


def _kept(method: Method, refusal: Exception) -> bool:
    """Whether the transaction that ends with this refusal is committed all the same."""
    return method.keeps is not None and isinstance(refusal, method.keeps)
