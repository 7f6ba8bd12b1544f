"""Some work on the desks of the demo city, done through the API by its own people, once."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from oneway.demo import days
from shared import log

_MARK = "demo-work"
_BODY = "<p>1. 관련: 총무과-12(2026. 1. 2.)</p><p>2. 위 호와 관련하여 {what} 계획을 다음과 같이 보고합니다.  끝.</p>"
Doc = dict[str, Any]


@dataclass
class Person:
    """Somebody of the demo at the API. Each call has a key of its own: done again it changes nothing."""

    base_url: str
    tenant: str
    login: str
    password: str
    token: str = ""
    made: list[int] = field(default_factory=lambda: [0])

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The answer. Raises `urllib.error.URLError`."""
        headers = {"Content-Type": "application/json"}
        if self.token:
            self.made[0] += 1
            headers |= {"Authorization": f"Bearer {self.token}", "Idempotency-Key": f"demo-{self.made[0]}-{path}"[:100]}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.base_url}/api/v1{path}", data, headers, method=method)  # noqa: S310
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            content = answer.read()
        return json.loads(content) if content else None

    def post(self, path: str, **body: Any) -> Any:
        """The answer of a POST."""
        return self.call("POST", path, body)

    def sign_in(self) -> str:
        """The person's id."""
        given = {"tenant": self.tenant, "login": self.login, "password": self.password}
        self.token = self.call("POST", "/auth/token", given)["access_token"]
        return str(self.call("GET", "/me")["person"]["id"])


def once(var: Path, base_url: str) -> None:
    """Does the work unless it was done before; what goes wrong is logged, and tried again at the next start."""
    mark = var / _MARK
    if mark.exists():
        return
    try:
        Work(base_url, json.loads((var / "demo.json").read_text())).do()
    except (OSError, KeyError, ValueError) as error:
        detail = error.read().decode(errors="replace") if isinstance(error, urllib.error.HTTPError) else ""
        log.get("demo").warning("demo_work_failed", error=repr(error), detail=detail)
        return
    mark.touch()


class Work:
    """The first tenant's people with what they do."""

    def __init__(self, base_url: str, demo: Doc) -> None:
        code, tenant = next(iter(demo["tenants"].items()))
        named = tenant["people"].items()
        self.people = {role: Person(base_url, code, each["login"], each["password"]) for role, each in named}
        self.ids: dict[str, str] = {}

    def do(self) -> None:
        """All of it, one noun after the other."""
        self.ids = {role: person.sign_in() for role, person in self.people.items()}
        nouns: tuple[Callable[[], None], ...] = (
            self._documents,
            self._memos,
            self._requests,
            self._rounds,
            self._journals,
            self._days,
        )
        for noun in nouns:
            noun()

    def _days(self) -> None:
        days.fill(self.people, self.ids, datetime.now(UTC))

    def _later(self, days: int) -> str:
        return (datetime.now(UTC) + timedelta(days=days)).isoformat()

    def _documents(self) -> None:
        drafter, line = self.people["drafter"], (("reviewer", "review"), ("decider", "decide"))
        for what in ("청사 안내판 정비", "2027년 민원실 운영", "직원 안전교육"):
            made = drafter.post(
                "/documents", title=f"{what} 계획", body=_BODY.format(what=what), summary=f"{what} 계획 보고"
            )
            steps = [{"person": self.ids[role], "role": kind} for role, kind in line]
            drafter.post(f"/documents/{made['id']}/submission", line=steps)

    def _memos(self) -> None:
        ids, people = self.ids, self.people
        report = people["drafter"].post(
            "/memos",
            to=[ids["reviewer"], ids["decider"]],
            title="본관 2층 누수 점검 결과",
            body="<p>누수 부위를 확인했고 모레까지 보수합니다.</p><ul><li><p>보수 예산: 250만원</p></li></ul>",
            asks=True,
        )
        people["reviewer"].post(f"/memos/{report['id']}/answers", answer="noted")
        people["decider"].post(
            "/memos",
            to=[ids["drafter"], ids["reviewer"]],
            kind="urgent",
            title="호우 특보에 따른 청사 주변 점검",
            body="<p>오늘 18시까지 배수로를 점검하고 결과를 알려 주시기 바랍니다.</p>",
        )
        people["cooperator"].post(
            "/memos", to=[ids["drafter"]], title="예산 조정 협의 일정", body="<p>수요일 오후로 제안합니다.</p>"
        )

    def _requests(self) -> None:
        ids, people = self.ids, self.people
        me = [{"person": ids["drafter"]}]
        people["decider"].post(
            "/requests", kind="instruction", title="배수로 점검 결과 보고", assignees=me, days=1, urgency=1
        )
        asked = people["cooperator"].post("/requests", title="부서별 물품 현황 제출", assignees=me, days=5)
        people["drafter"].post(f"/requests/{asked['id']}/acts", act="accept")
        people["drafter"].post(f"/requests/{asked['id']}/acts", act="progress", percent=40, text="절반쯤 모았습니다.")
        people["drafter"].post("/requests", title="안내판 시안 검토", assignees=[{"person": ids["cooperator"]}], days=3)

    def _rounds(self) -> None:
        ids, people = self.ids, self.people
        questions = [
            {"kind": "choice", "words": "점심시간을 30분 앞당기는 데 찬성하십니까?", "options": ["찬성", "반대"]},
            {"kind": "text", "words": "이유를 적어 주십시오.", "required": False},
        ]
        asked = {"questions": questions, "closes_at": self._later(3)}
        everybody = [ids[role] for role in ("drafter", "reviewer", "cooperator", "decider", "executive")]
        people["clerk"].post("/rounds", title="점심시간 조정 의견", people=everybody, anonymous=True, **asked)

    def _journals(self) -> None:
        fields = [
            {"key": "door", "type": "check", "label": "출입문 잠금"},
            {"key": "leak", "type": "choice", "label": "누수 여부", "options": ["양호", "누수"], "abnormal": ["누수"]},
            {"key": "pressure", "type": "number", "label": "펌프 압력", "unit": "bar", "low": "2", "high": "4"},
            {"key": "note", "type": "text", "label": "특이 사항"},
        ]
        self.people["admin"].post(
            "/journals",
            title="기계실 점검일지",
            fields=fields,
            schedule={"kind": "day", "days": "every", "opens": "00:00"},
            writers=[f"person:{self.ids['drafter']}"],
            verifiers=[self.ids["reviewer"]],
        )
