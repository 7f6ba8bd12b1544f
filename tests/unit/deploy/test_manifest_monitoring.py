"""What is watched: every process, by the rules and dashboards of deploy/observability."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from tests.unit.deploy.manifests import ROOT, of, one, ours, render
from tests.unit.deploy.test_manifest_network import selects

OBSERVABILITY = ROOT / "deploy" / "observability"
WATCHED = ("city, watched", "single node, watched")


@pytest.mark.parametrize("which", WATCHED)
def test_the_monitor_finds_every_process_by_a_port_that_it_has(which: str) -> None:
    resources = render(which)
    spec = one(resources, "PodMonitor", "oneway")["spec"]
    watched = []
    for called, template in ours(resources):
        if selects(spec["selector"], template["metadata"]["labels"]):
            ports = [port["name"] for port in template["spec"]["containers"][0]["ports"]]
            assert all(endpoint["port"] in ports for endpoint in spec["podMetricsEndpoints"])
            watched.append(called)
    assert watched == [f"Deployment/{d['metadata']['name']}" for d in of(resources, "Deployment")]


@pytest.mark.parametrize("which", WATCHED)
def test_the_rules_are_those_of_the_observability_folder(which: str) -> None:
    files = sorted((OBSERVABILITY / "rules").glob("*.yaml"))
    groups = [group for path in files for group in yaml.safe_load(path.read_text())["groups"]]
    assert groups
    assert one(render(which), "PrometheusRule", "oneway")["spec"]["groups"] == groups, "run `make manifests`"


@pytest.mark.parametrize("which", WATCHED)
def test_every_dashboard_is_there_for_grafana(which: str) -> None:
    marked = [c for c in of(render(which), "ConfigMap") if c["metadata"].get("labels", {}).get("grafana_dashboard")]
    found: dict[str, Any] = {name: json.loads(text) for c in marked for name, text in c["data"].items()}
    assert found == {p.name: json.loads(p.read_text()) for p in (OBSERVABILITY / "dashboards").glob("*.json")}
