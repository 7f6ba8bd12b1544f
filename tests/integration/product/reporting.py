"""An office of the demo that reports by the week, whatever day it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from shared.calendar import is_working_day, seoul_date
from tests.integration.product.cast import Cast, if_match
from tests.support.waiting import until

# Of this tenant nothing else is tried: its desks may have what they have.
TENANT = "garam"
Doc = dict[str, Any]


def begin(cast: Cast) -> Doc:
    """The drafter's team and the division above report this week until its end; their reports, by who writes them."""
    today = seoul_date(datetime.now(UTC))
    if not is_working_day(today):
        assert cast.api("admin").call("PUT", f"/calendar/{today}", {"kind": "working"}).ok
    team = cast.drafter.get("/me")["person"]["department_id"]
    division = cast.api("decider").get("/me")["person"]["department_id"]
    for department in (team, division):
        plan = {"department": department, "cadence": "week", "weekday": 7, "hour": 24}
        answer = cast.api("decider").call("PUT", "/weekly-plans", plan)
        assert answer.ok, answer.text
    return {role: until(lambda role=role: _newest(cast, role)) for role in ("drafter", "reviewer", "decider")}


def _newest(cast: Cast, role: str) -> str:
    items = cast.api(role).get("/weekly-reports?box=mine")["items"]
    return str(items[0]["id"]) if items else ""


def report(cast: Cast, role: str, id_: str) -> Doc:
    """The report as this person sees it."""
    found: Doc = cast.api(role).get(f"/weekly-reports/{id_}")
    return found


def write(cast: Cast, role: str, id_: str, *added: Doc) -> Doc:
    """The person adds lines."""
    now = report(cast, role, id_)
    names = ("id", "section", "text", "cards", "left_out", "merged_into")
    lines = [*({name: line[name] for name in names} for line in now["lines"]), *added]
    answer = cast.api(role).call(
        "PUT", f"/weekly-reports/{id_}/lines", {"lines": lines}, headers=if_match(now["version"])
    )
    assert answer.ok, answer.text
    found: Doc = answer.json()
    return found
