"""After a journey with all that can go wrong, no secret is in a log, an answer, a metric or a command's output."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pyotp
import pytest
import requests
from sqlalchemy import make_url

from oneway import parts
from shared.bus.broker import dead_queue
from shared.bus.client import Client
from shared.bus.link import connection
from shared.bus.rabbit import RabbitBroker
from shared.context import Context, Signer
from shared.db.urls import role_passwords, service_secret
from shared.errors import Problem
from tests.integration.product.cast import Cast, problem
from tests.integration.product.database import sql
from tests.support.system import Api

# So that nothing else looks like them.
WRONG = "Wrong-" + secrets.token_hex(6)
MISTYPED = "mistyped-" + secrets.token_hex(6)
STRANGE_TOKEN = "ow1.{tenant}." + secrets.token_urlsafe(24)


class Journey:
    """What is done, the secrets that were in play, and what was answered."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.system = cast.system
        self.tenant = cast.tenant
        self.secrets = {"a wrong password": WRONG, "a password in the login's field": MISTYPED}
        self.told: dict[str, str] = {}

    def answer(self, what: str, response: requests.Response, status: int) -> requests.Response:
        """Keeps what is answered, to be searched."""
        assert response.status_code == status, (what, response.status_code, response.text[:500])
        self.told[f"the answer to {what}"] = f"{response.text}\n{response.headers}"
        return response

    def sign_ins(self) -> None:
        """Right ones and wrong ones, in the browser and by a program; strange tokens."""
        person = self.system.demo[self.tenant]["people"]["reviewer"]
        given = {"tenant": self.tenant, "login": person["login"], "password": person["password"]}
        nobody = self.system.anonymous()
        wrong = {**given, "password": WRONG}
        self.answer("a wrong password", nobody.call("POST", "/auth/token", wrong), 401)
        self.answer("a mistyped login", nobody.call("POST", "/auth/token", {**wrong, "login": MISTYPED}), 401)
        self.answer("a sign-in without sense", nobody.call("POST", "/auth/token", {**given, "code": [WRONG]}), 422)
        page = requests.post(f"{self.system.base_url}/sign-in", data=wrong, timeout=30)
        self.answer("a sign-in by another site", page, 403)
        token = self.secrets["a session's token"] = nobody.post("/auth/token", given)["access_token"]
        self.person = Api(self.system.base_url, token)
        strange = self.secrets["a strange token"] = STRANGE_TOKEN.format(tenant=self.tenant)
        self.answer("a strange token", Api(self.system.base_url, strange).call("GET", "/me"), 401)
        cookies = {"oneway_session": strange}
        self.answer("a strange cookie", requests.get(f"{self.system.base_url}/", cookies=cookies, timeout=30), 200)

    def proofs(self) -> None:
        """A second factor, a program's token, a password that was not changed, a form's token."""
        me = self.person
        seed = self.secrets["a second factor"] = me.post("/me/second-factor")["secret"]
        wrong = me.call("POST", "/me/second-factor/confirmation", {"code": "000000"})
        self.answer("a wrong code", wrong, 422)
        codes = pyotp.TOTP(seed)
        # Each code counts once, those of the half minutes before and after as well.
        for what, offsets in (("confirmation", (-30, 0)), ("removal", (0, 30))):
            given = ({"code": codes.at(int(time.time()) + offset)} for offset in offsets)
            assert any(me.call("POST", f"/me/second-factor/{what}", code).status_code == 204 for code in given)
        asked = {"old": WRONG, "new": "Another-" + secrets.token_hex(6)}
        self.secrets["a new password"] = asked["new"]
        self.answer("a password that stays", me.call("PUT", "/me/password", asked), 422)
        made = me.post("/me/tokens", {"name": "프로그램", "days": 1}, 201)
        self.secrets["a program's token"] = made["token"]
        browser = {"oneway_session": self.secrets["a session's token"]}
        session = requests.get(f"{self.system.base_url}/session", cookies=browser, timeout=30)
        self.secrets["a form's token"] = session.json()["csrf_token"]

    def faults(self) -> None:
        """A table that is missing, a database that lets nobody in, a message that nobody signed, a dead letter."""
        with self.gone("directory", "session"):
            given = {"tenant": self.tenant, **self.credentials("cooperator")}
            self.answer("a sign-in that fails", self.system.anonymous().call("POST", "/auth/token", given), 500)
        with self.gone("approval", "saved_line"):
            self.answer("a list that fails", self.person.call("GET", "/me/saved-lines"), 500)
        if self.system.mode == "full":
            self.locked_out()
            self.strangers_message()

    def credentials(self, role: str) -> dict[str, str]:
        """Login and password of somebody."""
        person = self.system.demo[self.tenant]["people"][role]
        return {"login": person["login"], "password": person["password"]}

    @contextmanager
    def gone(self, service: str, table: str) -> Iterator[None]:
        """Without a table, as after a restore that went wrong."""
        sql(self.system, self.tenant, service, f"ALTER TABLE {table} RENAME TO {table}_gone")
        try:
            yield
        finally:
            sql(self.system, self.tenant, service, f"ALTER TABLE {table}_gone RENAME TO {table}")

    def locked_out(self) -> None:
        """The database does not let the desk in for a moment."""
        role = f"ow_{self.tenant}_desk"
        ask = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :r"
        sql(self.system, self.tenant, "desk", f"ALTER ROLE {role} NOLOGIN")
        try:
            sql(self.system, self.tenant, "desk", ask, r=role)
            self.answer("a database that is away", self.person.call("GET", "/desk/counts"), 503)
        finally:
            sql(self.system, self.tenant, "desk", f"ALTER ROLE {role} LOGIN")

    def strangers_message(self) -> None:
        """Somebody on the bus without the key; and a letter that cannot be read."""
        url = orjson.loads((self.system.var / "full.json").read_bytes())["broker_url"]
        broker = RabbitBroker(url, "intruder")
        client = Client(broker, Signer([b"guessed"]), 10)
        broker.start()
        try:
            with pytest.raises(Problem):
                given = {"login": MISTYPED, "password": WRONG}
                client.call("directory", "sign_in", Context(tenant=self.tenant), given)
        finally:
            broker.stop()
        with connection(url, "") as opened:
            opened.Producer().publish({"id": "unreadable"}, routing_key=dead_queue("desk"))
            self.outputs("with a dead letter", ("dead-letters", "show", "unreadable"))
            opened.default_channel.queue_purge(dead_queue("desk"))

    def outputs(self, when: str, *commands: tuple[str, ...]) -> None:
        """Keeps what commands print."""
        for command in commands:
            done = self.system.command(*command)
            self.told[f"oneway {' '.join(command)} ({when})"] = done.stdout + done.stderr

    def held(self) -> dict[str, str]:
        """The keys of the installation, what is derived of them, and the passwords of its people and servers."""
        kept = orjson.loads((self.system.var / "keys.json").read_bytes())
        found = {f"the {name}": value for name, value in kept.items()}
        for service in (*parts.SERVICES, "control"):
            own = found[f"{service}'s secret"] = service_secret(kept["database_secret"], service)
            for tenant in (*self.system.demo, "control"):
                found[f"{service}'s password in {tenant}"] = role_passwords(own, tenant)[0]
        for code, tenant in self.system.demo.items():
            for role, person in tenant["people"].items():
                found[f"password of {role} in {code}"] = person["password"]
        url = self.system._environment.get("ONEWAY_DATABASE_URL")
        if url:
            found["the administrator's password"] = str(make_url(url).password)
        return found


