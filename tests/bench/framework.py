"""What is gone round of nameko and py-amqp, beside its own way: CPU of each piece, and how much of a call it saves.

Each piece in one process, in turns, so that what else the machine does takes no part in it. The whole is a call of the
echo service with 16 callers: CPU of the caller and of the service, without the broker's.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import amqp
from amqp import spec
from amqp.method_framing import frame_writer
from amqp.serialization import dumps
from eventlet.greenpool import GreenPool
from nameko.containers import ServiceContainer
from nameko.extensions import Entrypoint
from rich.table import Table

from shared.bus import frames, wire
from shared.bus.broker import Message
from shared.context import Context, Signer
from tests.bench.report import Report
from tests.bench.rpc import echo_service, load
from tests.bench.stage import Stage
from tests.support import usage

CONTEXT = Context("bench", "01900000-0000-7000-8000-000000000001", "hong", "홍길동", "주무관", "총무과")
DATA = {"text": "가나다라마바사" * 10}
_TURNS, _AT_ONCE, _FRAME_MAX = 10, 50, 131072
Piece = Callable[[], object]


class _Echo:
    """A service of nameko's, with a method that does nothing."""

    name = "echo"

    @Entrypoint.decorator
    def echo(self, data: Any) -> Any:
        return data


def handed_over() -> tuple[Piece, Piece]:
    """A request to a worker of nameko's container, and to a greenlet of our pool: 50 of each."""
    container = ServiceContainer(_Echo, {"max_workers": 32})
    (entrypoint,) = container.entrypoints
    pool = GreenPool(32)

    def nameko() -> None:
        for _ in range(_AT_ONCE):
            container.spawn_worker(entrypoint, (DATA,), {}, handle_result=lambda _, result, error: (result, error))
        container._worker_pool.waitall()

    def ours() -> None:
        for _ in range(_AT_ONCE):
            pool.spawn_n(_Echo().echo, DATA)
        pool.waitall()

    return nameko, ours


def _messages() -> tuple[Message, Message]:
    """A request and its answer."""
    signer = Signer.from_text("bench")
    request = wire.request(signer, "echo", "echo", CONTEXT, DATA, "", 5.0, "echo-7f0000000000-123")
    request.reply_to = "amq.rabbitmq.reply-to"
    return request, Message("amq.rabbitmq.reply-to.g1h2AAhyZXBseUA5", wire.answer(b"{}"), correlation_id="echo-7f0-1")


def _properties(message: Message) -> dict[str, Any]:
    given = {
        "application_headers": message.headers,
        "correlation_id": message.correlation_id,
        "reply_to": message.reply_to,
        "expiration": message.expiration and str(int(message.expiration * 1000)),
    }
    always = {"content_type": "application/json", "content_encoding": "utf-8", "delivery_mode": 1}
    return always | {name: value for name, value in given.items() if value}


def published() -> tuple[Piece, Piece]:
    """A request and its answer as frames: by py-amqp, and by ours."""
    written = bytearray()
    connection = SimpleNamespace(frame_max=_FRAME_MAX, bytes_sent=0, lock=threading.RLock())
    write = frame_writer(connection, SimpleNamespace(write=written.extend))
    both = _messages()

    def theirs() -> None:
        for message in both:
            content = amqp.Message(message.body, **_properties(message))
            arguments = dumps("Bssbb", (0, "nameko-rpc", message.routing_key, False, False))
            write(1, 1, spec.Basic.Publish, arguments, content)
        written.clear()

    def ours() -> None:
        for message in both:
            key = message.routing_key
            written.extend(frames.published(1, "nameko-rpc", key, message, durable=False, frame_max=_FRAME_MAX))
        written.clear()

    return theirs, ours


PIECES = {"handing it over": handed_over, "publishing": published}


def _compared(pieces: tuple[Piece, Piece], seconds: float) -> tuple[float, float]:
    """Microseconds of CPU of one run of each."""
    spent, counts = [0.0, 0.0], [0, 0]
    for turn in range(2 * _TURNS):
        which = turn % 2
        began = time.process_time()
        while (took := time.process_time() - began) < seconds / _TURNS / 2:
            pieces[which]()
            counts[which] += 1
        spent[which] += took
    first, second = (each / count * 1e6 for each, count in zip(spent, counts, strict=True))
    return first, second


def call(stage: Stage, seconds: float) -> tuple[float, list[str]]:
    """Microseconds of CPU of a whole call; what failed meanwhile."""
    url, key = stage.rabbitmq.url, secrets.token_urlsafe(16)
    with echo_service(url, key) as pid:
        load("ours", "gevent", 16, 0.5, url, key)
        before = usage.cpu({"echo": pid})["echo"]
        found = load("ours", "gevent", 16, seconds, url, key)
        service = usage.cpu({"echo": pid})["echo"] - before
    return (found["cpu"] + service) / len(found["times"]) * 1e6, found["failures"]


def measure(stage: Stage, seconds: float) -> Report:
    """One table: a row for each piece."""
    report = Report()
    whole, report.failures = call(stage, seconds)
    table = Table("piece", "theirs µs", "ours µs", "saves of a call", title=f"A call: {whole:.0f} µs of CPU")
    for name, made in PIECES.items():
        times = _AT_ONCE if made is handed_over else 1
        theirs, ours = (each / times for each in _compared(made(), seconds / len(PIECES)))
        # Of what the call would take without it.
        share = (theirs - ours) / (whole + theirs - ours)
        table.add_row(name, f"{theirs:.1f}", f"{ours:.1f}", f"{share * 100:.0f} %")
    report.tables.append(table)
    return report
