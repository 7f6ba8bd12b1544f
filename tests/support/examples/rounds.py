"""Valid calls of opinion rounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.support.examples import example
from tests.support.examples.example import Call
from tests.support.examples.journals import expanding

_QUESTIONS = [{"kind": "choice", "words": "찬성하십니까?", "options": ["찬성", "반대"]}]


class RoundCalls(example.Example):
    """Rounds of mine, asked of six people."""

    def prepare_rounds(self) -> None:
        """The people, as the directory would expand them."""
        self.asked_people = [self.hire(f"직원{number}") for number in range(6)]
        self.service.answers[("directory", "expand")] = expanding(self.service.people)

    def _round(self, **changes: object) -> str:
        return str(self.ask("start_round", **{**self.start_round().data, **changes})["id"])

    def start_round(self) -> Call:
        closes_at = (datetime.now(UTC) + timedelta(days=3)).isoformat()
        people = [person["id"] for person in self.asked_people]
        return Call(
            self.me, {"title": "점심시간 조정", "questions": _QUESTIONS, "people": people, "closes_at": closes_at}
        )

    def extend_round(self) -> Call:
        closes_at = (datetime.now(UTC) + timedelta(days=9)).isoformat()
        return Call(self.me, {"id": self._round(), "closes_at": closes_at})

    def close_round_early(self) -> Call:
        return Call(self.me, {"id": self._round()})

    def withdraw_round(self) -> Call:
        return Call(self.me, {"id": self._round(), "reason": "다시 묻겠습니다"})

    def answer_round(self) -> Call:
        answers = [{"question": 0, "value": ["찬성"]}]
        return Call(self.as_(self.asked_people[0]), {"id": self._round(), "answers": answers})

    def rounds(self) -> Call:
        for _ in range(6):
            self._round()
        return Call(self.as_(self.asked_people[0]), {"box": "asked"})

    def opinion_round(self) -> Call:
        return Call(self.me, {"id": self._round()})

    def round_results(self) -> Call:
        return Call(self.me, {"id": self._round()})

    def round_answers(self) -> Call:
        return Call(self.me, {"id": self._round()})

    def quote_round(self) -> Call:
        made = self._round()
        with self.service.tx(self.me) as tx:
            from services.memo.rounds import asking, rows

            asking.close(tx, rows.locked(tx, made))
        return Call(self.me, {"id": made})
