"""How gunicorn runs the gateway in full mode.

One worker on gevent: a page that listens takes a greenlet, and thousands of them next to nothing. More workers
(`ONEWAY_WORKERS`) use more cores; each has its own connection to the broker, counts failed sign-ins by itself and
has its own metrics. gunicorn's own `GUNICORN_CMD_ARGS` goes before what is set here.
"""

from __future__ import annotations

import resource
import signal
import sys
from typing import Any

from gunicorn.http.errors import ParseException
from structlog import processors, stdlib

from shared.settings import settings

_settings = settings()
# Of a body that nobody has read: bytes, and seconds.
_LINGER_OVER = 32 * 1024 * 1024
_LINGER_FOR = 5
_PIECE = 1024 * 1024

bind = [f"{_settings.host}:{_settings.port}"]
if _settings.metrics_port:
    bind.append(f"{_settings.metrics_host}:{_settings.metrics_port}")

worker_class = "gevent"
workers = _settings.workers
worker_connections = 10_000
# Seconds. An idle connection is kept so long, at the stop as well.
keepalive = 5
graceful_timeout = 10
control_socket_disable = True

accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": stdlib.ProcessorFormatter,
            "foreign_pre_chain": [
                stdlib.add_log_level,
                processors.TimeStamper(fmt="iso", utc=True),
                processors.format_exc_info,
            ],
            "processors": [stdlib.ProcessorFormatter.remove_processors_meta, processors.JSONRenderer()],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {
        "gunicorn.error": {"level": _settings.log_level, "handlers": ["stderr"], "propagate": False},
    },
}


def on_starting(server: Any) -> None:
    """Each page that listens holds a file descriptor: as many as this machine allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def post_worker_init(worker: Any) -> None:
    """At SIGTERM pages that listen are let go, and their connections closed: the worker need not wait for them."""
    from gateway import live

    hub = live.hub(worker.wsgi)

    def stop(number: int, frame: Any) -> None:
        worker.cfg.set("keepalive", 0)
        hub.close()
        worker.handle_exit(number, frame)

    signal.signal(signal.SIGTERM, stop)
    signal.siginterrupt(signal.SIGTERM, False)


def post_request(worker: Any, req: Any, environ: dict[str, Any], resp: Any) -> None:
    """Reads on in what is left of a refused body, so that its sender comes to read the answer, but not for ever.

    gunicorn itself would read all of it, a kilobyte at a time and without letting anybody else have a turn.
    """
    import gevent

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


def worker_exit(server: Any, worker: Any) -> None:
    """The worker's connection to the broker is closed in order."""
    made = sys.modules.get("gateway.wsgi")
    if made:
        made.broker.stop()
