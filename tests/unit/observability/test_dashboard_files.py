"""Each dashboard is laid out without overlaps, asks its variable for the datasource, and asks for what there is."""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any

import pytest

from tests.unit.observability.files import DASHBOARDS, dashboard, exposed, mentioned, of_tenants, panels, recorded

UNITS = {"short", "s", "reqps", "cps", "percentunit", "bytes"}
SOURCE = {"type": "prometheus", "uid": "${datasource}"}


def sources(value: Any) -> list[Any]:
    """Every datasource named anywhere below."""
    if isinstance(value, dict):
        own = [value["datasource"]] if "datasource" in value else []
        return own + [found for part in value.values() for found in sources(part)]
    return [found for part in value for found in sources(part)] if isinstance(value, list) else []


def test_there_are_the_four() -> None:
    assert set(DASHBOARDS) == {"overview", "service", "messaging", "business"}
    assert len({dashboard(name)["uid"] for name in DASHBOARDS}) == len(DASHBOARDS)


@pytest.mark.parametrize("name", DASHBOARDS)
def test_it_is_a_whole_dashboard(name: str) -> None:
    found = dashboard(name)
    assert found["uid"] == f"oneway-{name}" and found["title"] and found["description"] and found["schemaVersion"] >= 38
    ids = [panel["id"] for panel in found["panels"]]
    assert len(set(ids)) == len(ids)
    for panel in panels(name):
        if panel["type"] == "text":
            continue
        assert panel["title"] and panel["description"].endswith("."), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"] in UNITS, panel["title"]
        refs = [target["refId"] for target in panel["targets"]]
        assert refs and len(set(refs)) == len(refs), panel["title"]


@pytest.mark.parametrize("name", DASHBOARDS)
def test_no_panel_lies_on_another_or_leaves_the_grid(name: str) -> None:
    places = [panel["gridPos"] for panel in dashboard(name)["panels"]]
    for place in places:
        assert place["x"] >= 0 and place["w"] > 0 and place["h"] > 0 and place["x"] + place["w"] <= 24
    for a, b in combinations(places, 2):
        apart = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
        assert apart or a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"], (a, b)


@pytest.mark.parametrize("name", DASHBOARDS)
def test_every_question_goes_to_the_datasource_that_was_chosen(name: str) -> None:
    found = dashboard(name)
    assert (
        found["templating"]["list"][0] | {"type": "datasource", "query": "prometheus"}
        == (found["templating"]["list"][0])
    )
    assert all(source == SOURCE for source in sources(found))
    for panel in panels(name):
        if panel["type"] != "text":
            assert "datasource" in panel and all("datasource" in target for target in panel["targets"])


@pytest.mark.parametrize("name", DASHBOARDS)
def test_its_variables_are_used_and_those_it_uses_are_there(name: str) -> None:
    found = dashboard(name)
    own = {variable["name"] for variable in found["templating"]["list"]}
    text = " ".join(target["expr"] for panel in panels(name) for target in panel.get("targets", ()))
    used = set(re.findall(r"\$(?!__)\{?([a-z]+)", text))
    assert used == own - {"datasource"}


@pytest.mark.parametrize("name", DASHBOARDS)
def test_its_links_lead_to_dashboards_there_are(name: str) -> None:
    found = dashboard(name)
    assert found["tags"] == ["oneway"] and found["links"][0]["tags"] == ["oneway"]
    uids = {dashboard(other)["uid"] for other in DASHBOARDS}
    assert set(re.findall(r"/d/([a-z-]+)", DASHBOARDS[name].read_text())) <= uids


def test_every_figure_of_a_tenants_business_is_shown() -> None:
    shown = {word for name in DASHBOARDS for word in mentioned(DASHBOARDS[name].read_text())}
    assert {name for name in of_tenants() if not any(word.startswith(name) for word in shown)} == set()


@pytest.mark.parametrize("name", DASHBOARDS)
def test_it_asks_for_metrics_there_are(name: str) -> None:
    assert mentioned(DASHBOARDS[name].read_text()) <= exposed() | recorded()
