"""A real Prometheus scrapes the running system: every panel shows something, every rule evaluates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import uuid4

import kombu
import pytest

from oneway.replicas import counts
from shared.bus.broker import dead_queue, event_queue
from tests.browser.stock.journals import WELL, journal
from tests.integration.observability.prometheus import Prometheus
from tests.integration.product.cast import Cast
from tests.support.servers import Servers
from tests.support.system import System
from tests.support.waiting import until
from tests.unit.observability.files import DASHBOARDS, mentioned, panels

pytestmark = [pytest.mark.mode("full"), pytest.mark.long, pytest.mark.slow]

# What Grafana puts in place of its variables. The windows are short, as the run is.
FILLED_IN = {
    "$__rate_interval": "30s",
    "$__interval": "30s",
    "$__range": "5m",
    "$service": "documents",
    "$tenant": ".*",
}


@pytest.fixture(scope="module")
def prometheus(installation: System, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """It watches the whole system."""
    targets = [url.removeprefix("http://") for url in installation.health().values()]
    with Prometheus(tmp_path_factory.mktemp("prometheus"), targets) as found:
        yield found


@pytest.fixture(scope="module")
def cast(installation: System) -> Cast:
    """The people of the city."""
    return Cast(installation)


def journey(cast: Cast) -> None:
    """A document that is returned once, submitted again and approved."""
    document = cast.submitted("보고", "reviewer", "cooperator", "decider")
    cast.has_todo("reviewer", document)
    cast.decide("reviewer", document, "return", opinion="금액을 확인하여 주시기 바랍니다.")
    until(lambda: cast.card(document)["state"] == "returned")
    cast.submit(document, "reviewer", "cooperator", "decider")
    for role in ("reviewer", "cooperator", "decider"):
        cast.decide(role, document)
    assert cast.card(document)["state"] == "approved"


def reports(cast: Cast) -> None:
    """A memo that is read, a request that is handed in and closed, a journal that is verified."""
    reviewer, reader = cast.api("reviewer"), cast.id("reviewer")
    memo = cast.drafter.post("/memos", {"to": [reader], "title": "점검 결과"}, 201)["id"]
    reviewer.post(f"/memos/{memo}/reading", {"channel": "web"}, 200)
    request = cast.drafter.post("/requests", {"title": "자료 제출", "assignees": [{"person": reader}]}, 201)["id"]
    for act in ("accept", "hand_in"):
        reviewer.post(f"/requests/{request}/acts", {"act": act}, 200)
    cast.drafter.post(f"/requests/{request}/acts", {"act": "close"}, 200)
    written, entry = {"journal": journal(cast), "values": WELL}, str(uuid4())
    assert cast.drafter.call("PUT", f"/journals/entries/{entry}", written).ok
    reviewer.post(f"/journals/entries/{entry}/decisions", {"version": 1, "act": "verify"}, 200)


def filled_in(expression: str) -> str:
    for variable, value in FILLED_IN.items():
        expression = expression.replace(variable, value)
    assert "$" not in expression, expression
    return expression


def unanswered(prometheus: Prometheus) -> list[str]:
    """The questions of panels that show nothing, though something of what they ask for was measured."""
    measured = {labels["__name__"] for labels, _ in prometheus.ask('group by (__name__) ({__name__=~"oneway_.+"})')}
    return [
        f"{name}: {panel['title']}: {target['refId']}"
        for name in DASHBOARDS
        for panel in panels(name)
        for target in panel.get("targets", ())
        if mentioned(target["expr"]) & measured and not prometheus.ask(filled_in(target["expr"]))
    ]


def counted(prometheus: Prometheus, tenant: str) -> dict[str, float]:
    """The business figures of a tenant so far."""
    names = ("drafted", "submitted", "registered")
    found = {name: prometheus.value(f'sum(oneway_documents_{name}_total{{tenant="{tenant}"}})') for name in names}
    for outcome in ("approved", "returned"):
        labels = f'tenant="{tenant}",outcome="{outcome}"'
        found[outcome] = prometheus.value(f"sum(oneway_documents_decided_total{{{labels}}})")
    found["decided in time"] = prometheus.value(f'sum(oneway_decision_seconds_count{{tenant="{tenant}"}})')
    for role in ("review", "cooperate", "decide"):
        labels = f'tenant="{tenant}",role="{role}"'
        found[role] = prometheus.value(f"sum(oneway_step_seconds_count{{{labels}}})")
    return found


def test_two_journeys_are_counted_as_what_they_are(prometheus: Prometheus, cast: Cast) -> None:
    before = counted(prometheus, cast.tenant)
    for _ in range(2):
        journey(cast)
    expected = {
        "drafted": 2,
        "submitted": 4,
        "registered": 2,
        "approved": 2,
        "returned": 2,
        "decided in time": 2,
        "review": 4,
        "cooperate": 2,
        "decide": 2,
    }

    def difference() -> dict[str, float]:
        return {name: value - before[name] for name, value in counted(prometheus, cast.tenant).items()}

    until(lambda: difference() == expected)


def test_every_panel_of_every_dashboard_shows_something(prometheus: Prometheus, cast: Cast) -> None:
    def all_answered() -> bool:
        journey(cast)
        reports(cast)
        return not unanswered(prometheus)

    try:
        until(all_answered, pause=1)
    except AssertionError as error:
        raise AssertionError(unanswered(prometheus)) from error


def test_a_dashboards_figures_are_sound(prometheus: Prometheus, cast: Cast) -> None:
    found = {panel["title"]: panel["targets"] for panel in panels("business") if "targets" in panel}

    def figure(title: str) -> float:
        return prometheus.value(filled_in(found[title][0]["expr"]))

    # What grew is seen once it has been scraped before and after.
    until(lambda: journey(cast) or (figure("Approved") >= 2 and figure("Returned") >= 2), pause=1)
    assert 0.4 <= figure("Returned, of those decided") <= 0.6
    until(lambda: journey(cast) or figure("Half are decided within") > 0, pause=1)
    assert figure("Half are decided within") <= 60
    overview = {panel["title"]: panel["targets"] for panel in panels("overview") if "targets" in panel}
    ready = {labels["service"]: value for labels, value in prometheus.ask(overview["Ready"][0]["expr"])}
    assert ready == counts("")


def test_every_rule_evaluates_and_nothing_is_wrong(prometheus: Prometheus, cast: Cast) -> None:
    journey(cast)
    rules = prometheus.rules()
    assert [rule for rule in rules if rule["health"] != "ok"] == []
    recorded = {rule["name"] for rule in rules if rule["type"] == "recording"}
    # A rate is there once two scrapes have seen it.
    until(lambda: all(prometheus.ask(name) for name in recorded), pause=1)
    assert [target["lastError"] for target in prometheus.targets() if target["health"] != "up"] == []


def test_a_parked_event_is_seen_until_it_is_gone(prometheus: Prometheus, servers: Servers, cast: Cast) -> None:
    waiting = 'sum(max by (service) (oneway_dead_letters_waiting{service="desk"}))'
    alert = 'ALERTS{alertname="OnewayDeadLetters"}'
    assert prometheus.value(waiting) == 0 and not prometheus.ask(alert)
    with kombu.Connection(servers.rabbitmq.url) as connection:
        connection.Producer().publish(b"not signed", routing_key=event_queue("desk"))
        until(lambda: prometheus.value(waiting) == 1 and prometheus.ask(alert))
        assert [labels["service"] for labels, _ in prometheus.ask(alert)] == ["desk"]
        connection.channel().queue_purge(dead_queue("desk"))
    until(lambda: prometheus.value(waiting) == 0 and not prometheus.ask(alert))


def test_what_is_scraped_is_bounded(prometheus: Prometheus, cast: Cast, installation: System) -> None:
    api = cast.drafter
    refused = 'sum(oneway_http_seconds_count{status="4xx"})'
    before, refused_before = prometheus.value("count({__name__=~'oneway_.+'})"), prometheus.value(refused)
    for n in range(50):
        api.call("GET", f"/documents/nobodys-{n}")
        api.call("GET", f"/nothing/{n}")
        api.call(f"MADEUP{n}", "/me")
        installation.anonymous().call("POST", "/auth/token", {"tenant": f"t{n}", "login": f"l{n}", "password": "p"})
    until(lambda: prometheus.value(refused) - refused_before > 100)
    # A handful of routes and methods may have been met for the first time, each with its buckets.
    assert prometheus.value("count({__name__=~'oneway_.+'})") - before < 400
    values = prometheus.ask("count by (route) (oneway_http_seconds_count)")
    assert not [labels["route"] for labels, _ in values if re.search(r"\d{2}|nobodys|nothing", labels["route"])]
