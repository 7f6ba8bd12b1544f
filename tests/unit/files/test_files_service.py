"""The life of a file of any object: begun, stored, removed, swept."""

from __future__ import annotations

import base64
import hashlib
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from marshmallow import Schema
from sqlalchemy import select, update

from shared.context import Context, system
from shared.contracts.files import FilesToSweep, FileTicket, FileView
from shared.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from shared.files.keeping import views
from shared.ids import new_id
from shared.settings import settings
from shared.testing import TENANT, LocalService, context
from tests.unit.files.toy import models
from tests.unit.files.toy.models import FILE, Note
from tests.unit.files.toy.service import WallService

ME = context()
OTHER = context(person=new_id())
GATEWAY = system(TENANT)
PDF = b"%PDF-1.7\n" + b"x" * 100
File = dict[str, Any]


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalService]:
    monkeypatch.setitem(sys.modules, "services.wall.models", models)
    with LocalService(WallService) as service:
        yield service


@pytest.fixture
def note(wall: LocalService) -> str:
    note = new_id()
    with wall.tx() as tx:
        tx.insert(Note, id=note, person=ME.person, quoted=0)
    return note


def holds(schema: type[Schema], found: Any) -> None:
    assert schema().validate(found) == {}


def begun(wall: LocalService, note: str, name: str = "계획.pdf", size: int | None = len(PDF)) -> File:
    ticket: File = wall.call("begin_file", ME, {"id": note, "name": name, "size": size})
    return ticket


def completed(wall: LocalService, note: str, ticket: File, data: bytes = PDF, ctx: Context = ME) -> File:
    told = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "head": base64.b64encode(data).decode()}
    asked = {"id": note, "file": ticket["file"], "name": ticket["name"], **told}
    found: File = wall.call("complete_file", ctx, asked)
    return found


def added(wall: LocalService, note: str, name: str = "계획.pdf", data: bytes = PDF) -> File:
    return completed(wall, note, begun(wall, note, name, len(data)), data)


def later(wall: LocalService, file: str, **ago: int) -> None:
    """As if so much time had gone by since the file came to its state."""
    with wall.tx() as tx:
        tx.execute(update(FILE).where(FILE.c.id == file).values(at=tx.now - timedelta(**ago)))


def states(wall: LocalService) -> dict[str, str]:
    with wall.tx() as tx:
        return {row.id: row.state for row in tx.all(select(FILE.c.id, FILE.c.state))}


def swept(wall: LocalService, gone: list[str] | None = None) -> list[File]:
    found = wall.call("sweep_files", GATEWAY, {"gone": gone or []})
    holds(FilesToSweep, found)
    files: list[File] = found["files"]
    return files


# -- up and down ------------------------------------------------------------------------------------


def test_a_file_is_begun_stored_and_given_out(wall: LocalService, note: str) -> None:
    ticket = begun(wall, note)
    holds(FileTicket, ticket)
    assert ticket["object"] == f"wall/{note}/{ticket['file']}"
    file = completed(wall, note, ticket)
    holds(FileView, file)
    assert (file["name"], file["type"]) == ("계획.pdf", "application/pdf")
    given = wall.call("file_ticket", OTHER, {"id": note, "file": file["id"]})
    assert (given["object"], given["sha256"], given["size"]) == (ticket["object"], file["sha256"], len(PDF))
    with wall.tx() as tx:
        assert views(tx, WallService.files, note) == [file]


def test_what_is_only_begun_is_given_to_nobody(wall: LocalService, note: str) -> None:
    ticket = begun(wall, note)
    with pytest.raises(NotFound):
        wall.call("file_ticket", ME, {"id": note, "file": ticket["file"]})


def test_only_who_may_change_the_object_adds_and_removes(wall: LocalService, note: str) -> None:
    ticket, file = begun(wall, note), added(wall, note)
    for method, asked in (("begin_file", {"name": "a.pdf"}), ("remove_file", {"file": file["id"]})):
        with pytest.raises(Forbidden):
            wall.call(method, OTHER, {"id": note, **asked})
    with pytest.raises(Forbidden):
        completed(wall, note, ticket, ctx=OTHER)
    assert states(wall) == {ticket["file"]: "begun", file["id"]: "stored"}


def test_a_file_is_reached_through_its_own_object_only(wall: LocalService, note: str) -> None:
    file, ticket, another = added(wall, note), begun(wall, note), new_id()
    with wall.tx() as tx:
        tx.insert(Note, id=another, person=ME.person, quoted=0)
    with pytest.raises(NotFound):
        completed(wall, another, ticket)
    for method in ("file_ticket", "remove_file"):
        with pytest.raises(NotFound):
            wall.call(method, ME, {"id": another, "file": file["id"]})


def test_a_file_is_completed_once(wall: LocalService, note: str) -> None:
    ticket = begun(wall, note)
    completed(wall, note, ticket)
    with pytest.raises(Conflict):
        completed(wall, note, ticket)


