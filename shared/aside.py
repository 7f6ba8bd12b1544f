"""Calls that wait or work outside Python: run beside the event loop where there is one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


def aside(function: Callable[..., T], *args: Any) -> T:
    """`function(*args)`: in a thread where gevent or eventlet is at work, so that others go on; otherwise here."""
    if "gevent" in sys.modules:
        from gevent import get_hub, monkey

        if monkey.is_module_patched("socket"):
            found: T = get_hub().threadpool.apply(function, args)
            return found
    if "eventlet" in sys.modules:
        from eventlet import patcher, tpool

        if patcher.is_monkey_patched("socket"):
            result: T = tpool.execute(function, *args)
            return result
    return function(*args)
