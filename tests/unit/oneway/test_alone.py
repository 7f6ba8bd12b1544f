"""Two systems never work in one directory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from oneway.alone import Occupied, alone_in

HOLDS = """
import sys, time
from pathlib import Path
from oneway.alone import alone_in
with alone_in(Path(sys.argv[1]), lambda: None):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(var: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLDS, str(var)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "held\n"
    return process


def test_a_second_one_is_refused_while_the_first_runs(tmp_path: Path) -> None:
    process = holder(tmp_path)
    told: list[str] = []
    with pytest.raises(Occupied), alone_in(tmp_path, lambda: told.append("waits"), patience=0.2):
        raise AssertionError("it was let in")
    assert told == ["waits"]
    process.communicate()


def test_one_that_is_just_ending_is_waited_for(tmp_path: Path) -> None:
    process = holder(tmp_path)
    # What is told before the wait is what lets the other end.
    with alone_in(tmp_path, lambda: process.communicate() and None):
        assert process.poll() == 0


def test_one_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    process = holder(tmp_path)
    process.kill()
    process.wait()
    with alone_in(tmp_path, lambda: pytest.fail("nobody is there"), patience=0):
        assert (tmp_path / "lock").exists()
