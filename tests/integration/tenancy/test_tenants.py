"""`oneway tenant …`: repeatable, and it hands a tenant all it owns."""

from __future__ import annotations

import zipfile
from pathlib import Path

import orjson
import pytest

from oneway import parts
from shared.errors import NotFound
from shared.storage import Store
from shared.tenants import unwrap_key
from tests.integration.tenancy.installation import PASSWORD, Installation


def test_a_tenant_that_was_added_can_be_signed_in_to(here: Installation, code: str) -> None:
    here.add(code)
    signed_in = here.sign_in(code)["principal"]
    assert (signed_in["tenant"], signed_in["login"]) == (code, "admin")
    assert "tenant_admin" in signed_in["roles"]


def test_adding_again_changes_nothing(here: Installation, code: str) -> None:
    first = here.add(code)
    answer = here.command(
        "tenant", "add", code, "--name", "다른 이름", "--institution-code", "ZZ00000", "--password", "Other-password-1"
    )
    assert answer.exit_code == 0
    assert here.tenant(code) == first
    here.sign_in(code)


@pytest.mark.parametrize("bad", ["A", "x", "가나다", "a-b", "a;drop", "1abc", "a" * 40])
def test_a_code_that_cannot_be_is_refused_and_leaves_nothing(here: Installation, bad: str) -> None:
    before = here.command("tenant", "list").output
    answer = here.command("tenant", "add", bad, "--name", "기관", "--institution-code", "AB00000", "--password", "x")
    assert answer.exit_code == 1
    assert "small letters and digits" in answer.output
    assert here.command("tenant", "list").output == before


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("--password", "short", "admin_password: too_short"),
        ("--institution-code", "12", "code: not_valid"),
        ("--admin-login", "a b", "admin_login: bad_login"),
    ],
)
def test_a_bad_value_is_named_and_a_good_one_finishes_the_work(
    here: Installation, code: str, field: str, value: str, named: str
) -> None:
    given = {"--name": "기관", "--institution-code": "AB00000", "--password": PASSWORD, field: value}
    answer = here.command("tenant", "add", code, *(part for pair in given.items() for part in pair))
    assert answer.exit_code == 1
    assert answer.output.splitlines()[-1] == named
    here.add(code)
    here.sign_in(code)


def test_tenants_are_listed_and_shown_with_their_revisions(here: Installation, code: str) -> None:
    here.add(code)
    assert code in here.command("tenant", "list").output
    shown = here.command("tenant", "show", code).output
    assert "active" in shown
    for service in parts.SERVICES:
        assert f"{service}: {service}_0" in shown
    assert here.command("tenant", "show", "nobody").exit_code == 1


def test_nobody_gets_into_a_disabled_tenant_until_it_is_enabled(here: Installation, code: str) -> None:
    here.add(code)
    for _ in range(2):
        assert here.command("tenant", "disable", code).exit_code == 0
    with pytest.raises(NotFound):
        here.sign_in(code)
    # Adding again is no way round it.
    here.command(
        "tenant", "add", code, "--name", "x", "--institution-code", "AB00000", "--password", "Other-password-1"
    )
    assert here.tenant(code).state == "disabled"
    for _ in range(2):
        assert here.command("tenant", "enable", code).exit_code == 0
    here.sign_in(code)


def test_an_export_holds_every_table_and_every_attachment_in_the_clear(
    here: Installation, code: str, target: Path
) -> None:
    tenant = here.add(code)
    here.record(code, 3)
    store = Store(here.settings.storage_url, lambda _: unwrap_key(here.settings.storage_key, tenant))
    store.write(code, "a/b", [b"plain ", b"text"], limit=100)
    for _ in range(2):
        assert here.command("tenant", "export", "--open", code, str(target)).exit_code == 0
    with zipfile.ZipFile(target) as archive:
        names = set(archive.namelist())
        assert orjson.loads(archive.read("tenant.json"))["code"] == code
        for service in parts.SERVICES:
            every = parts.metadata(service).tables
            tables = {name for name, table in every.items() if not table.info.get("stays")}
            of_service = {name for name in names if name.startswith(f"{service}/")}
            assert of_service == {f"{service}/{table}.jsonl" for table in tables}
        assert b"argon2" not in archive.read("directory/credential.jsonl")
        departments = [orjson.loads(line) for line in archive.read("directory/department.jsonl").splitlines()]
        assert {"0과", "1과", "2과"} <= {row["name"] for row in departments}
        assert archive.read("attachments/a/b") == b"plain text"
    assert not target.with_name(f"{target.name}.part").exists()
