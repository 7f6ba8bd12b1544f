"""Mails over a real mail server: what is in them, and what comes of one that is refused, stalled or dropped."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from gateway.core import backend, health, smtp
from gateway.notify.courier import Courier
from gateway.notify.mail import Mail
from shared.errors import Unavailable
from tests.support.mailserver import MailServer
from tests.unit.gateway.notify.office import PUBLIC_URL, Office
from tests.unit.notify import cast
from tests.unit.notify.cast import ADMIN, ME, OTHER


def parts(made: EmailMessage) -> tuple[str, str]:
    """The text and the page of a mail."""
    found = [made.get_body((kind,)) for kind in ("plain", "html")]
    return tuple(part.get_content() for part in found if part)  # type: ignore[return-value]


def whole(made: EmailMessage) -> str:
    return "\n".join((made.as_string(), str(made["Subject"]), *parts(made)))


def lost(office: Office) -> list[tuple[str, str]]:
    return [(each["outcome"], each["reason"]) for each in office.service.call("failures", ADMIN)["items"]]


# -- what is in it ----------------------------------------------------------------------------------


def test_a_mail_says_what_kind_of_thing_waits_from_whom_and_where_and_nothing_of_what_is_in_it(
    at_work: Office, mails: MailServer
) -> None:
    subject = at_work.waits(params={"opinion": "비밀"})
    at_work.carry()
    (made,) = mails.mails
    assert (made["X-To"], str(made["Subject"])) == ("hong@city.example", "[한빛시] 결재 · 홍길동 (총무과)")
    for part in parts(made):
        assert "결재" in part and f"{PUBLIC_URL}/documents/{subject}" in part
    assert "비밀" not in whole(made)


def test_a_mail_is_in_the_language_of_who_reads_it(at_work: Office, mails: MailServer) -> None:
    at_work.waits(ME, OTHER)
    at_work.carry()
    by_person = {made["X-To"]: made for made in mails.mails}
    assert "그만 받기" in parts(by_person["hong@city.example"])[0]
    english = whole(by_person["kim@city.example"])
    assert "Notification settings" in english and "그만" not in english


def test_a_mail_has_what_programs_go_by(at_work: Office, mails: MailServer) -> None:
    subject = at_work.waits()
    at_work.carry()
    cast.tell(at_work.service, cast.told(subject, 2, cast.slot(since=cast.MONDAY + cast.HOUR)))
    at_work.later(hours=1)
    at_work.carry()
    first, second = mails.mails
    assert first["Message-ID"] != second["Message-ID"]
    assert first["References"] == second["References"]
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert first["List-Unsubscribe"].startswith(f"<{PUBLIC_URL}/unsubscribe/")


def test_a_digest_lists_all_of_it_in_one_mail(at_work: Office, mails: MailServer) -> None:
    cast.set_(at_work.service, {"approval": {"mail": "digest"}})
    subjects = [at_work.waits() for _ in range(60)]
    at_work.later(days=1)
    at_work.carry()
    (made,) = mails.mails
    text, _ = parts(made)
    assert "60건" in str(made["Subject"]) and made["References"] is None
    assert [subject for subject in subjects if subject in text] == subjects[:50]
    assert "이 밖에 10건" in text


def test_a_title_is_in_the_mail_where_the_tenant_lets_it_out_as_text(at_work: Office, mails: MailServer) -> None:
    cast.minimum(at_work.service, {}, titles=True)
    cast.tell(at_work.service, cast.told("0" * 8 + "-0000-7000-8000-" + "0" * 12, 1, cast.slot(), title="<b>예산</b>"))
    at_work.carry()
    (made,) = mails.mails
    text, html = parts(made)
    assert "<b>예산</b>" in text and "&lt;b&gt;예산&lt;/b&gt;" in html


def test_a_notice_is_its_nouns_own_sentence_only_where_titles_may_go_out(at_work: Office, mails: MailServer) -> None:
    cast.set_(at_work.service, {"news.documents": {"mail": "now"}})
    for titles in (False, True):
        cast.minimum(at_work.service, {}, titles=titles)
        cast.tell(at_work.service, cast.told(cast.new_id(), 1, notices=[cast.notice()]))
        at_work.carry()
    without, with_ = (parts(made)[0] for made in mails.mails)
    assert "문서 소식" in without and "비밀" not in without
    assert "‘비밀 계획’ 문서가 반려되었습니다." in with_


def test_a_domain_in_hangul_is_told_the_mail_server_in_ascii(at_work: Office, mails: MailServer) -> None:
    at_work.addresses[ME.person]["email"] = "hong@한국.kr"
    at_work.waits()
    at_work.carry()
    (made,) = mails.mails
    assert made["X-To"] == made["To"].addresses[0].addr_spec == "hong@xn--3e0b707e.kr"
    assert made["To"].addresses[0].display_name == "홍길동"


def test_we_may_send_from_a_domain_in_hangul(at_work: Office, mails: MailServer) -> None:
    at_work.waits()
    at_work.carry(Mail(at_work.settings.model_copy(update={"mail_from": "한빛시 <no-reply@한국.kr>"})))
    (made,) = mails.mails
    assert made["From"].addresses[0].addr_spec == "no-reply@xn--3e0b707e.kr"


# -- what comes of it -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("manner", "outcome"),
    [
        ({"rcpt": "550 5.1.1 no such user"}, "bounced"),
        ({"rcpt": "552 5.2.2 mailbox full"}, "refused"),
        ({"rcpt": "550 5.7.1 relaying denied"}, "refused"),
        ({"data": "554 5.6.0 no"}, "refused"),
    ],
)
def test_what_a_server_refuses_for_good_is_not_tried_again(
    at_work: Office, mails: MailServer, manner: dict[str, str], outcome: str
) -> None:
    mails.manner(**manner)
    at_work.waits()
    at_work.carry()
    (said,) = manner.values()
    assert lost(at_work) == [(outcome, said)]
    assert bool(at_work.service.call("settings", ME)["bounced"]) == (outcome == "bounced")
    assert cast.when_next(at_work.service) is None


@pytest.mark.parametrize(
    "manner",
    [
        {"rcpt": "450 4.2.1 later"},
        {"data": "451 4.3.0 later"},
        {"data": "drop"},
        {"mail": "421 4.3.2 closing"},
        {"mail": "553 5.7.1 not from here"},
        {"data": "stall"},
    ],
)
def test_what_goes_wrong_for_now_is_tried_again(
    at_work: Office, mails: MailServer, manner: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "PATIENCE", 0.3)
    mails.manner(**manner)
    at_work.waits()
    at_work.carry()
    assert (mails.mails, lost(at_work)) == ([], [])
    mails.manner()
    at_work.carry()
    assert mails.mails == []
    at_work.later(minutes=1)
    at_work.carry()
    assert len(mails.mails) == 1


def test_one_bad_address_holds_up_no_other(at_work: Office, mails: MailServer) -> None:
    at_work.addresses[ME.person]["email"] = "no address"
    at_work.waits(ME, OTHER)
    at_work.carry()
    assert [made["X-To"] for made in mails.mails] == ["kim@city.example"]
    assert [outcome for outcome, _ in lost(at_work)] == ["nobody"]


@pytest.mark.parametrize(
    "changes", [{"name": "홍길동\r\nBcc: all@city.example"}, {"email": "hong@city.example\r\nBcc: all@city.example"}]
)
def test_no_header_is_smuggled_in_by_a_name(at_work: Office, mails: MailServer, changes: dict[str, str]) -> None:
    at_work.addresses[ME.person] |= changes
    at_work.waits()
    at_work.carry()
    assert mails.mails == []
    assert [outcome for outcome, _ in lost(at_work)] == ["nobody"]


def test_a_server_that_is_away_is_not_asked_for_each_message_and_rests_a_while(
    at_work: Office, mails: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[object] = []

    def refuse(settings: object) -> None:
        tried.append(settings)
        raise ConnectionRefusedError

    monkeypatch.setattr(smtp, "connect", refuse)
    for _ in range(5):
        at_work.waits()
    carrier = Mail(at_work.settings)
    at_work.carry(carrier)
    at_work.carry(carrier)
    assert len(tried) == 1
    assert carrier.rests() > 0


def test_who_left_has_no_address_or_one_that_bounces_is_not_written_to(at_work: Office, mails: MailServer) -> None:
    for changes in ({"active": False}, {"email": ""}):
        at_work.addresses[ME.person] |= {"active": True, "email": "hong@city.example", **changes}
        at_work.waits()
        at_work.carry()
    at_work.addresses[ME.person] |= {"active": True, "email": "old@city.example"}
    mails.manner(rcpt="550 5.1.1 no such user")
    for _ in range(2):
        at_work.waits()
        at_work.carry()
    mails.manner()
    assert [outcome for outcome, _ in lost(at_work)] == ["nobody", "bounced", "nobody", "nobody"]
    at_work.addresses[ME.person]["email"] = "new@city.example"
    at_work.waits()
    at_work.carry()
    assert [made["X-To"] for made in mails.mails] == ["new@city.example"]


# -- crashes ----------------------------------------------------------------------------------------


def test_a_courier_that_ends_between_sending_and_reporting_has_the_mail_sent_once_more_and_as_the_same(
    at_work: Office, mails: MailServer
) -> None:
    at_work.waits()
    at_work.ends_before_reporting()
    at_work.carry()
    assert len(mails.mails) == 1
    at_work.later(minutes=5)
    at_work.carry()
    at_work.later(hours=1)
    at_work.carry()
    first, second = mails.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_a_mail_whose_answer_was_lost_comes_again_as_the_same(at_work: Office, mails: MailServer) -> None:
    mails.manner(data="keep and drop")
    at_work.waits()
    at_work.carry()
    mails.manner()
    at_work.later(minutes=1)
    at_work.carry()
    first, second = mails.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_what_was_sent_is_reported_until_the_service_hears_it(at_work: Office, mails: MailServer) -> None:
    heard = at_work.bus.answers["notify", "report"]
    tries: list[object] = []

    def report(context: object, data: object) -> object:
        tries.append(data)
        return heard(context, data) if len(tries) > 2 else Unavailable("notify")

    at_work.bus.answers["notify", "report"] = report
    at_work.waits()
    at_work.carry()
    assert (len(tries), cast.when_next(at_work.service)) == (3, None)


def test_a_service_that_is_away_is_asked_another_time(at_work: Office, mails: MailServer) -> None:
    at_work.waits()
    claim = at_work.bus.answers["notify", "claim"]
    at_work.bus.answers["notify", "claim"] = Unavailable("notify")
    at_work.carry()
    at_work.bus.answers["notify", "claim"] = claim
    at_work.carry()
    assert len(mails.mails) == 1


def test_a_process_that_is_about_to_end_claims_nothing_more(at_work: Office, mails: MailServer) -> None:
    at_work.waits()
    health.leave(at_work.app)
    at_work.carry()
    assert mails.mails == []
    assert cast.when_next(at_work.service) is not None


def test_a_tenant_that_is_there_no_more_keeps_nobody_awake(
    at_work: Office, mails: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    courier = Courier(at_work.app, Mail(at_work.settings), sleep=lambda _: None)
    courier.round()
    monkeypatch.setattr(type(backend.of(at_work.app).registry), "active", lambda _: [])
    assert courier.round() > 500


def test_two_couriers_send_a_mail_once(at_work: Office, mails: MailServer) -> None:
    for _ in range(3):
        at_work.waits()
    for _ in range(2):
        at_work.carry()
    assert len({made["Message-ID"] for made in mails.mails}) == len(mails.mails) == 3
