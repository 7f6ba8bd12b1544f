"""Nothing of one organisation is reached from another, and nothing of a person's work by who has no part in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import orjson
import pytest

from shared.bus.broker import Message
from shared.bus.client import Client
from shared.context import Context, Signer
from shared.errors import Problem
from shared.ids import new_id
from tests.integration.product.cast import Cast, at_once, key, problem
from tests.support.altering import Alter, AlteringBroker
from tests.support.system import Api, System

PDF = b"%PDF-1.7\n" + b"secret of the city " * 100
TITLE = "남의 기관이 보아서는 안 되는 문서"


_FIELDS = [{"key": "a", "type": "check", "label": "점검"}]
JOURNAL = {"title": TITLE, "fields": _FIELDS, "schedule": {"kind": "day", "days": "every", "opens": "00:00"}}


class Belongings:
    """What a city has, by the name under which an operation's path takes its id."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.draft: str = cast.draft(TITLE)["id"]
        headers = {"Content-Type": "application/octet-stream"}
        path = f"/documents/{self.draft}/attachments"
        self.attachment: str = cast.drafter.post(path, params={"name": "a.pdf"}, data=PDF, headers=headers)["id"]
        self.running = cast.submitted(TITLE, "reviewer", "decider")
        cast.has_todo("reviewer", self.running)
        self.approved = cast.approved(TITLE)
        line = {"name": f"남의 선 {new_id()[-12:]}", "steps": cast.line("reviewer", "decider")}
        self.saved_line: str = cast.drafter.call("PUT", "/me/saved-lines", line).json()["id"]
        starts = datetime.now(UTC) + timedelta(days=400)
        absence = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(days=1)).isoformat()}
        self.absence: str = cast.drafter.post("/me/absences", {**absence, "reason": "leave"})["id"]
        self.todo: str = cast.api("reviewer").get("/desk/todos?limit=100")["items"][-1]["id"]
        self.session: str = cast.drafter.get("/me/sessions")["items"][0]["id"]
        self.folder: str = cast.drafter.get("/folders")["items"][0]["id"]
        self.person = cast.id("decider")
        self.department: str = cast.drafter.get("/me")["person"]["department_id"]
        self._further(cast.drafter)

    def _further(self, drafter: Api) -> None:
        """What there is beside documents."""
        to = [self.cast.id("reviewer")]
        self.memo: str = drafter.post("/memos", {"to": to, "title": TITLE}, 201)["id"]
        self.request: str = drafter.post("/requests", {"title": TITLE, "assignees": [{"person": to[0]}]}, 201)["id"]
        closes_at = (datetime.now(UTC) + timedelta(days=400 - 60)).isoformat()
        asked = {"questions": [{"kind": "text", "words": TITLE}], "people": to, "closes_at": closes_at}
        self.round: str = drafter.post("/rounds", {"title": TITLE, **asked}, 201)["id"]
        group = {"name": f"남의 그룹 {new_id()[-12:]}", "members": [{"kind": "person", "id": to[0]}]}
        self.group: str = drafter.post("/receiver-groups", group, 201)["id"]
        self.template: str = drafter.post("/memo-templates", {"name": f"남의 서식 {new_id()[-12:]}", "title": TITLE})[
            "id"
        ]
        self._days(drafter, to)
        journal = {**JOURNAL, "verifiers": to}
        journal |= {"writers": [f"person:{self.cast.id('drafter')}"]}
        self.journal: str = self.cast.api("admin").post("/journals", journal, 201)["id"]

    def _days(self, drafter: Api, to: list[str]) -> None:
        """What is in calendars."""
        admin = self.cast.api("admin")
        times = {"starts_at": "2099-03-02T01:00:00Z", "ends_at": "2099-03-02T02:00:00Z"}
        self.room: str = admin.post("/rooms", {"name": TITLE}, 201)["id"]
        entry = drafter.post("/schedule/entries", {"title": TITLE, "room": self.room, **times}, 201)
        self.entry: str = entry["id"]
        self.booking: str = entry["booking"]["booking"]
        self.calendar: str = drafter.post("/schedule/calendars", {"name": TITLE}, 201)["id"]
        self.feed: str = drafter.post("/schedule/feeds", {"calendar": self.calendar, "name": TITLE}, 201)["id"]
        self.meeting: str = drafter.post("/meetings", {"title": TITLE, "invite": to, **times}, 201)["id"]
        committee = {"name": TITLE, "members": [{"person": to[0], "from": "2026-01-01", "role": "chair"}]}
        self.committee: str = admin.post("/committees", committee, 201)["id"]

    def ids(self, path: str) -> list[dict[str, str]]:
        """What to put into the path of an operation: each kind of document, or the thing it is about."""
        if path.startswith("/documents/"):
            return [{"id": id_, "file": self.attachment} for id_ in (self.draft, self.running, self.approved)]
        if path.startswith("/journals/entries/"):
            # An entry is known to its writers before it is there: no id of another's tells anything.
            return []
        things = {
            "/memos/{id}": self.memo,
            "/memo-templates/{id}": self.template,
            "/rounds/{id}": self.round,
            "/journals/{id}": self.journal,
            "/journals/whereabouts/{id}": self.journal,
            "/requests/{id}": self.request,
            "/request-series/{id}": self.request,
            "/weekly-reports/{id}": self.memo,
            "/schedule/entries/{id}": self.entry,
            "/schedule/calendars/{id}": self.calendar,
            "/schedule/feeds/{id}": self.feed,
            "/rooms/{id}": self.room,
            "/room-bookings/{id}": self.booking,
            "/meetings/{id}": self.meeting,
            "/agenda-items/{id}": self.meeting,
            "/committees/{id}": self.committee,
            "/receiver-groups/{id}": self.group,
            "/me/notifications/devices/{id}": self.session,
            "/people/{id}": self.person,
            "/departments/{id}": self.department,
            "/folders/{id}": self.folder,
            "/desk/todos/{id}": self.todo,
            "/me/sessions/{id}": self.session,
            "/me/absences/{id}": self.absence,
            "/me/saved-lines/{id}": self.saved_line,
            "/search/{id}": self.approved,
            "/cards/{id}": self.approved,
        }
        (thing,) = [id_ for beginning, id_ in things.items() if path.startswith(beginning)]
        return [{"id": thing, "file": self.attachment}]

    def state(self) -> bytes:
        """All of it as its owners see it."""
        cast, drafter = self.cast, self.cast.drafter
        cards = [cast.card(document) for document in (self.draft, self.running, self.approved)]
        lists = ("/me/saved-lines", "/me/absences", "/folders", "/departments", f"/people/{self.person}")
        sessions = {session["id"] for session in drafter.get("/me/sessions")["items"]}
        found = [*cards, *(drafter.get(path) for path in lists), sorted(cast.todos("reviewer")), sorted(sessions)]
        return orjson.dumps(found, option=orjson.OPT_SORT_KEYS)


