"""Minutes that are written at once through two gateways and two processes of the service: one text, each word once."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.integration.product.cast import Cast
from tests.support.minutes import Writer
from tests.support.system import Api, System

ROLES = ("drafter", "reviewer", "cooperator", "decider", "executive", "clerk")
TYPED = 12


def held(cast: Cast) -> str:
    """A meeting that has begun, whose minutes all six write."""
    drafter = cast.api("drafter")
    starts = datetime.now(UTC) + timedelta(minutes=10)
    times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat()}
    people = [cast.id(role) for role in ROLES[1:]]
    told = {"title": "함께 쓰는 회의", **times, "invite": people, "agenda": [{"title": "예산안"}]}
    made: str = drafter.post("/meetings", told)["id"]
    drafter.post(f"/meetings/{made}/acts", {"act": "open"})
    marks = [{"person": person, "present": True} for person in people]
    drafter.post(f"/meetings/{made}/attendance", {"people": marks})
    drafter.post(f"/meetings/{made}/minutes/sharing", {"everyone": True})
    return made


def asking(api: Api) -> Any:
    """Calls of somebody's, each of which has to succeed."""

    def call(method: str, path: str, body: Any) -> Any:
        answer = api.call(method, path, body)
        assert answer.ok, (path, answer.status_code, answer.text)
        return answer.json()

    return call


def test_what_six_write_at_both_gateways_is_one_text(pair: System) -> None:
    cast = Cast(pair)
    made = held(cast)
    gateways = [pair.health()["gateway"], pair.health()["gateway-2"]]
    apis = [Api(gateways[n % 2], cast.api(role).token) for n, role in enumerate(ROLES)]
    writers = [Writer(asking(api), made) for api in apis]

    def write(n: int) -> None:
        for m in range(TYPED):
            writers[n].write(f"w{n}-{m}.")
            if m % 3 == 0:
                writers[n].read()

    with ThreadPoolExecutor(len(ROLES)) as pool:
        list(pool.map(write, range(len(ROLES))))
    pair.restart_one("meetings-2")
    found = [sorted(re.findall(r"w\d+-\d+\.", writer.read())) for writer in writers]
    assert found[0] == sorted(f"w{n}-{m}." for n in range(len(ROLES)) for m in range(TYPED))
    assert all(words == found[0] for words in found)
    assert {Writer(asking(api), made).read() for api in apis[:2]} == {writers[0].read()}
