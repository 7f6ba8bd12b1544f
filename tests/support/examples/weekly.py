"""Valid calls of weekly and monthly reports."""

from __future__ import annotations

from datetime import timedelta

from shared.errors import NotFound
from shared.ids import new_id
from tests.support.examples import example
from tests.support.examples.example import Call, Doc, ref

_WEEK = timedelta(days=7)


class WeeklyCalls(example.Example):
    """A department of mine, of which I am the head, with two people who report."""

    def prepare_weekly(self) -> None:
        """The people, as the directory would tell of them."""
        self.department = self.me.department_id
        self.reporters = [self.hire(name) for name in ("김하나", "이둘")]
        self.service.answers[("directory", "unit")] = lambda _, asked: self.unit(asked["id"])
        self.service.answers[("directory", "departments")] = lambda *_: {"items": [self.unit(self.department)]}

    def unit(self, id_: str) -> Doc:
        """As `directory.unit` answers; of the head and the rest of `departments` there is enough."""
        if id_ != self.department:
            raise NotFound("department")
        here = {"absent": None, "deputy": None}
        seen = [{**ref(each), **here} for each in self.reporters]
        head = {**self.me.person_ref, **here}
        tree = {"parent": None, "depth": 0, "head": head}
        known = {"id": id_, "name": self.me.department, "abolished": False, "heads": [head]}
        return {**known, **tree, "people": [head, *seen], "below": []}

    def reports(self) -> tuple[str, str]:
        """Reports of a period that has begun: mine that joins, and one below it."""
        if not hasattr(self, "_reports"):
            self.ask("save_weekly_plan", **self.save_weekly_plan().data)
            # The next period begins within a week.
            self.service.pass_until(self.service.now + _WEEK)
            self._reports = self._newest(), self._newest(self.reporters[0])
        return self._reports

    def _newest(self, person: Doc | None = None) -> str:
        found = self.ask("weekly_reports", self.as_(person) if person else None)["items"]
        return str(found[0]["id"])

    def _handed_in(self) -> tuple[str, str]:
        joint, below = self.reports()
        writer = self.as_(self.reporters[0])
        self.ask("save_weekly_lines", writer, id=below, lines=[{"section": "this", "text": "했습니다"}])
        self.ask("submit_weekly", writer, id=below)
        return joint, below

    def save_weekly_plan(self) -> Call:
        return Call(self.me, {"department": self.department, "cadence": "week", "weekday": 7, "hour": 23})

    def weekly_plans(self) -> Call:
        self.ask("save_weekly_plan", **self.save_weekly_plan().data)
        return Call(self.me, {})

    def weekly_reports(self) -> Call:
        self.ask("save_weekly_plan", **self.save_weekly_plan().data)
        for _ in range(8):
            self.service.pass_until(self.service.now + _WEEK)
        return Call(self.me, {})

    def weekly_report(self) -> Call:
        return Call(self.me, {"id": self.reports()[0]})

    def quote_weekly(self) -> Call:
        return Call(self.me, {"id": self._handed_in()[1]})

    def save_weekly_lines(self) -> Call:
        lines = [{"section": "this", "text": "했습니다", "cards": [new_id()]}, {"section": "next", "text": "합니다"}]
        return Call(self.me, {"id": self.reports()[0], "lines": lines})

    def submit_weekly(self) -> Call:
        self.ask("save_weekly_lines", **self.save_weekly_lines().data)
        return Call(self.me, {"id": self.reports()[0]})

    def recall_weekly(self) -> Call:
        self.ask("submit_weekly", **self.submit_weekly().data)
        return Call(self.me, {"id": self.reports()[0]})

    def take_weekly(self) -> Call:
        return Call(self.me, {"id": self._handed_in()[0]})

    def return_weekly(self) -> Call:
        return Call(self.me, {"id": self._handed_in()[1], "reason": "숫자를 적어 주십시오."})

    def ask_weekly(self) -> Call:
        joint, _ = self.reports()
        self.service.pass_until(self.service.now + _WEEK)
        return Call(self.me, {"id": joint})
