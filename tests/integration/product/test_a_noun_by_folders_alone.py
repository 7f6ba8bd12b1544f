"""A noun that is no more than folders of its own (`tests/toy`) in a running system: menu, page, desk, API, search."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import requests

from tests.support.system import Api, System, started
from tests.support.waiting import until

TEXT = "우산 챙기기"


class WithTheToy(System):
    """The embedded system in a process where the toy's folders are found; the product knows nothing of it."""

    program = "tests.toy"

    def __init__(self) -> None:
        super().__init__("embedded", None)

    def browser(self, role: str) -> requests.Session:
        """Somebody's browser."""
        person = self.demo[self.tenant]["people"][role]
        given = {"tenant": self.tenant, "login": person["login"], "password": person["password"]}
        browser = requests.Session()
        page = browser.get(f"{self.base_url}/sign-in", timeout=60).text
        (token, *_) = re.findall(r'name="csrf_token" value="([^"]+)"', page)
        form = {**given, "csrf_token": token}
        assert browser.post(f"{self.base_url}/sign-in", form, timeout=60).url == f"{self.base_url}/desk"
        return browser


@pytest.fixture(scope="module")
def toy() -> Iterator[WithTheToy]:
    with started(WithTheToy()) as found:
        yield found


def test_a_noun_added_by_folders_alone_is_everywhere_in_a_running_system(toy: WithTheToy) -> None:
    mine, others = toy.sign_in("drafter"), toy.sign_in("decider")
    assert {"get", "post"} <= mine.get("/openapi.json")["paths"]["/api/v1/notes"].keys()
    note = mine.post("/notes", {"text": TEXT}, 201)["id"]
    assert mine.get(f"/notes/{note}")["text"] == TEXT

    def found(api: Api) -> list[str]:
        return [each["subject"] for each in api.get("/search", params={"q": "우산", "kind": "notes"})["items"]]

    until(lambda: mine.get("/desk/counts")["note"] == 1 and found(mine) == [note])
    assert (others.get("/desk/counts")["note"], found(others)) == (0, [])
    assert others.call("GET", f"/notes/{note}").status_code == 404
    browser = toy.browser("drafter")
    desk = browser.get(f"{toy.base_url}/desk", timeout=60).text
    assert re.search(r'href="/notes".*나의 쪽지', desk, re.S)
    assert re.search(rf'>쪽지 읽기</span>.*id="todo-[^"]*" href="/notes/{note}">{TEXT}<', desk, re.S)
    assert re.search(rf'id="notice-[^"]*" href="/notes/{note}">쪽지 “{TEXT}” 적어 두었습니다.<', desk)
    page = browser.get(f"{toy.base_url}/notes/{note}", timeout=60)
    assert page.status_code == 200 and f"<h1>{TEXT}</h1>" in page.text
    assert f'href="/notes/{note}">{TEXT}<' in browser.get(f"{toy.base_url}/notes", timeout=60).text
