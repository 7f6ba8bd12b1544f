"""What an event that tells the desks (`<service>.desk`) has people told of, once each.

A thing is a filling of a slot, by (source, subject, person, kind, since), or a notice, by (source, subject, person,
code, occasion): by these marks it is the same however often and in whatever order it is heard of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.notify.domain.levels import DIGEST, NEVER, NEWS, Levels, level
from services.notify.domain.times import Hours, due

FRESH = timedelta(days=7)
"""What came up before that is told by nobody any more: the desk shows it, and whether it was told may be forgotten."""
FORGOTTEN = timedelta(days=30)
"""Longer than what is fresh can wait for its hour and be tried: after that everything about it goes."""
URGENT = 2
"""The urgency from which a to-do passes quiet hours and digests."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What one person may be told of."""

    person: str
    topic: str
    mark: str
    code: str
    since: datetime | None
    at: datetime
    sender: dict[str, Any] | None
    urgent: bool
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person has set, and the devices they have."""

    levels: Levels
    hours: Hours
    devices: Sequence[str] = ()


NOTHING_SET = Wish({}, Hours())


@dataclass(frozen=True, slots=True)
class Delivery:
    """A thing to be told by one channel, on one device where it is a push."""

    thing: Thing
    channel: str
    device: str
    due: datetime
    grouped: bool


def things(told: Mapping[str, Any], now: datetime) -> Iterator[Thing]:
    """What an event, as `Told` loads it, has people told of; what is no news any more is left out."""
    for slot in told["slots"]:
        todo, kind = slot["todo"], slot["kind"]
        if todo and is_fresh(todo["since"], now):
            mark, urgent = todo["since"].isoformat(), todo["urgency"] >= URGENT
            since, at, params = todo["since"], todo["since"], todo["params"]
            yield Thing(slot["person"], kind, mark, kind, since, at, todo["sender"], urgent, params)
    for notice in told["notices"]:
        if is_fresh(notice["at"], now):
            code, topic = notice["code"], f"{NEWS}{told['noun']}"
            mark = f"{code} {notice['occasion']}"
            yield Thing(notice["person"], topic, mark, code, None, notice["at"], None, False, notice["params"])


def is_fresh(at: datetime, now: datetime) -> bool:
    """Whether what came up then is still told."""
    return now - at < FRESH


def deliveries(
    every: Sequence[Thing], wishes: Mapping[str, Wish], minimum: Levels, now: datetime
) -> Iterator[Delivery]:
    """By which channels and when each thing is told to its person. What is to come is told when it has come."""
    for thing in every:
        wish = wishes.get(thing.person, NOTHING_SET)
        moment = max(now, thing.at)
        for channel, devices in (("mail", ("",)), ("push", wish.devices)):
            found = wanted(wish, minimum, thing.topic, channel, urgent=thing.urgent)
            if found == NEVER:
                continue
            when = due(found, wish.hours, moment, urgent=thing.urgent)
            for device in devices:
                yield Delivery(thing, channel, device, when.at, when.grouped)


def wanted(wish: Wish, minimum: Levels, topic: str, channel: str, *, urgent: bool) -> str:
    """The level by which a person is told; `never` where it is by digest and they take none, unless they have to."""
    found = level(wish.levels, minimum, topic, channel, urgent=urgent)
    has_to = minimum.get(topic, {}).get(channel, NEVER) != NEVER
    return NEVER if found == DIGEST and wish.hours.digest is None and not has_to else found
