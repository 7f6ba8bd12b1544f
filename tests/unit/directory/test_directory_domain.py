"""The rules of people, credentials, sessions, lock-out, absences and superiors."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory import hashing
from services.directory.domain import absences, hangul, line, lockout, passwords, person, positions, sessions, totp
from services.directory.domain.lockout import Attempts
from services.directory.domain.person import Person, Post
from services.directory.domain.tree import Node
from shared.contracts.directory import ROLES

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def after(**amount: float) -> datetime:
    return NOW + timedelta(**amount)


class TestPasswords:
    @pytest.mark.parametrize(
        ("password", "code"),
        [
            ("abcdefg1", "too_short"),
            ("a1" * 101, "too_long"),
            ("abcdefghij", "weak"),
            ("1234567890", "weak"),
            ("abcdefgh\t1", "weak"),
            ("MyHONG-1234", "weak"),
            ("abcdefgh1", None),
            ("가나다라마바사아1", None),
            ("Abcdefghi", None),
            ("four words are fine", None),
        ],
    )
    def test_a_password_has_length_and_two_classes_and_not_the_login(self, password: str, code: str | None) -> None:
        assert passwords.weakness(password, "hong") == code

    def test_a_login_of_a_letter_or_two_forbids_nothing(self) -> None:
        assert passwords.weakness("Correct-horse-7", "h") is None

    def test_a_hash_holds_the_costs_of_today_and_its_own_salt(self) -> None:
        first, second = hashing.hashed("Correct-horse-7"), hashing.hashed("Correct-horse-7")
        assert first.startswith("$argon2id$") and first != second
        assert hashing.matches(first, "Correct-horse-7") and not hashing.matches(first, "correct-horse-7")
        assert not hashing.outdated(first)

    @pytest.mark.parametrize("kept", [None, "", "no hash at all"])
    def test_nothing_matches_what_is_no_hash(self, kept: str | None) -> None:
        assert hashing.matches(kept, "Correct-horse-7") is False


class TestLockout:
    def test_each_fifth_failure_locks_twice_as_long_up_to_a_day(self) -> None:
        attempts, now, waits = Attempts(), NOW, []
        for _ in range(60):
            attempts = attempts.failed(now)
            if attempts.locked(now):
                waits.append(attempts.wait(now) // 60)
                now += timedelta(seconds=attempts.wait(now))
        assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440, 1440]

    def test_failures_are_forgotten_a_day_after_the_last_or_after_the_lock(self) -> None:
        four = Attempts(4, NOW)
        assert four.failed(after(hours=23)).locked(after(hours=23))
        assert four.failed(after(hours=24)).failures == 1
        locked = Attempts(50, NOW, after(hours=24))
        assert locked.failed(after(hours=47)).failures == 51
        assert locked.failed(after(hours=48)).failures == 1

    def test_a_lock_opens_at_its_second(self) -> None:
        attempts = Attempts(5, NOW, after(minutes=5))
        assert (attempts.locked(after(seconds=299)), attempts.wait(after(seconds=299.5))) == (True, 1)
        assert (attempts.locked(after(minutes=5)), attempts.wait(after(minutes=9))) == (False, 0)
        assert Attempts().wait(NOW) == 0

    @given(st.lists(st.integers(0, 100_000), max_size=60))
    def test_nobody_gets_more_than_five_guesses_between_two_locks(self, pauses: list[int]) -> None:
        attempts, now, in_a_row = Attempts(), NOW, 0
        for pause in pauses:
            now += timedelta(seconds=pause)
            if attempts.locked(now):
                continue
            forgotten = attempts.failures and attempts.failed(now).failures == 1
            attempts = attempts.failed(now)
            in_a_row = 1 if forgotten else in_a_row + 1
            assert attempts.failures == in_a_row
            assert attempts.locked(now) == (in_a_row % lockout.ALLOWED == 0)
            assert attempts.wait(now) <= lockout.LONGEST_LOCK.total_seconds()


class TestTotp:
    SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

    def code(self, moment: datetime) -> str:
        return pyotp.TOTP(self.SECRET).at(moment)

    @pytest.mark.parametrize("seconds", [-30, 0, 30])
    def test_a_code_of_now_or_a_neighbour_is_taken(self, seconds: int) -> None:
        step = totp.accepted_step(self.SECRET, self.code(after(seconds=seconds)), NOW, 0)
        assert step == int(NOW.timestamp()) // 30 + seconds // 30

    @pytest.mark.parametrize("seconds", [-60, 60, 3600])
    def test_a_code_of_another_time_is_not(self, seconds: int) -> None:
        assert totp.accepted_step(self.SECRET, self.code(after(seconds=seconds)), NOW, 0) is None

    def test_a_code_and_those_before_it_are_spent(self) -> None:
        step = totp.accepted_step(self.SECRET, self.code(NOW), NOW, 0)
        assert step is not None
        assert totp.accepted_step(self.SECRET, self.code(NOW), NOW, step) is None
        assert totp.accepted_step(self.SECRET, self.code(after(seconds=-30)), NOW, step) is None
        assert totp.accepted_step(self.SECRET, self.code(after(seconds=30)), NOW, step) == step + 1

    def test_a_code_may_be_written_in_groups(self) -> None:
        code = self.code(NOW)
        assert totp.accepted_step(self.SECRET, f"{code[:3]} {code[3:]}", NOW, 0)

    @pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６"])
    def test_what_is_no_code_is_refused(self, code: str) -> None:
        assert totp.accepted_step(self.SECRET, code, NOW, 0) is None


class TestSessions:
    def test_only_a_browsers_session_moves_its_end_by_use(self) -> None:
        seen = after(hours=3)
        assert sessions.end("browser", after(hours=12), seen) == after(hours=15)
        assert sessions.end("token", after(hours=1), seen) == after(hours=1)
        assert sessions.end("program", after(days=30), seen) == after(days=30)
        assert sessions.lifetime("browser") == sessions.IDLE_LIMIT

    def test_use_is_noted_every_ten_minutes_of_what_lasts_longer(self) -> None:
        assert not sessions.due("browser", NOW, after(minutes=9))
        assert sessions.due("browser", NOW, after(minutes=10))
        assert sessions.due("program", NOW, after(days=10))
        assert not sessions.due("token", NOW, after(days=10))

    def test_the_hash_is_of_the_secret_part(self) -> None:
        token = sessions.token("city", "s3cret_-x")
        assert token == "ow1.city.s3cret_-x"
        assert sessions.token_hash(token) == sessions.token_hash("s3cret_-x")
        assert len(sessions.token_hash(token)) == 64

    def test_about_one_session_in_256_is_the_time_to_forget(self) -> None:
        assert [sessions.is_time_to_forget(f"…{n:02x}") for n in range(256)].count(True) == 1


class TestAbsences:
    def test_a_period_is_in_order_not_over_and_not_endless(self) -> None:
        def problems(start: datetime, end: datetime) -> dict[str, str]:
            return absences.problems(start, end, "me", None, NOW, [])

        assert problems(after(days=1), after(days=2)) == {}
        assert problems(after(days=-1), after(days=2)) == {}
        assert problems(after(days=1), after(days=1)) == {"ends_at": "not_after_start"}
        assert problems(after(days=-2), after(days=-1)) == {"ends_at": "in_the_past"}
        assert problems(NOW, after(days=3 * 366 + 1)) == {"ends_at": "too_long"}

    @given(st.integers(0, 20), st.integers(1, 20), st.integers(0, 20), st.integers(1, 20))
    def test_two_absences_overlap_exactly_where_they_have_an_hour_in_common(
        self, start: int, length: int, other: int, other_length: int
    ) -> None:
        mine, theirs = set(range(start, start + length)), set(range(other, other + other_length))
        found = absences.problems(
            after(hours=start),
            after(hours=start + length),
            "me",
            None,
            NOW,
            [(after(hours=other), after(hours=other + other_length))],
        )
        assert (found == {"starts_at": "overlaps"}) == bool(mine & theirs)

    def test_nobody_stands_in_for_themselves(self) -> None:
        assert absences.problems(NOW, after(days=1), "me", "me", NOW, []) == {"deputy": "own_deputy"}


class TestHangul:
    def test_initials_of_syllables(self) -> None:
        assert hangul.initials("김하늘 Kim") == "ㄱㅎㄴ Kim"
        assert hangul.initials("\u1100\u1161") == "ㄱ"

    def test_words_of_a_search_are_folded_and_few(self) -> None:
        assert hangul.words("  Kim  하늘 ") == ["kim", "하늘"]
        assert len(hangul.words("a " * 50)) == 5

    @given(st.text("가나다라마김이박ABcd ", min_size=1, max_size=20), st.data())
    def test_every_part_of_a_name_and_its_initials_is_the_beginning_of_a_term(self, name: str, data: Any) -> None:
        plain = "".join(name.split()).casefold()
        if not plain:
            return
        start = data.draw(st.integers(0, len(plain) - 1))
        part = plain[start : data.draw(st.integers(start + 1, len(plain)))]
        for sought in (part, hangul.initials(part)):
            low, high = hangul.prefix_range(sought)
            assert any(low <= term < high for term in hangul.terms(name, "login"))

    def test_a_login_is_found_by_its_parts(self) -> None:
        assert {"haneul.kim", "haneul", "kim"} <= hangul.terms("", "Haneul.Kim")


class TestPerson:
    NODES = {  # noqa: RUF012
        "d1": Node("d1", "총무과", "0000001", None),
        "d2": Node("d2", "옛과", "0000002", "d1", abolished=True),
    }
    SOUND = Person("hong", "홍길동", (Post("d1", "주무관"),))

    def problems(self, before: Person | None = None, granter: tuple[str, ...] = (), **changes: Any) -> dict[str, str]:
        return person.problems(replace(self.SOUND, **changes), before, self.NODES, granter)

    def test_a_sound_person_has_no_problems(self) -> None:
        assert self.problems(login="a.b-c_d@e9", email="a@b.kr", phone="02-1") == {}

    @pytest.mark.parametrize("login", ["", "a b", ".a", "a-", "홍", "A", "a" * 101])
    def test_a_login_is_of_small_letters_digits_and_signs_between(self, login: str) -> None:
        assert self.problems(login=login) == {"login": "bad_login"}

    def test_a_post_is_in_one_department_that_exists(self) -> None:
        posts = (Post("d1", "과장"), Post("d1", "팀장"), Post("x", "위원"), Post("d2", "가/나", "다;라"))
        assert self.problems(posts=posts) == {
            "posts.1.department": "department_twice",
            "posts.2.department": "unknown_department",
            "posts.3.department": "abolished_department",
            "posts.3.position": "bad_character",
            "posts.3.rank": "bad_character",
        }

    def test_a_post_held_before_may_outlive_its_department(self) -> None:
        old = replace(self.SOUND, posts=(Post("d2", "주무관"),))
        assert self.problems(old, posts=old.posts) == {}
        assert self.problems(replace(old, active=False), posts=old.posts) != {}
        assert self.problems(posts=old.posts, active=False) == {}

    def test_only_the_operator_gives_or_takes_the_operators_role(self) -> None:
        operator = replace(self.SOUND, roles=("platform_operator",))
        assert self.problems(roles=("platform_operator",)) == {"roles": "may_not_grant"}
        assert self.problems(operator, ("tenant_admin",)) == {"roles": "may_not_grant"}
        assert self.problems(operator, ("tenant_admin",), roles=("platform_operator",)) == {}
        assert self.problems(roles=("platform_operator",), granter=("platform_operator",)) == {}

    @given(st.lists(st.sampled_from(ROLES)))
    def test_roles_stand_once_each_in_their_order(self, roles: list[str]) -> None:
        assert person.ordered_roles(roles) == tuple(role for role in ROLES if role in roles)

    def test_changes_are_told_field_by_field(self) -> None:
        assert person.changes(self.SOUND, replace(self.SOUND, name="홍길순", clearance=1)) == {
            "name": ["홍길동", "홍길순"],
            "clearance": [0, 1],
        }

    def test_a_login_is_compared_without_case_and_spaces(self) -> None:
        assert person.folded_login(" Hong ") == "hong"


class TestPositions:
    def test_heads_are_ordered_as_offices_name_them(self) -> None:
        ranking = ["시장", "부시장", "기획조정실장", "행정국장", "총무과장", "총무팀장", "주무관"]
        levels = [positions.seniority(position) for position in ranking]
        assert levels == sorted(levels) and len(set(levels)) == len(levels)

    @pytest.mark.parametrize("position", ["총무과장 직무대리", "과장(직무대리)", "과 장"])
    def test_an_acting_head_is_a_head(self, position: str) -> None:
        assert positions.seniority(position) == positions.seniority("과장")

    def test_a_vice_head_comes_between_the_head_and_the_next_level(self) -> None:
        assert positions.seniority("국장") < positions.seniority("부국장") < positions.seniority("과장")

    @pytest.mark.parametrize("position", ["주무관", "서기", "", "장인", "주임"])
    def test_others_head_nothing(self, position: str) -> None:
        assert positions.seniority(position) == positions.NOT_HEAD


class TestLine:
    @staticmethod
    def post(name: str, level: int, position: str = "과장", main: bool = True) -> line.Post:
        return line.Post(level, positions.seniority(position), main, {"id": name})

    def names(self, drafter: str, *posts: line.Post) -> list[str]:
        return [post.person["id"] for post in line.superiors(drafter, posts)]

    def test_each_department_gives_its_most_senior_head_from_below(self) -> None:
        posts = [self.post("mayor", 2, "시장"), self.post("vice", 2, "부시장"), self.post("a", 0), self.post("b", 1)]
        assert self.names("me", *posts) == ["a", "b", "mayor"]

    def test_a_main_post_comes_before_one_beside_another(self) -> None:
        assert self.names("me", self.post("a", 0, main=False), self.post("b", 0)) == ["b"]

    def test_nobody_stands_twice_and_the_drafter_not_at_all(self) -> None:
        posts = [self.post("me", 0), self.post("a", 1), self.post("a", 2), self.post("b", 3)]
        assert self.names("me", *posts) == ["a", "b"]

    def test_the_nearest_reviews_and_the_next_decides(self) -> None:
        chain = [self.post("a", 0), self.post("b", 1), self.post("c", 2)]
        proposed = [(step["person"]["id"], step["role"], step["reason"]) for step in line.propose(chain)]
        assert proposed == [("a", "review", "head_of_department"), ("b", "decide", "head_above")]

    def test_the_only_superior_decides(self) -> None:
        assert [step["role"] for step in line.propose([self.post("a", 1)])] == ["decide"]
        assert line.propose([]) == []
