"""One run of locust in a process of its own: it patches the standard library, which is nobody else's matter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.load.plan import VARIABLE, Plan, Result

_ROOT = Path(__file__).parent.parent.parent
# Seconds a run may take beyond its own: signing in, opening pages, letting those on their way finish.
_BEYOND = 300.0


def run(plan: Plan, directory: Path) -> Result:
    """What came of it. Raises `RuntimeError` with what locust said where it did not come to its end."""
    path = directory / "plan.json"
    plan.write(path)
    Path(plan.result).unlink(missing_ok=True)
    command = [sys.executable, "-m", "locust", "-f", "tests/load/locustfile.py", "--headless", "--users", "1"]
    done = subprocess.run(
        [*command, "--only-summary", "--loglevel", "WARNING", "--stop-timeout", "5"],
        cwd=_ROOT,
        env={**os.environ, VARIABLE: str(path), "LOCUST_SKIP_MONKEY_PATCH": ""},
        capture_output=True,
        text=True,
        timeout=plan.warm_up + plan.seconds + _BEYOND,
        check=False,
    )
    if not Path(plan.result).exists():
        raise RuntimeError(f"locust ended with {done.returncode}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return Result.read(Path(plan.result))
