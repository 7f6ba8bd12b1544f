"""The dashboards, rules and runbooks as they are in the project, and every metric its processes expose."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

import gateway.core.health
import gateway.core.live
import gateway.core.rounds
import gateway.meetings.mail.answers  # noqa: F401
from oneway import parts

ROOT = Path(__file__).parent.parent.parent.parent
OBSERVABILITY = ROOT / "deploy" / "observability"
RULES = OBSERVABILITY / "rules" / "oneway.yaml"
RULE_TESTS = sorted((OBSERVABILITY / "rules" / "tests").glob("*.yaml"))
RUNBOOKS = ROOT / "docs" / "runbooks"
DASHBOARDS = {path.stem: path for path in sorted((OBSERVABILITY / "dashboards").glob("*.json"))}


def dashboard(name: str) -> dict[str, Any]:
    """One dashboard."""
    found: dict[str, Any] = json.loads(DASHBOARDS[name].read_text())
    return found


def panels(name: str) -> list[dict[str, Any]]:
    """Its panels, rows apart."""
    return [panel for panel in dashboard(name)["panels"] if panel["type"] != "row"]


@cache
def rules() -> list[dict[str, Any]]:
    """Every recording and alert rule."""
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def alerts() -> dict[str, dict[str, Any]]:
    """The alert rules by name."""
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


def recorded() -> set[str]:
    """The names of the recording rules."""
    return {rule["record"] for rule in rules() if "record" in rule}


def questions() -> Iterator[tuple[str, str]]:
    """Every expression of dashboards and rules, with where it stands."""
    for name in DASHBOARDS:
        for panel in panels(name):
            for target in panel.get("targets", ()):
                yield f"{name}: {panel['title']}: {target['refId']}", target["expr"]
    for rule in rules():
        yield rule.get("alert") or rule["record"], rule["expr"]


def mentioned(text: str) -> set[str]:
    """The names of the project's metrics in a text, those of recording rules among them."""
    return set(re.findall(r"oneway(?::[a-z0-9_]+)+|(?<![a-z_/.-])oneway_[a-z_]+", text))


@cache
def exposed() -> frozenset[str]:
    """The names of the series that the project's metrics make."""
    for service in parts.SERVICES:
        parts.service_class(service)
    found: set[str] = set()
    for family in REGISTRY.collect():
        if family.name.startswith("oneway_"):
            ends = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}.get(family.type, ("",))
            found |= {family.name + end for end in ends}
    return frozenset(found)


def of_tenants() -> set[str]:
    """The names of our metrics that are kept for each tenant; other tests may have made some of their own."""
    exposed()
    return {
        str(metric._name)
        for metric in REGISTRY._collector_to_names
        if isinstance(metric, MetricWrapperBase)
        and "tenant" in metric._labelnames
        and metric._name.startswith("oneway_")
    }
