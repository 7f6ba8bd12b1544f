"""Valid calls of what every service has whose objects have threads."""

from __future__ import annotations

from tests.support.examples import example
from tests.support.examples.example import Call, Doc


class Threads(example.Example):
    """Mix it into an example that says what is written under."""

    def talked_of(self) -> Doc:
        """The id of an object that may be written under."""
        raise NotImplementedError

    def comment(self) -> Call:
        return Call(self.me, {**self.talked_of(), "text": "확인했습니다."})

    def _written(self) -> Doc:
        written = self.comment().data
        comment = self.ask("comment", **written)
        return {"id": written["id"], "comment": comment["id"], "version": 1}

    def edit_comment(self) -> Call:
        return Call(self.me, {**self._written(), "text": "다시 확인했습니다."})

    def withdraw_comment(self) -> Call:
        return Call(self.me, self._written())

    def mark_read(self) -> Call:
        return Call(self.me, {"id": self._written()["id"], "sequence": 1})

    def thread(self) -> Call:
        written = self.comment().data
        for n in range(6):
            self.ask("comment", **{**written, "text": f"{n}"})
        return Call(self.me, {"id": written["id"]})

    def comment_texts(self) -> Call:
        written = self._written()
        return Call(self.me, {"id": written["id"], "comment": written["comment"]})
