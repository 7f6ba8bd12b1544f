"""Valid calls of the search."""

from __future__ import annotations

from typing import Any, ClassVar

import orjson

from shared import audience, catalogue
from shared.ids import new_id
from tests.support.examples import example
from tests.support.examples.example import Call, Told
from tests.unit.search.told import happening, item


class Example(example.Example):
    """Objects that the whole organisation may read, on a task card."""

    answer_for_unknown: ClassVar[frozenset[str]] = frozenset({"timeline"})

    def prepare(self) -> None:
        self.card = new_id()

    def _told(self, subject: str, sequence: int = 1) -> Told:
        what = item(
            subject=subject,
            sequence=sequence,
            title=f"예산 편성 지침 {sequence}",
            audience={audience.ORGANISATION},
            cards=[self.card],
            happened=[happening("registered", sequence)],
        )
        return Told("documents.item", subject, orjson.loads(orjson.dumps(catalogue.told(what))))

    def _kept(self, count: int = 6) -> str:
        for _ in range(count):
            told = self._told(new_id())
            self.service.deliver(told.type, told.data, self.me, subject=told.subject)
        return told.subject

    def story(self) -> list[Told]:
        first, second = new_id(), new_id()
        return [self._told(first), self._told(second), self._told(first, 2), self._told(first, 3)]

    def view(self) -> Any:
        found = [(each["subject"], each["title"]) for each in self.ask("find")["items"]]
        return sorted(found), len(self.ask("timeline", card=self.card)["items"])

    def find(self) -> Call:
        self._kept()
        return Call(self.me, {})

    def related(self) -> Call:
        return Call(self.me, {"subject": self._kept(1)})

    def timeline(self) -> Call:
        self._kept()
        return Call(self.me, {"card": self.card})
