"""How values are put into words on pages: dates, waiting times, sizes, and the names of codes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import gettext, ngettext
from jinja2 import pass_context
from jinja2.runtime import Context

SEOUL = ZoneInfo("Asia/Seoul")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def moment(value: str | datetime | None) -> datetime | None:
    """The aware time that a service wrote as ISO 8601 text."""
    if not value:
        return None
    time = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def day(value: str | datetime | None) -> str:
    """`2026. 1. 2.`: the date as official documents write it (Reg 7), in Seoul."""
    time = moment(value)
    if time is None:
        return ""
    time = time.astimezone(SEOUL)
    return f"{time.year}. {time.month}. {time.day}."


def stamp(value: str | datetime | None) -> str:
    """`2026. 1. 2. 14:05`: date and 24-hour time (Reg 7), in Seoul."""
    time = moment(value)
    return f"{day(time)} {time.astimezone(SEOUL):%H:%M}" if time else ""


def ago(value: str | datetime | None, now: datetime | None = None) -> str:
    """How long ago: just now, minutes, hours, up to six days; then the date."""
    time = moment(value)
    if time is None:
        return ""
    seconds = ((now or datetime.now(UTC)) - time).total_seconds()
    if seconds < _MINUTE:
        return gettext("방금")
    if seconds < _HOUR:
        return gettext("%(n)d분 전", n=seconds // _MINUTE)
    if seconds < _DAY:
        return gettext("%(n)d시간 전", n=seconds // _HOUR)
    if seconds < 7 * _DAY:
        return gettext("%(n)d일 전", n=seconds // _DAY)
    return day(time)


def waiting(value: str | datetime | None, now: datetime | None = None) -> str:
    """How long something has waited: `3시간째`, `2일째`; empty for less than a minute."""
    time = moment(value)
    if time is None:
        return ""
    seconds = ((now or datetime.now(UTC)) - time).total_seconds()
    if seconds < _MINUTE:
        return gettext("방금 도착")
    if seconds < _HOUR:
        return gettext("%(n)d분째", n=seconds // _MINUTE)
    if seconds < _DAY:
        return gettext("%(n)d시간째", n=seconds // _HOUR)
    return gettext("%(n)d일째", n=seconds // _DAY)


def late(value: str | datetime | None, now: datetime | None = None) -> bool:
    """Whether something has waited for more than two days: the page says so by colour and words."""
    time = moment(value)
    return time is not None and (now or datetime.now(UTC)) - time > timedelta(days=2)


def size(value: int | None) -> str:
    """A file's size in words: `512 B`, `1.5 KB`, `20 MB`."""
    if value is None:
        return ""
    amount = float(value)
    for unit in ("B", "KB", "MB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}" if unit == "B" or amount >= 10 else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} GB"


def items(count: int) -> str:
    """`3건`."""
    return ngettext("%(num)d건", "%(num)d건", count)


def _names(table: Callable[[], dict[str, str]]) -> Callable[[Any], str]:
    """A filter that gives the name of a code, in the reader's language; an unknown code stands for itself."""

    def name(code: Any) -> str:
        return table().get(str(code), str(code))

    return name


