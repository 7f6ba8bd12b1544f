"""Valid calls of the notification service."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from shared.context import Context, system
from shared.ids import new_id
from tests.support.examples import example
from tests.support.examples.example import Call, Told

# What came up long ago is told nobody.
_NOW = datetime.now(UTC).isoformat()


class Example(example.Example):
    """What a service called `memo` has me told."""

    answer_for_unknown = frozenset({"unsubscribe"})

    def prepare(self) -> None:
        levels = {"memo": {"mail": "now"}, "news.memo": {"mail": "now"}}
        hours = {"quiet_from": None, "quiet_until": None, "digest_hour": 9}
        self.ask("save_settings", levels=levels, **hours)

    @property
    def _courier(self) -> Context:
        return system(self.me.tenant)

    @property
    def _admin(self) -> Context:
        return self.context(roles=frozenset({"tenant_admin"}))

    def _told(self, subject: str, sequence: int, *, todo: bool = True, notice: bool = False) -> Told:
        me = self.me.person
        asked = {"role": "answer", "since": _NOW, "due": None, "urgency": 1, "sender": None, "dismissible": True}
        told = {
            "subject": subject,
            "noun": "memo",
            "sequence": sequence,
            "title": f"청사 보수 보고 {sequence}",
            "clear": sequence,
            "slots": [{"person": me, "kind": "memo", "todo": {**asked, "params": {}}}] if todo else [],
            "notices": [{"person": me, "code": "answered", "occasion": sequence, "params": {}, "at": _NOW}] * notice,
            "watchers": [me],
            "ended": False,
        }
        return Told("memo.desk", subject, told)

    def _waiting(self, count: int = 1) -> None:
        for _ in range(count):
            told = self._told(new_id(), 1)
            self.service.deliver(told.type, told.data, self.me, subject=told.subject)

    def _claimed(self, count: int = 1) -> Any:
        self._waiting(count)
        return self.ask("claim", ctx=self._courier, channel="mail")["items"]

    def _device(self, name: str = "업무용 컴퓨터") -> str:
        keys = {"p256dh": "B" * 87, "auth": "a" * 22}
        made = self.ask("subscribe", endpoint=f"https://push.example/{new_id()}", name=name, **keys)
        return str(made["id"])

    def story(self) -> list[Told]:
        first, second, third = new_id(), new_id(), new_id()
        return [
            self._told(first, 1),
            self._told(first, 2, notice=True),
            self._told(second, 1),
            self._told(second, 2, todo=False, notice=True),
            self._told(third, 1, notice=True),
            self._told(third, 2, todo=False),
            self._told(third, 3),
        ]

    def view(self) -> Any:
        messages = self.ask("claim", ctx=self._courier, channel="mail", limit=100)["items"]
        return sorted((thing["subject"], thing["code"]) for each in messages for thing in each["things"])

    def claim(self) -> Call:
        self._waiting()
        return Call(self._courier, {"channel": "mail", "limit": 5, "lease": 60})

    def report(self) -> Call:
        (message,) = self._claimed()
        result = {"id": message["id"], "lease": message["lease"], "outcome": "sent", "reason": "", "address": ""}
        return Call(self._courier, {"channel": "mail", "results": [result]})

    def unsubscribe(self) -> Call:
        return Call(self._courier, {"person": self.me.person, "topic": "memo"})

    def settings(self) -> Call:
        self._device()
        return Call(self.me, {})

    def save_settings(self) -> Call:
        hours = {"quiet_from": 1320, "quiet_until": 420, "digest_hour": 8}
        return Call(self.me, {"levels": {"approval": {"mail": "now", "push": "never"}}, **hours, "version": None})

    def subscribe(self) -> Call:
        keys = {"p256dh": "B" * 87, "auth": "a" * 22}
        return Call(self.me, {"endpoint": "https://push.example/1", **keys, "name": "업무용 컴퓨터"})

    def remove_device(self) -> Call:
        return Call(self.me, {"id": self._device()})

    def test_device(self) -> Call:
        return Call(self.me, {"id": self._device()})

    def clear_bounce(self) -> Call:
        return Call(self.me, {})

    def minimum(self) -> Call:
        return Call(self._admin, {})

    def save_minimum(self) -> Call:
        return Call(self._admin, {"levels": {"urgent": {"mail": "now"}}, "titles": False, "version": None})

    def failures(self) -> Call:
        messages = self._claimed(6)
        outcome = {"outcome": "refused", "reason": "554 no", "address": ""}
        results = [{"id": each["id"], "lease": each["lease"], **outcome} for each in messages]
        self.ask("report", ctx=self._courier, channel="mail", results=results)
        return Call(self._admin, {})
