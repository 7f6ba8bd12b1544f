"""What is known against the dependencies: asked of the services that keep such lists, and their answers judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# sysexits.h: the data could not be had now; nothing is said about the dependencies.
UNKNOWN = 75


@dataclass
class Verdict:
    """What one look came to: vulnerabilities in words, and what was not looked at, with why."""

    found: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    seen: int = 0

    def status(self) -> int:
        """0 where everything was looked at and nothing is known, 1 where something is, otherwise `UNKNOWN`."""
        return 1 if self.found else UNKNOWN if self.unseen or not self.seen else 0


def of_pip_audit(answer: Mapping[str, Any]) -> Verdict:
    """Judges `pip-audit --format json`. A package it passed over was not looked at, whatever it says in the end."""
    verdict = Verdict()
    for package in answer.get("dependencies", ()):
        if "skip_reason" in package:
            verdict.unseen.append(f"{package['name']}: {package['skip_reason']}")
            continue
        verdict.seen += 1
        for known in package["vulns"]:
            mended = ", ".join(known["fix_versions"]) or "nothing yet"
            verdict.found.append(f"{package['name']} {package['version']}: {known['id']}, mended in {mended}")
    return verdict


def of_npm_audit(answer: Mapping[str, Any]) -> Verdict:
    """Judges `npm audit --json`."""
    if "vulnerabilities" not in answer or "metadata" not in answer:
        return Verdict(unseen=[str(answer.get("message") or answer.get("error") or "no answer")])
    found = [f"{name}: {known['severity']}" for name, known in answer["vulnerabilities"].items()]
    return Verdict(found, seen=int(answer["metadata"]["dependencies"]["total"]))