state_name = _names(
    lambda: {
        "draft": gettext("기안 중"),
        "in_approval": gettext("결재 중"),
        "returned": gettext("반려"),
        "approved": gettext("결재 완료"),
        "withdrawn": gettext("회수"),
    }
)
step_state_name = _names(
    lambda: {
        "waiting": gettext("대기"),
        "active": gettext("진행 중"),
        "approved": gettext("승인"),
        "returned": gettext("반려"),
        "skipped": gettext("생략"),
    }
)
role_name = _names(
    lambda: {
        "draft": gettext("기안"),
        "review": gettext("검토"),
        "cooperate": gettext("협조"),
        "decide": gettext("결재"),
        "revise": gettext("수정"),
    }
)
kind_name = _names(
    lambda: {
        "approval": gettext("결재"),
        "returned": gettext("반려"),
        "memo": gettext("메모"),
        "request": gettext("업무요청"),
        "meeting": gettext("회의"),
    }
)
class_name = _names(
    lambda: {"open": gettext("공개"), "partly_open": gettext("부분공개"), "closed": gettext("비공개")},
)
retention_name = _names(
    lambda: {
        **{str(n): gettext("%(n)d년", n=n) for n in (1, 3, 5, 10, 30)},
        "semi_permanent": gettext("준영구"),
        "permanent": gettext("영구"),
    }
)
scope_name = _names(
    lambda: {
        "route": gettext("보고경로"),
        "department": gettext("부서"),
        "organisation": gettext("기관"),
    }
)
person_role_name = _names(
    lambda: {
        "drafter": gettext("기안자"),
        "document_officer": gettext("문서담당"),
        "seal_keeper": gettext("관인담당"),
        "records_officer": gettext("기록물관리책임자"),
        "requests_distributor": gettext("업무요청 배부담당"),
        "tenant_admin": gettext("기관 관리자"),
        "auditor": gettext("감사담당"),
        "platform_operator": gettext("플랫폼 운영자"),
    }
)
absence_name = _names(
    lambda: {
        "leave": gettext("휴가"),
        "trip": gettext("출장"),
        "training": gettext("교육"),
        "sick": gettext("병가"),
        "other": gettext("기타"),
    }
)
session_kind_name = _names(
    lambda: {"browser": gettext("브라우저"), "token": gettext("API 토큰"), "program": gettext("프로그램 토큰")},
)
clearance_name = _names(
    lambda: {
        "0": gettext("없음"),
        "1": gettext("Ⅲ급 비밀"),
        "2": gettext("Ⅱ급 비밀"),
        "3": gettext("Ⅰ급 비밀"),
    }
)
box_name = _names(
    lambda: {
        "received": gettext("받은 결재"),
        "progress": gettext("진행"),
        "returned": gettext("반려"),
        "finished": gettext("완료"),
        "drafts": gettext("기안 중인 문서"),
        "decided": gettext("결재한 문서"),
        "register": gettext("부서 등록대장"),
    }
)


def disclosure_name(value: dict[str, Any] | None) -> str:
    """`공개`, `부분공개(6)`, `비공개(5,6)`: as printed on a document."""
    if not value:
        return ""
    clauses = ",".join(str(clause) for clause in value.get("clauses", ()))
    return class_name(value.get("class", "open")) + (f"({clauses})" if clauses else "")


def notice_words(notice: dict[str, Any]) -> str:
    """A notice (알림) as one sentence."""
    given = notice["params"]
    title = given.get("title") or gettext("문서")
    number = given.get("number") or ""
    words = {
        "registered": gettext("‘%(title)s’ 결재가 끝나 %(number)s 번호로 등록되었습니다.", title=title, number=number),
        "approved": gettext("‘%(title)s’ 결재가 끝났습니다.", title=title),
        "returned": gettext("‘%(title)s’ 문서가 반려되었습니다.", title=title),
        "withdrawn": gettext("‘%(title)s’ 문서를 기안자가 회수했습니다.", title=title),
    }
    return words.get(notice["code"], title)


_BROWSERS = (
    ("Edg/", "Edge"),
    ("Whale/", "Whale"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"))


def browser_name(agent: str) -> str:
    """`Chrome · Windows`: a browser's own description in two words; an unknown one is shown shortened."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), agent[:40] or gettext("알 수 없는 프로그램"))
    system = next((name for mark, name in (*_SYSTEMS, ("Linux", "Linux")) if mark in agent), "")
    return f"{browser} · {system}" if system else browser


def install(app: Flask) -> None:
    """Makes everything above a filter of the templates."""
    words: dict[str, Callable[..., Any]] = {
        "day": day,
        "stamp": stamp,
        "ago": ago,
        "waiting": waiting,
        "late": late,
        "filesize": size,
        "items_count": items,
        "state_name": state_name,
        "step_state_name": step_state_name,
        "role_name": role_name,
        "kind_name": kind_name,
        "class_name": class_name,
        "disclosure_name": disclosure_name,
        "retention_name": retention_name,
        "scope_name": scope_name,
        "person_role_name": person_role_name,
        "absence_name": absence_name,
        "session_kind_name": session_kind_name,
        "clearance_name": clearance_name,
        "box_name": box_name,
        "notice_words": notice_words,
        "browser_name": browser_name,
    }
    app.jinja_env.filters.update({name: _asked_each_time(function) for name, function in words.items()})


def _asked_each_time(function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, kept from being applied to a constant once and for all: in the language of who came first."""

    @pass_context
    def asked(_: Context, *values: Any) -> Any:
        return function(*values)

    return asked
