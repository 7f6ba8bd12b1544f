"""What journals ask of the directory: who writes, who verifies or stands in, who heads a department."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from services.memo.journals import books
from shared.bus import Service
from shared.context import Context
from shared.errors import Forbidden, Invalid, Problem
from shared.people import ref
from shared.receivers import by_kind, parted


def expanded(service: Service, ctx: Context, named: Iterable[str]) -> Any:
    """Everybody whom these principals name, as the directory's `Expanded`."""
    return service.call("directory", "expand", ctx, by_kind(named))


def writers(service: Service, ctx: Context, row: Row[Any]) -> list[dict[str, Any]]:
    """The writers as they were named, with their names; without these while the directory is away."""
    try:
        people = expanded(service, ctx, row.writers)["people"]
    except Problem:
        people = []
    names = {(t["kind"], t["id"]): t["name"] for person in people for t in person["through"]}
    return [{"kind": kind, "id": id_, "name": names.get((kind, id_), "")} for kind, id_ in map(parted, row.writers)]


def require_head(service: Service, ctx: Context) -> None:
    """Raises `Forbidden` for who is neither an administrator nor the head of their department."""
    if ctx.has(books.ADMIN):
        return
    departments = service.call("directory", "departments", ctx, {})["items"]
    heads = [each["head"] for each in departments if each["id"] == ctx.department_id]
    if not any(head and head["id"] == ctx.person for head in heads):
        raise Forbidden("heads of departments and administrators")


def require_known(service: Service, ctx: Context, data: dict[str, Any]) -> None:
    """Raises `Invalid` where one of the verifiers or managers does not work here."""
    people = service.people(ctx, list(dict.fromkeys([*data["verifiers"], *data["managers"]])))
    for name in ("verifiers", "managers"):
        if any(not people.get(each, {}).get("active") for each in data[name]):
            raise Invalid({name: "unknown_person"})


def verifying(service: Service, ctx: Context, row: Row[Any]) -> list[str]:
    """The verifiers of a journal, and who stands in for those who are away."""
    people = expanded(service, ctx, [f"person:{person}" for person in row.verifiers])["people"]
    deputies = [person["absent"].get("deputy") for person in people if person["absent"]]
    return list(dict.fromkeys([*row.verifiers, *(each["id"] for each in deputies if each)]))


def stands_for(service: Service, ctx: Context, row: Row[Any]) -> dict[str, Any] | None:
    """The verifier in whose place the caller stands now, as `PersonRef`; None where in nobody's."""
    for verifier in row.verifiers:
        deputy = service.call("directory", "superiors", ctx, {"person": verifier})["deputy"]
        if deputy and deputy["id"] == ctx.person:
            return ref(service.people(ctx, [verifier])[verifier])
    return None