_TIMES = {"starts_at": "2099-04-01T01:00:00Z", "ends_at": "2099-04-01T02:00:00Z"}
_BOOKED = {"noun": "meetings", "subject": new_id(), "key": new_id(), "title": "남의 것"}
# A body each operation would take from somebody it is meant for; of a path that holds an id.
BODIES: dict[tuple[str, str], Any] = {
    ("PATCH", "/documents/{id}"): {"title": "빼앗음"},
    ("POST", "/documents/{id}/decisions"): {"action": "approve"},
    ("POST", "/documents/{id}/withdrawal"): {"reason": "남의 것"},
    ("PUT", "/people/{id}"): "person",
    ("PUT", "/departments/{id}"): {"name": "빼앗은 과", "code": "9999999"},
    ("PUT", "/folders/{id}"): {"title": "빼앗은 철", "unit_task": "과제", "retention": "5"},
    ("POST", "/documents/{id}/submission"): "line",
    ("PATCH", "/memos/{id}"): {"title": "빼앗음"},
    ("POST", "/memos/{id}/answers"): {"answer": "noted"},
    ("POST", "/memos/{id}/forwards"): {"to": [new_id()]},
    ("POST", "/memos/{id}/recall"): {"reason": "남의 것"},
    ("PATCH", "/memos/{id}/marks"): {"pinned": True},
    ("PUT", "/receiver-groups/{id}"): {"name": "빼앗은 그룹", "members": [{"kind": "person", "id": new_id()}]},
    ("POST", "/rounds/{id}/answers"): {"answers": [{"question": 0, "value": ["아무"]}]},
    ("POST", "/rounds/{id}/extension"): {"closes_at": "2099-01-01T00:00:00+00:00"},
    ("POST", "/rounds/{id}/withdrawal"): {"reason": "남의 것"},
    ("POST", "/journals/{id}/places"): {"name": "빼앗은 곳"},
    ("PUT", "/journals/{id}/places/{place}"): {"name": "빼앗은 곳"},
    ("POST", "/journals/{id}/months/{month}/reopening"): {"reason": "남의 것"},
    ("PUT", "/journals/{id}"): {**JOURNAL, "writers": [f"person:{new_id()}"], "verifiers": [new_id()]},
    ("PATCH", "/requests/{id}"): {"title": "빼앗음"},
    ("POST", "/requests/{id}/acts"): {"act": "accept"},
    ("PUT", "/requests/{id}/parent"): {"parent": None},
    ("PUT", "/weekly-reports/{id}/lines"): {"lines": []},
    ("PUT", "/me/absences/{id}"): {**_TIMES, "reason": "leave"},
    ("PATCH", "/schedule/entries/{id}"): {"title": "빼앗음"},
    ("PUT", "/schedule/entries/{id}/diary"): {"text": "남의 것"},
    ("PATCH", "/schedule/calendars/{id}"): {"name": "빼앗음"},
    ("PUT", "/rooms/{id}"): {"name": "빼앗은 방"},
    ("POST", "/rooms/{id}/closures"): {**_TIMES, "reason": "남의 것"},
    ("POST", "/rooms/{id}/check-in"): {},
    ("POST", "/rooms/{id}/bookings"): {**_BOOKED, "periods": [_TIMES]},
    ("POST", "/room-bookings/{id}/periods"): _TIMES,
    ("POST", "/room-bookings/{id}/answer"): {"granted": True},
    ("PATCH", "/meetings/{id}"): {"title": "빼앗음"},
    ("POST", "/meetings/{id}/acts"): {"act": "open"},
    ("POST", "/meetings/{id}/answers"): {"answer": "yes"},
    ("POST", "/meetings/{id}/attendance"): {"code": "x" * 20},
    ("POST", "/meetings/{id}/papers"): {"item": new_id()},
    ("POST", "/meetings/{id}/decisions"): {"text": "남의 결정"},
    ("POST", "/meetings/{id}/actions"): {"title": "남의 일"},
    ("POST", "/meetings/{id}/votes"): {"question": "남의 표결"},
    ("POST", "/meetings/{id}/votes/{vote}/ballots"): {"choice": "for"},
    ("POST", "/meetings/{id}/votes/{vote}/closing"): {},
    ("POST", "/meetings/{id}/actions/{action}/request"): None,
    ("POST", "/meetings/{id}/timer"): {"item": new_id(), "running": True},
    ("POST", "/meetings/{id}/minutes/confirmation"): {"agree": True},
    ("POST", "/meetings/{id}/minutes/sharing"): {},
    ("POST", "/meetings/{id}/minutes/updates"): {"key": new_id(), "update": "AAA="},
    ("PUT", "/meetings/{id}/minutes"): {"body": "<p>남의 것</p>"},
    ("PUT", "/committees/{id}"): {"name": "빼앗은 위원회", "members": []},
    ("POST", "/weekly-reports/{id}/return"): {"reason": "남의 것"},
}
NAMES_NOT_IDS = {"/forms/{id}"}
_NOTHING = new_id()
_ELSE = {"version": 1, "comment": _NOTHING, "place": _NOTHING, "month": "2026-03", "closure": _NOTHING}
_ELSE |= {"action": _NOTHING, "vote": _NOTHING, "item": _NOTHING, "update": _NOTHING}


