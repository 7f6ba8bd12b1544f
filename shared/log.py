"""Logs: one JSON object a line on standard error, with the request, the trace and the tenant it is about."""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
from contextvars import ContextVar
from typing import Any, TextIO, cast

import orjson
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor

from shared import redact
from shared.context import Context

# A greenlet of eventlet's and gevent's has variables of its own, as a thread has. One variable, and not one for each
# field as structlog has them: it is set for every request, and read only where something is logged.
_ABOUT: ContextVar[dict[str, str] | None] = ContextVar("oneway_about", default=None)
_process = ""


class About:
    """Within it every line tells what it is about; `add` tells more, once more is known."""

    __slots__ = ("_before", "_fields")

    def __init__(self, **fields: str) -> None:
        self._fields = {name: value for name, value in fields.items() if value}
        self._before: dict[str, str] | None = None

    def __enter__(self) -> About:
        self._before = _ABOUT.get()
        _ABOUT.set(self._fields)
        return self

    def __exit__(self, *_: object) -> None:
        _ABOUT.set(self._before)

    def add(self, **fields: str) -> None:
        """Adds to what is told."""
        self._fields.update(fields)


def about(ctx: Context, service: str) -> About:
    """For what a service does in this context."""
    return About(request_id=ctx.request_id, trace_id=ctx.traceparent[3:35], tenant=ctx.tenant, service=service)


def _told(_: Any, __: str, event: EventDict) -> EventDict:
    for name, value in (_ABOUT.get() or {}).items():
        event.setdefault(name, value)
    event.setdefault("service", _process)
    return event


def _redacted(_: Any, __: str, event: EventDict) -> EventDict:
    found: EventDict = redact.value(event)
    return found


def _json(event: EventDict, **_: Any) -> str:
    return orjson.dumps(event, default=str).decode()


_PROCESSORS: list[Processor] = [
    _told,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    _redacted,
]
_RENDERED = structlog.processors.JSONRenderer(serializer=_json)


class _Output:
    """A stream in which a line that finds no room, or nobody who reads any more, is lost: it is not worth the work."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._stream.flush()


def formatter() -> logging.Formatter:
    """For handlers of Python's own `logging`: what libraries log looks the same, and is rid of the same."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, *_PROCESSORS],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _RENDERED],
    )


def configure(service: str, level: str = "INFO") -> None:
    """Sets up logging of this process; library loggers go the same way, from WARNING on."""
    global _process
    _process = service
    number = logging.getLevelName(level)
    structlog.configure(
        processors=[*_PROCESSORS, _RENDERED],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, _Output(sys.stderr))),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter())
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler])
    logging.captureWarnings(True)
    threading.excepthook = _thread_failed


def _thread_failed(args: threading.ExceptHookArgs) -> None:
    if args.exc_type is not SystemExit:
        name = args.thread.name if args.thread else ""
        get("process").error("thread_failed", thread=name, exc_info=args.exc_value)


def get(name: str) -> FilteringBoundLogger:
    """A logger that says which part speaks."""
    logger: FilteringBoundLogger = structlog.get_logger(part=name)
    return logger
