"""Whatever order events come in, and whoever ends between sending and reporting: each thing is told once."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from services.notify.service import NotifyService
from shared.ids import new_id
from shared.testing import LocalService
from tests.unit.notify.cast import (
    AT_ONCE,
    ME,
    MONDAY,
    OTHER,
    Doc,
    claims,
    device,
    empty,
    notice,
    report,
    set_,
    slot,
    tell,
    told,
)

Thing = tuple[str, str, str]
_LEASE = 300
# What happens to a subject from one event to the next: another filling, the same one told again, none; with a notice.
_STEPS = st.lists(
    st.tuples(st.sampled_from(["new", "same", "done"]), st.booleans(), st.booleans()), min_size=1, max_size=5
)
_NOTICED = {"news.documents": {"mail": "now", "push": "now"}}


class Told(RuleBasedStateMachine):
    """Two people: I am told by mail at once and by push, the other one by digest."""

    def __init__(self) -> None:
        super().__init__()
        self.service = LocalService(NotifyService)
        self.service.now = MONDAY
        self.events: list[Doc] = []
        self.held: list[Doc] = []
        self.sent: dict[tuple[str, str, str], set[str]] = {}
        self.times: Counter[tuple[str, str]] = Counter()
        self.crashed: set[str] = set()
        self.last: dict[str, Doc] = {}
        self.heard: dict[str, Doc] = {}

    def teardown(self) -> None:
        try:
            self.everything_comes_to_its_end()
        finally:
            self.service.close()

    @initialize(histories=st.lists(_STEPS, min_size=1, max_size=3))
    def there_is_something_to_tell(self, histories: list[list[tuple[str, bool, bool]]]) -> None:
        set_(self.service, {**AT_ONCE, **_NOTICED})
        set_(self.service, {"news.documents": {"mail": "digest"}}, OTHER)
        device(self.service)
        for steps in histories:
            subject, since, filled = new_id(), MONDAY, False
            for sequence, (step, clears, noticed) in enumerate(steps, 1):
                if step == "new" or (step == "same" and not filled):
                    since, filled = MONDAY + timedelta(seconds=sequence), True
                elif step == "done":
                    filled = False
                make = [slot(who, since=since) if filled else empty(who) for who in (ME, OTHER)]
                # What is cleared need not be emptied by name.
                make = make if filled or not clears else []
                at = MONDAY + timedelta(seconds=sequence)
                notices = [notice(who, occasion=sequence, at=at) for who in (ME, OTHER)] if noticed else []
                clear = sequence if clears else None
                self.events.append(told(subject, sequence, *make, clear=clear, notices=notices))
                self.last[subject] = self.events[-1]

    @rule(data=st.data())
    def an_event_comes(self, data: st.DataObject) -> None:
        if self.events:
            self._hear(data.draw(st.sampled_from(self.events)))

    def _hear(self, event: Doc) -> None:
        tell(self.service, event)
        if event["sequence"] >= self.heard.get(event["subject"], event)["sequence"]:
            self.heard[event["subject"]] = event

    def _claim(self, channel: str, **more: int) -> Doc:
        """A claim, which tells of no to-do that is done, or another one now, as far as was heard."""
        found = claims(self.service, channel, lease=_LEASE, **more)
        for message in found["items"]:
            for thing in (thing for thing in message["things"] if thing["code"] == "approval"):
                slots = {s["person"]: s["todo"] for s in self.heard[thing["subject"]]["slots"]}
                todo = slots.get(message["person"])
                assert todo and datetime.fromisoformat(todo["since"]) == datetime.fromisoformat(thing["at"])
        return found

    @rule(channel=st.sampled_from(["mail", "push"]), limit=st.integers(1, 3))
    def a_courier_claims(self, channel: str, limit: int) -> None:
        self.held += self._claim(channel, limit=limit)["items"]

    @rule(data=st.data(), outcome=st.sampled_from(["sent", "sent unreported", "again", "ended before"]))
    def a_courier_goes_on(self, data: st.DataObject, outcome: str) -> None:
        if self.held:
            message = self.held.pop(data.draw(st.integers(0, len(self.held) - 1)))
            self._go_on(message, outcome)

    def _go_on(self, message: Doc, outcome: str) -> None:
        if outcome.startswith("sent"):
            self._send(message)
        if outcome == "sent":
            report(self.service, message)
        elif outcome == "again":
            report(self.service, message, "again")
        else:
            self.crashed.add(message["id"])

    def _send(self, message: Doc) -> None:
        self.times[message["channel"], message["id"]] += 1
        for thing in message["things"]:
            key = (message["channel"], message["person"], f"{thing['subject']} {thing['code']} {thing['at']}")
            self.sent.setdefault(key, set()).add(message["id"])

    @rule(seconds=st.sampled_from([1, _LEASE, 3600, 40_000]))
    def time_passes(self, seconds: int) -> None:
        self.service.now += timedelta(seconds=seconds)
        # Whoever held a lease may report late; here they have ended.
        self.crashed |= {message["id"] for message in self.held}
        self.held.clear()

    def everything_comes_to_its_end(self) -> None:
        if self.service.now - MONDAY > timedelta(days=6):
            # By then nothing that comes for the first time is news.
            return
        for event in self.events:
            self._hear(event)
        for _ in range(300):
            following = []
            for channel in ("mail", "push"):
                found = self._claim(channel)
                for message in found["items"]:
                    self._go_on(message, "sent")
                following += [found["next"]] if found["next"] else []
            if not following:
                break
            self.service.now += timedelta(minutes=30)
        else:
            raise AssertionError("it does not come to an end")
        self._check()

    def _check(self) -> None:
        # One message for each thing on each channel, and that once unless a courier ended with it.
        assert all(len(ids) == 1 for ids in self.sent.values())
        assert all(count == 1 or key[1] in self.crashed for key, count in self.times.items())
        expected = set()
        for event in self.events:
            for channel in ("mail", "push"):
                about = [(n["person"], f"{event['subject']} {n['code']} {n['at']}") for n in event["notices"]]
                if event is self.last[event["subject"]]:
                    filled = [s for s in event["slots"] if s["todo"]]
                    about += [(s["person"], f"{event['subject']} {s['kind']} {s['todo']['since']}") for s in filled]
                expected |= {(channel, *one) for one in about if channel == "mail" or one[0] == ME.person}
        assert expected - self.sent.keys() == set()
        noticed = {key for key in self.sent if " approval " in key[2]} ^ self.sent.keys()
        assert noticed <= expected


Told.TestCase.settings = settings(
    max_examples=60, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
TestTold = Told.TestCase
