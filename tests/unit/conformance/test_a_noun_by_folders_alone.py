"""A service that is no more than folders of its own is found, and the kit is asked of it (`tests/toy`)."""

from __future__ import annotations

import subprocess
import sys

from tests.unit.promises.source import ROOT

# How the ids of the kit's tests of the service, of its query of pages and of its command end.
_ASKED = {"service": "", "page": "-notes", "command": "-write_note"}


def test_a_noun_added_by_folders_alone_passes_the_kit() -> None:
    here = "tests/unit/conformance"
    command = [sys.executable, "-m", "pytest", "-p", "tests.toy.plugin", "-p", "no:cacheprovider", "-vv", "-k", "notes"]
    done = subprocess.run([*command, here], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    passed = [line.partition(" ")[0] for line in done.stdout.splitlines() if " PASSED" in line]
    about = [name.partition("::")[2].rstrip("]").split("[notes") for name in passed]
    asked = {kind: {test for test, rest in about if rest == ending} for kind, ending in _ASKED.items()}
    assert all(asked.values()), about