def test_a_repeated_upload_finds_what_it_made(wall: LocalService, note: str) -> None:
    file = added(wall, note)
    asked = {"id": note, "name": file["name"], "sha256": file["sha256"]}
    assert wall.call("same_file", ME, asked) == file
    with pytest.raises(NotFound):
        wall.call("same_file", ME, {**asked, "sha256": "0" * 64})
    wall.call("remove_file", ME, {"id": note, "file": file["id"]})
    with pytest.raises(NotFound):
        wall.call("same_file", ME, asked)


# -- limits -----------------------------------------------------------------------------------------


def test_an_object_takes_so_many_files_and_no_more(wall: LocalService, note: str) -> None:
    waiting = begun(wall, note)
    files = [added(wall, note, f"{index}.pdf") for index in range(3)]
    for call in (lambda: begun(wall, note), lambda: completed(wall, note, waiting)):
        with pytest.raises(Invalid) as refused:
            call()
        assert refused.value.fields == {"files": "too_many"}
    wall.call("remove_file", ME, {"id": note, "file": files[0]["id"]})
    completed(wall, note, waiting)


def test_a_file_has_a_largest_size(wall: LocalService, note: str) -> None:
    with pytest.raises(TooLarge):
        begun(wall, note, size=settings().attachment_limit + 1)
    with pytest.raises(Invalid) as refused:
        begun(wall, note, size=0)
    assert refused.value.fields == {"file": "empty"}


def test_files_of_one_object_have_a_largest_size_together(
    wall: LocalService, note: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "attachment_quota", 2 * len(PDF))
    file = added(wall, note)
    assert begun(wall, note, size=None)["limit"] == len(PDF)
    with pytest.raises(Invalid) as refused:
        begun(wall, note, size=len(PDF) + 1)
    assert refused.value.fields == {"file": "no_room"}
    added(wall, note)
    with pytest.raises(Invalid):
        begun(wall, note, size=None)
    wall.call("remove_file", ME, {"id": note, "file": file["id"]})
    added(wall, note)


# -- the sweep --------------------------------------------------------------------------------------


def test_what_was_begun_and_never_completed_goes_after_a_day(wall: LocalService, note: str) -> None:
    stored, young, old = added(wall, note)["id"], begun(wall, note)["file"], begun(wall, note)
    later(wall, young, hours=23)
    later(wall, old["file"], hours=25)
    later(wall, stored, days=4000)
    assert swept(wall) == [{"file": old["file"], "object": old["object"]}]
    # Until its object is told to be gone: who sweeps may crash.
    assert swept(wall) == [{"file": old["file"], "object": old["object"]}]
    assert swept(wall, [old["file"]]) == []
    assert states(wall) == {stored: "stored", young: "begun"}


def test_an_upload_that_ends_after_it_was_swept_is_refused(wall: LocalService, note: str) -> None:
    ticket = begun(wall, note)
    later(wall, ticket["file"], days=2)
    swept(wall)
    with pytest.raises(NotFound):
        completed(wall, note, ticket)
    swept(wall, [ticket["file"]])
    with pytest.raises(NotFound):
        completed(wall, note, ticket)


def test_a_removed_file_stays_for_a_month_and_then_goes(wall: LocalService, note: str) -> None:
    file = added(wall, note)
    assert wall.call("remove_file", ME, {"id": note, "file": file["id"]}) == {"id": file["id"], "removed": True}
    with pytest.raises(NotFound):
        wall.call("file_ticket", ME, {"id": note, "file": file["id"]})
    later(wall, file["id"], days=29)
    assert swept(wall) == []
    later(wall, file["id"], days=31)
    assert [each["file"] for each in swept(wall)] == [file["id"]]


def test_what_something_refers_to_stays(wall: LocalService, note: str) -> None:
    removed, kept = added(wall, note)["id"], added(wall, note)["id"]
    wall.call("remove_file", ME, {"id": note, "file": removed})
    with wall.tx() as tx:
        tx.execute(update(Note).values(quoted=1))
    wall.call("remove_file", ME, {"id": note, "file": kept})
    later(wall, removed, days=31)
    assert swept(wall) == []
    assert states(wall) == {removed: "stored", kept: "stored"}


def test_a_file_that_is_in_use_is_not_forgotten_because_somebody_says_so(wall: LocalService, note: str) -> None:
    file, ticket = added(wall, note)["id"], begun(wall, note)["file"]
    assert swept(wall, [file, ticket]) == []
    assert states(wall) == {file: "stored", ticket: "begun"}


def test_a_sweep_goes_by_batches(wall: LocalService, note: str) -> None:
    with wall.tx() as tx:
        rows = [
            {"id": new_id(), "owner": note, "object": f"wall/{n}", "name": "a.pdf", "state": "begun", "size": None}
            | {"type": "a/b", "sha256": "", "person": ME.person, "at": tx.now - timedelta(days=2)}
            for n in range(150)
        ]
        tx.insert_many(FILE, rows)
    first = swept(wall)
    second = swept(wall, [each["file"] for each in first])
    assert (len(first), len(second)) == (100, 50)
    assert swept(wall, [each["file"] for each in second]) == []
    assert states(wall) == {}


def test_nobody_but_the_system_sweeps(wall: LocalService) -> None:
    with pytest.raises(Forbidden):
        wall.call("sweep_files", context(roles=frozenset({"tenant_admin"})), {})
