"""What a guest's calendar has after messages that came in any order (RFC 5546, 2.1.4 and 2.1.5).

Of each event, and of each instance of it, the message of the highest (SEQUENCE, DTSTAMP) counts, whenever it came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from shared.ical import addresses, events, reading, values
from shared.ical.content import Organizer
from shared.ical.lines import Node
from shared.ical.objects import Object, stamp_of

APPLIED, OUTDATED, HELD, IGNORED = "applied", "outdated", "held", "ignored"
_WHOLE = ""


@dataclass(frozen=True)
class Message:
    """A REQUEST, PUBLISH, ADD or CANCEL, and from whom it came; empty where that was looked at before."""

    method: str
    object: Object
    sender: str = ""


class Entry(NamedTuple):
    """The message that counts for an event or an instance, in the order in which one goes before another."""

    sequence: int
    stamp: datetime
    cancelled: bool
    text: str


@dataclass(frozen=True)
class State:
    """What is known of one UID: the last message of all of it, and those of single instances."""

    entries: Mapping[str, Entry] = field(default_factory=dict)

    @staticmethod
    def of(obj: Object) -> State:
        """What is known where the object itself is all there is."""
        return State(dict(_entries(Message("REQUEST", obj))))

    @property
    def cancelled(self) -> bool:
        """Whether all of it was called off."""
        return _WHOLE in self.entries and self.entries[_WHOLE].cancelled

    @property
    def object(self) -> Object | None:
        """What the calendar has now; None where nothing is left."""
        whole = self.entries.get(_WHOLE)
        base = Object.of_text(whole.text) if whole and not whole.cancelled else None
        nodes, gone = dict(base.nodes) if base else {}, []
        for rid, entry in self.entries.items():
            if rid != _WHOLE and not _before(entry, whole):
                nodes.pop(rid, None)
                if entry.cancelled:
                    gone.append(rid)
                else:
                    nodes[rid] = Object.of_text(entry.text).events[0]
        return _together(base, nodes, gone)

    def to_wire(self) -> dict[str, Any]:
        """The state as it is stored."""
        return {
            key: {**entry._asdict(), "stamp": entry.stamp.isoformat(timespec="seconds")}
            for key, entry in self.entries.items()
        }

    @staticmethod
    def from_wire(data: Mapping[str, Any]) -> State:
        """The state that `to_wire` described."""
        made = {key: Entry(**{**entry, "stamp": datetime.fromisoformat(entry["stamp"])}) for key, entry in data.items()}
        return State(made)


def read_message(data: bytes, sender: str = "") -> Message:
    """The message in a calendar part. Raises `NotACalendarObject`."""
    method = reading.calendars(data, reading.MOST_BYTES_OF_ONE)[0].value("METHOD").upper()
    return Message(method or "PUBLISH", reading.one(data, may_lack_start=method == "CANCEL"), sender)


def apply(state: State, messages: Iterable[Message]) -> tuple[State, tuple[str, ...]]:
    """The state after messages, and what came of each: `applied`, `outdated`, `held`, `ignored`.

    `held` is one whose sender is not who calls, nor who sends for them: it waits for the person. The state is the same
    whatever the order is.
    """
    outcomes = []
    for message in messages:
        if message.method not in ("REQUEST", "PUBLISH", "ADD", "CANCEL"):
            outcomes.append(IGNORED)
        elif not _may(state, message):
            outcomes.append(HELD)
        else:
            state, outcome = _applied(state, message)
            outcomes.append(outcome)
    return state, tuple(outcomes)


def _applied(state: State, message: Message) -> tuple[State, str]:
    entries, outcome = dict(state.entries), OUTDATED
    for key, entry in _entries(message):
        whole, before = entries.get(_WHOLE), entries.get(key)
        if before is None or entry > before:
            entries[key] = entry
            if key == _WHOLE or not _before(entry, whole):
                outcome = APPLIED
    return State(entries), outcome


def _before(entry: Entry, whole: Entry | None) -> bool:
    """Whether a later message of all of it has replaced that of an instance; of one moment, the instance counts."""
    return whole is not None and entry[:2] < whole[:2]


def _entries(message: Message) -> list[tuple[str, Entry]]:
    cancelled = message.method == "CANCEL"
    master = message.object.master_node
    if master is not None and message.method != "ADD":
        return [(_WHOLE, _entry(master, cancelled, message.object.text))]
    return [(rid, _entry(node, cancelled, Object((node,)).text)) for rid, node in message.object.nodes.items()]


def _entry(node: Node, cancelled: bool, text: str) -> Entry:
    return Entry(events.number(node, "SEQUENCE", 2**31 - 1), stamp_of(node), cancelled, text)


def _may(state: State, message: Message) -> bool:
    if not message.sender:
        return True
    named = _organizer(message.object)
    before = (_organizer(Object.of_text(entry.text)) for entry in state.entries.values())
    known = next((found for found in before if found), named)
    if named is None or known is None or not addresses.same(named.address, known.address):
        return False
    return any(addresses.same(message.sender, who) for who in (known.address, known.sent_by) if who)


def _organizer(obj: Object) -> Organizer | None:
    return next((each.organizer for each in (obj.master, *obj.overrides.values()) if each and each.organizer), None)


def _together(base: Object | None, nodes: dict[str, Node], gone: list[str]) -> Object | None:
    """The series with its instances as they are now, and without those that were called off."""
    if base is None or base.master is None or base.master_node is None:
        return Object.of_events(nodes.values()) if nodes else None
    start, master = base.master.start, base.master_node
    made = []
    for node in nodes.values():
        line = node.first("RECURRENCE-ID")
        assert line
        made.append(node.setting(values.moment_line("RECURRENCE-ID", values.like(events.moment(line), start))))
    if gone:
        exdates = (*base.master.exdates, *(values.moment_of(rid) for rid in gone))
        master = events.node_of(replace(base.master, exdates=exdates), base.uid, stamp_of(master), master)
    return Object.of_events([master, *made])
