"""The examples in the guide to the API work as they stand there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.support.system import System

GUIDE = Path(__file__).parents[3] / "docs" / "api.md"


def test_the_examples_of_the_guide_work(system: System) -> None:
    examples = "\n".join(re.findall(r"^```sh$(.*?)^```$", GUIDE.read_text(), re.M | re.S))
    script = "set -euo pipefail\n" + examples.replace("http://127.0.0.1:8080", system.base_url)
    (system.directory / "plan.pdf").write_bytes(b"%PDF-1.7\n" + b"x" * 1000)
    done = subprocess.run(
        ["bash", "-c", script], cwd=system.directory, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "urn:oneway:problem" not in done.stdout
    lines = done.stdout.splitlines()
    # The number of the decided document, three pages of people, counts that may have changed meanwhile, one draft made
    # twice, a version, what was found, a bad field.
    number, _, _, _, waited, first, again, version, *_, field = [line.split("}")[-1] for line in lines]
    assert re.fullmatch(r"\S+-\d+", number)
    assert waited in ("304", "200")
    assert first == again
    assert (version, field) == ("2", "unknown_field")
