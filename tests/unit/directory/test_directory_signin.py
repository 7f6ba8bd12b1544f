"""Signing in: what proves a person, what is counted, what is kept of it, and how sessions end."""

from __future__ import annotations

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import event
from sqlalchemy.engine import Engine

from gateway.core.auth import _TOKEN, is_about_sessions
from services.directory import hashing
from services.directory.models import Credential, Session, SessionUse, SignInAttempts
from shared.contracts import directory as contract
from shared.errors import Forbidden, NotFound, Problem, Unauthorized
from shared.ids import new_id
from tests.support.waiting import until
from tests.unit.directory.office import NOBODY, PASSWORD, Doc, Office, holds


def refused(office: Office, login: str, password: str = "wrong", **data: Any) -> Problem:
    with pytest.raises(Problem) as raised:
        office.sign_in(login, password, **data)
    return raised.value


def session(office: Office, token: str) -> Doc:
    found: Doc = office.call("session", NOBODY, token=token)
    return found


def is_signed_in(office: Office, token: str) -> bool:
    try:
        session(office, token)
    except Unauthorized:
        return False
    return True


# -- the password -----------------------------------------------------------------------------------


def test_a_person_signs_in_and_the_token_stands_for_them(office: Office) -> None:
    person = office.hire("서나래", login="narae", clearance=2)
    result = office.sign_in("narae", kind="browser", address="10.0.0.1", agent="Firefox")
    holds(contract.SignInResult, result)
    assert result["expires_in"] == 12 * 3600
    told = session(office, result["token"])
    holds(contract.Principal, told)
    assert told == result["principal"]
    assert (told["person"], told["name"], told["clearance"], told["roles"]) == (person["id"], "서나래", 2, ["drafter"])


def test_the_token_is_what_the_gateway_takes_and_is_kept_as_a_hash_only(office: Office) -> None:
    token = office.sign_in("admin")["token"]
    form = _TOKEN.fullmatch(token)
    assert form and form[1] == "city"
    secret = token.split(".")[2]
    kept = [row.token_hash for row in office.rows(Session)]
    assert hashlib.sha256(secret.encode()).hexdigest() in kept
    assert not any(secret in str(row) for row in office.rows(Session))


@pytest.mark.parametrize("login", ["ADMIN", " admin ", "Admin"])
def test_case_and_spaces_of_a_login_do_not_matter(office: Office, login: str) -> None:
    assert office.sign_in(login)["principal"]["login"] == "admin"


def test_a_wrong_password_an_unknown_login_and_somebody_who_left_get_the_same_answer(office: Office) -> None:
    office.change(office.hire(login="left"), active=False)
    answers = [
        refused(office, login, password)
        for login, password in (("admin", "wrong"), ("nobody", "wrong"), ("left", PASSWORD))
    ]
    assert {(a.status, a.slug, a.title, a.detail) for a in answers} == {(401, "bad-credentials", "Sign in first", "")}
    assert office.count(SignInAttempts) == 3


