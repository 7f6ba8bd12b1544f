"""Receivers as they are found while one types: people, departments and groups at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select

from services.directory import groups, people
from services.directory.deputies import Present
from services.directory.domain import groups as rules
from services.directory.domain import hangul
from services.directory.domain.groups import Member
from services.directory.models import Department, Person, Post
from shared.context import Context
from shared.db import Tx

_DEPARTMENTS = (
    select(Department.id, Department.name)
    .where(~Department.abolished)
    .order_by(Department.order, Department.name, Department.id)
)
_COUNTS = (
    select(Post.department, func.count(Post.person.distinct()).label("people"))
    .join(Person, Person.id == Post.person)
    .where(Person.active, Post.department.in_(bindparam("ids", expanding=True)))
    .group_by(Post.department)
)


def receivers(tx: Tx, ctx: Context, data: Mapping[str, Any]) -> dict[str, Any]:
    """`{items: [ReceiverLine]}`: groups, departments and people whose names have every word."""
    words = hangul.words(data["q"])
    limit = data["limit"]
    found = [*(_groups(tx, ctx, words) if data["groups"] else ()), *_departments(tx, words, limit)]
    found.sort(key=lambda pair: pair[0])
    lines = [line for _, line in found]
    # Whoever types a name wants a person: at least half of the list is theirs, where there are so many.
    crowd = [_person(line) for line in people.search(tx, {**_ALL_PEOPLE, "q": data["q"], "limit": limit})["items"]]
    room = max(limit - len(crowd), limit // 2)
    shown = lines[:room]
    return {"items": [*shown, *crowd[: limit - len(shown)]]}


def by_ids(tx: Tx, ctx: Context, chosen: Sequence[str]) -> dict[str, Any]:
    """`{items: [ReceiverLine]}` of `person:<id>`, `department:<id>`, `group:<id>`, in this order, of those known."""
    named = [Member(*each.split(":", 1)) for each in dict.fromkeys(chosen)]
    found = {Member("group", group["id"]): _group(group) for group in groups.seen(tx, ctx)}
    present = Present(tx, [member.id for member in named if member.kind == "person"])
    for member, of in groups.standings(tx, (member for member in named if member.kind != "group")).items():
        absent = present.absence(member.id) if member.kind == "person" else None
        told = {**member._asdict(), "name": of.name, "count": len(of.people), "detail": of.detail}
        found[member] = {**told, "absent": absent, "stale": bool(of.stale)}
    return {"items": [found[member] for member in named if member in found]}


_ALL_PEOPLE: dict[str, Any] = {"department": None, "inactive": False, "cursor": None}


def _groups(tx: Tx, ctx: Context, words: list[str]) -> list[tuple[int, dict[str, Any]]]:
    found = [(rules.nearness(group["name"], words), group) for group in groups.seen(tx, ctx)]
    return [(near, _group(group)) for near, group in found if near is not None]


def _group(group: Mapping[str, Any]) -> dict[str, Any]:
    told = {"kind": "group", **{name: group[name] for name in ("id", "name", "count")}}
    detail = "" if group["owner_kind"] == "person" else group["owner"]
    return {**told, **_plain(detail), "stale": bool(group["stale"])}


def _departments(tx: Tx, words: list[str], most: int) -> list[tuple[int, dict[str, Any]]]:
    found = [(near, row) for row in tx.all(_DEPARTMENTS) if (near := rules.nearness(row.name, words)) is not None]
    # The best of them: the sort is stable, and they come as the tree is read.
    found = sorted(found, key=lambda pair: pair[0])[:most]
    counts = _counts(tx, [row.id for _, row in found])
    return [
        (near, {"kind": "department", "id": row.id, "name": row.name, "count": counts.get(row.id, 0)} | _plain(""))
        for near, row in found
    ]


def _counts(tx: Tx, departments: list[str]) -> dict[str, int]:
    rows = tx.execute(_COUNTS, {"ids": departments}) if departments else ()
    return {row.department: row.people for row in rows}


def _person(line: Mapping[str, Any]) -> dict[str, Any]:
    told = {"kind": "person", "id": line["id"], "name": line["name"], "count": 1}
    return {**told, **_plain(f"{line['position']} · {line['department']}"), "absent": line["absent"]}


def _plain(detail: str) -> dict[str, Any]:
    return {"detail": detail, "absent": None, "stale": False}
