"""Somebody's memos and desk with few and with very many memos in the inbox, read and unread: the cost must not grow."""

from __future__ import annotations

from typing import Any

from tests.bench import copies
from tests.bench.growth import growth, sizes, timings
from tests.bench.http import Http
from tests.bench.report import Report
from tests.bench.stage import Stage
from tests.support.waiting import until

FEW, MANY = 100, 100_000
_WAITING = 10
CALLS = {
    "counts": "/desk/counts",
    "late and due today": "/desk/pressing",
    "to-dos, longest waiting first": "/desk/todos?kind=memo&limit=50",
    "to-dos by bands, as on My Desk": "/desk/todos?sort=due&limit=50",
    "inbox": "/memos?box=inbox&limit=50",
    "… unread": "/memos?box=inbox&unread=true&limit=50",
    "… urgent": "/memos?box=inbox&urgent=true&limit=50",
    "the banner": "/memos/alerts",
}

# Each copy came a second before the one with the number below.
_BEFORE = "- i * interval '1 second'"
_ROWS = {
    "memo.memo": ("id", "'id', {id}, 'title', t.title || ' ' || i"),
    "memo.content": ("memo", "'memo', {id}"),
    "memo.delivery": ("memo", f"'memo', {{id}}, 'id', {{row}}, 'at', t.at {_BEFORE}, 'since', t.since {_BEFORE}"),
    "memo.step": ("memo", "'memo', {id}"),
    "desk.subject": ("subject", "'subject', {id}"),
    "desk.slot": ("subject", f"'subject', {{id}}, 'id', {{row}}, 'since', t.since {_BEFORE}"),
}


def measure(stage: Stage, seconds: float) -> Report:
    """One table: each call's times with few that are read, with many, and with as many that nobody has read."""
    few, many = sizes(seconds, FEW, MANY)
    system = stage.system
    sender, reader = system.connect("drafter"), system.connect("executive")
    person = reader.call("GET", "/me")[1]["person"]["id"]
    for number in range(_WAITING):
        _send(sender, reader, person, f"기다리는 메모 {number}")
    read, unread = _answered(sender, reader, person), _send(sender, reader, person, "읽지 않은 메모")
    url = system.tenant_url(system.tenant)
    copies.add(url, _ROWS, read, 1, few)
    taken = {f"{few:,} read": timings(reader, CALLS, seconds)}
    copies.add(url, _ROWS, read, few + 1, many)
    taken[f"{many:,} read"] = timings(reader, CALLS, seconds)
    copies.add(url, _ROWS, unread, 1, many)
    taken[f"and {many:,} unread"] = timings(reader, CALLS, seconds)
    for http in (sender, reader):
        http.close()
    return Report([growth("memos", taken, "one client, many memos in the inbox")])


def _send(sender: Http, reader: Http, person: str, title: str) -> str:
    """A memo that is on its receiver's desk."""
    asked = {"to": [person], "title": title, "body": "<p>본문</p>", "asks": True}
    status, sent = sender.call("POST", "/memos", asked)
    assert status == 201, sent
    until(lambda: sent["id"] in _on_desk(reader))
    return str(sent["id"])


def _answered(sender: Http, reader: Http, person: str) -> str:
    """A memo that was read and answered, and is on nobody's desk."""
    memo = _send(sender, reader, person, "읽은 메모")
    status, answer = reader.call("POST", f"/memos/{memo}/answers", {"answer": "noted"})
    assert status == 200, answer
    until(lambda: memo not in _on_desk(reader))
    return memo


def _on_desk(http: Http) -> set[Any]:
    """The newest of the memos that wait."""
    return {item["subject"] for item in http.call("GET", "/desk/todos?kind=memo&limit=100")[1]["items"]}
