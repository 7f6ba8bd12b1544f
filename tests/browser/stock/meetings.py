"""Meetings in every state, for pages to show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.browser.windows import titled
from tests.integration.product.cast import Cast

_GIST, _DECIDED, _ACTION = "증액하기로 했다.", "원안대로 의결한다.", "안내문을 발송한다."
_ITEM, _WORD, _COMMITTEE = "예산 집행 점검", "출장 중입니다.", "도시계획심의회"
WRITTEN = (
    *("주간 업무 회의", "예산 점검 회의", "월간 보고 회의", "안전 점검 회의", "부서장 회의", "심의 회의", "합동 회의"),
    # And in the walks of test_browser_meetings.py.
    *("소회의실", "지난 회의 결과", "금액이 다릅니다.", "김하나", "hana@city.example"),
    *(_GIST, _DECIDED, _ACTION, _ITEM, _WORD, _COMMITTEE),
)
"""What people wrote into them, outside of their bodies."""


def stock(cast: Cast) -> dict[str, str]:
    """Makes the meetings; what there is, by the names that places use."""
    drafter, reviewer = cast.api("drafter"), cast.api("reviewer")
    titles = list(map(titled, WRITTEN[:7]))
    day = (datetime.now(UTC) + timedelta(days=2)).replace(hour=1, minute=0, second=0, microsecond=0)
    agenda = [{"title": _ITEM, "presenter": cast.id("reviewer"), "minutes": 20}, {"title": "지난 회의 결과"}]

    def call(title: str, **given: object) -> str:
        times = {"starts_at": day.isoformat(), "ends_at": (day + timedelta(hours=1)).isoformat()}
        people = [cast.id("reviewer"), cast.id("cooperator")]
        data: dict[str, object] = {**times, "title": title, "invite": people, "agenda": agenda, "place": "소회의실"}
        made: str = drafter.post("/meetings", {**data, **given}, 201)["id"]
        return made

    def act(id_: str, act: str, **given: object) -> None:
        drafter.post(f"/meetings/{id_}/acts", {"act": act, **given}, 200)

    def held(title: str, **given: object) -> str:
        id_ = call(title, **given)
        act(id_, "open")
        people = [{"person": cast.id("reviewer"), "present": True}, {"person": cast.id("cooperator"), "present": False}]
        drafter.post(f"/meetings/{id_}/attendance", {"people": people}, 200)
        drafter.post(f"/meetings/{id_}/decisions", {"text": _DECIDED}, 200)
        drafter.post(f"/meetings/{id_}/actions", {"title": _ACTION, "person": cast.id("reviewer")}, 200)
        drafter.post(f"/meetings/{id_}/votes", {"question": _DECIDED}, 200)
        return id_

    def confirming(title: str) -> str:
        id_ = held(title)
        body = {"body": f"<p>{_GIST}</p>"}
        drafter.call("PUT", f"/meetings/{id_}/minutes", body, headers={"If-Match": '"0"'})
        act(id_, "end")
        act(id_, "ask_confirmation", due=(datetime.now(UTC) + timedelta(days=7)).isoformat())
        return id_

    guests = [{"name": "김하나", "email": "hana@city.example"}]
    due = (day - timedelta(days=1)).isoformat()
    called = call(titles[0], guests=guests, papers_due=due, closed=True)
    series = call(titles[2], rule="FREQ=WEEKLY;COUNT=4")
    reviewer.post(f"/meetings/{series}/answers", {"answer": "no", "word": _WORD}, 200)
    confirmed = confirming(titles[4])
    reviewer.post(f"/meetings/{confirmed}/minutes/confirmation", {"agree": True}, 200)
    act(confirmed, "conclude")
    members = [{"person": cast.id("reviewer"), "role": "chair", "from": "2026-01-01"}]
    committee = drafter.post("/committees", {"name": _COMMITTEE, "members": members, "agenda": [_ITEM]}, 201)["id"]
    call(titles[5], kind="committee", committee=committee)
    shared = held(titles[6])
    drafter.post(f"/meetings/{shared}/minutes/sharing", {"everyone": True}, 200)
    return {
        "shared": shared,
        "called": called,
        "series": series,
        "held": held(titles[1]),
        "confirming": confirming(titles[3]),
        "confirmed": confirmed,
        "committee": committee,
    }
