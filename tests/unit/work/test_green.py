"""A worker process beside an event loop: others go on while it works."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import eventlet
eventlet.monkey_patch()
from shared.errors import Problem
from shared.work.pool import Pool, Work

pool = Pool("test", most=1)
joined = Work("tests.unit.work.tasks:joined", seconds=60, pool=pool)
spins = Work("tests.unit.work.tasks:spins", seconds=0.5, pool=pool)
joined("a", "b")
turns = 0
working = True

def others():
    global turns
    while working:
        turns += 1
        eventlet.sleep(0)

eventlet.spawn(others)
large = "x" * 5_000_000
assert joined(large, large) == large * 2
try:
    spins()
except Problem as problem:
    print(problem.slug)
turned, before = turns > 100, turns
waiting = eventlet.spawn(spins)
eventlet.sleep(0.1)
waiting.kill()
print(turned, turns > before, joined("a", "b"))
working = False
pool.close()
"""


def test_the_loop_goes_on_and_a_killed_caller_leaves_nothing_behind() -> None:
    run = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, timeout=120, check=False)

    # Before it stands what the log says of the ended process.
    assert run.stdout.split()[-4:] == ["too-slow", "True", "True", "ab"], run.stderr