def operations(system: System) -> Iterator[tuple[str, str]]:
    """Every operation of the API that takes an id in its path: method, and path below `/api/v1`."""
    for path, methods in system.anonymous().get("/openapi.json")["paths"].items():
        below = path.removeprefix("/api/v1")
        if re.search(r"\{(id|file)\}", below) and below not in NAMES_NOT_IDS:
            yield from ((method.upper(), below) for method in methods if method != "parameters")


def body_of(thief: Cast, method: str, path: str) -> Any:
    """The body that the operation would take."""
    if path.endswith(("/comments", "/comments/{comment}")):
        return {"text": "남의 것"} if method != "DELETE" else None
    if path.endswith("/comments/read"):
        return {"sequence": 1}
    found = BODIES.get((method, path))
    if found == "line":
        return {"line": thief.line("decider")}
    if found == "person":
        me = thief.drafter.get("/me")["person"]
        return {"login": "stolen", "name": "도둑", "posts": [{"department": me["department_id"], "position": "주무관"}]}
    return found


@pytest.fixture
def belongings(cast: Cast, kept: dict[str, Belongings]) -> Belongings:
    """What the city has; made once for each installation."""
    if cast.system.base_url not in kept:
        kept[cast.system.base_url] = Belongings(cast)
    return kept[cast.system.base_url]


