"""Votes by name and in secret, committees with terms and quorum, and their register."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from services.meetings.models import Base
from shared.contracts import meetings as contract
from shared.errors import Forbidden, Invalid, Problem
from tests.unit.meetings.cast import Doc, Town, holds, seoul


def vote(town: Town, made: Doc, *, secret: bool = False) -> str:
    found: str = town.ask("open_vote", town.boss, made, question="원안에 찬성하십니까?", secret=secret)["made_id"]
    return found


def test_each_who_is_present_votes_once(town: Town) -> None:
    made = town.held(town.clerk, town.other, present=(town.clerk,))
    asked = vote(town, made)
    assert town.refused("cast", town.other, made, vote=asked, choice="for").slug == "not-present"
    town.ask("cast", town.clerk, made, vote=asked, choice="for")
    assert town.refused("cast", town.clerk, made, vote=asked, choice="against").slug == "already-voted"
    running = town.card(made)["votes"][0]
    assert running["tally"] == {"for": 0, "against": 0, "abstain": 0} and running["ballots"] == []
    town.ask("close_vote", town.boss, made, vote=asked)
    closed = town.card(made)["votes"][0]
    holds(contract.VoteView, closed)
    assert closed["tally"]["for"] == 1 and closed["carried"] is True
    assert [(each["person"]["name"], each["choice"]) for each in closed["ballots"]] == [("서나래", "for")]
    assert town.refused("cast", town.boss, made, vote=asked, choice="for").slug == "not-present"


def test_of_a_secret_vote_nothing_says_who_voted_what(town: Town) -> None:
    people = (town.clerk, town.other, town.third)
    made = town.held(*people)
    asked = vote(town, made, secret=True)
    for person, choice in zip(people, ("for", "against", "for"), strict=True):
        town.ask("cast", person, made, vote=asked, choice=choice)
    town.ask("close_vote", town.boss, made, vote=asked)
    found = town.card(made)["votes"][0]
    assert found["tally"] == {"for": 2, "against": 1, "abstain": 0}
    assert len(found["voted"]) == 3 and found["ballots"] == []
    # No row has a person and a choice together: of each table the rows of the three are alike but for the person.
    with town.service.tx() as tx:
        ballots = tx.all(select(Base.metadata.tables["ballot"]))
        records = [str(row) for row in tx.all(select(Base.metadata.tables["audit"]))]
        entries = [str(row) for row in tx.all(select(Base.metadata.tables["entry"]))]
    assert {row.choice for row in ballots} == {None}
    said = [text for text in (*records, *entries) if "voted" in text]
    assert said and not [text for text in said if "'for'" in text or "'against'" in text or '"against"' in text]


def test_a_vote_is_taken_while_the_meeting_is_held(town: Town) -> None:
    made = town.call(town.clerk)
    assert town.refused("open_vote", town.boss, made, question="가?").slug == "not-now"


# -- committees -------------------------------------------------------------------------------------


def founded(town: Town, *members: Doc, **given: Any) -> str:
    """A committee; the clerk is its secretary."""
    told = [{"person": each["id"], "from": "2026-01-01", "until": "2026-12-31"} for each in members]
    told.append({"person": town.clerk["id"], "role": "secretary", "from": "2026-01-01"})
    data = {"name": "도시계획위원회", "members": told, "agenda": ["지난 회의 결과"], **given}
    found: str = town.service.call("save_committee", town.as_(town.boss), data)["id"]
    return found


def convene(town: Town, committee: str, by: Doc | None = None, **given: Any) -> Doc:
    return town.call(kind="committee", committee=committee, by=by or town.clerk, **given)


def test_its_members_are_invited_whose_term_runs_with_the_standing_agenda(town: Town) -> None:
    committee = founded(town, town.other, town.third)
    made = convene(town, committee)
    card = town.card(made, town.clerk)
    members = {each["person"]["name"]: (each["role"], each["member"]) for each in card["people"]}
    assert members == {"서나래": ("secretary", False), "송겨울": ("required", True), "윤여름": ("required", True)}
    assert [each["title"] for each in card["agenda"]] == ["지난 회의 결과"]
    assert card["quorum"] == {"members": 2, "needed": 2, "present": 0, "met": False}
    later = convene(town, committee, starts_at=seoul("2027-02-01", "10:00"))
    assert [each["person"]["name"] for each in town.card(later, town.clerk)["people"]] == ["서나래"]


def test_who_does_not_run_it_cannot_call_its_meetings_or_change_it(town: Town) -> None:
    committee = founded(town, town.other)
    with pytest.raises(Forbidden):
        convene(town, committee, by=town.other)
    with pytest.raises(Forbidden):
        town.service.call("save_committee", town.as_(town.other), {"id": committee, "name": "가"})
    view = town.service.call("committee", town.as_(town.other), {"id": committee})
    holds(contract.CommitteeView, view)
    assert view["may_change"] is False
    admin = town.as_(town.third, "tenant_admin")
    assert town.service.call("save_committee", admin, {"id": committee, "name": "가"})["version"] == 2


def test_without_its_quorum_it_neither_decides_nor_votes(town: Town) -> None:
    committee = founded(town, town.other, town.third)
    made = convene(town, committee)
    town.act(town.clerk, made, "open")
    town.ask("attend", town.clerk, made, people=[{"person": town.other["id"], "present": True}])
    refused = town.refused("decide", town.clerk, made, text="가결")
    assert (refused.slug, refused.extra["present"], refused.extra["needed"]) == ("no-quorum", 1, 2)
    assert town.refused("open_vote", town.clerk, made, question="가?").slug == "no-quorum"
    town.ask("attend", town.clerk, made, people=[{"person": town.third["id"], "present": True}])
    town.ask("decide", town.clerk, made, text="가결")
    assert town.card(made, town.clerk)["decisions"][0]["quorate"] is True


def test_of_a_committee_its_members_vote(town: Town) -> None:
    committee = founded(town, town.other)
    made = convene(town, committee)
    town.act(town.clerk, made, "open")
    there = [{"person": each["id"], "present": True} for each in (town.other, town.clerk)]
    town.ask("attend", town.clerk, made, people=there)
    asked = town.ask("open_vote", town.clerk, made, question="가?")["made_id"]
    assert town.refused("cast", town.clerk, made, vote=asked, choice="for").status == 403
    town.ask("cast", town.other, made, vote=asked, choice="abstain")


def test_its_meetings_are_numbered_by_year_without_a_gap(town: Town) -> None:
    committee = founded(town, town.other)
    made = [convene(town, committee) for _ in range(3)]
    town.act(town.clerk, made[1], "cancel", reason="성원 미달")
    convene(town, committee, starts_at=seoul("2027-01-05", "10:00"))
    asked = {"id": committee, "year": 2026}
    page = town.service.call("register", town.as_(town.clerk), asked)
    holds(contract.MeetingPage, page)
    assert [(each["number"], each["state"]) for each in page["items"]] == [
        ("도시계획위원회-2026-1", "called"),
        ("도시계획위원회-2026-2", "cancelled"),
        ("도시계획위원회-2026-3", "called"),
    ]
    assert town.service.call("committee", town.as_(town.clerk), {"id": committee})["years"] == [2027, 2026]
    assert town.service.call("register", town.as_(town.boss), {**asked, "year": 2027})["items"][0]["number"].endswith(
        "-1"
    )


def test_a_register_shows_what_the_caller_may_read(town: Town) -> None:
    committee = founded(town, town.other, closed=True)
    convene(town, committee)
    asked = {"id": committee, "year": 2026}
    assert len(town.service.call("register", town.as_(town.other), asked)["items"]) == 1
    assert town.service.call("register", town.as_(town.boss), asked)["items"] == []


def test_a_committee_is_refused_by_the_field_that_is_wrong(town: Town) -> None:
    wrong: list[tuple[Doc, Doc]] = [
        ({"kind": "committee"}, {"committee": "required"}),
        ({"committee": founded(town)}, {"committee": "not_a_committee_meeting"}),
        ({"kind": "committee", "committee": town.room}, {"committee": "unknown_committee"}),
    ]
    for given, fields in wrong:
        with pytest.raises(Invalid) as refused:
            town.call(**given)
        assert refused.value.fields == fields
    member = {"person": town.other["id"], "from": "2026-05-01", "until": "2026-04-01"}
    with pytest.raises(Problem) as problem:
        founded(town, members=[member])
    assert problem.value.fields == {"members.0.until": "not_later"}
