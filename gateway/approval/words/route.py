"""The route (보고경로) as a picture: its stages in reading order, who signs where, what a decision brings about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask_babel import gettext, ngettext

from gateway.approval.words.decisions import role_name
from gateway.core import format as formats
from gateway.core.format import SEOUL, moment, stamp

Step = Mapping[str, Any]
Route = Mapping[str, Any]
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def install(app: Flask) -> None:
    """Makes what templates ask of a route known to them."""
    formats.add(app, stages=stages, step_duration=step_duration, brief=brief, step_icon=step_icon)


def stages(steps: Sequence[Step]) -> list[list[Step]]:
    """The steps in reading order; those that run at the same time (병렬협조) are one stage."""
    found: list[list[Step]] = []
    for step in steps:
        if step["parallel"] and found:
            found[-1].append(step)
        else:
            found.append([step])
    return found


def drawn(card: Mapping[str, Any], route: Route | None) -> list[Step]:
    """The steps of the present run; as they were drafted where the route cannot be asked."""
    if route:
        return list(route["submissions"][0]["steps"])
    unknown = {"state": "waiting", "opinion": "", "active_at": None, "read_at": None, "decided_at": None}
    drafted = {"role": "draft", "parallel": False, "person": card["drafter"], "decided_at": card["submitted_at"]}
    return [{**unknown, **drafted, "state": "approved"}, *({**unknown, **step} for step in card["line"])]


def signers(steps: Sequence[Step]) -> dict[str, list[Step]]:
    """The signers' cells of the paper [Reg 7]: `signing` (기안, 검토, 결재) in one row, `cooperating` in another."""
    return {
        "signing": [step for step in steps if step["role"] != "cooperate"],
        "cooperating": [step for step in steps if step["role"] == "cooperate"],
    }


def active(steps: Sequence[Step]) -> list[Step]:
    """The steps whose turn it is."""
    return [step for step in steps if step["state"] == "active"]


def consequence(steps: Sequence[Step], person: str) -> str:
    """What an approval by this person brings about, in words; empty where it is not their turn."""
    line = stages(steps)
    for stage, following in zip(line, [*line[1:], None], strict=True):
        if not any(step["state"] == "active" and step["person"]["id"] == person for step in stage):
            continue
        others = [step for step in active(stage) if step["person"]["id"] != person]
        if others:
            return gettext("승인하면 함께 협조하는 %(names)s의 결정을 기다립니다.", names=_named(others))
        if following is None:
            return gettext("승인하면 결재가 끝나고 생산등록번호를 받습니다.")
        role = role_name(following[0]["role"])
        return gettext("승인하면 %(names)s에게 %(role)s를 요청합니다.", names=_named(following), role=role)
    return ""


def _named(steps: Sequence[Step]) -> str:
    return ", ".join(f"{step['person']['name']} {step['person']['position']}" for step in steps)


def brief(value: str | datetime | None, now: datetime | None = None) -> str:
    """`1. 2. 14:05`, in Seoul: a time of this year without the year, of another year with it."""
    time = moment(value)
    if time is None:
        return ""
    time = time.astimezone(SEOUL)
    this_year = (now or datetime.now(UTC)).astimezone(SEOUL).year
    return f"{time.month}. {time.day}. {time:%H:%M}" if time.year == this_year else stamp(time)


def step_duration(start: str | datetime | None, end: str | datetime | None) -> str:
    """How long a step took, in words; empty where it has no beginning or no end."""
    began, ended = moment(start), moment(end)
    if began is None or ended is None:
        return ""
    seconds = int((ended - began).total_seconds())
    if seconds < _MINUTE:
        return gettext("1분 안에 결정")
    if seconds < _HOUR:
        return gettext("%(n)d분 걸림", n=seconds // _MINUTE)
    if seconds < _DAY:
        return gettext("%(n)d시간 걸림", n=seconds // _HOUR)
    return ngettext("%(num)d일 걸림", "%(num)d일 걸림", seconds // _DAY)


def step_icon(step: Step) -> str:
    """The icon of a step's state: it is told apart without its colour."""
    icons = {"approved": "check", "returned": "undo-2", "active": "hourglass", "skipped": "x"}
    return icons.get(step["state"], "clock")


def mark(route: Route | None) -> str:
    """What a page has shown of a route, so that it can be told whether more than the steps changed since."""
    if not route:
        return "none"
    return ".".join((route["state"], str(route["submissions"][0]["version"]), *sorted(route["may"])))
