"""A noun that is no more than folders of its own (`tests/toy`) is found, asked the kit, and everywhere it is to be.

`tests/integration/product/test_a_noun_by_folders_alone.py` shows the same of a running system.
"""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.desk.service import DeskService
from services.search.service import SearchService
from shared.bus.spec import handlers
from shared.context import Context
from shared.errors import Unavailable
from shared.testing import LocalService, context
from tests.support.changed import CHECKED
from tests.toy.install import installed
from tests.unit.gateway.fake import PRINCIPAL, TOKEN, FakeClient, application, browsing, signed_in
from tests.unit.promises.source import ROOT

# How the ids of the kit's tests of the service, of its queries and of its command end.
_ASKED = {"service": "", "page": "-notes", "query": "-note", "command": "-write_note"}
TEXT = "우산 챙기기"
COLLEAGUE = "01900000-0000-7000-8000-000000000002"


def test_a_noun_added_by_folders_alone_passes_the_kit() -> None:
    here = "tests/unit/conformance"
    command = [sys.executable, "-m", "pytest", "-p", "tests.toy.plugin", "-p", "no:cacheprovider", "-vv", "-k", "notes"]
    # Whatever `make check` has the kit look at: this is about the toy.
    env = {name: value for name, value in os.environ.items() if name != CHECKED}
    done = subprocess.run([*command, here], cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    passed = [line.partition(" ")[0] for line in done.stdout.splitlines() if " PASSED" in line]
    about = [name.partition("::")[2].rstrip("]").split("[notes") for name in passed]
    asked = {kind: {test for test, rest in about if rest == ending} for kind, ending in _ASKED.items()}
    assert all(asked.values()), about


# -- over the bus's stand-in ------------------------------------------------------------------------


class Local(FakeClient):
    """The notes, the desk and the search behind the gateway; each hears what it listens to before the call ends."""

    def __init__(self) -> None:
        super().__init__()
        self.answers["approval", "box"] = Unavailable("approval")
        notes = importlib.import_module("services.notes.service").NotesService
        self.services = {cls.name: LocalService(cls) for cls in (notes, DeskService, SearchService)}
        self._heard = 0

    def call(self, service: str, method: str, context: Context, data: Any = None, **more: Any) -> Any:
        """As the real one."""
        found = self.services.get(service)
        if found is None:
            return super().call(service, method, context, data, **more)
        answer = found.call(method, context, data, more.get("idempotency_key"))
        self._deliver()
        return answer

    def _deliver(self) -> None:
        told = self.services["notes"].events
        for event in told[self._heard :]:
            for name in ("desk", "search"):
                if f"*.{event.type.partition('.')[2]}" in handlers(type(self.services[name]._runtime.service)):
                    self.services[name].deliver(event.type, event.data, subject=event.subject)
        self._heard = len(told)


@pytest.fixture
def bus() -> Iterator[Local]:
    with installed():
        local = Local()
        yield local
        for service in local.services.values():
            service.close()


@pytest.fixture
def api(bus: Local, tmp_path: Path) -> Iterator[FlaskClient]:
    yield signed_in(application(bus, tmp_path))


@pytest.fixture
def browser(bus: Local, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    with browsing(bus, tmp_path, TOKEN, monkeypatch) as client:
        yield client


def written(bus: Local) -> str:
    """A note of the person signed in."""
    found: str = bus.call("notes", "write_note", context(), {"text": TEXT})["id"]
    return found


def test_it_is_in_the_menu_with_its_count(bus: Local, browser: FlaskClient) -> None:
    written(bus)
    page = browser.get("/desk").text
    side = page[page.index('id="side"') : page.index("</nav>")]
    assert re.search(r'side-title">쪽지<.*href="/notes".*나의 쪽지', side, re.S)
    assert re.search(r'id="count-note"[^>]*>1<', side)


def test_its_pages_open(bus: Local, browser: FlaskClient) -> None:
    note = written(bus)
    assert f'href="/notes/{note}">{TEXT}<' in browser.get("/notes").text
    page = browser.get(f"/notes/{note}")
    assert page.status_code == 200 and f"<h1>{TEXT}</h1>" in page.text
    assert re.search(r'href="/notes" aria-current="page"', page.text)


def test_its_pages_open_where_it_has_neither_styles_nor_scripts(
    bus: Local, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = ("ui.css", "ui.js", "icons.svg", "desk.css", "PretendardGOV-Regular.subset.woff2")
    monkeypatch.setattr("gateway.core.assets.manifest", lambda: {name: name for name in built})
    page = browser.get(f"/notes/{written(bus)}").text
    assert "built/ui.css" in page and "notes.css" not in page and "notes.js" not in page


def test_its_to_do_and_its_notice_are_on_the_desk_in_its_words_and_lead_to_it(bus: Local, browser: FlaskClient) -> None:
    note = written(bus)
    page = browser.get("/desk").text
    assert re.search(rf'>쪽지 읽기</span>.*id="todo-[^"]*" href="/notes/{note}">{TEXT}<', page, re.S)
    assert re.search(rf'id="notice-[^"]*" href="/notes/{note}">쪽지 “{TEXT}” 적어 두었습니다.<', page)
    assert re.search(r'href="/desk\?kind=note"[^>]*>\s*쪽지 <strong>1<', page)


def test_programs_read_of_it_and_call_it(bus: Local, api: FlaskClient) -> None:
    paths = api.get("/api/v1/openapi.json").get_json()["paths"]
    assert {"get", "post"} <= paths["/api/v1/notes"].keys() and "get" in paths["/api/v1/notes/{id}"]
    made = api.post("/api/v1/notes", json={"text": TEXT})
    note = made.get_json()
    assert (made.status_code, note["text"]) == (201, TEXT)
    assert api.get(made.headers["Location"]).get_json() == note
    assert api.get("/api/v1/notes").get_json()["items"] == [note]
    assert api.post("/api/v1/notes", json={"text": ""}).get_json()["fields"].keys() == {"text"}


def test_it_is_found_by_who_may_read_it_and_by_nobody_else(bus: Local, api: FlaskClient, tmp_path: Path) -> None:
    note = api.post("/api/v1/notes", json={"text": TEXT}).get_json()["id"]
    asked = {"q": "우산", "kind": "notes"}
    found = api.get("/api/v1/search", query_string=asked).get_json()
    assert [(each["noun"], each["subject"], each["title"]) for each in found["items"]] == [("notes", note, TEXT)]
    bus.answers["directory", "session"] = {**PRINCIPAL, "person": COLLEAGUE}
    other = signed_in(application(bus, tmp_path))
    assert other.get("/api/v1/search", query_string=asked).get_json() == {"items": [], "facets": [], "next": None}
    assert other.get(f"/api/v1/notes/{note}").status_code == 404


def test_without_its_folders_nothing_of_it_is_there(tmp_path: Path) -> None:
    with installed():
        application(FakeClient(), tmp_path)
    app = application(FakeClient(), tmp_path)
    assert not [rule for rule in app.url_map.iter_rules() if "notes" in rule.rule]
