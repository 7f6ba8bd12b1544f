"""What no page of ours may do: errors in the console, a broken content policy, requests to other hosts."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request

# What a browser says where the network is gone, and htmx of a request that was under way just then.
CUT_OFF = (r"net::ERR_", r"Failed to fetch", r"htmx:(afterRequest|sendError)")


class Watch:
    """Notes the faults of every page of a context. `expects`: patterns of what the test itself brings about."""

    def __init__(self, context: BrowserContext, base_url: str, expects: tuple[str, ...] = ()) -> None:
        self.faults: list[str] = []
        self._host = urlsplit(base_url).netloc
        self._expects = expects
        context.on("console", self._said)
        context.on("weberror", lambda error: self._note(f"uncaught: {error.error}"))
        context.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._note(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _asked(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in ("http", "https", "ws", "wss") and url.netloc != self._host:
            self._note(f"a request to another host: {request.url}")

    def _note(self, fault: str) -> None:
        if not any(re.search(pattern, fault) for pattern in self._expects):
            self.faults.append(fault)
