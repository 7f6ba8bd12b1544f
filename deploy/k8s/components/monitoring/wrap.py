"""Writes rules.yaml: the rules of deploy/observability as the Prometheus Operator takes them (`make manifests`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
RULES = HERE.parents[2] / "observability" / "rules"


def wrapped() -> dict[str, Any]:
    """Every group of every file of rules, in one PrometheusRule."""
    groups = [group for path in sorted(RULES.glob("*.yaml")) for group in yaml.safe_load(path.read_text())["groups"]]
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "oneway", "labels": {"app.kubernetes.io/part-of": "oneway"}},
        "spec": {"groups": groups},
    }


if __name__ == "__main__":
    text = yaml.safe_dump(wrapped(), sort_keys=False, allow_unicode=True, width=120)
    (HERE / "rules.yaml").write_text(f"# Made by wrap.py of deploy/observability/rules; not to be edited.\n{text}")
