"""Reports in any order of acts: lines keep their writers through joining, nothing is lost, plans are carried once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from shared.errors import Conflict, Invalid, NotFound
from tests.unit.memo.weekly import cast
from tests.unit.memo.weekly.cast import Doc, as_, kept, mine, view

PEOPLE = st.integers(0, 2)
SECTIONS = st.sampled_from(["this", "next", "remarks"])


class Weekly(RuleBasedStateMachine):
    """A department of three people and its head, who reports to a chief."""

    def __init__(self) -> None:
        super().__init__()
        self.memo, self.office = cast.opened()
        bureau = self.office.department("행정국", head="국장")
        division = self.office.department("총무과", bureau, head="과장")
        self.chief, self.head = self.office.head(bureau), self.office.head(division)
        self.people = [self.office.hire(name, division) for name in ("김하나", "이둘", "박셋")]
        for by, department in ((self.chief, bureau), (self.head, division)):
            cast.plan(self.memo, by, department)
        self.memo.pass_until(cast.MONDAY)
        # Every text is its writer's alone: whose it is can be told from it, however it travels.
        self.number = 0
        self.writers: dict[str, str] = {}
        self.plans: dict[str, list[str]] = {}
        self.asked: list[str] = []

    def teardown(self) -> None:
        self.memo.close()

    def text(self, person: Doc) -> str:
        self.number += 1
        found = f"{person['name']} {self.number}"
        self.writers[found] = person["id"]
        return found

    def everybody(self) -> list[Doc]:
        return [*self.people, self.head, self.chief]

    def report(self, person: Doc) -> Doc:
        return view(self.memo, person, mine(self.memo, person)["id"])

    def save(self, person: Doc, lines: list[Doc]) -> None:
        id_ = mine(self.memo, person)["id"]
        self.memo.call("save_weekly_lines", as_(person), {"id": id_, "lines": lines})

    # -- acts -----------------------------------------------------------------------------------------

    @rule(who=st.integers(0, 4), section=SECTIONS)
    def somebody_adds_a_line(self, who: int, section: str) -> None:
        person = self.everybody()[who]
        now = self.report(person)
        try:
            self.save(person, [*kept(now["lines"]), cast.line(self.text(person), section)])
        except Conflict:
            assert now["state"] in ("submitted", "taken")

    @rule(who=PEOPLE, place=st.integers(0, 5), how=st.sampled_from(["reword", "drop"]))
    def somebody_changes_a_line(self, who: int, place: int, how: str) -> None:
        person = self.people[who]
        now = self.report(person)
        lines = kept(now["lines"])
        if not lines or now["state"] not in ("open", "returned"):
            return
        at = place % len(lines)
        changed = [] if how == "drop" else [{**lines[at], "text": self.text(person)}]
        self.save(person, [*lines[:at], *changed, *lines[at + 1 :]])

    @rule(place=st.integers(0, 9), how=st.sampled_from(["reword", "out", "up", "drop"]))
    def the_head_works_on_a_line(self, place: int, how: str) -> None:
        now = self.report(self.head)
        lines = kept(now["lines"])
        if not lines or now["state"] not in ("open", "returned"):
            return
        before = {each["id"] for each in now["lines"] if each["origin"]}
        at = place % len(lines)
        if how == "reword":
            text = self.text(self.head)
            # It is said of the same writers in other words.
            self.writers[text] = now["lines"][at]["writers"][0]["id"]
            lines[at] = {**lines[at], "text": text}
        elif how == "out":
            lines[at] = {**lines[at], "left_out": not lines[at]["left_out"], "merged_into": None}
        elif how == "up":
            lines = [lines[at], *lines[:at], *lines[at + 1 :]]
        else:
            lines = [*lines[:at], *lines[at + 1 :]]
        self.save(self.head, lines)
        assert before <= {each["id"] for each in self.report(self.head)["lines"]}

    @rule(who=st.integers(0, 4))
    def somebody_hands_in(self, who: int) -> None:
        person = self.everybody()[who]
        now = self.report(person)
        try:
            self.memo.call("submit_weekly", as_(person), {"id": now["id"], "version": now["version"]})
            # What is sent back later on is asked for anew.
            self.asked = [each for each in self.asked if each != person["id"]]
        except Conflict as refused:
            assert refused.slug == "weekly-news" if "take" in now["may"] else now["state"] in ("submitted", "taken")
        except Invalid:
            assert not self.said(now)

    @rule(who=st.integers(0, 4))
    def somebody_takes_it_back(self, who: int) -> None:
        person = self.everybody()[who]
        now = self.report(person)
        try:
            self.memo.call("recall_weekly", as_(person), {"id": now["id"]})
        except Conflict:
            assert now["state"] != "submitted"

    @rule(who=st.integers(3, 4))
    def a_head_joins(self, who: int) -> None:
        head = self.everybody()[who]
        now = self.report(head)
        try:
            self.memo.call("take_weekly", as_(head), {"id": now["id"], "version": now["version"]})
        except Conflict:
            assert now["state"] in ("submitted", "taken")
            return
        after = self.report(head)
        assert after["news"] == []
        assert {each["id"] for each in now["lines"]} <= {each["id"] for each in after["lines"]}

    @rule(who=PEOPLE)
    def the_head_sends_one_back(self, who: int) -> None:
        id_ = mine(self.memo, self.people[who])["id"]
        try:
            self.memo.call("return_weekly", as_(self.head), {"id": id_, "reason": "다시"})
        except (Conflict, NotFound):
            return
        assert self.report(self.people[who])["state"] == "returned"

    @rule()
    def the_head_asks(self) -> None:
        id_ = mine(self.memo, self.head)["id"]
        try:
            asked = self.memo.call("ask_weekly", as_(self.head), {"id": id_})["asked"]
        except Conflict:
            return
        self.asked += [ref["id"] for ref in asked]

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        week = mine(self.memo, self.head)["period"]
        plans = {p["id"]: self.said(self.report(p), "next") for p in self.people}
        self.memo.pass_until(self.memo.now + timedelta(hours=hours))
        if mine(self.memo, self.head)["period"] != week:
            self.asked = []
            for person in self.people:
                now = self.report(person)
                assert self.said(now, "this") == plans[person["id"]]
                assert all(each["carried"] for each in now["lines"])

    # -- what holds -----------------------------------------------------------------------------------

    @staticmethod
    def said(report: Doc, section: str = "") -> list[str]:
        lines = [each for each in report["lines"] if not each["left_out"] and section in ("", each["section"])]
        return [each["text"] for each in lines if not each["withdrawn"] or each["editor"]]

    @invariant()
    def whatever_is_looked_at_holds(self) -> None:
        # Looking is most of what this machine costs: each list and each report is looked at once, for all three.
        listed = {
            person["id"]: self.memo.call("weekly_reports", as_(person), {"limit": 100})["items"]
            for person in self.everybody()
        }
        # The first is the one that is being written.
        reports = {p["id"]: view(self.memo, p, listed[p["id"]][0]["id"]) for p in self.everybody()}
        self.each_line_has_the_writer_who_wrote_it(reports)
        for head, below in ((self.head, self.people), (self.chief, [self.head])):
            self.what_was_taken_up_is_in_it(reports[head["id"]], [reports[person["id"]] for person in below])
        self.the_desks_show_what_is_being_written(listed)

    def each_line_has_the_writer_who_wrote_it(self, reports: dict[str, Doc]) -> None:
        for report in reports.values():
            for line in report["lines"]:
                assert self.writers[line["text"]] in [ref["id"] for ref in line["writers"]]
                if line["source"]:
                    assert self.writers[line["source"]] in [ref["id"] for ref in line["writers"]]

    @staticmethod
    def what_was_taken_up_is_in_it(joint: Doc, below: list[Doc]) -> None:
        origins: dict[str, Any] = {each["origin"]: each for each in joint["lines"] if each["origin"]}
        assert len(origins) == len([each for each in joint["lines"] if each["origin"]])
        for theirs in below:
            if theirs["state"] == "taken":
                for line in theirs["lines"]:
                    if not line["left_out"] and (not line["withdrawn"] or line["editor"]):
                        there = origins[line["id"]]
                        assert line["text"] in (there["text"], there["source"])

    def the_desks_show_what_is_being_written(self, listed: dict[str, list[Doc]]) -> None:
        writing = {
            (person, each["id"])
            for person, items in listed.items()
            for each in items
            if each["state"] in ("open", "returned")
        }
        assert cast.on_desks(self.memo) == writing

    @invariant()
    def nobody_is_asked_twice_for_the_same(self) -> None:
        assert len(self.asked) == len(set(self.asked))


TestWeekly = Weekly.TestCase
TestWeekly.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
