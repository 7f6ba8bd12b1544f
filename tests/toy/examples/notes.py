"""Valid calls of the notes."""

from __future__ import annotations

from tests.support.examples import example
from tests.support.examples.example import Call


class Example(example.Example):
    """Notes of mine."""

    def write_note(self) -> Call:
        return Call(self.me, {"text": "우산 챙기기"})

    def note(self) -> Call:
        return Call(self.me, {"id": self.ask("write_note", text="우산 챙기기")["id"]})

    def notes(self) -> Call:
        for _ in range(6):
            self.ask("write_note", text="우산 챙기기")
        return Call(self.me, {})