def spellings(secret: str) -> set[str]:
    """The forms in which a secret could be told."""
    raw = secret.encode()
    return {
        secret,
        raw.hex(),
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
    }


def log_of(path: Path) -> str:
    """A log without the table by which a start with the demo tells who can sign in to it."""
    lines = path.read_text(errors="replace").splitlines()
    return "\n".join(line for line in lines if not {"│", "┃"} & set(line))


def command_lines() -> str:
    """What everybody on this machine can read of its processes."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return "\n".join(found)


@pytest.mark.timeout(300)
def test_no_secret_is_told(cast: Cast) -> None:
    system = cast.system
    journey = Journey(cast)
    journey.sign_ins()
    journey.proofs()
    journey.faults()
    problem(system.anonymous().call("GET", "/nowhere"), 404)
    commands: tuple[tuple[str, ...], ...] = (("keys", "status"),)
    if system.mode == "full":
        commands += (("tenant", "show", cast.tenant), ("audit", "verify", "--tenant", cast.tenant))
    journey.outputs("as always", *commands)
    told: dict[str, str] = dict(journey.told)
    logs = [system.var / "launcher.log", *(system.var / "log").glob("*.log")]
    told |= {f"the log {path.name}": log_of(path) for path in logs}
    told |= {
        f"/metrics of {name}": requests.get(f"{url}/metrics", timeout=30).text for name, url in system.health().items()
    }
    told["the command lines"] = command_lines()
    assert_something_was_logged(told)
    found = {
        (where, what)
        for where, text in told.items()
        for what, secret in {**journey.held(), **journey.secrets}.items()
        if any(spelling in text for spelling in spellings(secret))
    }
    assert found == set()


def assert_something_was_logged(told: dict[str, Any]) -> None:
    """What went wrong left its traces: otherwise there is nothing to search."""
    everything = "\n".join(text for where, text in told.items() if where.startswith("the log "))
    for trace in ("request_failed", "session", "saved_line"):
        assert trace in everything, trace
    assert "oneway_key_uses_total" in "".join(text for where, text in told.items() if where.startswith("/metrics"))
