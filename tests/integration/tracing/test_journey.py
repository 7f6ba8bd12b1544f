"""One trace holds a journey: request, calls, statements and events across every service, under one request id."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import pytest

from tests.integration.product.cast import Cast
from tests.support.collector import Collector, Span
from tests.support.system import System
from tests.support.waiting import until

TITLE, BODY = "비밀스러운 제목", "<p>남몰래 적은 본문</p>"
FILE, CONTENT = "숨긴이름.txt", b"hidden content"
# Each span is the parent of the next.
CHAIN = (
    ("gateway", "server", "POST /api/v1/documents/<uuid:id>/submission"),
    ("gateway", "client", "documents/submit"),
    ("documents", "server", "documents/submit"),
    ("documents", "producer", "send oneway.events:documents.submitted"),
    ("approval", "consumer", "process oneway.events:documents.submitted:approval.events"),
    ("approval", "producer", "send oneway.events:approval.desk"),
    ("desk", "consumer", "process oneway.events:approval.desk:desk.events"),
)
# Of the three requests, each at the gateway and in the service that answers it.
_SERVED = 6


@dataclass
class Journey:
    """A submission with an attachment, as its caller asked to have it traced."""

    cast: Cast
    caller: str
    request_id: str
    spans: dict[str, Span]
    # The same, asked for not to be traced, and without a word about it: both before.
    unsampled: str

    def one(self, service: str, kind: str, name: str) -> Span:
        """The one span of this description."""
        found = [s for s in self.spans.values() if (s.service, s.kind, s.name) == (service, kind, name)]
        assert len(found) == 1, (service, kind, name, sorted((s.service, s.kind, s.name) for s in self.spans.values()))
        return found[0]

    def below(self, parent: Span, kind: str) -> list[Span]:
        """The spans of this kind right below another, in the order they began."""
        found = [s for s in self.spans.values() if s.parent == parent.id and s.kind == kind]
        return sorted(found, key=lambda span: span.began)


def traceparent(trace: str, flags: str) -> dict[str, str]:
    """The header of a caller's trace."""
    return {"traceparent": f"00-{trace}-{secrets.token_hex(8)}-{flags}"}


def submitted(cast: Cast, headers: dict[str, str]) -> str:
    """A document with an attachment, submitted: all three calls under these headers; its id."""
    drafter = cast.drafter
    document: str = drafter.post("/documents", {"title": TITLE, "body": BODY}, 201, headers=headers)["id"]
    attached = drafter.call(
        "POST", f"/documents/{document}/attachments", files={"file": (FILE, CONTENT)}, headers=headers
    )
    assert attached.status_code == 201, attached.text
    drafter.post(f"/documents/{document}/submission", {"line": cast.line("decider")}, 202, headers=headers)
    return document


@pytest.fixture(scope="module")
def journeys() -> dict[str, Journey]:
    """One for each mode."""
    return {}


@pytest.fixture
def journey(system: System, collector: Collector, journeys: dict[str, Journey]) -> Journey:
    if system.mode not in journeys:
        journeys[system.mode] = travelled(system, collector)
    return journeys[system.mode]


def travelled(system: System, collector: Collector) -> Journey:
    """Goes, and waits until every process has told."""
    cast = Cast(system)
    cast.id("decider")
    unsampled, trace, request_id = secrets.token_hex(16), secrets.token_hex(16), f"journey-{system.mode}"
    for untraced in (traceparent(unsampled, "00"), {}):
        # The desk is to hear of each by itself: what comes together is one transaction.
        cast.has_todo("decider", submitted(cast, untraced))
    headers = {**traceparent(trace, "01"), "X-Request-Id": request_id}
    submitted(cast, headers)

    caller = headers["traceparent"].split("-")[2]

    def told() -> bool:
        spans = collector.trace(trace)
        names = [(span.service, span.kind, span.name) for span in spans.values()]
        whole = {span.parent for span in spans.values()} <= {caller, *spans}
        return whole and set(CHAIN) <= set(names) and sum(kind == "server" for _, kind, _ in names) >= _SERVED

    until(told)
    return Journey(cast, caller, request_id, collector.trace(trace), unsampled)


