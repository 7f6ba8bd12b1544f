"""Valid calls of what every service has whose objects have files."""

from __future__ import annotations

import base64
import hashlib

from shared.context import system
from tests.support.examples import example
from tests.support.examples.example import Call, Doc

_PDF = b"%PDF-1.7\n" + b"x" * 100
_SHA = hashlib.sha256(_PDF).hexdigest()


class Files(example.Example):
    """Mix it into an example that says what has the files."""

    def owner(self) -> Doc:
        """The id of an object that may be given a file."""
        raise NotImplementedError

    def begin_file(self) -> Call:
        return Call(self.me, {**self.owner(), "name": "계획.pdf", "size": len(_PDF)})

    def complete_file(self) -> Call:
        begun = self.begin_file().data
        ticket = self.ask("begin_file", **begun)
        stored = {"size": len(_PDF), "sha256": _SHA, "head": base64.b64encode(_PDF).decode()}
        return Call(self.me, {"id": begun["id"], "file": ticket["file"], "name": begun["name"], **stored})

    def file_ticket(self) -> Call:
        stored = self.complete_file().data
        self.ask("complete_file", **stored)
        return Call(self.me, {"id": stored["id"], "file": stored["file"]})

    def remove_file(self) -> Call:
        return self.file_ticket()

    def same_file(self) -> Call:
        return Call(self.me, {"id": self.file_ticket().data["id"], "name": "계획.pdf", "sha256": _SHA})

    def sweep_files(self) -> Call:
        return Call(system(self.me.tenant), {})