def test_an_unknown_login_costs_the_same_work_as_a_wrong_password(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    verified = hashing._verified
    monkeypatch.setattr(hashing, "_verified", lambda kept, pw: done.append("hash") or verified(kept, pw))

    def executed(conn: Any, cursor: Any, statement: str, *_: Any) -> None:
        done.append(re.sub(r"\s+", " ", statement))

    office.change(office.hire(login="left"), active=False)
    event.listen(Engine, "before_cursor_execute", executed)
    try:
        work = []
        for login in ("admin", "nobody", "left"):
            done.clear()
            refused(office, login)
            work.append(list(done))
    finally:
        event.remove(Engine, "before_cursor_execute", executed)
    assert work[0] == work[1] == work[2]
    assert work[0].count("hash") == 1


def test_a_person_without_a_password_cannot_sign_in(office: Office) -> None:
    office.hire(login="new", password="")
    assert refused(office, "new", PASSWORD).slug == "bad-credentials"


def test_a_hash_of_other_costs_is_renewed_at_the_sign_in(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    before = office.rows(Credential)[0].password_hash
    monkeypatch.setattr(hashing, "_HASHER", PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    office.sign_in("admin")
    after = office.rows(Credential)[0].password_hash
    assert (",t=1," in before, ",t=2," in after) == (True, True)
    office.sign_in("admin")
    assert office.rows(Credential)[0].password_hash == after


def test_a_sign_in_is_on_the_record_without_any_secret(office: Office) -> None:
    token = office.sign_in("admin", address="10.0.0.9")["token"]
    entry = office.record("directory.signed_in")[-1]
    assert entry.subject == office.admin.person
    assert "10.0.0.9" in entry.entry
    assert PASSWORD not in entry.entry and token.split(".")[2] not in entry.entry


# -- lock-out ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["narae", "nobody"])
def test_five_failures_lock_a_login_whether_or_not_there_is_such_a_person(office: Office, login: str) -> None:
    office.hire(login="narae")
    assert [refused(office, login).status for _ in range(5)] == [401] * 5
    locked = refused(office, login, PASSWORD)
    assert (locked.status, locked.slug, locked.extra) == (423, "locked", {"retry_after": 300})
    office.clock.advance(seconds=299.5)
    assert refused(office, login, PASSWORD).extra == {"retry_after": 1}
    office.clock.advance(seconds=1)
    assert refused(office, login).status == 401


def test_a_lock_ends_and_a_success_begins_the_count_anew(office: Office) -> None:
    for _ in range(5):
        refused(office, "admin")
    office.clock.advance(minutes=5)
    office.sign_in("admin")
    assert office.count(SignInAttempts) == 0
    assert [refused(office, "admin").status for _ in range(5)] == [401] * 5


def test_many_guesses_at_once_count_no_less_than_one_by_one(office: Office) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: refused(office, "admin").status, range(20)))
    assert (found.count(401), found.count(423)) == (5, 15)


def test_a_lock_out_is_recorded_without_what_was_typed_as_the_login(office: Office) -> None:
    for _ in range(5):
        refused(office, "my-secret-password", address="10.0.0.7")
        refused(office, "admin")
    unknown, known = office.record("directory.login.locked")
    assert (unknown.subject, known.subject) == ("", office.admin.person)
    assert "10.0.0.7" in unknown.entry
    assert "my-secret" not in str(unknown) + str(office.rows(SignInAttempts))


def test_an_administrator_sees_a_lock_and_opens_it(office: Office) -> None:
    person = office.hire(login="narae")
    for _ in range(5):
        refused(office, "narae")
    assert office.call("person", id=person["id"])["locked_until"] == "2026-03-02T00:05:10+00:00"
    office.call("unlock", id=person["id"])
    assert office.call("person", id=person["id"])["locked_until"] is None
    assert office.sign_in("narae")
    assert office.record("directory.login.unlocked")[0].subject == person["id"]
    with pytest.raises(NotFound):
        office.call("unlock", id=new_id())


# -- sessions ---------------------------------------------------------------------------------------


def test_an_api_token_lasts_an_hour_however_it_is_used(office: Office) -> None:
    result = office.sign_in("admin")
    assert result["expires_in"] == 3600
    office.clock.advance(minutes=59)
    assert is_signed_in(office, result["token"])
    office.settle()
    office.clock.advance(minutes=1)
    assert not is_signed_in(office, result["token"])


def test_a_browser_session_ends_twelve_hours_after_its_last_use(office: Office) -> None:
    token = office.sign_in("admin", kind="browser")["token"]
    for _ in range(3):
        office.clock.advance(hours=11)
        told = session(office, token)
        assert told["expires_at"] == (office.clock.present + timedelta(hours=12)).isoformat()
        office.settle()
    office.clock.advance(hours=12)
    assert not is_signed_in(office, token)


def test_using_a_session_writes_at_most_once_in_ten_minutes(office: Office) -> None:
    token = office.sign_in("admin", kind="browser")["token"]
    for _ in range(10):
        office.clock.advance(minutes=3)
        session(office, token)
        office.settle()
    assert office.count(SessionUse) == 2


@pytest.mark.parametrize("token", ["x", "ow1.city.wrong", "ow1.city." + "A" * 43])
def test_a_token_nobody_was_given_stands_for_nobody(office: Office, token: str) -> None:
    with pytest.raises(Unauthorized) as raised:
        session(office, token)
    assert raised.value.slug == "session-ended"


def test_a_person_lists_their_own_sessions_and_ends_one_at_once(office: Office) -> None:
    person = office.hire(login="narae")
    other = office.sign_in("narae", kind="browser", address="10.0.0.1", agent="Firefox")
    office.clock.advance(minutes=1)
    me = office.signed_in("narae")
    items = office.call("sessions", me)["items"]
    for item in items:
        holds(contract.SessionView, item)
    assert [(i["kind"], i["current"]) for i in items] == [("token", True), ("browser", False)]
    office.call("revoke_session", me, id=items[1]["id"])
    assert not is_signed_in(office, other["token"])
    assert office.told("session_revoked")[-1] == [person["id"]]
    assert is_about_sessions("session_revoked")
    assert office.record("directory.session.ended")[-1].subject == person["id"]


def test_sessions_that_ended_are_not_listed(office: Office) -> None:
    me = office.signed_in("admin")
    office.clock.advance(hours=1)
    assert office.call("sessions", me)["items"] == []


def test_only_an_administrator_ends_the_session_of_somebody_else(office: Office) -> None:
    office.hire(login="narae")
    office.hire(login="bora")
    narae, bora = office.sign_in("narae"), office.signed_in("bora")
    with pytest.raises(NotFound):
        office.call("revoke_session", bora, id=narae["principal"]["session"])
    assert is_signed_in(office, narae["token"])
    office.call("revoke_session", id=narae["principal"]["session"])
    assert not is_signed_in(office, narae["token"])


def test_signing_out_twice_is_no_error_but_an_unknown_session_is(office: Office) -> None:
    me = office.signed_in("admin")
    office.call("revoke_session", me, id=me.session)
    office.call("revoke_session", me, id=me.session)
    with pytest.raises(NotFound):
        office.call("revoke_session", me, id=new_id())


def test_what_ended_is_forgotten_and_what_runs_is_not(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    old = office.sign_in("admin", kind="browser")["token"]
    refused(office, "nobody")
    running = office.sign_in("admin", kind="browser")["token"]
    lasting = office.call("create_program_token", name="연계", days=30)["token"]
    for _ in range(7):
        office.clock.advance(hours=8)
        session(office, running)
        office.settle()
    monkeypatch.setattr("services.directory.domain.sessions.is_time_to_forget", lambda _: True)
    office.sign_in("admin")
    assert [is_signed_in(office, token) for token in (old, running, lasting)] == [False, True, True]
    assert (office.count(Session), office.count(SessionUse), office.count(SignInAttempts)) == (3, 2, 0)


# -- programs ---------------------------------------------------------------------------------------


def test_a_program_token_acts_as_its_maker_until_its_day(office: Office) -> None:
    made = office.call("create_program_token", name="통계 연계", days=30)
    holds(contract.ProgramToken, made)
    assert session(office, made["token"])["person"] == office.admin.person
    assert [s["name"] for s in office.call("sessions")["items"] if s["kind"] == "program"] == ["통계 연계"]
    office.clock.advance(days=30)
    assert not is_signed_in(office, made["token"])


def test_an_app_password_is_a_programs_token_that_says_what_it_is_confined_to(office: Office) -> None:
    made = office.call("create_program_token", name="아이폰 캘린더", scope="calendar")
    holds(contract.ProgramToken, made)
    told = session(office, made["token"])
    holds(contract.Principal, told)
    assert (made["scope"], told["scope"], told["person"]) == ("calendar", "calendar", office.admin.person)
    scopes = {one["name"]: one["scope"] for one in office.call("sessions")["items"]}
    assert scopes == {"아이폰 캘린더": "calendar", "": ""}


def test_a_token_is_confined_to_nothing_that_there_is_not(office: Office) -> None:
    with pytest.raises(Problem) as raised:
        office.call("create_program_token", name="연계", scope="everything")
    assert raised.value.fields == {"scope": "not_a_choice"}


def test_the_last_use_of_a_programs_token_is_told_as_long_as_the_token_lives(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.directory.domain.sessions.is_time_to_forget", lambda _: True)
    token = office.call("create_program_token", name="연계", days=30)["token"]
    for _ in range(3):
        office.clock.advance(hours=1)
        session(office, token)
        office.settle()
    used = office.clock.now().isoformat()
    office.clock.advance(days=20)
    mine = office.signed_in("admin")
    (told,) = [one for one in office.call("sessions", mine)["items"] if one["kind"] == "program"]
    assert told["seen_at"] == used and office.count(SessionUse) == 1
    office.clock.advance(days=10)
    office.sign_in("admin")
    assert office.count(SessionUse) == 0


def test_a_program_makes_no_tokens_and_sets_up_no_second_factor(office: Office) -> None:
    program = office.as_(session(office, office.call("create_program_token", name="연계")["token"]))
    for method, data in (("create_program_token", {"name": "또"}), ("begin_totp", {})):
        with pytest.raises(Forbidden):
            office.call(method, program, **data)


def test_where_as_many_wait_to_sign_in_as_may_the_next_is_told_to_come_again_and_nobody_else_waits(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing.TURNS, "_free", 0)
    monkeypatch.setattr(hashing.TURNS, "most", 0)
    problem = refused(office, "admin", PASSWORD)
    assert (problem.status, problem.extra["retry_after"]) == (503, 10)
    assert office.call("people", limit=1)["items"]
    assert office.count(SignInAttempts) == 0


def test_who_comes_while_others_are_served_is_served_when_it_is_their_turn(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing.TURNS, "_free", 0)
    with ThreadPoolExecutor() as pool:
        signing_in = pool.submit(office.sign_in, "admin")
        until(lambda: hashing.TURNS.waiting)
        hashing.TURNS.give()
        assert signing_in.result(30)["token"]