@pytest.fixture(scope="module")
def kept() -> dict[str, Belongings]:
    """What each installation's city has."""
    return {}


def test_no_call_reaches_what_belongs_to_another_organisation(cast: Cast, others: Cast, belongings: Belongings) -> None:
    before = belongings.state()
    calls = [
        (method, path, path.format(**_ELSE, **ids), role)
        for method, path in operations(cast.system)
        for ids in belongings.ids(path)
        for role in ("drafter", "decider", "clerk", "admin")
    ]
    for role in ("drafter", "decider", "clerk", "admin"):
        others.id(role)

    def attempt(method: str, path: str, address: str, role: str) -> None:
        # A session of its own for each call: requests' are not for several threads.
        api = Api(cast.system.base_url, others.api(role).token)
        answer = api.call(method, address, body_of(others, method, path), **extras(method, path))
        if (method, path) == ("GET", "/documents/{id}/route") and answer.status_code == 200:
            # What is said of every document that has no route yet, whether or not there is one.
            assert answer.json() is None
        elif (method, path) == ("GET", "/cards/{id}/timeline"):
            # What is said of every card that nothing belongs to.
            assert answer.json() == {"items": [], "next": None}
        else:
            problem(answer, (403, 404))
        assert TITLE not in answer.text and "secret of the city" not in answer.text

    at_once([partial(attempt, *call) for call in calls])
    assert len(calls) > 100
    assert belongings.state() == before


def extras(method: str, path: str) -> dict[str, Any]:
    """What else a call would need to get through."""
    given: dict[str, Any] = {"headers": {"If-Match": "*", **key()}}
    if method == "POST" and path.rsplit("/", 1)[-1] in ("attachments", "files"):
        given |= {"data": PDF, "params": {"name": "b.pdf"}}
        given["headers"]["Content-Type"] = "application/octet-stream"
    if path.endswith("/comments/{comment}"):
        given["headers"]["If-Match"] = '"1"'
    if path.endswith("/register"):
        given["params"] = {"year": 2026}
    if path.endswith("/comparison"):
        given["params"] = {"left": 1, "right": 1}
    return given


def test_ids_of_another_organisation_are_refused_inside_a_request(
    cast: Cast, others: Cast, belongings: Belongings
) -> None:
    mine = others.draft("우리 문서")
    path = f"/documents/{mine['id']}"
    line = [{"person": belongings.person, "role": "decide"}]
    told = problem(others.drafter.call("POST", f"{path}/submission", {"line": line}), 422)
    assert told["fields"] == {"line.0.person": "unknown_person"}
    told = problem(others.drafter.call("PATCH", path, {"line": line}, headers={"If-Match": "*"}), 422)
    assert told["fields"] == {"line.0.person": "unknown_person"}
    told = problem(others.drafter.call("PATCH", path, {"folder": belongings.folder}, headers={"If-Match": "*"}), 422)
    assert "folder" in told["fields"]
    told = problem(others.drafter.call("PUT", "/me/saved-lines", {"name": "선", "steps": line}), 422)
    assert list(told["fields"].values()) == ["unknown_person"]
    starts = datetime.now(UTC) + timedelta(days=500)
    absence = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(days=1)).isoformat(), "reason": "trip"}
    told = problem(others.drafter.call("POST", "/me/absences", {**absence, "deputy": belongings.person}), 422)
    assert "deputy" in told["fields"]
    admin = others.api("admin")
    department = {"name": "새 과", "code": "7654321", "parent": belongings.department}
    assert "parent" in problem(admin.call("POST", "/departments", department), 422)["fields"]
    post = {"department": belongings.department, "position": "주무관"}
    told = problem(admin.call("POST", "/people", {"login": "spy", "name": "첩자", "posts": [post]}), 422)
    assert any(field.startswith("posts") for field in told["fields"])
    assert others.drafter.get("/people", params={"department": belongings.department})["items"] == []
    answer = others.api("clerk").call("GET", f"/documents?box=register&department={belongings.department}")
    assert answer.status_code == 403 or answer.json()["items"] == []


def test_a_cursor_of_another_organisation_shows_nothing_of_it(cast: Cast, others: Cast) -> None:
    cast.draft(TITLE), cast.draft(TITLE)
    cursor = cast.drafter.get("/documents?box=drafts&limit=1")["next"]
    answer = others.drafter.call("GET", "/documents", params={"box": "drafts", "cursor": cursor})
    assert TITLE not in answer.text


