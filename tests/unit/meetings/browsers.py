"""Browsers that write minutes together: Y documents with nothing but the service between them."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pycrdt

from services.meetings.domain.document import FIELD
from shared.errors import Problem
from shared.ids import new_id
from tests.unit.meetings.cast import Doc, Town


class Browser:
    """One who writes: what is typed goes into the document at once, and out with `push`."""

    def __init__(self, town: Town, person: Doc, made: Doc) -> None:
        self.town, self.person, self.made = town, person, made
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc()
        self.root = self.doc.get(FIELD, type=pycrdt.XmlFragment)
        self.after = 0
        self.unsent: list[tuple[str, bytes]] = []
        self.saved: list[int] = []

    def pull(self) -> Doc:
        """Asks for what came, until there is no more; the last answer."""
        while True:
            found: Doc = self.town.ask("pull_minutes", self.person, self.made, after=self.after)
            for part in filter(None, (found["snapshot"], *(each["update"] for each in found["updates"]))):
                self.doc.apply_update(base64.b64decode(part))
            self.after = found["number"]
            if not found["more"]:
                return found

    def type(self, text: str, at: int = 0) -> None:
        """Writes a paragraph of this text before the block that is there; it is not sent yet."""
        before = self.doc.get_state()
        with self.doc.transaction():
            self.root.children.insert(min(at, len(self.root.children)), pycrdt.XmlElement("paragraph"))
            element = self.root.children[min(at, len(self.root.children) - 1)]
            element.children.append(pycrdt.XmlText(text))
        self.unsent.append((new_id(), self.doc.get_update(before)))

    def empty(self) -> None:
        """Takes out all there is."""
        before = self.doc.get_state()
        with self.doc.transaction():
            del self.root.children[0 : len(self.root.children)]
        self.unsent.append((new_id(), self.doc.get_update(before)))

    def push(self) -> None:
        """Sends what was typed, in order."""
        while self.unsent:
            self.send(*self.unsent[0])
            del self.unsent[0]

    def send(self, key: str, update: bytes) -> None:
        """One update, as often as this is called."""
        told = {"key": key, "update": base64.b64encode(update).decode(), "client": 7}
        self.saved.append(self.town.ask("push_minutes", self.person, self.made, **told)["number"])

    def refused(self, update: bytes | None = None) -> Problem:
        """Why it is not taken; it has to be refused."""
        key, typed = (new_id(), update) if update is not None else self.unsent[0]
        told = {"key": key, "update": base64.b64encode(typed).decode()}
        return self.town.refused("push_minutes", self.person, self.made, **told)

    @property
    def text(self) -> str:
        """What this browser shows."""
        return _shown(self.root)


def _shown(parent: Any) -> str:
    inside = (str(child) if isinstance(child, pycrdt.XmlText) else _shown(child) for child in parent.children)
    return f"<{getattr(parent, 'tag', FIELD)}>{''.join(inside)}"


def shared(town: Town, *people: Doc, **given: Any) -> Doc:
    """A meeting these people are at, whose minutes they write together."""
    given = {"agenda": [{"title": "예산안"}, {"title": "인사"}], **given}
    made = town.held(*people, **given)
    town.ask("begin_minutes", town.boss, made, everyone=True)
    return made


def settled(town: Town) -> None:
    """Lets the seconds pass after which what was typed is read elsewhere."""
    town.service.pass_until(town.service.now + timedelta(seconds=6))
