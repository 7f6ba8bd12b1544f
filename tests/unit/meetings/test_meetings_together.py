"""Minutes that several people write at once: no word is lost, none is there twice, and signed ones stay."""

from __future__ import annotations

import base64
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from services.meetings import settling, writing
from services.meetings.models import MinutesState, MinutesUpdate
from services.meetings.service import MeetingsService
from shared.contracts import meetings as contract
from shared.testing import LocalService
from tests.unit.meetings.browsers import Browser, settled, shared
from tests.unit.meetings.cast import Doc, Town, holds, seoul


def everyone_shows(browsers: list[Browser]) -> str:
    """What all of them show, which has to be the same."""
    for browser in browsers:
        browser.pull()
    assert len({browser.text for browser in browsers}) == 1
    return browsers[0].text


def minutes(town: Town, made: Doc, by: Doc | None = None) -> Doc:
    found: Doc = town.ask("minutes", by or town.boss, made)
    return found


def test_eight_write_at_once_in_any_order_and_each_word_is_there_once(town: Town) -> None:
    chance = random.Random(13)
    people = [town.hire("기획과", f"사람{n}") for n in range(8)]
    made = shared(town, *people)
    browsers = [Browser(town, person, made) for person in people]
    for browser in browsers:
        browser.pull()
    words = [f"w{n}-{m}." for n in range(8) for m in range(30)]
    typed = {n: iter([word for word in words if word.startswith(f"w{n}-")]) for n in range(8)}
    left = [n for n in range(8) for _ in range(30)]
    chance.shuffle(left)
    for n in left:
        browser = browsers[n]
        browser.type(next(typed[n]), chance.randint(0, 5))
        if chance.random() < 0.4:
            browser.push()
        if chance.random() < 0.2 and browser.unsent:
            # The answer did not come back: it is sent again, under the same key.
            browser.send(*browser.unsent[0])
        if chance.random() < 0.3:
            browser.pull()
    for browser in browsers:
        browser.push()
    text = everyone_shows(browsers)
    assert [text.count(word) for word in words] == [1] * 240
    assert text.count("예산안") == text.count("인사") == 1
    settled(town)
    said = minutes(town, made)["minutes"]
    told = said["body"] + "".join(item["gist"] for item in said["items"])
    assert [told.count(word) for word in words] == [1] * 240


def test_the_first_text_is_the_servers_alone_and_there_once(town: Town) -> None:
    made = town.held(town.clerk, agenda=[{"title": "예산안"}])
    item = town.card(made)["agenda"][0]["id"]
    gist = [{"item": item, "body": "<p>삼천만 원을 <strong>증액</strong>한다.</p>"}]
    town.ask("write_minutes", town.boss, made, body="<p>미리 쓴 글</p>", items=gist)
    for _ in range(3):
        town.ask("begin_minutes", town.boss, made)
    first, second = Browser(town, town.boss, made), Browser(town, town.clerk, made)
    holds(contract.MinutesUpdates, first.pull())
    assert everyone_shows([first, second]).count("예산안") == 1
    assert first.text.index("미리 쓴 글") < first.text.index("예산안") < first.text.index("증액")
    first.type("더 쓴 글")
    first.push()
    settled(town)
    said = minutes(town, made)["minutes"]
    assert said["body"] == "<p>더 쓴 글</p><p>미리 쓴 글</p>"
    assert said["items"][0]["gist"] == "<p>삼천만 원을 <strong>증액</strong>한다.</p>"


def test_nobody_who_reads_before_the_first_text_is_there_brings_one(town: Town) -> None:
    made = town.held(town.clerk)
    early = Browser(town, town.boss, made)
    assert early.pull()["begun"] is False
    early.type("아직")
    assert early.refused().slug == "not-shared"


