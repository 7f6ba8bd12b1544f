"""Spans of one service: what they tell of calls, events and failures, and that there are none where nobody asks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from marshmallow import Schema, fields
from sqlalchemy import select

from services.desk.models import Slot
from services.desk.service import DeskService
from shared import otel, trace
from shared.bus import Event, command, on_event, query
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict, Unavailable
from shared.testing import TENANT, LocalService, context
from shared.trace import span
from tests.support.collector import Collector, flush, told, traced

SECRET = "아무도 모르는 것"


class Anything(Schema):
    what = fields.String(load_default="")


class Loud(DeskService):
    """The desk with methods that end in every way."""

    @query(Anything)
    def look(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> int:
        with span("look.closely", rows=3):
            tx.all(select(Slot).where(Slot.title == data["what"]))
        return 1

    @command(Anything)
    def tell(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> None:
        tx.emit("desk.told", "x", {})
        if data["what"] == "refused":
            raise Conflict()
        if data["what"] == "away":
            raise Unavailable("x")
        if data["what"]:
            raise ValueError(data["what"])

    @on_event("test.heard")
    def hear(self, tx: Tx, event: Event) -> None:
        tx.all(select(Slot))
        if event.subject == "bad":
            raise ValueError(SECRET)


@pytest.fixture
def collector() -> Iterator[Collector]:
    with traced("desk") as found:
        yield found


@pytest.fixture
def service(collector: Collector) -> Iterator[LocalService]:
    with LocalService(Loud) as local:
        yield local


def caller(number: int, flags: str = "01") -> Context:
    """Somebody whose request is the trace of this number."""
    return context(traceparent=f"00-{number:032x}-{number:016x}-{flags}", request_id=f"r{number}")


def heard(number: int, subject: str = "good", flags: str = "01") -> Event:
    return Event.new("test.heard", subject, {}, caller(number, flags), datetime.now(UTC))


def test_nothing_of_opentelemetry_is_imported_where_nobody_asks_for_traces() -> None:
    program = (
        "import sys, gateway.core.app, shared.bus.host\n"
        "from shared import trace\n"
        "trace.start('desk')\n"
        "assert trace.span('x') is trace.NOTHING and not trace.on()\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n", done.stdout + done.stderr


def test_a_service_may_add_a_step_of_its_own(service: LocalService, collector: Collector) -> None:
    service.call("look", caller(7), {"what": SECRET})
    spans = {one.name: one for one in told(collector)}
    own = spans["look.closely"]
    assert (own.kind, own.attributes["oneway.rows"]) == ("internal", 3)
    assert own.parent == spans["desk/look"].id and spans["SELECT slot"].parent == own.id
    assert spans["desk/look"].parent == f"{7:016x}"
    assert "title = ?" in spans["SELECT slot"].attributes["db.query.text"]
    assert SECRET.encode() not in b"".join(collector.bodies)


@pytest.mark.parametrize(
    ("what", "outcome", "kind"),
    [("", "ok", None), ("refused", "409", None), ("away", "503", "unavailable"), (SECRET, "500", "internal")],
)
def test_only_what_is_a_fault_of_ours_is_a_failure(
    service: LocalService, collector: Collector, what: str, outcome: str, kind: str | None
) -> None:
    try:
        service.call("tell", caller(7), {"what": what})
    except Exception:
        assert what
    method = next(one for one in told(collector) if one.name == "desk/tell")
    assert method.attributes["oneway.outcome"] == method.attributes["rpc.response.status_code"] == outcome
    assert (method.failed, method.attributes.get("error.type")) == (kind is not None, kind)
    assert SECRET.encode() not in b"".join(collector.bodies)


def test_an_event_that_never_happened_is_told_of_nowhere(service: LocalService, collector: Collector) -> None:
    with pytest.raises(Conflict):
        service.call("tell", caller(1), {"what": "refused"})
    service.call("tell", caller(2))
    sent = [one for one in told(collector) if one.kind == "producer"]
    assert [(one.trace, one.name) for one in sent] == [(f"{2:032x}", "send oneway.events:desk.told")]
    assert service.events[-1].context.traceparent == f"00-{2:032x}-{sent[0].id}-01"


def test_a_method_nobody_has_is_told_of_by_a_fixed_name(service: LocalService, collector: Collector) -> None:
    with pytest.raises(Exception, match="no such thing"):
        service.call("made_up_" + "x" * 50, caller(1))
    assert [one.name for one in told(collector)] == ["desk/unknown"]


def test_several_events_in_one_transaction_are_linked_and_each_is_told_in_its_own_trace(
    service: LocalService, collector: Collector
) -> None:
    service._runtime.apply(TENANT, [heard(1), heard(2, flags="00"), heard(3)])
    spans = told(collector)
    whole = next(one for one in spans if one.name == "process desk.events")
    assert whole.attributes["messaging.batch.message_count"] == 3
    assert whole.links == (f"{1:016x}", f"{3:016x}") and whole.parent == f"{1:016x}"
    each = [one for one in spans if one.name == "process oneway.events:test.heard:desk.events"]
    assert [(one.trace, one.parent, one.links) for one in each] == [
        (f"{n:032x}", f"{n:016x}", (whole.id,)) for n in (1, 3)
    ]
    assert [one.attributes["oneway.request_id"] for one in each] == ["r1", "r3"]
    # What a handler reads is its event's, the commit is the transaction's.
    selects = [one for one in spans if one.name == "SELECT slot"]
    assert {one.parent for one in selects} >= {one.id for one in each}
    assert next(one for one in spans if one.name == "COMMIT").parent == whole.id


def test_what_one_event_breaks_is_undone_for_all(service: LocalService, collector: Collector) -> None:
    with pytest.raises(ValueError, match=SECRET):
        service._runtime.apply(TENANT, [heard(1), heard(2, "bad")])
    consumers = [one for one in told(collector) if one.kind == "consumer"]
    assert len(consumers) == 3
    assert {(one.failed, one.attributes["error.type"]) for one in consumers} == {(True, "builtins.ValueError")}
    assert SECRET.encode() not in b"".join(collector.bodies)


def test_events_nobody_asked_to_have_traced_are_told_of_nowhere(service: LocalService, collector: Collector) -> None:
    service._runtime.apply(TENANT, [heard(1, flags="00"), heard(2, flags="00")])
    service._runtime.apply(TENANT, [replace(heard(3, flags="00"))])
    assert told(collector) == []


def test_what_no_collector_takes_is_not_made_but_for_a_trace_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(otel, "_TRY_EVERY", float("inf"))
    never = str(10**9)
    with traced("desk", OTEL_BSP_SCHEDULE_DELAY=never) as collector, LocalService(Loud) as service:
        collector.refuses = 400
        service.call("tell", caller(1))
        flush()
        for number in range(2, 12):
            service.call("tell", caller(number))
        # Others may reach a collector: for them it goes on as it came.
        handed_on = service.events[-1].context.traceparent
        assert handed_on == caller(11).traceparent
        # What begins here, as at the gateway, is recorded nowhere, and has an id for the logs.
        with trace.entry("desk", "GET /desk", "server", context(), {}) as begun:
            assert not begun.recording and begun.traceparent.endswith("-00") and int(begun.traceparent[3:35], 16)
        collector.refuses = 0
        flush()
        service.call("tell", caller(20))
        assert {one.trace for one in told(collector)} == {f"{2:032x}", f"{20:032x}"}
