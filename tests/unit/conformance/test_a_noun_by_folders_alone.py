"""A noun that is no more than folders of its own (`tests/toy`) is found, asked the kit, and on the desk."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from services.desk.service import DeskService
from shared.testing import LocalService, context
from tests.toy.install import PACKAGES, install
from tests.unit.promises.source import ROOT

# How the ids of the kit's tests of the service, of its query of pages and of its command end.
_ASKED = {"service": "", "page": "-notes", "command": "-write_note"}


def test_a_noun_added_by_folders_alone_passes_the_kit() -> None:
    here = "tests/unit/conformance"
    command = [sys.executable, "-m", "pytest", "-p", "tests.toy.plugin", "-p", "no:cacheprovider", "-vv", "-k", "notes"]
    done = subprocess.run([*command, here], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    passed = [line.partition(" ")[0] for line in done.stdout.splitlines() if " PASSED" in line]
    about = [name.partition("::")[2].rstrip("]").split("[notes") for name in passed]
    asked = {kind: {test for test, rest in about if rest == ending} for kind, ending in _ASKED.items()}
    assert all(asked.values()), about


def test_its_to_do_is_on_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    for package in PACKAGES:
        monkeypatch.setattr(package, "__path__", list(package.__path__))
    install()
    cls = importlib.import_module("services.notes.service").NotesService
    with LocalService(cls) as notes, LocalService(DeskService) as desk:
        written = notes.call("write_note", context(), {"text": "우산 챙기기"})
        for told in notes.events:
            desk.deliver(told.type, told.data, subject=told.subject)
        (item,) = desk.call("todos", context())["items"]
        assert (item["noun"], item["kind"], item["subject"]) == ("notes", "note", written["id"])
        assert (item["title"], desk.call("counts", context())["total"]) == ("우산 챙기기", 1)