def test_a_request_leads_by_calls_and_events_to_the_desk_and_to_every_database(journey: Journey) -> None:
    chain = [journey.one(*described) for described in CHAIN]
    http, asked, answered, _, heard, _, arrived = chain
    assert [span.parent for span in chain] == [journey.caller, *(span.id for span in chain[:-1])]
    for span in (answered, heard, arrived):
        assert [s for s in journey.below(span, "client") if "db.system.name" in s.attributes], span.name
    assert not any(span.failed for span in chain)
    assert [span.attributes.get("oneway.outcome") for span in (asked, answered, heard, arrived)] == ["ok"] * 4
    assert http.attributes["http.response.status_code"] == 202


def test_no_span_is_without_its_parent_and_all_are_of_one_request_and_tenant(journey: Journey, system: System) -> None:
    spans = journey.spans.values()
    assert {span.parent for span in spans if span.parent not in journey.spans} == {journey.caller}
    assert {span.attributes["oneway.request_id"] for span in spans} == {journey.request_id}
    assert {span.attributes["oneway.tenant"] for span in spans} == {system.tenant}
    assert all(span.began <= span.ended for span in spans)


def test_each_service_says_which_it_is(journey: Journey, system: System) -> None:
    resources = {span.service: span.resource for span in journey.spans.values()}
    assert {"gateway", "documents", "approval", "desk"} <= set(resources)
    for resource in resources.values():
        assert resource["service.namespace"] == "oneway" and resource["service.version"]
    instances = {resource["service.instance.id"] for resource in resources.values()}
    assert len(instances) == (len(resources) if system.mode == "full" else 1)


def test_a_statement_is_told_by_its_text_and_place(journey: Journey, system: System) -> None:
    arrived = journey.one(*CHAIN[-1])
    statements = [s for s in journey.below(arrived, "client") if "db.system.name" in s.attributes]
    texts = " ".join(span.attributes["db.query.text"] for span in statements)
    assert "INSERT INTO slot" in texts and "COMMIT" in texts
    assert {span.attributes["db.system.name"] for span in statements} == {
        {"full": "postgresql", "embedded": "sqlite"}[system.mode]
    }
    names = {"full": f"ow_{system.tenant}|desk", "embedded": f"{system.tenant}|desk.sqlite"}
    assert {span.attributes["db.namespace"] for span in statements} == {names[system.mode]}


@pytest.mark.mode("full")
def test_statements_that_go_out_together_are_one_round_trip(journey: Journey) -> None:
    answered = journey.one(*CHAIN[2])
    last = [s for s in journey.below(answered, "client") if "db.system.name" in s.attributes][-1]
    assert last.name == "BATCH" and last.attributes["db.operation.batch.size"] > 1
    assert (
        last.attributes["db.query.text"].endswith("COMMIT") and "INSERT INTO outbox" in last.attributes["db.query.text"]
    )


def test_the_object_store_is_part_of_it(journey: Journey) -> None:
    put = journey.one("gateway", "client", "put object")
    assert journey.spans[put.parent].name == "POST /api/v1/documents/<uuid:id>/attachments"


def test_who_asks_for_no_trace_gets_none(journey: Journey, collector: Collector) -> None:
    # They went before, and each process tells in order.
    assert collector.trace(journey.unsampled) == {}
    assert journey.request_id in {span.attributes.get("oneway.request_id") for span in collector.spans}


def test_nothing_that_anybody_wrote_and_no_secret_is_told(
    journey: Journey, collector: Collector, system: System
) -> None:
    people = system.demo[system.tenant]["people"].values()
    words = {TITLE, "남몰래 적은", FILE, CONTENT.decode(), journey.cast.drafter.token}
    words |= {person[what] for person in people for what in ("name", "login", "password")}
    told = b"".join(collector.bodies)
    assert [word for word in words if word.encode() in told] == []
    assert set(collector.paths) == {"/v1/traces"}