def test_a_token_is_worth_nothing_at_another_organisation(cast: Cast, others: Cast) -> None:
    _, tenant, secret = cast.drafter.token.split(".")
    assert tenant == cast.tenant
    for altered in (
        f"ow1.{others.tenant}.{secret}",
        f"ow1.nowhere.{secret}",
        f"ow1.{cast.tenant}{secret}",
        f"ow1.{cast.tenant}.{secret[:-1]}",
        f"ow1.{cast.tenant}.{secret}A",
        f"ow1.{cast.tenant.upper()}.{secret}",
        f"ow1.../{cast.tenant}.{secret}",
        secret,
    ):
        answer = Api(cast.system.base_url, altered).call("GET", "/me")
        problem(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert cast.drafter.get("/me")["organisation"]["code"] == cast.tenant


def test_a_person_signs_in_at_their_own_organisation_only(cast: Cast, others: Cast) -> None:
    person = cast.system.demo[cast.tenant]["people"]["drafter"]
    given = {"login": person["login"], "password": person["password"]}
    for tenant in (others.tenant, "nowhere"):
        problem(
            cast.system.anonymous().call("POST", "/auth/token", {"tenant": tenant, **given}), 401, "bad-credentials"
        )


# -- without a part in it ---------------------------------------------------------------------------

READING = (
    "/documents/{id}",
    "/documents/{id}/versions",
    "/documents/{id}/versions/1",
    "/documents/{id}/comparison?left=1&right=1",
    "/documents/{id}/route",
    "/documents/{id}/submission/preview",
    "/documents/{id}/attachments/{file}",
)


@pytest.mark.parametrize("role", ["reviewer", "clerk", "admin", "executive"])
def test_nobody_else_reads_a_draft(cast: Cast, belongings: Belongings, role: str) -> None:
    ids = {"id": belongings.draft, "file": belongings.attachment}
    for path in READING:
        answer = cast.api(role).call("GET", path.format(**ids))
        if not path.endswith("/route"):
            problem(answer, 404, "not-found")
    assert cast.api(role).call("GET", f"/documents/{belongings.draft}/route").json() is None
    for method, path in (("PATCH", ""), ("DELETE", "")):
        answer = cast.api(role).call(
            method, f"/documents/{belongings.draft}{path}", {"title": "남의 것"}, headers={"If-Match": "*"}
        )
        problem(answer, (403, 404))


@pytest.mark.parametrize("role", ["clerk", "admin", "cooperator"])
def test_nobody_off_the_line_reads_what_is_in_approval(cast: Cast, role: str) -> None:
    document, attachment = with_attachment(cast)
    cast.submit(document, "reviewer", "decider")
    cast.has_todo("reviewer", document)
    for path in READING:
        answer = cast.api(role).call("GET", path.format(id=document, file=attachment))
        problem(answer, 404, "not-found")
    problem(cast.api(role).call("POST", f"/documents/{document}/decisions", {"action": "approve"}), 404)
    for path in READING[:5] + READING[6:]:
        assert cast.api("decider").call("GET", path.format(id=document, file=attachment)).status_code == 200, path


def with_attachment(cast: Cast, **fields: Any) -> tuple[str, str]:
    """A draft and its attachment."""
    document = cast.draft(TITLE, **fields)["id"]
    headers = {"Content-Type": "application/octet-stream"}
    path = f"/documents/{document}/attachments"
    return document, cast.drafter.post(path, params={"name": "a.pdf"}, data=PDF, headers=headers)["id"]


def test_a_decided_document_is_read_within_its_scope(cast: Cast) -> None:
    seen: dict[str, int] = {}
    for scope in ("route", "organisation"):
        document, attachment = with_attachment(cast, reading_scope=scope)
        cast.submit(document, "decider")
        cast.decide("decider", document)
        cast.card(document)
        seen[scope] = cast.api("cooperator").call("GET", f"/documents/{document}").status_code
        file = cast.api("cooperator").call("GET", f"/documents/{document}/attachments/{attachment}")
        assert file.status_code == seen[scope]
        # Earlier versions are for those on its route.
        problem(cast.api("cooperator").call("GET", f"/documents/{document}/versions"), (403, 404))
    assert seen == {"route": 404, "organisation": 200}


def test_another_departments_register_is_not_shown(cast: Cast) -> None:
    own = cast.drafter.get("/me")["person"]["department_id"]
    assert cast.api("cooperator").get("/me")["person"]["department_id"] != own
    problem(cast.api("cooperator").call("GET", f"/documents?box=register&department={own}"), 403)


def test_what_administrators_do_is_refused_to_others(cast: Cast) -> None:
    person = cast.id("decider")
    whole = cast.api("admin").get(f"/people/{person}")
    change = {
        "login": whole["login"],
        "name": "바뀜",
        "posts": [{k: p[k] for k in ("department", "position", "rank")} for p in whole["posts"]],
    }
    for role in ("drafter", "clerk"):
        api = cast.api(role)
        for method, path, body in (
            ("PUT", f"/people/{person}", change),
            ("POST", "/people", {**change, "login": "newone"}),
            ("POST", f"/people/{person}/unlock", None),
            ("DELETE", f"/people/{person}/second-factor", None),
            ("POST", "/departments", {"name": "과", "code": "1231231"}),
            ("POST", "/imports", {"kind": "people", "content": "", "dry_run": True}),
        ):
            problem(api.call(method, path, body), 403)
        problem(api.call("GET", "/exports/people"), 403)
    problem(cast.drafter.call("PUT", "/forms/own", {"name": "서식", "body": "", "retention": "5"}), 403)
    assert cast.api("admin").get(f"/people/{person}") == whole
    shown = cast.drafter.get(f"/people/{person}")
    assert shown["clearance"] is None and shown["locked_until"] is None and shown["totp"] is None


# -- on the bus -------------------------------------------------------------------------------------


def with_headers(headers: dict[str, Any]) -> Alter:
    """Puts these headers in place of a message's own, or takes them away (None)."""

    def alter(message: Message) -> None:
        for name, value in headers.items():
            message.headers.pop(name)
            if value is not None:
                message.headers[name] = value

    return alter


@pytest.fixture
def on_the_bus(cast: Cast) -> Iterator[tuple[AlteringBroker, Context]]:
    """Somebody who has got onto the broker, and the context they would like to have."""
    settings = orjson.loads((cast.system.var / "full.json").read_bytes())
    me = cast.drafter.get("/me")["person"]
    context = Context(
        tenant=cast.tenant, person=me["id"], login=me["login"], name=me["name"], roles=frozenset({"auditor"})
    )
    broker = AlteringBroker(settings["broker_url"], "intruder")
    yield broker, context
    broker.stop()


@pytest.mark.mode("full")
def test_a_message_put_on_the_bus_by_somebody_else_is_refused(
    cast: Cast, others: Cast, on_the_bus: tuple[AlteringBroker, Context]
) -> None:
    broker, context = on_the_bus
    document = cast.approved(TITLE)
    mine = cast.draft("내 문서")["id"]
    bus_key = orjson.loads((cast.system.var / "keys.json").read_bytes())["bus_key"]
    good, guessed = Signer.from_text(bus_key), Signer([b"guessed"])
    stranger = replace(context, tenant=others.tenant)
    client = Client(broker, guessed, timeout=10)
    broker.start()
    forgeries: list[tuple[str, Signer, Context, dict[str, Any]]] = [
        ("with a guessed key", guessed, context, {}),
        ("without a signature", good, context, {"oneway-signature": None}),
        ("without a context", good, context, {"oneway-context": None}),
        ("with more in its context", good, context, {"oneway-context": replace(context, clearance=3).to_wire()}),
        ("signed for another tenant", good, stranger, {"oneway-context": context.to_wire()}),
        ("signed long ago", good, context, {"oneway-signature": "1.".ljust(66, "0")}),
    ]
    for what, signer, claimed, altered in forgeries:
        client._signer, broker.alter = signer, with_headers(altered)
        for service, method, data in (
            ("documents", "card", {"id": document}),
            ("documents", "delete_draft", {"id": mine}),
            ("approval", "route", {"document": document}),
            ("directory", "people", {}),
            ("desk", "counts", {}),
        ):
            with pytest.raises(Problem) as raised:
                client.call(service, method, claimed, data)
            assert (raised.value.status, raised.value.slug) == (401, "refused"), (what, service, method)
    # Signed as it must be, but for a tenant in which there is no such document.
    client._signer, broker.alter = good, with_headers({})
    with pytest.raises(Problem) as raised:
        client.call("documents", "card", stranger, {"id": document})
    assert raised.value.status == 404
    assert cast.card(mine)["state"] == "draft"


def test_bodies_are_of_operations_that_exist(system: System) -> None:
    assert set(BODIES) <= set(operations(system))
