"""Valid calls of the directory."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pyotp

from shared.context import Context, system
from tests.support.examples import example
from tests.support.examples.example import Call, Doc

_PASSWORD = "Correct-horse-7"
_BORN = {"name": "한빛시", "code": "ABC0000", "admin_login": "admin", "admin_name": "최관리"}


class Example(example.Example):
    """An organisation with its administrator, who is the caller."""

    def prepare(self) -> None:
        self.root: str = self.ask("bootstrap", **self.bootstrap().data, ctx=system(self.me.tenant))["root"]
        self.me = self._signed_in()

    def _signed_in(self, login: str = "admin") -> Context:
        call = self.sign_in()
        principal = self.service.call("sign_in", call.ctx, {**call.data, "login": login})["principal"]
        fields = {name: value for name, value in principal.items() if name not in ("scope", "expires_at", "roles")}
        return Context(**fields, roles=frozenset(principal["roles"]), request_id="test")

    def _nobody(self) -> Context:
        return Context(tenant=self.me.tenant, request_id="test")

    def _hired(self, login: str, **given: str) -> Doc:
        made: Doc = self.ask("save_person", **{**self.save_person().data, "login": login, **given})
        return made

    def _id(self) -> Call:
        return Call(self.me, {"id": self._hired("hong")["id"]})

    # -- signing in ---------------------------------------------------------------------------------

    def bootstrap(self) -> Call:
        return Call(system(self.me.tenant), {**_BORN, "admin_password": _PASSWORD})

    def record_shell_call(self) -> Call:
        told = {"operator": "oneway@server", "service": "documents", "method": "card", "arguments": ["id"]}
        return Call(system(self.me.tenant), told)

    def sign_in(self) -> Call:
        return Call(self._nobody(), {"login": "admin", "password": _PASSWORD})

    def session(self) -> Call:
        call = self.sign_in()
        return Call(call.ctx, {"token": self.service.call("sign_in", call.ctx, call.data)["token"]})

    def sessions(self) -> Call:
        return Call(self.me, {})

    def revoke_session(self) -> Call:
        return Call(self.me, {"id": self._signed_in().session})

    def create_program_token(self) -> Call:
        return Call(self.me, {"name": "회계 프로그램"})

    def change_password(self) -> Call:
        return Call(self.me, {"old": _PASSWORD, "new": "Another-horse-8"})

    def begin_totp(self) -> Call:
        return Call(self.me, {})

    def confirm_totp(self) -> Call:
        return Call(self.me, {"code": pyotp.TOTP(self.ask("begin_totp")["secret"]).now()})

    def remove_totp(self) -> Call:
        code = pyotp.TOTP(self.ask("begin_totp")["secret"])
        self.ask("confirm_totp", code=code.now())
        return Call(self.me, {"code": code.at(datetime.now(UTC) + timedelta(seconds=30))})

    def unlock(self) -> Call:
        return self._id()

    def reset_totp(self) -> Call:
        hired = self._hired("hong", password=_PASSWORD)
        hong = self._signed_in("hong")
        self.ask("confirm_totp", hong, code=pyotp.TOTP(self.ask("begin_totp", hong)["secret"]).now())
        return Call(self.me, {"id": hired["id"]})

    def save_settings(self) -> Call:
        return Call(self.me, {"locale": "en"})

    # -- people and departments ---------------------------------------------------------------------

    def people(self) -> Call:
        for number in range(6):
            self._hired(f"hong{number}")
        return Call(self.me, {})

    def people_by_ids(self) -> Call:
        return Call(self.me, {"ids": [self._hired("hong")["id"]]})

    def addresses(self) -> Call:
        return Call(system(self.me.tenant), {"ids": [self._hired("hong")["id"]]})

    def person(self) -> Call:
        return self._id()

    def save_person(self) -> Call:
        posts = [{"department": self.root, "position": "주무관"}]
        return Call(self.me, {"login": "kim", "name": "김철수", "posts": posts, "roles": ["drafter"]})

    def proposed_line(self) -> Call:
        return Call(self.me, {})

    def superiors(self) -> Call:
        return Call(self.me, {"person": self._hired("hong")["id"]})

    # -- receivers and the calendar -----------------------------------------------------------------

    def expand(self) -> Call:
        return Call(self.me, {"people": [self._hired("hong")["id"]], "departments": [self.root]})

    def receivers(self) -> Call:
        self._hired("hong")
        return Call(self.me, {"q": "김"})

    def receivers_by_ids(self) -> Call:
        return Call(self.me, {"receivers": [f"department:{self.root}", f"person:{self._hired('hong')['id']}"]})

    def receivers_of_file(self) -> Call:
        self._hired("park")
        return Call(self.me, {"content": base64.b64encode("아이디\npark\nnobody\n".encode()).decode()})

    def groups(self) -> Call:
        self.ask("save_group", **self.save_group().data)
        return Call(self.me, {})

    def group(self) -> Call:
        return Call(self.me, {"id": self.ask("save_group", **self.save_group().data)["id"]})

    def save_group(self) -> Call:
        members = [{"kind": "person", "id": self._hired("park")["id"]}, {"kind": "department", "id": self.root}]
        return Call(self.me, {"name": "주간회의", "members": members})

    def delete_group(self) -> Call:
        return self.group()

    def calendar(self) -> Call:
        self.ask("save_holiday", **self.save_holiday().data)
        return Call(self.me, {})

    def save_holiday(self) -> Call:
        return Call(self.me, {"day": "2026-10-02", "kind": "off", "name": "시민의 날"})

    def delete_holiday(self) -> Call:
        self.ask("save_holiday", **self.save_holiday().data)
        return Call(self.me, {"day": "2026-10-02"})

    def holders(self) -> Call:
        return Call(self.me, {"role": "requests_distributor", "departments": [self.root]})

    def departments(self) -> Call:
        return Call(self.me, {})

    def unit(self) -> Call:
        return Call(self.me, {"id": self.root})

    def save_department(self) -> Call:
        return Call(self.me, {"name": "총무과", "code": "ABC0001", "parent": self.root})

    # -- absences -----------------------------------------------------------------------------------

    def absences(self) -> Call:
        self.ask("save_absence", **self.save_absence().data)
        return Call(self.me, {})

    def save_absence(self) -> Call:
        starts = datetime.now(UTC) + timedelta(days=1)
        times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(days=1)).isoformat()}
        return Call(self.me, {**times, "reason": "leave", "note": "휴가"})

    def change_absence(self) -> Call:
        entered = self.save_absence().data
        return Call(self.me, {"id": self.ask("save_absence", **entered)["id"], **entered, "reason": "trip"})

    def cancel_absence(self) -> Call:
        return Call(self.me, {"id": self.ask("save_absence", **self.save_absence().data)["id"]})

    def retell(self) -> Call:
        self.ask("save_absence", **self.save_absence().data)
        return Call(system(self.me.tenant), {"what": "calendar"})

    # -- files --------------------------------------------------------------------------------------

    def import_csv(self) -> Call:
        content = base64.b64decode(self.ask("export_csv", kind="departments")["content"])
        return Call(self.me, {"kind": "departments", "content": base64.b64encode(content).decode(), "dry_run": False})

    def export_csv(self) -> Call:
        return Call(self.me, {"kind": "people"})
