"""Passwords and the second factor, as their owner changes them."""

from __future__ import annotations

from dataclasses import replace

import pyotp
import pytest
from cryptography.exceptions import InvalidTag

from services.directory import vault
from services.directory.models import Credential, SignInAttempts
from shared.context import Context
from shared.contracts import directory as contract
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Problem, Unauthorized
from shared.ids import new_id
from shared.tenantkeys import derived
from shared.testing import TENANT
from tests.unit.directory.office import NOBODY, PASSWORD, Office, holds

NEW = "Another-horse-8"


@pytest.fixture
def narae(office: Office) -> Context:
    office.hire("서나래", login="narae")
    return office.signed_in("narae")


# -- the password -----------------------------------------------------------------------------------


def test_a_new_password_ends_every_other_session_and_tells(office: Office, narae: Context) -> None:
    other = office.sign_in("narae", kind="browser")["token"]
    program = office.call("create_program_token", narae, name="연계")["token"]
    office.call("change_password", narae, old=PASSWORD, new=NEW)
    for token in (other, program):
        with pytest.raises(Unauthorized):
            office.call("session", NOBODY, token=token)
    assert [s["id"] for s in office.call("sessions", narae)["items"]] == [narae.session]
    assert office.told("session_revoked")[-1] == [narae.person]
    with pytest.raises(Unauthorized):
        office.sign_in("narae", PASSWORD)
    assert office.sign_in("narae", NEW)


def test_a_change_is_on_the_record_and_no_password_is_kept_anywhere(office: Office, narae: Context) -> None:
    office.call("change_password", narae, key="k", old=PASSWORD, new=NEW)
    entry = office.record("directory.password.changed")[0]
    assert entry.subject == narae.person
    with office.service.tx() as tx:
        tables = office.service._runtime.databases.ground.audit.metadata.sorted_tables
        kept = str([tx.all(table.select()) for table in tables])
    assert NEW not in kept and PASSWORD not in kept


