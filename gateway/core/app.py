"""The gateway's Flask application: API, pages, live channel, health."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_babel import Babel
from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Request, Response

import gateway
from gateway.core import api, auth, backend, errors, health, live, pages, security, telemetry
from shared.bus.client import Client
from shared.settings import Settings

_BUILT_FOR = 365 * 24 * 3600
_STATIC_FOR = 3600


class Gateway(Flask):
    """Flask with the gateway's ways of finding templates and serving files."""

    @cached_property
    def jinja_loader(self) -> BaseLoader:
        """What all pages share by its own name; a noun's templates by the noun's: `documents/card.html`."""
        folders = (path for each in gateway.__path__ for path in Path(each).glob("*/templates"))
        nouns = {path.parent.name: FileSystemLoader(path) for path in folders}
        return ChoiceLoader([nouns.pop("ui"), PrefixLoader(nouns)])

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        """Built files carry the hash of their content in their name: they never change."""
        return _BUILT_FOR if filename and filename.startswith("built/") else _STATIC_FOR


class _Messages(SecureCookieSessionInterface):
    """Flask's own session carries only what is told on the next page (flash): nothing is made where there is none."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if "HTTP_COOKIE" not in request.environ or request.path.startswith("/api/"):
            return self.session_class()
        return super().open_session(app, request)  # type: ignore[arg-type]

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        if session or session.modified:
            super().save_session(app, session, response)  # type: ignore[arg-type]


def create_app(client: Client, settings: Settings) -> Flask:
    """The application. It listens to the live channel, so the client's broker is to be started afterwards."""
    app = Gateway("gateway")
    app.config.update(
        SESSION_COOKIE_NAME="oneway_messages",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        BABEL_DEFAULT_LOCALE="ko",
        BABEL_DEFAULT_TIMEZONE="Asia/Seoul",
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    app.session_interface = _Messages()
    if settings.proxies:
        # Whose address it is that signs in: without it everybody behind the proxy would count as one.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    Babel(app, locale_selector=auth.locale)
    backend.install(app, client, settings)
    telemetry.install(app, settings)
    health.install(app, client)
    security.install(app, settings)
    errors.install(app)
    principals = auth.install(app)
    hub = live.install(app)
    api.register(app)
    pages.register(app)
    client.on_live(principals.told, principals.clear)
    client.on_live(hub.told, hub.missed)
    return app
