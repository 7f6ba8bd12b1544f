"""A system for `tests.bench.beside`: at each line `[clients, seconds]` it goes on journeys, and tells of them.

It runs in the tree of that version, which may be older than this file: it uses what every version of the bench has.
"""

from __future__ import annotations

import json
import os
import statistics
import sys

from tests.bench.journey import run
from tests.bench.stage import Stage

# What the system prints is not what is told.
told = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

with Stage() as stage:
    casts = {clients: stage.system.casts(clients) for clients in (1, 16)}
    for each in casts.values():
        run(each, 1.5)
    print(json.dumps("ready"), file=told, flush=True)
    for line in sys.stdin:
        clients, seconds = json.loads(line)
        times, took = run(casts[clients], seconds)
        median = statistics.median(times.journeys) if times.journeys else 0.0
        print(json.dumps([len(times.journeys) / took, median, times.failures[:3]]), file=told, flush=True)
