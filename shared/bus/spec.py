"""What a service class says of itself: its commands, its queries and the events it listens to.

Each of them is an entrypoint of nameko's as well. nameko is imported with the first of them and not before: whoever
calls services and is none needs no eventlet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from marshmallow import Schema

from shared.bus.turns import Turns
from shared.calendar import Exceptions
from shared.context import Context
from shared.db.tx import Tx
from shared.errors import Problem

if TYPE_CHECKING:
    from shared.db import Databases

Arrived = Callable[[Tx, dict[str, Any]], bool]
F = TypeVar("F", bound=Callable[..., Any])
_MARK = "_oneway_method"
_EVENTS = "_oneway_events"
_ALARM = "_oneway_alarm"


@dataclass(frozen=True)
class Method:
    """One RPC method: its schema, whether it writes, who may call it, and what it waits for before it runs.

    `system`: also the system itself, which is no person: a service whose alarm goes off.
    `wait_for(tx, data)`: whether what it needs has arrived. `turns`: what it is done in turns with. `keeps`: the
    refusal with which its transaction is committed all the same.
    """

    name: str
    schema: Schema
    writes: bool
    roles: frozenset[str] = frozenset()
    anonymous: bool = False
    system: bool = False
    wait_for: Arrived | None = None
    turns: Turns | None = None
    keeps: type[Problem] | None = None


def _marked(schema: type[Schema], writes: bool, roles: Iterable[str], **more: Any) -> Callable[[F], F]:
    def mark(function: F) -> F:
        from shared.bus.entrypoints import call

        method = Method(function.__name__, schema(), writes, frozenset(roles), **more)
        setattr(function, _MARK, method)
        call(function, method)
        return function

    return mark


def command(
    schema: type[Schema],
    *,
    roles: Iterable[str] = (),
    anonymous: bool = False,
    wait_for: Arrived | None = None,
    turns: Turns | None = None,
    keeps: type[Problem] | None = None,
) -> Callable[[F], F]:
    """A write: `method(self, tx, ctx, data)` in one transaction, answered once for each idempotency key.

    See docs/dev/ground.md for `wait_for`, `turns` and `keeps`.
    """
    return _marked(schema, True, roles, anonymous=anonymous, wait_for=wait_for, turns=turns, keeps=keeps)


def query(
    schema: type[Schema],
    *,
    roles: Iterable[str] = (),
    anonymous: bool = False,
    system: bool = False,
    wait_for: Arrived | None = None,
) -> Callable[[F], F]:
    """A read: `method(self, tx, ctx, data)`; `system` where services ask at a time of their own (`on_time`), too."""
    return _marked(schema, False, roles, anonymous=anonymous, system=system, wait_for=wait_for)


def on_event(*types: str) -> Callable[[F], F]:
    """Handles events of these types: `method(self, tx, event)`, with effect exactly once.

    `*.desk` stands for the type `<service>.desk` of every service.
    """

    def mark(function: F) -> F:
        from shared.bus.entrypoints import event

        setattr(function, _EVENTS, types)
        event(function, types)
        return function

    return mark


def on_time(kind: str) -> Callable[[F], F]:
    """Does what an alarm of this kind was set for (`shared.alarms`): `method(self, tx, alarm)`, with effect once.

    `tx.ctx` is the system's own. The method looks first whether what it was set for still holds.
    """

    def mark(function: F) -> F:
        setattr(function, _ALARM, kind)
        return function

    return mark


class Service:
    """Base of every service. `name` is its schema, queue and log name."""

    name: str
    _call: Callable[[str, str, Context, Any], Any]
    _people: Callable[[Context, list[str]], dict[str, dict[str, Any]]]
    _calendar: Callable[[Context], Exceptions]

    def begin(self, databases: Databases) -> None:
        """Called before anything is received: a service with work beside its requests and events begins it here."""

    def end(self) -> None:
        """Called once nothing is received any more: what was begun ends."""

    def call(self, service: str, method: str, ctx: Context, data: Any) -> Any:
        """An RPC to another service, with a deadline. Raises its `Problem`, or `Unavailable`."""
        return self._call(service, method, ctx, data)

    def people(self, ctx: Context, ids: list[str]) -> dict[str, dict[str, Any]]:
        """The `PersonRef` of each of these people that exists, with `active`."""
        return self._people(ctx, ids)

    def calendar(self, ctx: Context) -> Exceptions:
        """What the tenant does otherwise than the public calendar says: for the functions of `shared.calendar`."""
        return self._calendar(ctx)


def methods(service: type[Service]) -> dict[str, Method]:
    """The RPC methods of a service class by name."""
    found = (getattr(getattr(service, name), _MARK, None) for name in dir(service))
    return {method.name: method for method in found if method}


def handlers(service: type[Service]) -> dict[str, list[str]]:
    """The names of a service's event handlers by event type, or by the pattern of types (`*.desk`)."""
    by_type: dict[str, list[str]] = {}
    for name in dir(service):
        for type_ in getattr(getattr(service, name), _EVENTS, ()):
            by_type.setdefault(type_, []).append(name)
    return by_type


def bells(service: type[Service]) -> dict[str, str]:
    """The name of the method for each kind of alarm that a service sets itself. Raises `ValueError` for two of one."""
    found: dict[str, str] = {}
    for name in dir(service):
        kind = getattr(getattr(service, name), _ALARM, None)
        if kind in found:
            raise ValueError(f"{service.name}: two methods for alarms of the kind {kind}")
        if kind:
            found[kind] = name
    return found


def pattern_of(type_: str) -> str:
    """The pattern by which events like this one are heard whichever service sent them: `*.desk` of `memo.desk`."""
    return "*." + type_.partition(".")[2]


def handling(by_type: dict[str, list[str]], type_: str) -> list[str]:
    """The names of the handlers of one type, of what `handlers` found."""
    return [*by_type.get(type_, ()), *by_type.get(pattern_of(type_), ())]
