"""Calls that wait outside Python: run beside the event loop where there is one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def aside(function: Callable[..., Any], *args: Any) -> Any:
    """`function(*args)`: in a thread where gevent or eventlet is at work, so that others go on; otherwise here."""
    if "gevent" in sys.modules:
        from gevent import get_hub, monkey

        if monkey.is_module_patched("socket"):
            return get_hub().threadpool.apply(function, args)
    if "eventlet" in sys.modules:
        from eventlet import patcher, tpool

        if patcher.is_monkey_patched("socket"):
            return tpool.execute(function, *args)
    return function(*args)
