"""A tenant moves whole: from an embedded installation to one on PostgreSQL, and back."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from sqlalchemy import insert, select

from oneway import parts
from oneway.archive import read, rows
from shared.context import system
from shared.db import ground
from shared.db.urls import database_name
from shared.errors import NotFound
from shared.events import Event
from shared.storage import Store
from shared.tenants import unwrap_key
from tests.integration.tenancy.conftest import Make
from tests.integration.tenancy.installation import Installation

PASSPHRASE = "correct horse battery"
LARGE = bytes(range(256)) * 1024
WAYS = [("embedded", "full"), ("full", "embedded")]


class PowerCut(BaseException):
    """The process is gone."""


@pytest.fixture(params=WAYS, ids="-to-".join)
def way(request: pytest.FixtureRequest, make: Make) -> tuple[Installation, Installation]:
    """The installation a tenant leaves, and the one it comes to."""
    source, target = request.param
    return make(source), make(target)


def store(here: Installation, code: str) -> Store:
    tenant = here.tenant(code)
    return Store(here.settings.storage_url, lambda _: unwrap_key(here.settings.storage_key, tenant))


def content(here: Installation, code: str) -> dict[str, list[dict[str, Any]]]:
    """Every row that travels, by service and table."""
    found = {}
    for service in parts.SERVICES:
        with here.owner(code, service) as conn:
            for table in filter(rows.travels, parts.metadata(service).sorted_tables):
                key = list(table.primary_key)
                read_ = conn.execute(select(table).order_by(*key))
                found[f"{service} {table.name}"] = [
                    {str(k): v for k, v in row.items()} for row in read_.mappings().all()
                ]
    return found


def emitted(here: Installation, code: str, table: str, *, handled: bool = False) -> str:
    """An event of the documents service in its outbox or among what was sent, handled by approval or not; its id."""
    event = Event.new("documents.submitted", "d", {}, system(code), datetime.now(UTC))
    values = {"id": event.id, "type": event.type, "context": event.context_text, "body": event.body.decode()}
    _enter(here, code, "documents", table, values)
    if handled:
        _enter(here, code, "approval", "inbox", {"id": event.id})
    return event.id


def _enter(here: Installation, code: str, service: str, table: str, values: dict[str, str]) -> None:
    target = getattr(ground.tables(parts.metadata(service)), table)
    with here.provisioner.owner_engine(here.tenant(code), service).begin() as conn:
        conn.execute(insert(target), {**values, "at": datetime.now(UTC)})


def prepared(here: Installation, code: str) -> None:
    """A tenant with a record, attachments, a session, and an event not yet published."""
    here.add(code)
    here.record(code, 5)
    here.sign_in(code)
    store(here, code).write(code, "documents/a/b", [b"plain text"], limit=100)
    store(here, code).write(code, "documents/a/c", [LARGE], limit=len(LARGE))


def exported(here: Installation, code: str, target: Path) -> None:
    assert here.command("tenant", "disable", code).exit_code == 0
    answer = here.command("tenant", "export", code, str(target), "--passphrase", PASSPHRASE)
    assert answer.exit_code == 0, answer.output


def imported(here: Installation, archive: Path, passphrase: str = PASSPHRASE) -> tuple[int, str]:
    answer = here.command("tenant", "import", str(archive), "--passphrase", passphrase)
    return answer.exit_code, answer.output


def heads(here: Installation, code: str) -> list[str]:
    answer = here.command("audit", "verify", "--tenant", code)
    assert answer.exit_code == 0, answer.output
    return [line for line in answer.output.splitlines() if "rows" in line]


def test_a_tenant_is_the_same_where_it_came_to(way, code: str, target: Path) -> None:
    source, other = way
    prepared(source, code)
    waiting = emitted(source, code, "outbox")
    handled, unhandled = emitted(source, code, "sent", handled=True), emitted(source, code, "sent")
    exported(source, code, target)
    before = content(source, code)

    assert imported(other, target)[0] == 0
    after = content(other, code)
    (moved,) = [row for row in before["documents sent"] if row["id"] == unhandled]
    assert [row["id"] for row in after["documents sent"]] == [handled]
    assert [row["id"] for row in after["documents outbox"]] == [waiting, unhandled]
    before["documents sent"].remove(moved)
    before["documents outbox"].append(moved)
    assert after == before
    assert heads(other, code) == heads(source, code)
    assert other.tenant(code).state == "active"
    assert other.sign_in(code)["principal"]["login"] == "admin"
    for key, expected in (("documents/a/b", b"plain text"), ("documents/a/c", LARGE)):
        assert b"".join(store(other, code).read(code, key)) == expected
    # It goes on there, with the same keys.
    other.record(code, 1, first=5)
    assert heads(other, code) != heads(source, code)
    assert "already" in imported(other, target)[1]


def test_sessions_stay_behind_and_nothing_of_an_archive_is_in_the_clear(make: Make, code: str, target: Path) -> None:
    source, other = make("embedded"), make("full")
    prepared(source, code)
    exported(source, code, target)
    with zipfile.ZipFile(target) as archive:
        assert not any("session" in name for name in archive.namelist())
        whole = b"".join(archive.read(name) for name in archive.namelist())
    assert b"plain text" not in whole and "1과".encode() not in whole and b"argon2" not in whole
    assert imported(other, target)[0] == 0
    with other.owner(code, "directory") as conn:
        assert conn.execute(select(parts.metadata("directory").tables["session"])).all() == []


def test_a_damaged_archive_is_refused_before_anything_is_written(make: Make, code: str, target: Path) -> None:
    source, other = make("embedded"), make("full")
    prepared(source, code)
    exported(source, code, target)
    whole = target.read_bytes()
    with zipfile.ZipFile(target) as archive:
        places = [info.header_offset + 200 for info in archive.infolist() if info.file_size > 200]
    for place in (places[0], places[len(places) // 2], places[-1]):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        target.write_bytes(damaged)
        status, output = imported(other, target)
        assert status == 1 and "Refused" in output, output
    target.write_bytes(whole[: len(whole) // 2])
    assert imported(other, target)[0] == 1
    target.write_bytes(whole)
    assert "passphrase" in imported(other, target, "another passphrase")[1]
    assert code not in other.command("tenant", "list").output
    assert imported(other, target)[0] == 0


def test_an_import_that_was_cut_off_lets_nobody_in_and_is_repeated(make: Make, code: str, target: Path) -> None:
    source, other = make("embedded"), make("full")
    prepared(source, code)
    exported(source, code, target)
    whole = read._service

    def cut(*arguments: Any) -> None:
        if arguments[3] == "directory":
            raise PowerCut
        whole(*arguments)

    with mock.patch.object(read, "_service", cut), pytest.raises(PowerCut):
        read.take_in(other.settings, other.provisioner, target, PASSPHRASE, lambda *_: None)
    assert other.tenant(code).state == "onboarding"
    with pytest.raises(NotFound):
        other.provisioner.registry.get(code)
    assert imported(other, target)[0] == 0
    assert content(other, code) == content(source, code)
    assert heads(other, code) == heads(source, code)


# Tables of the directory that its first revision does not have.
_SINCE = ("sent", "holiday", "receiver_group", "receiver_group_member")


def test_an_older_archive_is_brought_up_to_date(make: Make, code: str, target: Path) -> None:
    source, other = make("embedded"), make("full")
    prepared(source, code)
    with (
        mock.patch.object(rows, "travels", lambda t: t.name not in _SINCE and not t.info.get("stays")),
        mock.patch("oneway.archive.write.current", lambda _: "directory_0001"),
        mock.patch("oneway.archive.write.head", lambda _: "directory_0001"),
        mock.patch.object(parts, "SERVICES", ("directory",)),
    ):
        exported(source, code, target)
    assert imported(other, target)[0] == 0
    assert "directory: directory_0005" in other.command("tenant", "show", code).output
    assert other.sign_in(code)


def test_a_newer_archive_and_what_is_none_are_refused(make: Make, code: str, target: Path) -> None:
    source, other = make("embedded"), make("full")
    prepared(source, code)
    with (
        mock.patch("oneway.archive.write.current", lambda _: "desk_9999"),
        mock.patch("oneway.archive.write.head", lambda _: "desk_9999"),
    ):
        exported(source, code, target)
    assert "newer version" in imported(other, target)[1]
    for manifest in (b"{}", b"[]", b"x", b'{"format": 1, "lock": {}}', b'{"format": 1, "lock": {"n": "a"}}'):
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("manifest.json", manifest)
            archive.writestr("manifest.mac", b"")
        assert "not an archive" in imported(other, target)[1]
    target.write_bytes(b"no archive")
    assert imported(other, target)[0] == 1
    assert code not in other.command("tenant", "list").output


@pytest.mark.parametrize("mode", ["embedded", "full"])
def test_all_services_are_read_as_they_were_at_one_moment(make: Make, code: str, mode: str) -> None:
    here = make(mode)
    tenant = here.add(code)
    with rows.snapshot(here.provisioner, tenant) as conns:
        emitted(here, code, "outbox", handled=True)
        for service, name in (("documents", "outbox"), ("approval", "inbox")):
            table = parts.metadata(service).tables[name]
            assert list(rows.dump(conns[service], service, table, list(table.c))) == []


def test_a_database_that_no_tenant_is_registered_for_is_left_alone(make: Make, code: str, target: Path) -> None:
    source, other = make("embedded"), make("full")
    prepared(source, code)
    exported(source, code, target)
    with other.provisioner._connect(other.provisioner._admin) as conn:
        other.provisioner._create_database(conn, database_name(code))
    assert "a database of its name is there" in imported(other, target)[1]
    assert code not in other.command("tenant", "list").output
