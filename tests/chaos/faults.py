"""What is done to the system, one after the other, while people are at work."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial

from oneway import parts
from tests.chaos.stage import FAKETIME, Stage
from tests.support.waiting import until

# Services that are ended in order and frozen as well, beside those whose answers everything waits for.
_BESIDE = ("memo", "requests", "meetings", "schedule", "notify")
# Seconds a server is away, and a process is given to come up.
_DOWN = 3.0
_UP = 6.0


@dataclass(frozen=True)
class Fault:
    """`strike` makes it, and mends it at its end; it lasts as long as it says, beyond what its making takes."""

    name: str
    strike: Callable[[Stage], AbstractContextManager[None]]
    lasts: float = 0.0
    disks: bool = False


@contextlib.contextmanager
def _kill(stage: Stage, name: str) -> Iterator[None]:
    stage.system.kill(name)
    yield
    until(stage.system.ready)


@contextlib.contextmanager
def _end(stage: Stage, name: str) -> Iterator[None]:
    stage.system.end_one(name)
    yield
    stage.system.release(name)


@contextlib.contextmanager
def _crash_broker(stage: Stage) -> Iterator[None]:
    stage.crash(stage.rabbitmq)
    yield
    stage.rabbitmq.start()


@contextlib.contextmanager
def _crash_database(stage: Stage) -> Iterator[None]:
    stage.crash(stage.postgres)
    yield
    stage.postgres.start()


@contextlib.contextmanager
def _cut(stage: Stage, which: str) -> Iterator[None]:
    getattr(stage, which).cut()
    yield


@contextlib.contextmanager
def _slow(stage: Stage, which: str, latency: float) -> Iterator[None]:
    proxy = getattr(stage, which)
    proxy.slow(latency)
    yield
    proxy.slow()


@contextlib.contextmanager
def _swallow(stage: Stage, which: str) -> Iterator[None]:
    proxy = getattr(stage, which)
    proxy.swallow()
    yield
    proxy.flow()


@contextlib.contextmanager
def _freeze(stage: Stage, name: str) -> Iterator[None]:
    pid = stage.system.pids()[name]
    os.killpg(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(pid, signal.SIGCONT)


@contextlib.contextmanager
def _step_forward(stage: Stage) -> Iterator[None]:
    with stage.own_clock("approval") as clock:
        time.sleep(_UP)
        clock.write_text("+3600")
        yield


@contextlib.contextmanager
def _slow_clock(stage: Stage) -> Iterator[None]:
    with stage.own_clock("documents", "-3600"):
        time.sleep(_UP)
        yield


@contextlib.contextmanager
def _full_objects(stage: Stage) -> Iterator[None]:
    """No attachment can be kept, and the sender is told; those there are can be read."""
    cast = stage.casts[0]
    document = cast.draft("붙임")["id"]
    path = f"/documents/{document}/attachments"
    headers = {"Content-Type": "application/octet-stream"}

    def send(name: str) -> int:
        answer = cast.drafter.call("POST", f"{path}?name={name}.txt", data=b"plan " * 40_000, headers=headers)
        return answer.status_code

    assert send("before") == 201
    filler = stage.fill(stage.objects)
    assert send("refused") in (500, 503, 507)
    yield
    filler.unlink()
    assert send("after") == 201
    kept = cast.card(document)["attachments"]
    assert sorted(found["name"] for found in kept) == ["after.txt", "before.txt"], kept
    for found in kept:
        assert cast.drafter.call("GET", f"{path}/{found['id']}").content == b"plan " * 40_000


@contextlib.contextmanager
def _full_database(stage: Stage) -> Iterator[None]:
    """PostgreSQL gives up where it cannot write its log; an operator makes room and starts it again."""
    filler = stage.fill(stage.postgres.directory)
    yield
    filler.unlink()
    if stage.postgres.process is None or stage.postgres.process.poll() is not None:
        stage.postgres.start()


_CLOCKS = [
    Fault("approval's clock steps forward by an hour, for 10 s", _step_forward, 10),
    Fault("documents begins with a clock an hour slow, for 10 s", _slow_clock, 10),
]
FAULTS = [
    *(Fault(f"kill -9: {name}", partial(_kill, name=name)) for name in (*parts.SERVICES, "gateway")),
    *(Fault(f"{name} ended in order, away for 3 s", partial(_end, name=name), _DOWN) for name in _BESIDE),
    Fault("kill -9: RabbitMQ, away for 3 s", _crash_broker, _DOWN),
    Fault("kill -9: PostgreSQL, away for 3 s", _crash_database, _DOWN),
    Fault("every connection to RabbitMQ cut", partial(_cut, which="broker")),
    Fault("every connection to PostgreSQL cut", partial(_cut, which="database")),
    Fault("RabbitMQ slow: 50 ms each way, for 10 s", partial(_slow, which="broker", latency=0.05), 10),
    Fault("PostgreSQL slow: 20 ms each way, for 10 s", partial(_slow, which="database", latency=0.02), 10),
    Fault("network to RabbitMQ swallows everything for 15 s", partial(_swallow, which="broker"), 15),
    Fault("network to PostgreSQL swallows everything for 15 s", partial(_swallow, which="database"), 15),
    *(
        Fault(f"{name} frozen (SIGSTOP) for 10 s", partial(_freeze, name=name), 10)
        for name in ("approval", "documents", *_BESIDE)
    ),
    *([] if not FAKETIME else _CLOCKS),
    Fault("disk of the attachments full for 10 s", _full_objects, 10, disks=True),
    Fault("disk of PostgreSQL full for 10 s", _full_database, 10, disks=True),
]
