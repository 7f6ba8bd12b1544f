"""The installation's keys are changed step by step, and nothing that was under a former one is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pyotp
import pytest
from sqlalchemy import select, update

from oneway import keys, parts
from services.directory import vault
from services.directory.models import Credential
from shared.bus import wire
from shared.bus.local import DeadLetterFiles
from shared.context import Context, Signer
from shared.db import Databases
from shared.db.urls import service_secret
from shared.errors import Problem
from shared.events import Event
from shared.keys import fingerprint
from shared.storage import Store
from shared.tenants import unwrap_key
from shared.testing import context
from tests.integration.tenancy.installation import PASSWORD, Installation
from tests.support.servers import Servers

KINDS = ("bus", "cookie", "storage", "database")
CODE = "city"


class Kept(Installation):
    """An embedded installation whose keys are kept in its own file."""

    def __init__(self, directory: Path, servers: Servers) -> None:
        super().__init__("embedded", directory, servers)
        for name in keys.NAMES:
            del self.environment[f"ONEWAY_{name.upper()}"]
        self.directory = directory

    @property
    def kept(self) -> dict[str, str]:
        """Its keys."""
        found: dict[str, str] = orjson.loads((self.directory / "keys.json").read_bytes())
        return found

    def run(self, *arguments: str, status: int = 0) -> str:
        """What a command about keys says; the installation is looked at with its keys of now afterwards."""
        answer = self.command("keys", *arguments)
        assert answer.exit_code == status, answer.output
        for key in ",".join(self.kept.values()).split(","):
            assert key not in answer.output
        self.settings = self.settings.model_copy(update=self.kept)
        return answer.output

    def store(self) -> Store:
        """Its attachments."""
        return Store(self.settings.storage_url, lambda _: unwrap_key(self.settings.storage_key, self.tenant(CODE)))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, servers: Servers) -> Iterator[Kept]:
    """An installation with one tenant, whose administrator has a second factor."""
    found = Kept(tmp_path_factory.mktemp("kept"), servers)
    found.add(CODE)
    yield found


def test_every_key_is_changed_and_nothing_is_lost(kept: Kept) -> None:
    kept.record(CODE, 3)
    kept.store().write(CODE, "a", [b"attached before"], limit=100)
    before = kept.kept
    for kind in KINDS:
        kept.run("add", kind)
        kept.run("switch", kind)
    assert "former key is still needed" in kept.run("status")
    wrapped = len(parts.SERVICES) + 1
    assert f"{wrapped} wrapped anew" in kept.run("rewrap")
    assert "0 wrapped anew" in kept.run("rewrap")
    for kind in KINDS:
        kept.run("drop", kind)
    assert not set(kept.kept.values()) & set(before.values())
    assert "still needed" not in kept.run("status")
    assert b"".join(kept.store().read(CODE, "a")) == b"attached before"
    assert kept.sign_in(CODE)["token"]
    kept.record(CODE, 2, first=3)
    assert kept.command("audit", "verify").exit_code == 0


def test_the_second_factor_outlives_the_secret_it_is_wrapped_under(kept: Kept) -> None:
    secret = second_factor(kept)
    for step in ("add", "switch"):
        kept.run(step, "database")
    kept.run("rewrap")
    kept.run("drop", "database")
    with pytest.raises(Problem) as refusal:
        kept.sign_in(CODE)
    assert refusal.value.slug == "code-required"
    given = {"login": "admin", "password": PASSWORD, "code": pyotp.TOTP(secret).now()}
    assert kept.call("directory", CODE, "sign_in", given)["token"]


def second_factor(kept: Kept) -> str:
    """Turns the administrator's second factor on, past the check that a person does it; its secret."""
    secret = pyotp.random_base32()
    registry = kept.provisioner.registry
    registry.refresh()
    own = service_secret(kept.settings.database_secret, "directory")
    databases = Databases(kept.settings, registry, "directory", parts.metadata("directory"), own)
    with databases.write(Context(tenant=CODE)) as tx:
        (person,) = [row.person for row in tx.all(select(Credential.person))]
        locked = vault.lock(tx.keys.vault, person, secret)
        tx.execute(update(Credential).values(totp_on=True, totp_secret=locked, totp_step=0))
    databases.close()
    return secret


def test_a_key_that_is_needed_is_not_dropped(kept: Kept) -> None:
    for step in ("add", "switch"):
        kept.run(step, "storage")
    former = fingerprint(kept.kept["storage_key"].split(",")[1])
    assert f"storage {former}: tenants' attachment keys: 1" in kept.run("drop", "storage", status=1)
    assert len(kept.kept["storage_key"].split(",")) == 2
    kept.run("switch", "storage")
    kept.run("drop", "storage")


def test_a_key_that_is_given_is_changed_where_it_is_given(kept: Kept) -> None:
    kept.environment["ONEWAY_BUS_KEY"] = kept.kept["bus_key"]
    try:
        assert "ONEWAY_BUS_KEY is not kept" in kept.run("add", "bus", status=1)
    finally:
        del kept.environment["ONEWAY_BUS_KEY"]


@pytest.mark.parametrize("name", ["storage_key", "database_secret"])
def test_other_keys_change_nothing(kept: Kept, name: str) -> None:
    before = (kept.directory / "control.sqlite").read_bytes()
    kept.environment[f"ONEWAY_{name.upper()}"] = "of another installation"
    try:
        for command in (("migrate",), ("keys", "rewrap"), ("keys", "rotate-database")):
            answer = kept.command(*command)
            assert answer.exit_code == 1
            assert "These are not this installation's keys" in answer.output
        status = kept.run("status", status=1)
        assert "none of them" in status
    finally:
        del kept.environment[f"ONEWAY_{name.upper()}"]
    assert (kept.directory / "control.sqlite").read_bytes() == before


def test_what_is_attached_under_each_key_of_a_tenant_is_read(kept: Kept) -> None:
    store = kept.store()
    kept.run("rotate-attachments", CODE)
    kept.run("rotate-attachments", CODE)
    store.write(CODE, "b", [b"attached after"], limit=100)
    assert b"".join(store.read(CODE, "a")) == b"attached before"
    assert b"".join(store.read(CODE, "b")) == b"attached after"
    heads = {path.name: path.read_bytes()[:8] for path in (kept.directory / "objects" / CODE).iterdir()}
    assert heads["a"][:4] == b"OWS1"
    assert heads["b"] == b"OWS2\0\0\0\3"
    assert "There is no tenant nowhere" in kept.run("rotate-attachments", "nowhere", status=1)


def test_dead_letters_are_counted_by_the_key_that_signed_them(kept: Kept) -> None:
    kept.run("add", "bus")
    kept.run("switch", "bus")
    first, former = kept.kept["bus_key"].split(",")
    letters = DeadLetterFiles(kept.directory / "dead-letters")
    for key in (former, former, "a stranger's"):
        event = Event.new("documents.submitted", "x", {}, context(tenant=CODE), datetime.now(UTC))
        letters.add("approval", wire.event_message(Signer.from_text(key), event), "failed")
    status = kept.run("status", status=1)
    rows = [[cell.strip() for cell in line.split("│")] for line in status.splitlines() if "│ bus " in line]
    assert [(row[2], row[4]) for row in rows] == [
        (fingerprint(first), "dead letters: 0"),
        (fingerprint(former), "dead letters: 2"),
        ("none of them", "dead letters: 1"),
    ]
    assert "dead letters: 2" in kept.run("drop", "bus", status=1)
