"""Answers by mail: in the shapes of other programs, from the right person, in any order, and without a loop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, permutations

import pytest

from gateway.meetings.mail import answers as module
from gateway.meetings.mail.answers import MAILS, OUTCOMES, Answers
from shared.errors import Problem, Unavailable
from tests.unit.gateway.meetings.mail import samples
from tests.unit.gateway.meetings.mail.post import ADDRESS, DURI, HANA, Post, ours
from tests.unit.meetings.cast import Doc, seoul

GUEST = HANA["email"]


class Inbox:
    """A meeting with two guests who have their letters, and what takes their answers."""

    def __init__(self, office: Post) -> None:
        self.office = office
        self.answers = Answers(office.app)
        self.made: Doc = office.town.call(guests=[HANA, DURI], title="예산 협의 회의")
        letters = {each["X-To"]: each for each in office.carried()}
        self.letter = letters[GUEST]
        self.ours, self.others = ours(letters[GUEST]), ours(letters[DURI["email"]])
        self.uid = f"{self.made['id']}@oneway"

    def take(self, mail: bytes, *, envelope: str | None = GUEST, to: str = "") -> str:
        """What becomes of a mail by SMTP."""
        return self.answers.take(mail, envelope, [to or self.ours])

    def plain(self, guest: str = GUEST, *, sender: str = "", headers: str = "", **said: object) -> bytes:
        calendar = samples.reply(self.uid, guest, **said)  # type: ignore[arg-type]
        return samples.plain(self.ours, sender or guest, calendar, headers=headers)

    @property
    def guest(self) -> tuple[str, str]:
        found = self.office.guest(self.made)
        return found["answer"], found["word"]

    @property
    def held(self) -> list[str]:
        return [each["address"] for each in self.office.town.card(self.made)["held_answers"]]


@pytest.fixture
def inbox(office: Post) -> Inbox:
    return Inbox(office)


@pytest.fixture(scope="module", autouse=True)
def _no_process_stays() -> Iterator[None]:
    yield
    module._READ.pool.close()


# -- the shapes of other programs -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("program", "word"),
    [(samples.outlook, "수락됨 - 늦을 수 있습니다"), (samples.gmail, "조금 늦습니다"), (samples.thunderbird, "")],
)
def test_an_answer_is_read_as_the_programs_of_guests_write_it(inbox: Inbox, program: object, word: str) -> None:
    mail = program(inbox.ours, inbox.uid, GUEST)  # type: ignore[operator]
    assert inbox.take(mail) == "applied"
    assert inbox.guest == ("yes", word)
    assert [each["email"] for each in inbox.office.town.card(inbox.made)["guests"]] == [GUEST, DURI["email"]]


@pytest.mark.parametrize(("partstat", "answer"), [("DECLINED", "no"), ("TENTATIVE", "tentative")])
def test_no_and_perhaps_are_read_too(inbox: Inbox, partstat: str, answer: str) -> None:
    assert inbox.take(samples.outlook(inbox.ours, inbox.uid, GUEST, partstat=partstat)) == "applied"
    assert inbox.guest[0] == answer


def test_another_case_of_any_address_makes_no_difference(inbox: Inbox) -> None:
    mail = inbox.plain("Kim.Hana@Guest.Example", sender="KIM.HANA@guest.example")
    assert inbox.take(mail, to=inbox.ours.upper()) == "applied"
    assert inbox.guest[0] == "yes"


def test_a_proposal_of_another_time_is_shown_as_a_word(inbox: Inbox) -> None:
    assert inbox.take(samples.counter(inbox.ours, inbox.uid, GUEST)) == "applied"
    assert inbox.guest == ("tentative", "↔ 2026-05-08 15:00~2026-05-08 16:00 오후가 좋습니다")


def test_an_answer_in_the_charset_of_an_older_windows_is_read(inbox: Inbox) -> None:
    calendar = samples.reply(inbox.uid, GUEST, more="COMMENT:갑니다\n").replace("\n", "\r\n")
    head = f"From: {GUEST}\r\nTo: {inbox.ours}\r\nContent-Type: text/calendar; charset=ks_c_5601-1987; method=REPLY\r\n"
    mail = head.encode() + b"Content-Transfer-Encoding: 8bit\r\n\r\n" + calendar.encode("euc-kr")
    assert inbox.take(mail) == "applied"
    assert inbox.guest == ("yes", "갑니다")


def test_without_an_envelope_the_header_says_whom_it_is_for(inbox: Inbox) -> None:
    mail = samples.thunderbird("somebody@city.example", inbox.uid, GUEST)
    mail = b"Delivered-To: " + inbox.ours.encode() + b"\r\nReturn-Path: <" + GUEST.encode() + b">\r\n" + mail
    assert inbox.answers.take(mail, None) == "applied"


# -- the right person -------------------------------------------------------------------------------


def test_an_answer_from_another_address_is_held_and_names_who_wrote(inbox: Inbox) -> None:
    assert inbox.take(inbox.plain(sender="secretary@guest.example")) == "held"
    assert (inbox.guest[0], inbox.held) == ("none", ["secretary@guest.example"])


def test_a_stranger_who_got_the_letter_passed_on_is_held(inbox: Inbox) -> None:
    assert inbox.take(inbox.plain("friend@else.example")) == "held"
    assert inbox.held == ["friend@else.example"]


@pytest.mark.parametrize("address", ["{name}+city-aaaaaaaaaaaaaaaa@{domain}", "{others}"])
def test_who_has_not_the_letter_cannot_answer_in_a_guests_name(inbox: Inbox, address: str) -> None:
    name, _, domain = ADDRESS.partition("@")
    to = address.format(name=name, domain=domain, others=inbox.others)
    assert inbox.take(inbox.plain(), to=to) == "held"
    assert inbox.guest[0] == "none"


def test_the_letter_of_one_meeting_answers_no_other(inbox: Inbox) -> None:
    other = inbox.office.town.call(guests=[HANA])
    mail = samples.plain(inbox.ours, GUEST, samples.reply(f"{other['id']}@oneway", GUEST))
    assert inbox.take(mail) == "held"
    assert inbox.office.guest(other)["answer"] == "none"


def test_a_mail_for_an_address_that_is_none_of_ours_or_of_no_tenant_is_left(inbox: Inbox) -> None:
    for to in ("meetings@city.example", "boss@city.example", inbox.ours.replace("+city-", "+town-")):
        assert inbox.take(inbox.plain(), to=to) == "other"
    assert inbox.guest[0] == "none"


def test_a_meeting_nobody_knows_is_unknown(inbox: Inbox) -> None:
    assert inbox.take(samples.plain(inbox.ours, GUEST, samples.reply("nobody@oneway", GUEST))) == "unknown"


# -- in any order -----------------------------------------------------------------------------------


def test_five_answers_in_any_order_end_with_the_last_that_was_given(inbox: Inbox) -> None:
    """Two to the first time, three to the second: the highest SEQUENCE counts, then the latest DTSTAMP."""
    changed = seoul("2026-05-08", "15:00").isoformat()
    inbox.office.town.ask("change", inbox.office.town.boss, inbox.made, starts_at=changed)
    told = [
        (0, "20260504T000000Z", "ACCEPTED"),
        (1, "20260504T000100Z", "ACCEPTED"),
        (0, "20260504T000900Z", "DECLINED"),
        (1, "20260504T000200Z", "TENTATIVE"),
        (1, "20260504T000300Z", "DECLINED"),
    ]
    for order in islice(permutations(told), 0, None, 29):
        made = inbox.office.town.call(guests=[HANA])
        inbox.office.town.ask("change", inbox.office.town.boss, made, starts_at=changed)
        (letter,) = (each for each in inbox.office.carried() if made["id"] in each["References"])
        uid, to = f"{made['id']}@oneway", ours(letter)
        for sequence, stamp, partstat in order:
            calendar = samples.reply(uid, GUEST, sequence=sequence, stamp=stamp, partstat=partstat)
            inbox.take(samples.plain(to, GUEST, calendar), to=to)
        assert inbox.office.guest(made)["answer"] == "no", order


def test_what_was_answered_before_the_meeting_moved_is_on_the_record_only(inbox: Inbox) -> None:
    changed = seoul("2026-05-11", "10:00").isoformat()
    inbox.office.town.ask("change", inbox.office.town.boss, inbox.made, starts_at=changed)
    assert inbox.take(samples.outlook(inbox.ours, inbox.uid, GUEST, sequence=0)) == "outdated"
    assert inbox.guest[0] == "none"
    assert inbox.take(samples.outlook(inbox.ours, inbox.uid, GUEST, sequence=1)) == "applied"


def test_the_same_answer_by_two_ways_is_taken_once(inbox: Inbox) -> None:
    mail = samples.gmail(inbox.ours, inbox.uid, GUEST)
    assert [inbox.take(mail), inbox.answers.take(b"Received: by b\r\n" + mail, None)] == ["applied", "applied"]
    asked = [data for _, method, data in inbox.office.bus.asked if method == "answer_by_mail"]
    assert len(asked) == 2 and len({key for key in inbox.office.bus.keys if key and key.startswith("mail:")}) == 1


# -- no loop ----------------------------------------------------------------------------------------


def test_our_own_letter_that_comes_back_ends_here(inbox: Inbox) -> None:
    assert inbox.take(inbox.letter.as_bytes()) == "loop"
    assert inbox.take(inbox.plain(sender=inbox.others)) == "loop"
    assert inbox.take(inbox.plain(headers="Received: by x\n" * 60)) == "loop"


@pytest.mark.parametrize(
    "headers",
    ["Auto-Submitted: auto-replied\n", "Precedence: bulk\n", "X-Autoreply: yes\n", "List-Id: <all.guest.example>\n"],
)
def test_what_a_program_wrote_is_no_answer(inbox: Inbox, headers: str) -> None:
    assert inbox.take(inbox.plain(headers=headers)) == "automatic"
    assert inbox.guest[0] == "none"


def test_a_vacation_notice_and_a_receipt_are_dropped(inbox: Inbox) -> None:
    head = f"From: {GUEST}\r\nTo: {inbox.ours}\r\n"
    away = f"{head}Auto-Submitted: auto-generated\r\n\r\n휴가 중입니다.\r\n".encode()
    receipt = f"{head}Content-Type: multipart/report; report-type=disposition-notification; boundary=B\r\n\r\n--B--\r\n"
    assert [inbox.take(away), inbox.take(receipt.encode())] == ["automatic", "automatic"]


def test_a_bounce_is_counted_as_one(inbox: Inbox) -> None:
    mail = samples.bounce(inbox.ours, GUEST)
    before = MAILS.labels("bounced")._value.get()
    assert inbox.take(mail, envelope="") == "bounced"
    assert inbox.answers.take(mail, None) == "bounced"
    assert inbox.take(inbox.plain(), envelope="") == "bounced"
    assert MAILS.labels("bounced")._value.get() == before + 3
    assert inbox.guest[0] == "none"


@pytest.mark.parametrize("whole", [True, False])
def test_a_letter_that_comes_back_has_failed(inbox: Inbox, whole: bool) -> None:
    letter = str(inbox.letter["X-Oneway-Letter"])
    assert inbox.take(samples.bounce(inbox.ours, GUEST, letter, action="delayed"), envelope="") == "bounced"
    assert inbox.office.guest(inbox.made)["letter"] == "sent"
    assert inbox.take(samples.bounce(inbox.ours, GUEST, letter, whole=whole), envelope="") == "bounced"
    assert inbox.office.guest(inbox.made)["letter"] == "failed"
    assert inbox.office.guest(inbox.made, "박두리")["letter"] == "sent"


def test_a_bounce_of_no_letter_of_ours_changes_nothing(inbox: Inbox) -> None:
    for letter in ("", "x" * 36, "01900000-0000-7000-8000-000000000001"):
        assert inbox.take(samples.bounce(inbox.ours, GUEST, letter), envelope="") == "bounced"
    assert inbox.office.guest(inbox.made)["letter"] == "sent"


def test_nothing_that_comes_makes_us_write(inbox: Inbox) -> None:
    inbox.office.server.clear()
    mails = [
        samples.outlook(inbox.ours, inbox.uid, GUEST),
        inbox.plain(sender="x@else.example"),
        inbox.letter.as_bytes(),
    ]
    for mail in [*mails, samples.bounce(inbox.ours, GUEST)]:
        inbox.take(mail)
    inbox.office.later(days=1)
    inbox.office.carry()
    assert inbox.office.server.mails == []


# -- what is no answer ------------------------------------------------------------------------------


def test_words_are_not_guessed_at(inbox: Inbox) -> None:
    mail = f"From: {GUEST}\r\nTo: {inbox.ours}\r\nSubject: Re\r\n\r\n참석하지 못합니다. DECLINED\r\n".encode()
    assert inbox.take(mail) == "other"
    assert inbox.take(inbox.plain(partstat="NEEDS-ACTION")) == "other"
    assert inbox.guest[0] == "none"


def test_an_invitation_of_somebody_elses_is_no_answer(inbox: Inbox) -> None:
    calendar = samples.reply(inbox.uid, GUEST).replace("METHOD:REPLY", "METHOD:REQUEST")
    assert inbox.take(samples.plain(inbox.ours, GUEST, calendar)) == "other"


def nested(depth: int) -> bytes:
    """Parts in parts in parts."""
    opened = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(depth))
    return f"From: {GUEST}\r\n{opened}\r\n".encode()


HOSTILE = {
    "deep": nested(9_000),
    "many parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 80_000,
    "many addresses": b"To: " + b"a@b.example, " * 60_000 + b"\r\n\r\n",
    "no mail": bytes(range(256)) * 2_000,
    "empty": b"",
    "no charset": b"Content-Type: text/calendar; charset=\x80none; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\n",
    "odd header": b"From: =?x?q?" + b"=?" * 50_000 + b"\r\nContent-Type: text/calendar; method*0*=''\r\n\r\n",
    "too large": b"x" * 1_000_001,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_ends_soon_and_changes_nothing(inbox: Inbox, name: str) -> None:
    assert inbox.take(HOSTILE[name]) in ("unreadable", "other", "automatic")
    assert inbox.take(inbox.plain()) == "applied"


def test_what_an_answer_says_is_put_on_one_line_and_cut(inbox: Inbox) -> None:
    more = "COMMENT:첫 줄\\n둘째\x07줄 " + "가" * 3_000 + "\n"
    assert inbox.take(inbox.plain(more=more)) == "applied"
    word = inbox.guest[1]
    assert re.match("첫 줄 둘째 ?줄 가+$", word) and len(word) == 500


def test_where_the_service_is_away_the_mail_is_to_come_again(inbox: Inbox) -> None:
    taken = inbox.office.bus.answers["meetings", "answer_by_mail"]
    inbox.office.bus.answers["meetings", "answer_by_mail"] = Unavailable("meetings")
    with pytest.raises(Problem):
        inbox.take(inbox.plain())
    inbox.office.bus.answers["meetings", "answer_by_mail"] = taken
    assert inbox.take(inbox.plain()) == "applied"


def test_every_outcome_is_counted_from_the_start() -> None:
    (family,) = MAILS.collect()
    assert {sample.labels["outcome"] for sample in family.samples} == set(OUTCOMES)
