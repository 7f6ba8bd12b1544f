"""The notification service as it is called: what it has people told of, when, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event as sa_event
from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from services.notify.domain import telling
from services.notify.domain.message import MOST_TRIES
from services.notify.models import Delivery, Message, Slot, Subject
from shared.contracts import notify as contract
from shared.errors import Conflict, NotFound, Poison, Stale
from shared.ids import new_id
from shared.testing import LocalService, context
from tests.unit.notify.cast import (
    ADMIN,
    AT_ONCE,
    COURIER,
    HOUR,
    ME,
    MONDAY,
    OTHER,
    QUIET,
    Doc,
    claimed,
    claims,
    device,
    empty,
    minimum,
    notice,
    report,
    set_,
    slot,
    subjects,
    tell,
    told,
    waits,
    when_next,
)


def rows(service: LocalService, model: type) -> int:
    with service.tx() as tx:
        return int(tx.scalar(select(func.count()).select_from(model)))


# -- what is told -----------------------------------------------------------------------------------


def test_a_to_do_is_told_with_its_kind_and_its_sender_and_neither_title_nor_text(service: LocalService) -> None:
    set_(service, AT_ONCE)
    subject = waits(service, params={"opinion": "비밀"})
    found = claims(service)
    assert contract.Claims().validate(found) == {}
    (message,) = found["items"]
    (thing,) = message["things"]
    assert (thing["subject"], thing["noun"], thing["code"]) == (subject, "documents", "approval")
    assert thing["sender"]["name"] == ME.name
    assert "비밀" not in str(found)
    with service.tx() as tx:
        assert "비밀" not in str(tx.all(select(Delivery.__table__)))


def test_titles_are_told_where_the_tenant_lets_them_out_and_not_any_more_when_it_does_not(
    service: LocalService,
) -> None:
    set_(service, AT_ONCE)
    minimum(service, {}, titles=True)
    waits(service)
    assert claimed(service)[0]["things"][0]["title"] == "비밀 계획"
    waits(service)
    minimum(service, {}, titles=False)
    assert claimed(service)[0]["things"][0]["title"] == ""


def test_what_a_repeated_event_tells_is_told_once(service: LocalService) -> None:
    set_(service, AT_ONCE)
    event = told(new_id(), 1, slot())
    for _ in range(3):
        tell(service, event)
        for message in claimed(service):
            report(service, message)
    assert rows(service, Message) == 1


def test_another_filling_of_the_same_slot_is_told_and_the_same_one_told_again_is_not(service: LocalService) -> None:
    set_(service, AT_ONCE)
    subject = waits(service)
    assert len(claimed(service)) == 1
    tell(service, told(subject, 2, slot(urgency=1)))
    assert claimed(service) == []
    tell(service, told(subject, 3, slot(since=MONDAY + HOUR)))
    service.now += HOUR
    assert subjects(claimed(service)) == [[subject]]


@pytest.mark.parametrize("done", [told("", 2), told("", 2, empty(), clear=None)], ids=["cleared", "emptied"])
def test_a_to_do_that_was_done_before_its_mail_went_out_is_not_mailed_in_whatever_order_it_is_heard(
    service: LocalService, done: Doc
) -> None:
    set_(service, AT_ONCE)
    subject, late = waits(service), new_id()
    tell(service, {**done, "subject": subject})
    tell(service, {**done, "subject": late})
    tell(service, told(late, 1, slot()))
    assert claimed(service) == []


def test_a_to_do_that_was_done_while_its_mail_could_not_be_sent_is_not_mailed(service: LocalService) -> None:
    set_(service, AT_ONCE)
    subject = waits(service)
    report(service, claimed(service)[0], "again")
    tell(service, told(subject, 2))
    service.now += HOUR
    assert (claimed(service), when_next(service)) == ([], None)


def test_notices_are_told_once_for_each_occasion_to_who_wishes_it(service: LocalService) -> None:
    set_(service, {"news.documents": {"mail": "now"}})
    subject = new_id()
    for occasion in (1, 1, 2):
        about = [notice(ME, occasion=occasion), notice(OTHER, occasion=occasion)]
        tell(service, told(subject, occasion, notices=about))
    assert [each["person"] for each in claimed(service)] == [ME.person] * 2


def test_what_is_no_news_any_more_is_told_nobody(service: LocalService) -> None:
    set_(service, {**AT_ONCE, "news.documents": {"mail": "now"}})
    old = MONDAY - telling.FRESH
    tell(service, told(new_id(), 1, slot(since=old), notices=[notice(at=old)]))
    assert rows(service, Delivery) == 0


def test_what_is_not_as_agreed_is_parked(service: LocalService) -> None:
    with pytest.raises(Poison):
        tell(service, told("x", 1, slot()))


# -- when -------------------------------------------------------------------------------------------


def test_unless_told_to_dos_come_in_one_mail_a_day_and_urgent_ones_at_once(service: LocalService) -> None:
    one, two = waits(service), waits(service)
    urgent = waits(service, urgency=2)
    (message,) = claimed(service)
    assert subjects([message]) == [[urgent]]
    report(service, message)
    digest = when_next(service)
    assert digest == datetime.fromisoformat("2026-03-03T09:00+09:00")
    service.now = digest
    (message,) = claimed(service)
    assert (subjects([message]), message["total"]) == ([[one, two]], 2)


def test_in_the_quiet_hours_all_but_the_urgent_waits_for_their_end_and_comes_together(service: LocalService) -> None:
    set_(service, AT_ONCE, **QUIET)
    device(service)
    service.now = datetime.fromisoformat("2026-03-02T23:00+09:00")
    waiting = [waits(service, since=service.now), waits(service, since=service.now)]
    urgent = waits(service, urgency=2)
    for channel in contract.CHANNELS:
        assert subjects(claimed(service, channel)) == [[urgent]]
    service.now = datetime.fromisoformat("2026-03-03T07:00+09:00")
    for channel in contract.CHANNELS:
        assert sorted(waiting) == sorted(subjects([m for m in claimed(service, channel) if m["total"] == 2])[0])


def test_a_digest_lists_fifty_and_says_how_many_there_are(service: LocalService) -> None:
    for _ in range(60):
        waits(service)
    service.now += timedelta(days=1)
    (message,) = claimed(service)
    assert (len(message["things"]), message["total"]) == (contract.LISTED, 60)
    assert (claimed(service), rows(service, Message)) == ([], 1)


def test_couriers_hear_of_what_is_to_be_told_and_of_nothing_else(service: LocalService) -> None:
    waits(service)
    assert [(each["topic"], each["people"]) for each in service.told] == [("notify", ["courier"])]
    service.told.clear()
    tell(service, told(new_id(), 1, notices=[notice()]))
    assert service.told == []


# -- leases -----------------------------------------------------------------------------------------


def test_a_message_is_one_couriers_until_its_lease_is_over_and_then_the_same_message(service: LocalService) -> None:
    set_(service, AT_ONCE)
    waits(service)
    (first,) = claimed(service, lease=60)
    assert claimed(service) == []
    assert when_next(service) == MONDAY + timedelta(seconds=60)
    service.now += timedelta(seconds=60)
    (second,) = claimed(service, lease=60)
    assert (first["id"], first["things"]) == (second["id"], second["things"])
    assert report(service, first, "again") == 0
    assert report(service, first, "sent") == 1
    assert report(service, second, "bounced", address="a@b") == 0
    assert when_next(service) is None


def test_what_fails_is_tried_again_ever_later_and_told_to_be_lost_at_last(service: LocalService) -> None:
    set_(service, AT_ONCE)
    waits(service)
    tries = 0
    while (found := claims(service))["next"]:
        for message in found["items"]:
            report(service, message, "again", reason="421 later")
            tries += 1
        service.now += HOUR
    assert tries == MOST_TRIES
    (lost,) = service.call("failures", ADMIN)["items"]
    assert (lost["outcome"], lost["reason"], lost["person"]) == ("failed", "421 later", ME.person)


def test_a_claim_takes_no_more_than_it_asks_for_and_says_that_more_is_due(service: LocalService) -> None:
    set_(service, AT_ONCE)
    for _ in range(5):
        waits(service)
    found = claims(service, limit=3)
    assert len(found["items"]) == 3
    assert datetime.fromisoformat(found["next"]) == MONDAY
    assert len(claimed(service, limit=3)) == 2


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    found: list[str] = []

    def note(*args: Any) -> None:
        found.append(args[2])

    sa_event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa_event.remove(Engine, "before_cursor_execute", note)


def test_claiming_costs_as_many_statements_however_much_has_been_sent(service: LocalService) -> None:
    set_(service, AT_ONCE)
    costs = []
    for earlier in (1, 20):
        for _ in range(earlier):
            waits(service)
        claimed(service, limit=100)
        waits(service)
        with statements() as asked:
            assert len(claimed(service)) == 1
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_five_hundred_receivers_are_one_event_of_a_few_statements(service: LocalService) -> None:
    people = [context(person=new_id()) for _ in range(500)]
    with statements() as asked:
        waits(service, *people)
    assert rows(service, Delivery) == 500
    assert len(asked) < 20


# -- devices ----------------------------------------------------------------------------------------


def test_each_device_is_told_by_push_and_one_that_is_gone_is_forgotten(service: LocalService) -> None:
    first, second = device(service), device(service)
    waits(service)
    messages = claimed(service, "push")
    assert len({each["device"]["endpoint"] for each in messages}) == 2
    assert report(service, messages[0], "gone") == 1
    assert report(service, messages[1]) == 1
    (left,) = service.call("settings", ME)["devices"]
    assert left["id"] in (first, second)
    waits(service)
    assert len(claimed(service, "push")) == 1


def test_a_device_that_is_taken_away_is_told_nothing_more(service: LocalService) -> None:
    made = device(service)
    waits(service)
    service.call("remove_device", ME, {"id": made})
    assert claimed(service, "push") == []
    with pytest.raises(NotFound):
        service.call("remove_device", ME, {"id": made})


def test_a_browser_is_of_who_subscribed_last(service: LocalService) -> None:
    given = {"endpoint": "https://push.example/1", "p256dh": "B" * 87, "auth": "a" * 22}
    first = service.call("subscribe", ME, given)
    assert service.call("subscribe", ME, given) == first
    service.call("subscribe", OTHER, given)
    assert service.call("settings", ME)["devices"] == []
    assert len(service.call("settings", OTHER)["devices"]) == 1


def test_a_person_has_so_many_devices_and_no_more(service: LocalService) -> None:
    for _ in range(contract.DEVICES_LIMIT):
        device(service)
    with pytest.raises(Conflict):
        device(service)


def test_a_device_of_ones_own_is_tried_out(service: LocalService) -> None:
    made = device(service)
    service.call("test_device", ME, {"id": made})
    (message,) = claimed(service, "push")
    assert (message["things"], message["total"]) == ([], 0)
    report(service, message)
    with pytest.raises(NotFound):
        service.call("test_device", OTHER, {"id": made})


# -- addresses --------------------------------------------------------------------------------------


def test_an_address_that_bounced_is_told_of_until_it_is_tried_again(service: LocalService) -> None:
    set_(service, AT_ONCE)
    waits(service)
    report(service, claimed(service)[0], "bounced", address="me@city.example", reason="550 no such user")
    bounced = service.call("settings", ME)["bounced"]
    assert (bounced["address"], bounced["reason"]) == ("me@city.example", "550 no such user")
    waits(service)
    (message,) = claimed(service)
    assert message["bounced"] == "me@city.example"
    # It is another address by now.
    report(service, message)
    assert service.call("settings", ME)["bounced"] is None


def test_a_person_has_their_address_tried_again(service: LocalService) -> None:
    set_(service, AT_ONCE)
    waits(service)
    report(service, claimed(service)[0], "bounced", address="me@city.example")
    assert service.call("clear_bounce", ME) == {"cleared": True}
    assert service.call("clear_bounce", ME) == {"cleared": False}


# -- settings ---------------------------------------------------------------------------------------


def test_settings_are_the_persons_own_and_changed_by_version(service: LocalService) -> None:
    before = service.call("settings", ME)
    assert contract.Settings().validate(before) == {}
    after = set_(service, AT_ONCE, version=before["version"])
    assert after["levels"] == AT_ONCE
    with pytest.raises(Stale):
        set_(service, {}, version=before["version"])
    assert service.call("settings", OTHER)["levels"] == {}


def test_what_waits_and_is_not_wanted_any_more_is_not_told(service: LocalService) -> None:
    waits(service)
    set_(service, {"approval": {"mail": "never"}})
    assert when_next(service) is None


def test_the_link_in_a_mail_ends_mails_of_its_topic_and_no_others(service: LocalService) -> None:
    set_(service, {"approval": {"mail": "now"}, "memo": {"mail": "now"}})
    waits(service)
    service.call("unsubscribe", COURIER, {"person": ME.person, "topic": "approval"})
    assert claimed(service) == []
    waits(service)
    memo = new_id()
    tell(service, told(memo, 1, slot(kind="memo")), source="memo")
    assert subjects(claimed(service)) == [[memo]]


def test_the_link_in_a_digest_ends_the_digest(service: LocalService) -> None:
    waits(service)
    service.call("unsubscribe", COURIER, {"person": ME.person, "topic": "digest"})
    waits(service)
    assert (when_next(service), service.call("settings", ME)["digest_hour"]) == (None, None)


def test_what_the_tenant_has_everybody_told_cannot_be_switched_off(service: LocalService) -> None:
    minimum(service, {"approval": {"mail": "digest"}, "urgent": {"mail": "now"}})
    set_(service, {"approval": {"mail": "never"}, "memo": {"mail": "never"}}, digest_hour=None)
    subject = waits(service)
    service.call("unsubscribe", COURIER, {"person": ME.person, "topic": "approval"})
    urgent = new_id()
    tell(service, told(urgent, 1, slot(kind="memo", urgency=2)), source="memo")
    assert subjects(claimed(service)) == [[urgent]]
    service.now += timedelta(days=1)
    assert [subject] in subjects(claimed(service))


def test_the_minimum_is_on_the_record_and_changed_by_version(service: LocalService) -> None:
    minimum(service, {"urgent": {"mail": "now"}})
    kept = service.call("minimum", ADMIN)
    assert contract.Minimum().validate(kept) == {}
    with pytest.raises(Stale):
        service.call("save_minimum", ADMIN, {**kept, "version": kept["version"] - 1})


# -- age --------------------------------------------------------------------------------------------


def test_what_is_long_over_is_forgotten_and_not_told_again(service: LocalService) -> None:
    set_(service, AT_ONCE)
    event = told(new_id(), 1, slot(), notices=[notice()])
    tell(service, event)
    for message in claimed(service):
        report(service, message)
    service.now += telling.FORGOTTEN + HOUR
    tell(service, told(new_id(), 1), id="00000000-0000-7000-8000-000000000100")
    assert [rows(service, model) for model in (Delivery, Message, Slot, Subject)] == [0, 0, 0, 1]
    tell(service, event)
    assert claimed(service) == []
