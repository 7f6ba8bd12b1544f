"""The rules are sound, each alert is tested and has its runbook, and each runbook its alert."""

from __future__ import annotations

import re
import subprocess

import pytest
import yaml

from tests.unit.observability.files import (
    OBSERVABILITY,
    ROOT,
    RULE_TESTS,
    RULES,
    RUNBOOKS,
    alerts,
    exposed,
    mentioned,
    recorded,
    rules,
)


def promtool(*arguments: str) -> None:
    """Raises `AssertionError` with what it says when something is wrong."""
    done = subprocess.run(["promtool", *arguments], capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def scenarios() -> list[dict[str, list[dict[str, object]]]]:
    return [scenario for path in RULE_TESTS for scenario in yaml.safe_load(path.read_text())["tests"]]


def test_the_rules_and_the_scrape_configuration_are_sound() -> None:
    promtool("check", "rules", str(RULES))
    promtool("check", "config", str(OBSERVABILITY / "prometheus.yml"))


def test_every_alert_fires_when_it_must_and_not_before() -> None:
    promtool("test", "rules", *map(str, RULE_TESTS))


@pytest.mark.parametrize("name", alerts())
def test_each_alert_is_seen_to_fire_after_it_was_seen_not_to(name: str) -> None:
    fires = [
        [expected["exp_samples"] for expected in scenario["promql_expr_test"]]
        for scenario in scenarios()
        if f'alertname="{name}"' in str(scenario["promql_expr_test"])
    ]
    assert any([] in samples and any(samples) for samples in fires)


@pytest.mark.parametrize("name", alerts())
def test_each_alert_says_how_bad_it_is_what_it_means_and_where_it_is_explained(name: str) -> None:
    rule = alerts()[name]
    assert rule["labels"] == {"severity": rule["labels"]["severity"]}
    assert rule["labels"]["severity"] in ("critical", "warning", "info")
    assert set(rule["annotations"]) == {"summary", "description", "runbook_url"}
    assert rule["annotations"]["runbook_url"] == f"docs/runbooks/{name}.md"
    assert (ROOT / rule["annotations"]["runbook_url"]).is_file()


def test_every_runbook_is_of_an_alert_and_in_the_index() -> None:
    pages = {path.stem for path in RUNBOOKS.glob("*.md")} - {"README"}
    assert pages == set(alerts())
    index = dict(re.findall(r"^\| \[(\w+)\]\(\w+\.md\) \| (\w+) \|", (RUNBOOKS / "README.md").read_text(), re.M))
    assert index == {name: rule["labels"]["severity"] for name, rule in alerts().items()}


@pytest.mark.parametrize("name", alerts())
def test_each_runbook_says_what_users_feel_where_to_look_and_what_to_do(name: str) -> None:
    text = (RUNBOOKS / f"{name}.md").read_text()
    assert text.startswith(f"# {name}\n")
    positions = [text.index(f"**{part}**") for part in ("What users feel.", "Look.", "Do.")]
    assert positions == sorted(positions)
    for link in re.findall(r"\]\((\w+\.md)\)", text):
        assert (RUNBOOKS / link).is_file(), link


def test_rules_and_runbooks_name_metrics_there_are() -> None:
    for path in (RULES, *RULE_TESTS, *RUNBOOKS.glob("*.md"), OBSERVABILITY / "README.md"):
        assert mentioned(path.read_text()) <= exposed() | recorded(), path


def test_what_is_recorded_is_recorded_once() -> None:
    names = [rule["record"] for rule in rules() if "record" in rule]
    assert len(set(names)) == len(names)
