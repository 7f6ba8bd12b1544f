"""Callers of the echo service in one process: `python -m tests.bench.rpc_load client model callers seconds url key`.

`client` is `ours` or `stock`, `model` is `threads` or `gevent`: the two ways in which gunicorn can run the gateway.
Writes one line of JSON: `{times: [seconds], failures, took, cpu}`; `cpu` is seconds of this process.
"""

from __future__ import annotations

import sys

if sys.argv[2] == "gevent":
    from gevent import monkey

    monkey.patch_all()

import queue
import threading
import time
from collections.abc import Callable
from typing import Any

import orjson
from kombu.utils.json import dumps
from nameko.rpc import MethodProxy
from nameko.standalone.rpc import ClusterRpcProxy

from shared.bus.client import Client
from shared.bus.rabbit import RabbitBroker
from shared.bus.wire import request
from shared.context import Context, Signer

TENANT, DATA = "bench", {"text": "가나다라마바사" * 10}
CONTEXT = Context(TENANT, "01900000-0000-7000-8000-000000000001", "hong", "홍길동", "주무관", "총무과")
Echo = Callable[[], Any]


def ours(url: str, key: str, callers: int) -> Echo:
    """The gateway's client: one connection for all callers."""
    broker = RabbitBroker(url, "bench")
    client = Client(broker, Signer.from_text(key))
    broker.start()
    return lambda: client.call("echo", "echo", CONTEXT, DATA)


def stock(url: str, key: str, callers: int) -> Echo:
    """nameko's standalone proxy in a pool, one for each caller; signed once for all calls, which costs it nothing."""
    signed = request(Signer.from_text(key), "echo", "echo", CONTEXT, DATA, "", 30.0, "")
    body = dumps({"args": [DATA], "kwargs": {}}).encode()
    context = signed.headers["oneway-context"]
    headers = {
        "oneway-context": context,
        "oneway-signature": Signer.from_text(key).sign(context, "echo.echo ", body),
    }
    MethodProxy.get_message_headers = lambda self, worker_ctx: headers
    pool: queue.LifoQueue[Any] = queue.LifoQueue()
    for _ in range(callers):
        pool.put(ClusterRpcProxy({"AMQP_URI": url}, timeout=5).start())

    def call() -> Any:
        proxy = pool.get()
        try:
            return proxy.echo.echo(DATA)
        finally:
            pool.put(proxy)

    return call


def run(call: Echo, callers: int, seconds: float) -> dict[str, Any]:
    """Each caller calls again as soon as it has the answer."""
    times: list[float] = []
    failures: list[str] = []
    until = time.perf_counter() + seconds

    def work() -> None:
        while (began := time.perf_counter()) < until:
            try:
                assert call() == DATA
                times.append(time.perf_counter() - began)
            except Exception as error:
                failures.append(repr(error))

    began, spent = time.perf_counter(), time.process_time()
    threads = [threading.Thread(target=work) for _ in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.process_time() - spent
    return {"times": times, "failures": failures, "took": time.perf_counter() - began, "cpu": spent}


def main(client: str, callers: int, seconds: float, url: str, key: str) -> None:
    """Warms up, measures, writes."""
    call = {"ours": ours, "stock": stock}[client](url, key, callers)
    run(call, callers, min(0.5, seconds))
    sys.stdout.buffer.write(orjson.dumps(run(call, callers, seconds)) + b"\n")
    sys.stdout.flush()


if __name__ == "__main__":
    name, _, count, duration, broker_url, bus_key = sys.argv[1:]
    main(name, int(count), float(duration), broker_url, bus_key)