def test_one_joins_while_others_write(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_ANSWERED", 300)
    made = shared(town, town.clerk, town.other)
    first, second = Browser(town, town.clerk, made), Browser(town, town.other, made)
    first.pull()
    for n in range(20):
        first.type(f"a{n}.")
        first.push()
    # What is there comes in several answers, between which somebody writes on.
    found = town.ask("pull_minutes", town.other, made, after=0)
    assert found["more"] and found["number"] < 20
    first.type("between.")
    first.push()
    second.pull()
    second.type("joined.")
    second.push()
    text = everyone_shows([first, second])
    assert all(text.count(word) == 1 for word in (*(f"a{n}." for n in range(20)), "between.", "joined."))


def test_what_was_typed_away_for_twenty_minutes_goes_in_among_the_rest(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "_KEPT", 5)
    made = shared(town, town.clerk, town.other)
    away, there = Browser(town, town.clerk, made), Browser(town, town.other, made)
    away.pull()
    there.pull()
    for n in range(40):
        away.type(f"away{n}.")
        there.type(f"there{n}.")
        there.push()
        settled(town)
    with town.service.tx() as tx:
        assert tx.scalar(select(func.count()).select_from(MinutesUpdate)) <= 2 * 5 + 1
    away.push()
    text = everyone_shows([away, there])
    assert all(text.count(f"{who}{n}.") == 1 for who in ("away", "there") for n in range(40))


@settings(max_examples=20)
@given(st.data())
def test_any_order_of_typing_sending_and_asking_ends_the_same(data: st.DataObject) -> None:
    with LocalService(MeetingsService) as service, pytest.MonkeyPatch.context() as patched:
        patched.setattr(settling, "_KEPT", 2)
        town = Town(service)
        made = shared(town, town.clerk, town.other)
        browsers = [Browser(town, person, made) for person in (town.boss, town.clerk, town.other)]
        act = st.tuples(st.integers(0, 2), st.sampled_from(("type", "push", "again", "pull", "settle")))
        words: list[str] = []
        for n, does in data.draw(st.lists(act, max_size=40)):
            browser = browsers[n]
            if does == "type":
                words.append(f"w{len(words)}.")
                browser.type(words[-1], len(words) % 3)
            elif does == "again" and browser.unsent:
                browser.send(*browser.unsent[0])
            elif does == "settle":
                settled(town)
            else:
                {"push": browser.push, "pull": browser.pull}.get(does, browser.pull)()
        for browser in browsers:
            browser.push()
        text = everyone_shows(browsers)
        assert all(text.count(word) == 1 for word in words)
        assert everyone_shows([Browser(town, town.clerk, made), browsers[0]]) == text


def test_an_empty_browser_never_wins_over_what_is_written(town: Town) -> None:
    made = shared(town, town.clerk)
    writes = Browser(town, town.clerk, made)
    writes.pull()
    writes.type("남는다")
    writes.push()
    # It has not heard of anything, shows nothing, and takes out all it shows.
    empty = Browser(town, town.boss, made)
    empty.empty()
    empty.push()
    assert "남는다" in everyone_shows([writes, empty])
    settled(town)
    refused = town.refused("write_minutes", town.boss, made, body="")
    assert (refused.status, refused.slug) == (409, "written-together")
    assert "남는다" in minutes(town, made)["minutes"]["body"]


def test_who_leads_writes_and_who_is_present_where_it_was_opened_to_them(town: Town) -> None:
    made = town.held(town.clerk, town.other, present=(town.clerk,))
    assert town.refused("begin_minutes", town.clerk, made).status == 403
    town.ask("begin_minutes", town.boss, made)
    leads, there, away = (Browser(town, person, made) for person in (town.boss, town.clerk, town.other))
    for browser, writes in ((leads, True), (there, False), (away, False)):
        assert browser.pull()["writes"] is writes
        browser.type(browser.person["name"])
    assert there.refused().status == away.refused().status == 403
    town.ask("begin_minutes", town.boss, made, everyone=True)
    assert minutes(town, made, town.clerk)["shared"] == {"writes": True, "everyone": True}
    assert minutes(town, made, town.other)["shared"] == {"writes": False, "everyone": True}
    leads.push()
    there.push()
    assert away.refused().status == 403
    text = everyone_shows([leads, there])
    assert "한과장" in text and "서나래" in text and "송겨울" not in text
    town.ask("begin_minutes", town.boss, made, everyone=False)
    there.type("닫힌 뒤")
    assert there.refused().status == 403


def test_a_stranger_hears_of_nothing(town: Town) -> None:
    made = shared(town, town.clerk)
    stranger = Browser(town, town.hire("다른과", "나그네"), made)
    assert town.refused("pull_minutes", stranger.person, made).status == 404
    stranger.type("x")
    assert stranger.refused().status == 404


def test_what_is_no_update_is_refused_and_changes_nothing(town: Town) -> None:
    made = shared(town, town.clerk)
    browser = Browser(town, town.clerk, made)
    before = browser.pull()["number"]
    browser.type("good")
    whole = browser.unsent[0][1]
    for bad in (b"x", b"\x00", whole[:-3], whole[3:], b"\xff" * 50):
        refused = browser.refused(bad)
        assert refused.status == 422, bad
    told = {"key": made["id"], "update": "no base64!"}
    assert town.refused("push_minutes", town.clerk, made, **told).status == 422
    assert town.ask("pull_minutes", town.clerk, made)["number"] == before


def test_a_document_does_not_grow_without_end(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    made = shared(town, town.clerk)
    monkeypatch.setattr(writing, "LIMIT", 3_000)
    browser = Browser(town, town.clerk, made)
    browser.pull()
    browser.type("가" * 2_000)
    assert browser.refused().status == 413
    # What is taken out again counts no more, once it is settled.
    monkeypatch.setattr(settling, "_KEPT", 0)
    del browser.unsent[:]
    browser = Browser(town, town.clerk, made)
    for n in range(40):
        browser.pull()
        browser.type(f"{n}" * 100)
        browser.empty()
        browser.push()
        settled(town)
    with town.service.tx() as tx:
        assert tx.scalar(select(MinutesState.size)) < 2_000


def test_signed_minutes_stay_and_who_typed_on_is_told_why(town: Town) -> None:
    made = shared(town, town.clerk, town.other)
    first, late = Browser(town, town.clerk, made), Browser(town, town.other, made)
    first.pull()
    late.pull()
    first.type("확정할 글")
    first.push()
    late.type("늦은 글")
    town.act(town.boss, made, "end")
    town.act(town.boss, made, "ask_confirmation", due=seoul("2026-05-15", "18:00").isoformat())
    # What was typed until then is sent round, though it had not been settled yet.
    assert minutes(town, made)["minutes"]["body"] == "<p>확정할 글</p>"
    refused = late.refused()
    assert (refused.status, refused.slug, refused.extra["state"]) == (409, "signed", "confirming")
    for person in (town.clerk, town.other):
        town.ask("review", person, made, agree=True)
    town.act(town.boss, made, "conclude")
    sealed = minutes(town, made)
    assert late.refused().slug == "signed"
    settled(town)
    after = minutes(town, made)
    assert after["digest"] == sealed["digest"] and after["minutes"] == sealed["minutes"]
    found = late.pull()
    assert found["writes"] is False and found["may_write"] is True
    town.ask("comment", town.other, made, text="늦은 글")


def test_nothing_stays_of_what_was_taken_out_again_once_the_minutes_are_sent_round(town: Town) -> None:
    made = shared(town, town.clerk)
    browser = Browser(town, town.clerk, made)
    browser.pull()
    browser.type("secret words")
    browser.push()
    browser.empty()
    browser.type("what stays")
    browser.push()
    settled(town)
    version = minutes(town, made)["version"]
    town.act(town.boss, made, "end")
    town.act(town.boss, made, "ask_confirmation", due=seoul("2026-05-15", "18:00").isoformat())
    found = town.ask("pull_minutes", town.boss, made)
    stored = base64.b64decode(found["snapshot"])
    assert found["updates"] == [] and b"what stays" in stored and b"secret words" not in stored
    assert minutes(town, made)["version"] == version
    assert everyone_shows([browser, Browser(town, town.boss, made)]).count("what stays") == 1


def test_what_was_taken_back_is_written_on(town: Town) -> None:
    made = shared(town, town.clerk)
    browser = Browser(town, town.clerk, made)
    browser.pull()
    browser.type("처음")
    browser.push()
    town.act(town.boss, made, "end")
    town.act(town.boss, made, "ask_confirmation", due=seoul("2026-05-15", "18:00").isoformat())
    browser.type("고친 것")
    assert browser.refused().slug == "signed"
    town.act(town.boss, made, "take_back", reason="빠진 것이 있음")
    browser.push()
    settled(town)
    assert minutes(town, made)["minutes"]["body"] == "<p>고친 것</p><p>처음</p>"


def test_minutes_nobody_wrote_in_are_not_sent_round(town: Town) -> None:
    made = shared(town, town.clerk)
    town.act(town.boss, made, "end")
    due = seoul("2026-05-15", "18:00").isoformat()
    assert town.refused("act", town.boss, made, act="ask_confirmation", due=due).slug == "nothing-written"


def test_what_was_typed_is_found_and_on_the_record_with_whose_it_is(town: Town) -> None:
    made = shared(town, town.clerk)
    browser = Browser(town, town.clerk, made)
    browser.pull()
    browser.type("찾을 낱말", 3)
    browser.push()
    settled(town)
    assert "찾을 낱말" in town.item(made)["text"]
    assert town.card(made)["minutes"]["written_by"]["name"] == "서나래"
    settled(town)
    told = {told["topic"]: told["people"] for told in town.service.told}
    assert town.clerk["id"] in told[writing.TOPIC] and town.clerk["id"] in told["minutes_read"]


def test_what_waits_for_another_update_is_kept_until_that_comes(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "_KEPT", 0)
    made = shared(town, town.clerk)
    browser = Browser(town, town.clerk, made)
    browser.pull()
    browser.type("first")
    browser.type("second")
    early, late = browser.unsent
    browser.send(*late)
    settled(town)
    browser.send(*early)
    settled(town)
    reader = Browser(town, town.boss, made)
    reader.pull()
    assert "first" in reader.text and "second" in reader.text
