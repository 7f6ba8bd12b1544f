"""Weekly reports from their opening to the joined one: who writes, who is asked, what is carried and kept."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shared.calendar import Exceptions
from shared.context import system
from shared.contracts import weekly as contract
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from shared.ids import new_id
from shared.testing import TENANT, LocalService, context
from tests.unit.memo.weekly.cast import (
    DAY,
    DUE,
    HOUR,
    MONDAY,
    START,
    WEEK,
    Doc,
    Office,
    as_,
    kept,
    line,
    mine,
    on_desks,
    plan,
    submit,
    take,
    told,
    view,
    write,
)


class Team:
    """A department with a head and two people, which reports by the week."""

    def __init__(self, memo: LocalService, office: Office, above: str | None = None, name: str = "총무과") -> None:
        self.id = office.department(name, above, head=f"{name}장")
        self.head = office.head(self.id)
        self.kim, self.lee = office.hire("김하나", self.id), office.hire("이둘", self.id)
        self.plan = plan(memo, self.head, self.id)

    @property
    def people(self) -> list[Doc]:
        return [self.kim, self.lee]


@pytest.fixture
def team(memo: LocalService, office: Office) -> Team:
    found = Team(memo, office)
    memo.pass_until(MONDAY + 9 * HOUR)
    return found


def texts(report: Doc, section: str = "this") -> list[str]:
    return [each["text"] for each in report["lines"] if each["section"] == section and not each["left_out"]]


# -- opening ----------------------------------------------------------------------------------------


def test_on_the_first_working_day_each_has_a_report_to_write_and_the_head_one_to_join(
    memo: LocalService, office: Office
) -> None:
    team = Team(memo, office)
    assert on_desks(memo) == set()
    memo.pass_until(MONDAY)
    for person in (*team.people, team.head):
        report = view(memo, person, mine(memo, person)["id"])
        assert contract.WeeklyReportView().validate(report) == {}
        assert (report["period"], report["state"]) == ("2026-W27", "open")
        assert report["due_at"] == DUE.isoformat()
    assert len(on_desks(memo)) == 3
    roles = {s["todo"]["role"] for event in memo.events for s in event.data["slots"]}
    assert roles == {"write", "join"}
    joint = view(memo, team.head, mine(memo, team.head)["id"])
    assert joint["title"] == "총무과 주간보고(2026. 6. 29.~7. 5.)"
    assert {each["writer"]["name"] for each in joint["below"]} == {"김하나", "이둘"}


def test_a_plan_that_is_made_within_a_period_opens_it_at_once_where_it_is_not_over(
    memo: LocalService, office: Office
) -> None:
    memo.now = DUE - HOUR
    team = Team(memo, office)
    memo.pass_until(DUE - HOUR)
    assert mine(memo, team.kim)["period"] == "2026-W27"
    memo.now = DUE + HOUR
    late = Team(memo, office, name="복지과")
    assert late.plan["next"]["period"] == "2026-W28"
    memo.pass_until(DUE + DAY)
    with pytest.raises(IndexError):
        mine(memo, late.kim)


def test_a_holiday_moves_what_is_due_to_the_working_day_before_and_a_week_without_one_is_passed_over(
    memo: LocalService, office: Office
) -> None:
    memo.holidays = Exceptions(off={date(2026, 7, 3): "시민의 날"} | {date(2026, 7, n): "쉼" for n in range(6, 11)})
    team = Team(memo, office)
    memo.pass_until(MONDAY)
    assert mine(memo, team.kim)["due_at"] == (DUE - DAY).isoformat()
    submit(memo, team.kim, line("다음에", "next"))
    memo.pass_until(MONDAY + WEEK + DAY)
    assert mine(memo, team.kim)["period"] == "2026-W27"
    memo.pass_until(MONDAY + 2 * WEEK)
    assert mine(memo, team.kim)["period"] == "2026-W29"
    assert texts(view(memo, team.kim, mine(memo, team.kim)["id"])) == ["다음에"]


def test_by_the_month_it_is_due_on_its_day_or_on_the_last_working_day(memo: LocalService, office: Office) -> None:
    team = Team(memo, office)
    made = plan(memo, team.head, team.id, "month", day=31)
    assert made["next"]["period"] == "2026-06"
    assert made["next"]["due_at"] == "2026-06-30T09:00:00+00:00"
    memo.pass_until(START + HOUR)
    assert mine(memo, team.kim)["title"] == "김하나 월간보고(2026년 6월)"


def test_only_heads_and_administrators_set_how_a_department_reports(memo: LocalService, office: Office) -> None:
    bureau = office.department("행정국", head="국장")
    team = Team(memo, office, bureau)
    changes = {"department": team.id, "cadence": "week"}
    with pytest.raises(Forbidden):
        memo.call("save_weekly_plan", as_(team.kim), changes)
    changed = memo.call("save_weekly_plan", as_(office.head(bureau)), {**changes, "hour": 12, "version": 1})
    assert (changed["version"], changed["hour"]) == (2, 12)
    with pytest.raises(Stale):
        memo.call("save_weekly_plan", as_(team.head), {**changes, "version": 1})
    shown = memo.call("weekly_plans", as_(office.head(bureau)))
    assert contract.WeeklyPlans().validate(shown) == {}
    assert [each["name"] for each in shown["items"]] == ["행정국", "총무과"]
    assert [each["name"] for each in memo.call("weekly_plans", as_(team.head))["items"]] == ["총무과"]
    assert memo.call("weekly_plans", as_(team.kim)) == {"items": []}


def test_a_department_that_stops_reporting_opens_nothing_more_and_an_abolished_one_ends_its_plan(
    memo: LocalService, office: Office
) -> None:
    team, other = Team(memo, office), Team(memo, office, name="복지과")
    plan(memo, team.head, team.id, active=False)
    office.departments[other.id]["abolished"] = True
    memo.pass_until(MONDAY + WEEK)
    assert on_desks(memo) == set()
    shown = memo.call("weekly_plans", context(roles=frozenset({"tenant_admin"})))["items"]
    assert [each["plans"][0]["next"] for each in shown] == [None]
    with pytest.raises(Invalid):
        plan(memo, other.head, other.id)


# -- writing ----------------------------------------------------------------------------------------


def test_lines_are_kept_in_their_order_and_each_change_has_a_version(memo: LocalService, team: Team) -> None:
    first = write(memo, team.kim, line("둘"), line("비고", "remarks"), line("하나"))
    assert contract.WeeklyLines().validate(first) == {}
    assert texts(first) == ["둘", "하나"]
    again = kept(first["lines"])
    turned = [again[1], again[0], again[2]]
    data = {"id": first["id"], "version": first["version"], "lines": turned}
    second = memo.call("save_weekly_lines", as_(team.kim), data)
    assert texts(second) == ["하나", "둘"]
    assert second["version"] == first["version"] + 1
    with pytest.raises(Stale):
        memo.call("save_weekly_lines", as_(team.kim), data)
    same = memo.call("save_weekly_lines", as_(team.kim), {**data, "version": second["version"]})
    assert same["version"] == second["version"]


@pytest.mark.parametrize(
    ("lines", "bad"),
    [
        ([line("")], {"lines.0.text"}),
        ([line("하나", id="01900000-0000-7000-8000-00000000dead")], {"lines.0.id"}),
        ([line("하나", "next_year")], {"lines.0.section"}),
        ([line("하나", merged_into="01900000-0000-7000-8000-00000000dead")], {"lines.0.merged_into"}),
    ],
)
def test_lines_that_cannot_be_are_refused_by_the_field(memo: LocalService, team: Team, lines: Any, bad: Any) -> None:
    id_ = mine(memo, team.kim)["id"]
    with pytest.raises(Invalid) as refused:
        memo.call("save_weekly_lines", as_(team.kim), {"id": id_, "lines": lines})
    assert set(_flat(refused.value.fields)) == bad


def _flat(fields: Doc, before: str = "") -> list[str]:
    found: list[str] = []
    for name, value in fields.items():
        path = f"{before}{name}"
        found += _flat(value, f"{path}.") if isinstance(value, dict) else [path]
    return found


def test_nobody_reads_or_writes_what_is_not_theirs(memo: LocalService, team: Team) -> None:
    id_ = mine(memo, team.kim)["id"]
    for somebody in (team.lee, team.head):
        with pytest.raises(NotFound):
            view(memo, somebody, id_)
        with pytest.raises(NotFound):
            memo.call("save_weekly_lines", as_(somebody), {"id": id_, "lines": []})
    submit(memo, team.kim, line("했다"))
    assert texts(view(memo, team.head, id_)) == ["했다"]
    with pytest.raises(NotFound):
        view(memo, team.lee, id_)
    with pytest.raises(Forbidden):
        memo.call("save_weekly_lines", as_(team.head), {"id": id_, "lines": []})


def test_an_empty_report_is_not_handed_in(memo: LocalService, team: Team) -> None:
    with pytest.raises(Invalid) as refused:
        submit(memo, team.kim)
    assert refused.value.fields == {"lines": "required"}


def test_what_is_handed_in_can_be_taken_back_until_it_is_taken_up(memo: LocalService, team: Team) -> None:
    id_ = submit(memo, team.kim, line("했다"))
    assert (team.kim["id"], id_) not in on_desks(memo)
    with pytest.raises(Conflict):
        write(memo, team.kim, line("더"))
    memo.call("recall_weekly", as_(team.kim), {"id": id_})
    assert (team.kim["id"], id_) in on_desks(memo)
    submit(memo, team.kim, line("더"))
    take(memo, team.head, mine(memo, team.head)["id"])
    with pytest.raises(Conflict) as refused:
        memo.call("recall_weekly", as_(team.kim), {"id": id_})
    assert refused.value.slug == "weekly-taken"


# -- the beginning ----------------------------------------------------------------------------------


def test_last_weeks_plans_are_this_weeks_beginning_once(memo: LocalService, team: Team) -> None:
    submit(memo, team.kim, line("했다"), line("하겠다", "next"), line("또 하겠다", "next"))
    memo.pass_until(MONDAY + WEEK)
    now = view(memo, team.kim, mine(memo, team.kim)["id"])
    assert texts(now) == ["하겠다", "또 하겠다"]
    assert all(each["carried"] for each in now["lines"])
    one, two = kept(now["lines"])
    changed = {"id": now["id"], "version": now["version"], "lines": [{**one, "text": "했다"}]}
    saved = memo.call("save_weekly_lines", as_(team.kim), changed)
    assert texts(saved) == ["했다"]
    assert [each["id"] for each in saved["lines"] if each["left_out"]] == [two["id"]]
    submit(memo, team.kim)
    memo.pass_until(MONDAY + 2 * WEEK)
    assert view(memo, team.kim, mine(memo, team.kim)["id"])["lines"] == []


def test_plans_that_are_handed_in_after_the_next_week_has_begun_begin_it_all_the_same(
    memo: LocalService, team: Team
) -> None:
    memo.pass_until(MONDAY + WEEK)
    old, new = mine(memo, team.kim, 1), mine(memo, team.kim)
    write(memo, team.kim, line("이미 한 일"))
    submit(memo, team.kim, line("하겠다", "next"), id_=old["id"])
    assert texts(view(memo, team.kim, new["id"])) == ["하겠다", "이미 한 일"]
    memo.call("recall_weekly", as_(team.kim), {"id": old["id"]})
    submit(memo, team.kim, line("하나 더", "next"), id_=old["id"])
    assert texts(view(memo, team.kim, new["id"])) == ["하겠다", "이미 한 일"]


# -- joining ----------------------------------------------------------------------------------------


def test_lines_keep_their_writers_through_all_levels(memo: LocalService, office: Office) -> None:
    bureau = office.department("행정국", head="국장")
    chief = office.head(bureau)
    team = Team(memo, office, bureau)
    alone = office.department("감사과", bureau, head="감사과장")
    plan(memo, chief, bureau, hour=20)
    memo.pass_until(MONDAY)
    submit(memo, team.kim, line("김이 했다"))
    submit(memo, team.lee, line("이가 했다"), line("이가 하겠다", "next"))
    joint = mine(memo, team.head)["id"]
    assert texts(take(memo, team.head, joint)) == ["김이 했다", "이가 했다"]
    submit(memo, team.head, line("과장이 했다"), id_=joint)
    submit(memo, office.head(alone), line("감사과가 했다"))
    top = mine(memo, chief)["id"]
    found = take(memo, chief, top)
    written = {(each["text"], each["writers"][0]["name"]) for each in found["lines"]}
    assert written == {
        ("김이 했다", "김하나"),
        ("이가 했다", "이둘"),
        ("이가 하겠다", "이둘"),
        ("과장이 했다", "총무과장"),
        ("감사과가 했다", "감사과장"),
    }
    assert {each["kind"] for each in found["below"]} == {"department"}
    submit(memo, chief, id_=top)
    for reader in (chief, team.head):
        seen = reader is chief
        if seen:
            assert len(view(memo, reader, top)["lines"]) == 5
        else:
            with pytest.raises(NotFound):
                view(memo, reader, top)
    assert len(view(memo, team.kim, joint)["lines"]) == 4


def test_the_head_edits_by_name_leaves_out_and_merges_and_nothing_is_lost(memo: LocalService, team: Team) -> None:
    submit(memo, team.kim, line("하나"), line("둘"), line("셋"))
    submit(memo, team.lee, line("넷"))
    joint = mine(memo, team.head)["id"]
    now = take(memo, team.head, joint)
    one, two, three, four = kept(now["lines"])
    given = [
        {**four, "text": "넷과 하나", "left_out": False},
        {**one, "left_out": True, "merged_into": four["id"]},
        two,
    ]
    data = {"id": joint, "version": now["version"], "lines": given}
    saved = memo.call("save_weekly_lines", as_(team.head), data)["lines"]
    assert [(each["text"], each["left_out"]) for each in saved] == [
        ("넷과 하나", False),
        ("하나", True),
        ("둘", False),
        ("셋", True),
    ]
    assert [ref["name"] for ref in saved[0]["writers"]] == ["이둘", "김하나"]
    assert saved[0]["editor"]["name"] == "총무과장" and saved[0]["source"] == "넷"
    assert saved[2]["editor"] is None
    back = [{**each, "text": "넷"} if each["id"] == four["id"] else each for each in kept(saved)]
    again = memo.call("save_weekly_lines", as_(team.head), {"id": joint, "lines": back})["lines"]
    assert again[0]["editor"] is None
    with pytest.raises(Invalid) as refused:
        moved = [{**two, "section": "next"}]
        memo.call("save_weekly_lines", as_(team.head), {"id": joint, "lines": moved})
    assert refused.value.fields == {"lines.0.section": "not_yours"}
    assert three["id"] in {each["id"] for each in again}


def test_later_changes_below_are_news_and_are_taken_by_one_act(memo: LocalService, team: Team) -> None:
    id_ = submit(memo, team.kim, line("하나"), line("둘"))
    joint = mine(memo, team.head)["id"]
    now = take(memo, team.head, joint)
    edited = [{**each, "text": "둘(정리)"} if each["text"] == "둘" else each for each in kept(now["lines"])]
    memo.call("save_weekly_lines", as_(team.head), {"id": joint, "lines": edited})
    memo.call("return_weekly", as_(team.head), {"id": id_, "reason": "숫자를 적어 주십시오."})
    report = view(memo, team.kim, id_)
    assert (report["state"], report["reason"]) == ("returned", "숫자를 적어 주십시오.")
    assert told(memo, "weekly_returned") == [team.kim["id"]]
    changed = [{**each, "text": each["text"] + " 3건"} for each in kept(report["lines"])]
    data = {"id": id_, "version": report["version"], "lines": [*changed, line("셋")]}
    memo.call("save_weekly_lines", as_(team.kim), data)
    assert view(memo, team.head, joint)["news"] == []
    submit(memo, team.kim)
    shown = view(memo, team.head, joint)
    assert texts(shown) == ["하나", "둘(정리)"]
    assert [(each["kind"], each["was"], each["text"]) for each in shown["news"]] == [
        ("changed", "하나", "하나 3건"),
        ("changed", "둘", "둘 3건"),
        ("added", "", "셋"),
    ]
    assert "take" in shown["may"] and "submit" not in shown["may"]
    with pytest.raises(Conflict) as refused:
        memo.call("submit_weekly", as_(team.head), {"id": joint})
    assert refused.value.slug == "weekly-news"
    after = take(memo, team.head, joint)
    assert texts(after) == ["하나 3건", "둘(정리)", "셋"]
    assert after["lines"][1]["source"] == "둘 3건"
    assert after["news"] == []


def test_a_line_that_its_writer_takes_away_is_not_said_any_more_and_can_be_seen(memo: LocalService, team: Team) -> None:
    id_ = submit(memo, team.kim, line("하나"), line("둘"))
    joint = mine(memo, team.head)["id"]
    take(memo, team.head, joint)
    memo.call("return_weekly", as_(team.head), {"id": id_, "reason": "다시"})
    first, _ = kept(view(memo, team.kim, id_)["lines"])
    memo.call("save_weekly_lines", as_(team.kim), {"id": id_, "lines": [first]})
    submit(memo, team.kim)
    assert [each["kind"] for each in view(memo, team.head, joint)["news"]] == ["removed"]
    after = take(memo, team.head, joint)
    assert [(each["text"], each["withdrawn"]) for each in after["lines"]] == [("하나", False), ("둘", True)]
    submit(memo, team.head, id_=joint)
    assert texts(view(memo, team.kim, joint)) == ["하나"]


def test_of_two_heads_who_join_at_once_the_second_looks_again(memo: LocalService, office: Office, team: Team) -> None:
    deputy = office.hire("박대행", team.id)
    office.away[team.head["id"]] = {"reason": "trip", "deputy": deputy}
    memo.pass_until(DUE - 8 * HOUR)
    joint = mine(memo, team.head)["id"]
    assert (deputy["id"], joint) in on_desks(memo)
    submit(memo, team.kim, line("하나"))
    version = view(memo, team.head, joint)["version"]
    assert view(memo, deputy, joint)["version"] == version
    memo.call("take_weekly", as_(deputy), {"id": joint, "version": version})
    with pytest.raises(Stale):
        memo.call("take_weekly", as_(team.head), {"id": joint, "version": version})
    assert texts(view(memo, team.head, joint)) == ["하나"]


def test_what_came_since_the_head_looked_stays_news(memo: LocalService, team: Team) -> None:
    first = submit(memo, team.kim, line("하나"))
    joint = mine(memo, team.head)["id"]
    looked = view(memo, team.head, joint)
    seen = [{"id": each["id"], "version": each["version"]} for each in looked["below"]]
    memo.call("recall_weekly", as_(team.kim), {"id": first})
    submit(memo, team.kim, line("하나 더"))
    data = {"id": joint, "version": looked["version"], "seen": seen}
    memo.call("take_weekly", as_(team.head), data)
    assert view(memo, team.head, joint)["lines"] == []
    assert len(view(memo, team.head, joint)["news"]) == 2


def test_who_has_handed_in_hears_of_what_comes_after_and_joins_it_by_taking_back(
    memo: LocalService, team: Team
) -> None:
    submit(memo, team.kim, line("하나"))
    joint = mine(memo, team.head)["id"]
    take(memo, team.head, joint)
    submit(memo, team.head, id_=joint)
    submit(memo, team.lee, line("늦은 일"))
    assert told(memo, "late_news") == [team.head["id"]]
    assert texts(view(memo, team.head, joint)) == ["하나"]
    memo.call("recall_weekly", as_(team.head), {"id": joint})
    assert texts(take(memo, team.head, joint)) == ["하나", "늦은 일"]


# -- missing ----------------------------------------------------------------------------------------


def test_those_who_have_not_written_are_reminded_on_the_last_day_and_are_missing_after_it(
    memo: LocalService, team: Team
) -> None:
    submit(memo, team.kim, line("했다"))
    memo.pass_until(DUE - HOUR)
    assert told(memo, "reminded") == [team.lee["id"], team.head["id"]]
    joint = mine(memo, team.head)["id"]
    with pytest.raises(Conflict):
        memo.call("ask_weekly", as_(team.head), {"id": joint})
    memo.pass_until(DUE)
    assert told(memo, "missing") == [team.head["id"]]
    shown = view(memo, team.head, joint)
    assert {each["writer"]["name"]: each["standing"] for each in shown["below"]} == {
        "김하나": "submitted",
        "이둘": "missing",
    }
    assert "ask" in shown["may"]


def test_what_is_missing_is_asked_for_once(memo: LocalService, team: Team) -> None:
    memo.pass_until(DUE + HOUR)
    joint = mine(memo, team.head)["id"]
    asked = memo.call("ask_weekly", as_(team.head), {"id": joint})
    assert contract.WeeklyAsked().validate(asked) == {}
    assert {each["name"] for each in asked["asked"]} == {"김하나", "이둘"}
    again = memo.call("ask_weekly", as_(team.head), {"id": joint})
    assert again["asked"] == [] and len(again["already"]) == 2
    assert sorted(told(memo, "asked")) == sorted(person["id"] for person in team.people)
    assert "ask" not in view(memo, team.head, joint)["may"]


def test_who_is_on_leave_is_not_missing_and_may_still_write(memo: LocalService, office: Office, team: Team) -> None:
    office.away[team.kim["id"]] = {"reason": "leave", "deputy": None}
    memo.pass_until(DUE)
    assert team.kim["id"] not in told(memo, "reminded")
    joint = mine(memo, team.head)["id"]
    below = {each["writer"]["name"]: each for each in view(memo, team.head, joint)["below"]}
    assert (below["김하나"]["standing"], below["김하나"]["excused"]) == ("excused", "leave")
    asked = memo.call("ask_weekly", as_(team.head), {"id": joint})["asked"]
    assert [each["name"] for each in asked] == ["이둘"]
    submit(memo, team.kim, line("쉬기 전에 했다"))
    assert texts(take(memo, team.head, joint)) == ["쉬기 전에 했다"]


@pytest.mark.parametrize("first", [0, 1])
def test_somebody_belongs_where_they_are_when_it_is_due_and_takes_the_report_along(
    memo: LocalService, office: Office, first: int
) -> None:
    # Whichever of the two departments is looked at first: the one that is due earlier.
    old, new = Team(memo, office), Team(memo, office, name="복지과")
    plan(memo, old.head, old.id, hour=10 + first)
    plan(memo, new.head, new.id, hour=11 - first)
    memo.pass_until(MONDAY)
    id_ = write(memo, old.kim, line("옮기기 전에 했다"))["id"]
    office.move(old.kim, new.id)
    memo.pass_until(DUE)
    assert [each["id"] for each in view(memo, new.head, mine(memo, new.head)["id"])["below"]].count(id_) == 1
    assert id_ not in [each["id"] for each in view(memo, old.head, mine(memo, old.head)["id"])["below"]]
    submit(memo, old.kim)
    assert texts(take(memo, new.head, mine(memo, new.head)["id"])) == ["옮기기 전에 했다"]


def test_who_left_is_not_missing_and_who_came_is_asked(memo: LocalService, office: Office, team: Team) -> None:
    office.move(team.kim, None)
    new = office.hire("최새로", team.id)
    memo.pass_until(DUE)
    below = {each["writer"]["name"]: each["standing"] for each in _joint(memo, team)["below"]}
    assert below == {"김하나": "excused", "이둘": "missing", "최새로": "missing"}
    assert (team.kim["id"], mine(memo, team.kim)["id"]) not in on_desks(memo)
    assert mine(memo, new)["state"] == "open"


def _joint(memo: LocalService, team: Team) -> Doc:
    return view(memo, team.head, mine(memo, team.head)["id"])


def test_another_head_goes_on_with_the_joined_report(memo: LocalService, office: Office, team: Team) -> None:
    joint = mine(memo, team.head)["id"]
    write(memo, team.head, line("앞 과장이 썼다"), id_=joint)
    new = office.hire("새과장", team.id, "과장")
    office.departments[team.id]["head"] = new
    memo.pass_until(DUE)
    assert texts(view(memo, new, joint)) == ["앞 과장이 썼다"]
    assert (new["id"], joint) in on_desks(memo)
    assert (team.head["id"], joint) not in on_desks(memo)


def test_whichever_department_opens_first_the_joined_report_is_one(memo: LocalService, office: Office) -> None:
    bureau = office.department("행정국", head="국장")
    chief = office.head(bureau)
    plan(memo, chief, bureau)
    memo.pass_until(MONDAY + HOUR)
    team = Team(memo, office, bureau)
    memo.pass_until(MONDAY + 2 * HOUR)
    joint = mine(memo, team.head)
    assert len(view(memo, team.head, joint["id"])["below"]) == 2
    assert [each["id"] for each in view(memo, chief, mine(memo, chief)["id"])["below"]] == [joint["id"]]


# -- going up ---------------------------------------------------------------------------------------


def test_a_department_report_is_an_item_and_a_persons_is_not(memo: LocalService, team: Team) -> None:
    card = new_id()
    submit(memo, team.kim, line("했다", cards=[card]))
    items = lambda: [event.data for event in memo.events if event.type == "memo.item"]  # noqa: E731
    assert items() == []
    joint = mine(memo, team.head)["id"]
    take(memo, team.head, joint)
    submit(memo, team.head, id_=joint)
    (item,) = items()
    assert (item["noun"], item["text"], item["cards"]) == ("weekly", "했다", [card])
    assert item["people"] == [team.kim["id"]]
    assert f"department:{team.id}" in item["audience"]
    memo.call("recall_weekly", as_(team.head), {"id": joint})
    assert items()[-1]["audience"] == [f"person:{team.head['id']}"] and items()[-1]["text"] == ""


def test_the_report_is_quoted_with_the_names_of_its_writers(memo: LocalService, team: Team) -> None:
    submit(memo, team.kim, line("<b>했다</b>"))
    joint = mine(memo, team.head)["id"]
    take(memo, team.head, joint)
    with pytest.raises(Conflict):
        memo.call("quote_weekly", as_(team.head), {"id": joint})
    submit(memo, team.head, id_=joint)
    quoted = memo.call("quote_weekly", as_(team.head), {"id": joint})
    assert quoted["title"] == "총무과 주간보고(2026. 6. 29.~7. 5.)"
    assert "<li>&lt;b&gt;했다&lt;/b&gt; (김하나)</li>" in quoted["body"]
    assert "<h3>다음 주</h3><p>없음</p>" in quoted["body"]


def test_the_desk_and_the_catalogue_are_told_again_as_they_are(memo: LocalService, team: Team) -> None:
    submit(memo, team.kim, line("했다"))
    joint = mine(memo, team.head)["id"]
    take(memo, team.head, joint)
    submit(memo, team.head, id_=joint)
    before, desks = len(memo.events), on_desks(memo)
    assert memo.call("retell", system(TENANT), {"what": "desk", "limit": 1})["told"] == 1
    assert memo.call("retell", system(TENANT), {"what": "item", "limit": 1})["told"] == 1
    again = memo.events[before:]
    assert on_desks(memo) == desks
    assert [event.data["slots"][0]["person"] for event in again if event.type == "memo.desk"] == [team.lee["id"]]
    assert [event.data["subject"] for event in again if event.type == "memo.item"] == [joint]


def test_lists_show_mine_and_what_my_department_has_handed_in(memo: LocalService, team: Team) -> None:
    submit(memo, team.kim, line("했다"))
    joint = mine(memo, team.head)["id"]
    box = lambda: memo.call("weekly_reports", as_(team.lee), {"box": "department"})["items"]  # noqa: E731
    assert box() == []
    take(memo, team.head, joint)
    submit(memo, team.head, id_=joint)
    assert [each["id"] for each in box()] == [joint]
    assert contract.WeeklyReportLine().validate(box()[0]) == {}
