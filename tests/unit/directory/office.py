"""An organisation of a test's own, with its first administrator, and a clock that the test turns."""

from __future__ import annotations

import base64
import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from marshmallow import Schema
from sqlalchemy import func, select

from shared.context import Context, system
from shared.testing import TENANT, LocalService, context

Doc = dict[str, Any]
PASSWORD = "Correct-horse-7"
START = datetime(2026, 3, 2, 0, 0, 10, tzinfo=UTC)
NOBODY = context(person="", login="", name="", department_id="", roles=frozenset())


class Clock:
    """Stands in for `datetime` where a transaction asks for the time."""

    def __init__(self) -> None:
        self.present = START

    def now(self, zone: Any = UTC) -> datetime:
        return self.present.astimezone(zone)

    def advance(self, **amount: float) -> None:
        self.present += timedelta(**amount)


def holds(schema: type[Schema], data: Any) -> None:
    """The data is a view of this schema: nothing missing, nothing unknown, nothing of another type."""
    assert schema().validate(data) == {}


class Office:
    """The directory of one organisation: `root` is its tree's root, `admin` the administrator's context."""

    def __init__(self, service: LocalService, clock: Clock) -> None:
        self.service = service
        self.clock = clock
        self._codes = (f"{number:07}" for number in itertools.count(1))
        self._logins = (f"person{number}" for number in itertools.count(1))
        given = {"name": "한빛시", "code": "ABC0000", "admin_login": "admin", "admin_name": "최관리"}
        self.given = {**given, "admin_password": PASSWORD}
        self.root: str = service.call("bootstrap", system(TENANT), self.given)["root"]
        self.admin = self.signed_in("admin")

    # -- acting -------------------------------------------------------------------------------------

    def call(self, method: str, ctx: Context | None = None, /, *, key: str | None = None, **data: Any) -> Any:
        """Calls a method, as the administrator unless told otherwise."""
        return self.service.call(method, ctx or self.admin, data, key)

    def sign_in(self, login: str, password: str = PASSWORD, **data: Any) -> Doc:
        found: Doc = self.service.call("sign_in", NOBODY, {"login": login, "password": password, **data})
        return found

    def signed_in(self, login: str, **data: Any) -> Context:
        """The context of a new session of somebody."""
        return self.as_(self.sign_in(login, **data)["principal"])

    @staticmethod
    def as_(principal: Doc) -> Context:
        fields = {name: value for name, value in principal.items() if name not in ("scope", "expires_at", "roles")}
        return Context(**fields, roles=frozenset(principal["roles"]), request_id="test")

    def department(self, name: str, parent: str | None = None, **data: Any) -> str:
        """Enters a department; its id."""
        given = {"name": name, "code": next(self._codes), "parent": parent, **data}
        return str(self.call("save_department", **given)["id"])

    def hire(self, name: str = "홍길동", department: str | None = None, position: str = "주무관", **data: Any) -> Doc:
        """Enters a person who can sign in with `PASSWORD`; the view."""
        posts = [{"department": department or self.root, "position": position}]
        given = {"login": next(self._logins), "name": name, "posts": posts, "roles": ["drafter"], "password": PASSWORD}
        found: Doc = self.call("save_person", **{**given, **data})
        return found

    def away(self, login: str, deputy: Doc | None = None, days: int = 3, **data: Any) -> None:
        """Enters an absence that begins now."""
        times = {"starts_at": self.clock.present, "ends_at": self.clock.present + timedelta(days=days)}
        given = {name: moment.isoformat() for name, moment in times.items()}
        given |= {"reason": "leave", "deputy": deputy["id"] if deputy else None}
        self.call("save_absence", self.signed_in(login), **{**given, **data})

    def change(self, person: Doc, **changes: Any) -> Doc:
        """Saves a person with changes, as the administrator's form does."""
        posts = [{name: post[name] for name in ("department", "position", "rank")} for post in person["posts"]]
        names = ("id", "version", "login", "name", "email", "phone", "roles", "clearance", "active")
        given = {name: person[name] for name in names}
        found: Doc = self.call("save_person", **{**given, "posts": posts, **changes})
        return found

    def bring(self, kind: str, text: str | bytes, dry_run: bool = False) -> Doc:
        """Imports a file."""
        content = base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()
        found: Doc = self.call("import_csv", kind=kind, content=content, dry_run=dry_run)
        return found

    def take(self, kind: str, encoding: str = "utf-8") -> bytes:
        """Exports a file."""
        return base64.b64decode(self.call("export_csv", kind=kind, encoding=encoding)["content"])

    # -- looking ------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Writes what was noted."""
        self.service._runtime.housekeeping.finish()

    def rows(self, model: Any) -> list[Any]:
        with self.service.tx() as tx:
            return tx.all(select(model.__table__))

    def count(self, model: Any) -> int:
        with self.service.tx() as tx:
            return int(tx.scalar(select(func.count()).select_from(model)))

    def record(self, action: str) -> list[Any]:
        """The rows of the record with this action, oldest first."""
        audit = self.service._runtime.databases.ground.audit
        with self.service.tx() as tx:
            return tx.all(select(audit).where(audit.c.action == action).order_by(audit.c.id))

    def told(self, topic: str) -> list[list[str]]:
        """Whom the gateways were told of under a topic."""
        return [told["people"] for told in self.service.told if told["topic"] == topic]
