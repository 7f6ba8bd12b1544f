"""Somebody who writes shared minutes through the API, as a browser does: a Y document, requests, nothing else."""

from __future__ import annotations

import base64
from typing import Any
from uuid import uuid4
from xml.etree.ElementTree import canonicalize

import pycrdt

from services.meetings.domain.document import FIELD


class Writer:
    """A document of somebody's; `call` asks the API: method, path, body → JSON."""

    def __init__(self, call: Any, meeting: str) -> None:
        self._call, self._path = call, f"/meetings/{meeting}/minutes/updates"
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc()
        self.root = self.doc.get(FIELD, type=pycrdt.XmlFragment)
        self.after = 0

    def write(self, words: str) -> None:
        """Types a paragraph at the top, and sends it."""
        before = self.doc.get_state()
        with self.doc.transaction():
            self.root.children.insert(0, pycrdt.XmlElement("paragraph"))
            self.root.children[0].children.append(pycrdt.XmlText(words))
        update = base64.b64encode(self.doc.get_update(before)).decode()
        self._call("POST", self._path, {"key": str(uuid4()), "update": update, "client": 1})

    def read(self) -> str:
        """All that is there now, after asking for what came: written in one way, whatever order attributes have."""
        more = True
        while more:
            found = self._call("GET", f"{self._path}?after={self.after}", None)
            for part in filter(None, (found["snapshot"], *(each["update"] for each in found["updates"]))):
                self.doc.apply_update(base64.b64decode(part))
            self.after, more = found["number"], found["more"]
        return canonicalize(f"<minutes>{self.root}</minutes>")
