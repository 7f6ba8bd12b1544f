"""A real Prometheus of a test's own: it scrapes every second and evaluates the rules as often."""

from __future__ import annotations

import math
import subprocess
from pathlib import Path
from typing import Any

import requests
import yaml

from oneway.servers import free_port
from tests.support.waiting import until
from tests.unit.observability.files import RULES

_STOP_WITHIN = 20


class Prometheus:
    """Scrapes `targets` (`host:port`); everything it writes is below `directory`."""

    def __init__(self, directory: Path, targets: list[str]) -> None:
        rules = yaml.safe_load(RULES.read_text())
        for group in rules["groups"]:
            group["interval"] = "1s"
        (directory / "rules.yaml").write_text(yaml.safe_dump(rules))
        scrape = {"job_name": "oneway", "static_configs": [{"targets": targets}]}
        config = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": ["rules.yaml"],
            "scrape_configs": [scrape],
        }
        (directory / "prometheus.yml").write_text(yaml.safe_dump(config))
        self._directory = directory
        self._url = f"http://127.0.0.1:{free_port()}"

    def __enter__(self) -> Prometheus:
        """Returns when every target has been scraped twice."""
        command = [
            "prometheus",
            f"--config.file={self._directory / 'prometheus.yml'}",
            f"--storage.tsdb.path={self._directory / 'data'}",
            f"--web.listen-address={self._url.removeprefix('http://')}",
        ]
        with (self._directory / "log").open("wb") as log:
            self._process = subprocess.Popen(command, cwd=self._directory, stdout=log, stderr=log)
        until(self._has_scraped)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(_STOP_WITHIN)

    def _has_scraped(self) -> bool:
        assert self._process.poll() is None, (self._directory / "log").read_text()
        try:
            if requests.get(f"{self._url}/-/ready", timeout=10).status_code != 200:
                return False
        except requests.ConnectionError:
            return False
        return bool(self.ask("min(count_over_time(up[1m])) > 1 and min(up) == 1"))

    def ask(self, expression: str) -> list[tuple[dict[str, str], float]]:
        """What the expression comes to now: labels and value of each series that has one.

        Raises `AssertionError` for an expression that is not understood.
        """
        answer = requests.get(f"{self._url}/api/v1/query", {"query": expression}, timeout=10)
        content: dict[str, Any] = answer.json()
        assert content["status"] == "success", (expression, content)
        assert content["data"]["resultType"] == "vector", expression
        found = [(each["metric"], float(each["value"][1])) for each in content["data"]["result"]]
        return [(labels, value) for labels, value in found if not math.isnan(value)]

    def value(self, expression: str) -> float:
        """The one value an expression comes to, 0 where there is none."""
        found = self.ask(expression)
        assert len(found) <= 1, (expression, found)
        return found[0][1] if found else 0.0

    def targets(self) -> list[dict[str, Any]]:
        """How each of the last scrapes went."""
        answer = requests.get(f"{self._url}/api/v1/targets", timeout=10)
        found: list[dict[str, Any]] = answer.json()["data"]["activeTargets"]
        return found

    def rules(self) -> list[dict[str, Any]]:
        """Every rule, with its health."""
        answer = requests.get(f"{self._url}/api/v1/rules", timeout=10)
        return [rule for group in answer.json()["data"]["groups"] for rule in group["rules"]]
