"""Every key is changed in three steps while people work: no request fails, and nobody needs a former one afterwards."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pyotp
import pytest
import requests

from oneway import keys, parts
from shared.bus.topology import GATEWAY
from shared.keys import fingerprint
from tests.integration.product.cast import BODY, Cast
from tests.support.deployment import Deployment
from tests.support.front import Front
from tests.support.servers import rabbitmqctl
from tests.support.waiting import until

PDF = b"%PDF-1.4 attached\n%%EOF\n"

pytestmark = pytest.mark.long


class Work:
    """People at work through a load balancer; whatever is not answered as it must be is a failure."""

    def __init__(self, system: Deployment) -> None:
        self.front = Front(system.base_url)
        self.failures: list[str] = []
        self.done = 0
        self._token = system.sign_in("drafter").token
        self._enough = threading.Event()
        self._threads = [threading.Thread(target=self._go_on, args=[act]) for act in (self.draft, self.page)]
        self.csrf = self.page_token()
        self.first = self.draft()
        self.repeated = {"Idempotency-Key": uuid4().hex}
        self.answer = self.repeat()

    def ask(self, method: str, path: str, status: int, **more: Any) -> requests.Response:
        """One request. Raises `AssertionError` where it is answered otherwise."""
        with self.front.url() as url:
            answer = requests.request(method, f"{url}{path}", timeout=30, **more)
        assert answer.status_code == status, (method, path, answer.status_code, answer.text[:300])
        return answer

    def api(self, method: str, path: str, status: int = 200, **more: Any) -> requests.Response:
        """One request of the drafter's program."""
        headers = {"Authorization": f"Bearer {self._token}", **more.pop("headers", {})}
        return self.ask(method, f"/api/v1{path}", status, headers=headers, **more)

    def draft(self) -> str:
        """Writes, attaches and reads it again; the path of what was attached."""
        document = self.api("POST", "/documents", 201, json={"title": "교체", "body": BODY}).json()["id"]
        path = f"/documents/{document}/attachments"
        made = self.api("POST", path, 201, files={"file": ("a.pdf", PDF)}).json()["id"]
        attached = f"{path}/{made}"
        assert self.api("GET", attached).content == PDF
        self.api("GET", "/desk/counts")
        return attached

    def page_token(self) -> str:
        """What a page that is opened now holds against forgery."""
        return str(self.ask("GET", "/session", 200, cookies=self._cookies).json()["csrf_token"])

    def page(self) -> None:
        """Sends a form from a page that was opened a while ago."""
        self.form(self.csrf)

    def form(self, token: str, status: int = 200) -> None:
        """Sends a form with this token."""
        headers = {"X-CSRF-Token": token}
        self.ask("PATCH", "/api/v1/me", status, json={"locale": "ko"}, cookies=self._cookies, headers=headers)

    def repeat(self) -> Any:
        """The answer of a command that is sent again and again."""
        given = {"title": "거듭", "body": BODY}
        return self.api("POST", "/documents", 201, json=given, headers=self.repeated).json()["id"]

    @property
    def _cookies(self) -> dict[str, str]:
        return {"oneway_session": self._token}

    def _go_on(self, act: Callable[[], Any]) -> None:
        while not self._enough.is_set():
            try:
                act()
                self.done += 1
            except Exception as error:
                self.failures.append(repr(error))
            time.sleep(0.2)

    def start(self) -> None:
        """Lets everybody begin."""
        for thread in self._threads:
            thread.start()

    def goes_on(self, more: int = 10) -> None:
        """Waits until so much more is done, and nothing has failed."""
        want = self.done + more
        until(lambda: self.done >= want or bool(self.failures))
        assert self.failures == []

    def stop(self) -> None:
        """Lets everybody finish what is in hand."""
        self._enough.set()
        for thread in self._threads:
            thread.join()


@pytest.mark.timeout(600)
def test_every_key_is_changed_and_no_request_fails(system: Deployment) -> None:
    cast = Cast(system)
    letter = cast.submitted("교체 전에 상신", "decider")
    factor = SecondFactor(system)
    work = Work(system)
    work.start()
    try:
        old = {name: system.key(name) for name in keys.NAMES}
        new = {name: secrets.token_urlsafe(32) for name in keys.NAMES}

        def step(form: Callable[[str, str], str]) -> None:
            system.change_keys(**{name: form(old[name], new[name]) for name in keys.NAMES})
            system.replace(work.front.turn)
            work.goes_on()
            assert work.repeat() == work.answer

        step(lambda o, n: f"{o},{n}")
        system.change_users("-b")
        step(lambda o, n: f"{n},{o}")
        # A page that was opened before the change, and one from now.
        work.form(work.csrf)
        work.csrf = work.page_token()
        tenants = 1
        assert f"{tenants * (len(parts.SERVICES) + 1)} wrapped anew" in system.run("keys", "rewrap")
        assert f"{tenants * len(parts.SERVICES)} passwords changed" in system.run("keys", "rotate-database")
        work.goes_on()
        assert "still needed" not in system.run("keys", "status")
        step(lambda o, n: n)
    finally:
        work.stop()
    assert work.failures == []

    assert work.api("GET", work.first).content == PDF
    factor.signs_in(system)
    Cast(system).decide("decider", letter)
    system.run("audit", "verify")
    connected = rabbitmqctl(system.rabbitmq, "list_connections", "user").split()
    assert set(connected) == {f"{name}-b" for name in (*parts.SERVICES, GATEWAY)}
    assert_only_new_ones_are_used(system, new)


def assert_only_new_ones_are_used(system: Deployment, new: dict[str, str]) -> None:
    """No process knows a former key any more."""
    for name, url in system.health().items():
        text = requests.get(f"{url}/metrics", timeout=10).text
        known = {
            line.split('key="')[1].split('"')[0]
            for line in text.splitlines()
            if line.startswith("oneway_key_uses_total{") and 'kind="bus"' in line
        }
        assert known == {fingerprint(new["bus_key"])}, name


class SecondFactor:
    """The reviewer's, turned on before the change. A code of the half minute before or after counts as well, once."""

    def __init__(self, system: Deployment) -> None:
        person = system.demo[system.tenant]["people"]["reviewer"]
        self._given = {"tenant": system.tenant, "login": person["login"], "password": person["password"]}
        api = system.sign_in("reviewer")
        self._codes = pyotp.TOTP(api.post("/me/second-factor")["secret"])
        assert any(api.call("POST", "/me/second-factor/confirmation", code).ok for code in self.codes(-30, 0))

    def codes(self, *offsets: int) -> Iterator[dict[str, str]]:
        """The codes of some seconds before or after now."""
        return ({"code": self._codes.at(int(time.time()) + offset)} for offset in offsets)

    def signs_in(self, system: Deployment) -> None:
        """With a code only."""
        nobody = system.anonymous()
        assert nobody.call("POST", "/auth/token", self._given).status_code == 401
        tried = ({**self._given, **code} for code in self.codes(0, 30))
        assert any(nobody.call("POST", "/auth/token", given).ok for given in tried)
