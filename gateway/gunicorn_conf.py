"""How gunicorn runs the gateway in full mode.

One worker on gevent: a page that listens takes a greenlet, and thousands of them next to nothing. More workers
(`ONEWAY_WORKERS`) use more cores; each has its own connection to the broker and counts failed sign-ins by itself; their
metrics they share, in files. gunicorn's own `GUNICORN_CMD_ARGS` goes before what is set here.
"""

from __future__ import annotations

import resource
import shutil
import signal
import sys
from typing import Any

from gunicorn.http.errors import ParseException
from prometheus_client import values
from prometheus_client.multiprocess import mark_process_dead

from shared import heap, log, trace
from shared.settings import settings

_settings = settings()
log.configure("gateway", _settings.log_level)
# Of a body that nobody has read: bytes, and seconds.
_LINGER_OVER = 32 * 1024 * 1024
_LINGER_FOR = 5
_PIECE = 1024 * 1024

bind = [f"{_settings.host}:{_settings.port}"]
if _settings.metrics_port:
    bind.append(f"{_settings.metrics_host}:{_settings.metrics_port}")

worker_class = "gateway.worker.Worker"
logger_class = "gateway.worker.Logger"
workers = _settings.workers
_metrics = _settings.var / "run" / f"{_settings.process or 'gateway'}.metrics.d"
if workers > 1:
    # By this prometheus_client keeps what is counted in files (`post_fork`).
    raw_env = [f"PROMETHEUS_MULTIPROC_DIR={_metrics}"]
worker_connections = 10_000
# Seconds. A connection that waits is kept longer than balancers keep theirs (60 as a rule): it is they who are to close
# it, for a request that crosses our closing on its way is lost.
keepalive = 75
graceful_timeout = _settings.drain + 10
control_socket_disable = True

accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": log.formatter},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {
        "gunicorn.error": {"level": _settings.log_level, "handlers": ["stderr"], "propagate": False},
    },
}


def on_starting(server: Any) -> None:
    """Each page that listens holds a file descriptor: as many as this machine allows. The metrics begin anew."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if workers > 1:
        shutil.rmtree(_metrics, ignore_errors=True)
        _metrics.mkdir(parents=True)


def post_worker_init(worker: Any) -> None:
    """At SIGTERM the worker says that it is not ready, and lets pages that listen go; then it takes its leave.

    For `drain` seconds it goes on taking connections from those who have not heard of it yet, each for one request.
    Then it answers what is in hand.
    """
    import gevent

    from gateway.core import health, live

    heap.settle()
    hub = live.hub(worker.wsgi)

    def stop(number: int, frame: Any) -> None:
        health.leave(worker.wsgi)
        worker.cfg.set("keepalive", 0)
        hub.close()
        gevent.spawn_later(_settings.drain, leave, number)

    def leave(number: int) -> None:
        worker.handle_exit(number, None)
        worker.let_go()

    signal.signal(signal.SIGTERM, stop)
    signal.siginterrupt(signal.SIGTERM, False)


def post_request(worker: Any, req: Any, environ: dict[str, Any], resp: Any) -> None:
    """Reads on in what is left of a refused body, so that its sender comes to read the answer, but not for ever.

    gunicorn itself would read all of it, a kilobyte at a time and without letting anybody else have a turn.
    """
    import gevent

    if resp:
        resp.sock.flush()
    left = _LINGER_OVER
    try:
        with gevent.Timeout(_LINGER_FOR):
            while left > 0 and (piece := req.body.read(_PIECE)):
                left -= len(piece)
                gevent.sleep(0)
        ended = left > 0
    except (gevent.Timeout, OSError, ParseException):
        ended = False
    if not ended:
        req.force_close()


def post_fork(server: Any, worker: Any) -> None:
    """The worker counts in files of its own, which all of them read."""
    if workers > 1:
        # The master has loaded it already, before the environment was set.
        values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]


def child_exit(server: Any, worker: Any) -> None:
    """What a worker counted stays; what it was just doing is no more."""
    if workers > 1:
        mark_process_dead(worker.pid, str(_metrics))  # type: ignore[no-untyped-call]


def worker_exit(server: Any, worker: Any) -> None:
    """The worker's connection to the broker is closed in order, and what is left of its traces is sent."""
    made = sys.modules.get("gateway.wsgi")
    if made:
        made.broker.stop()
        trace.stop()