@pytest.mark.parametrize(
    ("new", "code"),
    [("short1!", "too_short"), ("onlyletters", "weak"), ("xnarae12345", "weak"), (PASSWORD, "same")],
)
def test_a_password_that_may_not_be_used_is_refused_by_its_field(
    office: Office, narae: Context, new: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        office.call("change_password", narae, old=PASSWORD, new=new)
    assert refused.value.fields == {"new": code}
    assert office.sign_in("narae", PASSWORD)


def test_the_old_password_is_guessed_no_oftener_here_than_at_the_sign_in(office: Office, narae: Context) -> None:
    for _ in range(5):
        with pytest.raises(Problem) as refused:
            office.call("change_password", narae, old="wrong", new=NEW)
        assert (refused.value.status, refused.value.slug) == (422, "bad-password")
        assert refused.value.fields == {"old": "wrong"}
    for attempt in (
        lambda: office.call("change_password", narae, old=PASSWORD, new=NEW),
        lambda: office.sign_in("narae", PASSWORD),
    ):
        with pytest.raises(Problem) as refused:
            attempt()
        assert refused.value.status == 423


def test_hangul_is_the_same_password_composed_or_in_parts(office: Office, narae: Context) -> None:
    office.call("change_password", narae, old=PASSWORD, new="가나다라마바사-77")
    assert office.sign_in("narae", "\u1100\u1161\u1102\u1161\u1103\u1161라마바사-77")


# -- the second factor ------------------------------------------------------------------------------


def begin(office: Office, ctx: Context) -> pyotp.TOTP:
    begun = office.call("begin_totp", ctx)
    holds(contract.TotpSecret, begun)
    return pyotp.TOTP(begun["secret"])


def confirmed(office: Office, ctx: Context) -> pyotp.TOTP:
    device = begin(office, ctx)
    office.call("confirm_totp", ctx, code=device.at(office.clock.present))
    office.clock.advance(seconds=30)
    return device


def test_the_second_factor_is_in_force_once_a_code_has_proved_the_device(office: Office, narae: Context) -> None:
    device = begin(office, narae)
    assert "한빛시" in pyotp.parse_uri(device.provisioning_uri(issuer_name="한빛시")).issuer
    assert office.sign_in("narae")
    office.call("confirm_totp", narae, code=device.at(office.clock.present))
    with pytest.raises(Unauthorized) as refused:
        office.sign_in("narae")
    assert refused.value.slug == "code-required"
    assert office.call("person", narae, id=narae.person)["totp"] is True
    office.clock.advance(seconds=30)
    assert office.sign_in("narae", code=device.at(office.clock.present))
    assert [row.subject for row in office.record("directory.totp.on")] == [narae.person]


def test_the_address_for_the_qr_code_names_organisation_and_login(office: Office, narae: Context) -> None:
    begun = office.call("begin_totp", narae)
    told = pyotp.parse_uri(begun["uri"])
    assert (told.secret, told.name, told.issuer) == (begun["secret"], "narae", "One Way 한빛시")


def test_a_code_is_good_once(office: Office, narae: Context) -> None:
    device = confirmed(office, narae)
    code = device.at(office.clock.present)
    office.sign_in("narae", code=code)
    with pytest.raises(Unauthorized) as refused:
        office.sign_in("narae", code=code)
    assert refused.value.slug == "bad-code"


def test_the_code_that_confirmed_is_not_good_for_a_sign_in(office: Office, narae: Context) -> None:
    device = begin(office, narae)
    code = device.at(office.clock.present)
    office.call("confirm_totp", narae, code=code)
    with pytest.raises(Unauthorized):
        office.sign_in("narae", code=code)


def test_asking_for_the_code_counts_nothing_and_forgets_nothing(office: Office, narae: Context) -> None:
    confirmed(office, narae)
    for _ in range(3):
        with pytest.raises(Unauthorized):
            office.sign_in("narae", "wrong")
    for _ in range(6):
        with pytest.raises(Unauthorized) as refused:
            office.sign_in("narae")
        assert refused.value.slug == "code-required"
    assert [row.failures for row in office.rows(SignInAttempts)] == [3]


def test_guessing_codes_locks_the_login(office: Office, narae: Context) -> None:
    confirmed(office, narae)
    for _ in range(5):
        with pytest.raises(Unauthorized) as refused:
            office.sign_in("narae", code="000000")
        assert refused.value.slug == "bad-code"
    with pytest.raises(Problem) as locked:
        office.sign_in("narae", code="000000")
    assert locked.value.status == 423


def test_it_is_turned_off_with_a_code_only(office: Office, narae: Context) -> None:
    device = confirmed(office, narae)
    with pytest.raises(Problem) as refused:
        office.call("remove_totp", narae, code="000000")
    assert (refused.value.status, refused.value.slug, refused.value.fields) == (422, "bad-code", {"code": "wrong"})
    office.call("remove_totp", narae, code=device.at(office.clock.present))
    assert office.sign_in("narae")
    assert office.count(SignInAttempts) == 0


def test_what_was_not_begun_is_not_confirmed_and_what_is_on_is_not_begun_again(office: Office, narae: Context) -> None:
    for method, code in (("confirm_totp", "totp-off"), ("remove_totp", "totp-off")):
        with pytest.raises(Conflict) as refused:
            office.call(method, narae, code="000000")
        assert refused.value.slug == code
    confirmed(office, narae)
    for method, data in (("begin_totp", {}), ("confirm_totp", {"code": "000000"})):
        with pytest.raises(Conflict) as refused:
            office.call(method, narae, **data)
        assert refused.value.slug == "totp-on"


def test_a_secret_begun_again_takes_the_place_of_the_first(office: Office, narae: Context) -> None:
    first, second = begin(office, narae), begin(office, narae)
    with pytest.raises(Problem):
        office.call("confirm_totp", narae, code=first.at(office.clock.present))
    office.call("confirm_totp", narae, code=second.at(office.clock.present))


def test_the_secret_is_kept_encrypted_and_for_this_person_only(office: Office, narae: Context) -> None:
    secret = begin(office, narae).secret
    kept = next(row.totp_secret for row in office.rows(Credential) if row.totp_secret)
    assert secret.encode() not in kept
    keys = derived("test", TENANT, "directory")
    assert vault.unlock(keys.vault, narae.person, kept) == secret
    for key, person in ((keys.vault, office.admin.person), (keys.record, narae.person)):
        with pytest.raises(InvalidTag):
            vault.unlock(key, person, kept)


# -- a lost device ----------------------------------------------------------------------------------


def test_an_administrator_takes_a_lost_second_factor_away(office: Office, narae: Context) -> None:
    confirmed(office, narae)
    answer = office.call("reset_totp", id=narae.person)
    assert answer == {"id": narae.person, "totp": False}
    assert office.call("person", id=narae.person)["totp"] is False
    assert office.sign_in("narae")
    assert [row.subject for row in office.record("directory.totp.reset")] == [narae.person]
    assert all(row.totp_secret is None for row in office.rows(Credential))
    begin(office, office.signed_in("narae"))


def test_whoever_found_the_device_is_signed_out(office: Office, narae: Context) -> None:
    device = confirmed(office, narae)
    token = office.sign_in("narae", code=device.at(office.clock.present))["token"]
    office.call("reset_totp", id=narae.person)
    with pytest.raises(Unauthorized):
        office.call("session", NOBODY, token=token)
    assert office.told("session_revoked")[-1] == [narae.person]


def test_a_second_factor_that_is_not_on_is_not_reset(office: Office, narae: Context) -> None:
    begin(office, narae)
    with pytest.raises(Conflict) as refused:
        office.call("reset_totp", id=narae.person)
    assert refused.value.slug == "totp-off"
    with pytest.raises(NotFound):
        office.call("reset_totp", id=new_id())
    assert office.record("directory.totp.reset") == []


def test_one_s_own_second_factor_is_taken_away_with_a_code_only(office: Office) -> None:
    confirmed(office, office.admin)
    with pytest.raises(Forbidden):
        office.call("reset_totp", id=office.admin.person)
    assert office.call("person", id=office.admin.person)["totp"] is True


def test_a_program_of_an_administrator_s_resets_nobody_s(office: Office, narae: Context) -> None:
    confirmed(office, narae)
    token = office.call("create_program_token", name="연계")["token"]
    session = office.call("session", NOBODY, token=token)["session"]
    with pytest.raises(Forbidden):
        office.call("reset_totp", replace(office.admin, session=session), id=narae.person)
    assert office.call("person", id=narae.person)["totp"] is True
