"""Whatever people do with an entry in whatever order, what was seen stays as it was and nobody verifies their own."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from shared.errors import Problem
from tests.unit.memo.journals import cast
from tests.unit.memo.journals.cast import VALUES, Doc

DAYS = ("2026-05-19", "2026-05-20")
ACTS = st.sampled_from(("verify", "send_back", "admit"))
RESULTS = st.sampled_from(("normal", "abnormal", "not_applicable"))


class Month(RuleBasedStateMachine):
    """A month of a journal with two writers, one of whom verifies as well."""

    def __init__(self) -> None:
        super().__init__()
        self._held = cast.office()
        self.office = self._held.__enter__()
        self.known: dict[str, int] = {}
        self.of: dict[str, Doc] = {}
        self.printed: list[Doc] = []
        self.closed = False

    @initialize()
    def opened(self) -> None:
        self.journal = self.office.journal(verifiers=[self.office.verifier["id"], self.office.other["id"]])

    @rule(first=st.booleans(), day=st.sampled_from(DAYS), result=RESULTS)
    def write(self, first: bool, day: str, result: str) -> None:
        """Somebody writes for a day; a second one for the same day is refused."""
        person = self.office.writer if first else self.office.other
        values = {**VALUES, "door": {"result": result}}
        try:
            saved = self.office.write(self.journal, person, day=day, values=values)
        except Problem as problem:
            assert problem.slug == "already-written" and problem.extra["current"] in self.known
            return
        assert (saved["version"], saved["state"]) == (1, "awaiting_approval" if self.closed else "to_verify")
        self.known[saved["id"]], self.of[saved["id"]] = 1, person

    @precondition(lambda self: self.known)
    @rule(data=st.data(), result=RESULTS, behind=st.integers(0, 1))
    def edit(self, data: Any, result: str, behind: int) -> None:
        """A writer changes an entry, perhaps on an old page."""
        entry = data.draw(st.sampled_from(sorted(self.known)))
        version, values = self.known[entry] - behind, {**VALUES, "door": {"result": result}}
        now = self.office.entry(entry)
        try:
            saved = self.office.write(self.journal, self.of[entry], id=entry, version=version or None, values=values)
        except Problem as problem:
            assert problem.slug == "other-version" and problem.extra["changes"]
            assert behind and now["values"] != values
            return
        assert saved["repeated"] == (now["values"] == values)
        if not saved["repeated"]:
            self.known[entry] += 1
            assert saved["state"] in ("awaiting_approval", "to_verify") and saved["version"] == self.known[entry]

    @precondition(lambda self: self.known)
    @rule(data=st.data(), act=ACTS, own=st.booleans(), behind=st.integers(0, 1))
    def decide(self, data: Any, act: str, own: bool, behind: int) -> None:
        """A verifier decides, perhaps on what they wrote, perhaps on an old page."""
        entry = data.draw(st.sampled_from(sorted(self.known)))
        by = self.office.other if own else self.office.verifier
        version, before = self.known[entry] - behind, self.office.entry(entry)
        try:
            saved = self.office.decide(entry, version or 1, act, by=by, reason="다시")
        except Problem as problem:
            mine = self.of[entry]["id"] == by["id"]
            stale = (version or 1) != self.known[entry]
            assert (mine and problem.slug == "own-entry") or stale or before["state"] != "to_verify" or act == "admit"
            assert self.office.entry(entry)["state"] == before["state"]
            return
        assert self.of[entry]["id"] != by["id"] and (version or 1) == self.known[entry]
        wanted = {"verify": "verified", "send_back": "sent_back", "admit": "to_verify"}[act]
        assert saved["state"] == wanted

    @rule()
    def print_it(self) -> None:
        """The month is printed; what was printed can be printed again for ever."""
        self.printed.append(self.office.sheet(self.journal))

    @precondition(lambda self: self.known and not self.closed)
    @rule()
    def sign_off(self) -> None:
        """The month is closed."""
        asked = {"journal": self.journal, "month": "2026-05"}
        self.office.service.call("sign_off_month", cast.as_(self.office.verifier), asked)
        self.closed = True

    @precondition(lambda self: self.closed)
    @rule()
    def reopen(self) -> None:
        """The month is opened again."""
        asked = {"journal": self.journal, "month": "2026-05", "reason": "빠진 일지"}
        self.office.service.call("reopen_month", cast.as_(self.office.verifier), asked)
        self.closed = False

    @invariant()
    def what_was_printed_stays(self) -> None:
        for sheet in self.printed[-3:]:
            assert self.office.sheet(self.journal, as_of=sheet["as_of"]) == sheet

    @invariant()
    def counts_and_desks_are_those_of_the_entries(self) -> None:
        if not self.known:
            return
        found = [self.office.entry(entry) for entry in self.known]
        waiting = [each for each in found if each["state"] in ("to_verify", "awaiting_approval")]
        verify = {key[0]: todo["params"]["count"] for key, todo in self.office.desk().items() if key[2] == "verify"}
        assert sum(verify.values()) == len(waiting)
        asked = {"journal": self.journal, "month": "2026-05"}
        counts = self.office.service.call("journal_month", cast.as_(self.office.verifier), asked)["counts"]
        assert counts["verified"] == sum(each["state"] == "verified" for each in found)
        assert counts["entries"] + counts["awaiting"] == len(found)
        for each in found:
            for version in each["versions"]:
                decided = version["decided_by"]
                assert decided is None or decided["id"] != each["writer"]["id"]

    def teardown(self) -> None:
        self._held.__exit__(None, None, None)


TestMonth = Month.TestCase
TestMonth.settings = settings(max_examples=12, stateful_step_count=20, deadline=None)
