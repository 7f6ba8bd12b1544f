"""`make audit`: asks what is known against every pinned dependency.

Exit status: 0 nothing is known, 1 something is, 75 the lists could not be reached, so that nothing can be said.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson

from tests.audit import UNKNOWN, Verdict, of_npm_audit, of_pip_audit

ROOT = Path(__file__).parent.parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-tools.lock", "requirements-calendars.lock")
# Each package is pinned with its hashes: nothing is to be resolved or downloaded.
PIP_AUDIT = (".tools/bin/pip-audit", "--require-hashes", "--disable-pip", "--format=json", "--progress-spinner=off")
NPM_AUDIT = ("npm", "audit", "--json", "--package-lock-only")
_WITHIN = 300
_SHOWN = 3


def answer(command: tuple[str, ...], directory: Path) -> dict[str, Any]:
    """What a program answers on its standard output; what it complains of where that is no JSON."""
    done = subprocess.run(command, cwd=directory, capture_output=True, timeout=_WITHIN, check=False)
    try:
        found: dict[str, Any] = orjson.loads(done.stdout)
    except orjson.JSONDecodeError:
        complaint = done.stderr.decode(errors="replace").strip().splitlines()
        found = {"message": complaint[-1] if complaint else "no answer"}
    return found


def tell(name: str, verdict: Verdict) -> None:
    """Prints one verdict."""
    for known in verdict.found:
        print(f"{name}: {known}")
    if verdict.unseen:
        print(f"{name}: {len(verdict.unseen)} NOT LOOKED AT, for example:")
        for reason in verdict.unseen[:_SHOWN]:
            print(f"  {reason[:200]}")
    print(f"{name}: {verdict.seen} looked at, {len(verdict.found)} vulnerabilities known")


def main() -> int:
    """Looks at every lock; the worst status."""
    verdicts = {}
    for lock in LOCKS:
        told = answer((*PIP_AUDIT, "-r", lock), ROOT)
        verdicts[lock] = of_pip_audit(told) if "dependencies" in told else Verdict(unseen=[told["message"]])
    verdicts["package-lock.json"] = of_npm_audit(answer(NPM_AUDIT, ROOT / "gateway" / "frontend"))
    for name, verdict in verdicts.items():
        tell(name, verdict)
    statuses = {verdict.status() for verdict in verdicts.values()}
    if UNKNOWN in statuses:
        print("Not everything was looked at: the lists of vulnerabilities were out of reach. This is no clean result.")
    return 1 if 1 in statuses else max(statuses)


if __name__ == "__main__":
    sys.exit(main())
