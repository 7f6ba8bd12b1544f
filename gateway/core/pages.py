"""The pages: server-rendered, with htmx for what changes in place. `docs/dev/pages.md` shows how to add one."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import get_locale

from gateway.approval import route
from gateway.core import assets, auth, backend, problems
from gateway.core import error_page as errors
from gateway.core import format as formats
from gateway.desk import pages as desk
from gateway.directory.pages import admin, people, settings, signin
from gateway.documents import preview
from gateway.documents import words as telling
from gateway.documents.pages import boxes, versions, write
from gateway.documents.pages import card as documents

__all__ = ["register"]


def register(app: Flask) -> None:
    """Adds the pages, their filters and what their templates know to the application."""
    formats.install(app)
    assets.install(app)
    preview.install(app)
    problems.install(app)
    route.install(app)
    telling.install(app)
    app.jinja_env.filters["problem_words"] = errors.form_words
    app.context_processor(_known_to_templates)
    for module in (signin, desk, boxes, documents, versions, write, people, settings, admin):
        app.register_blueprint(module.bp)


def _known_to_templates() -> dict[str, Any]:
    """What every template may name: who is signed in, their organisation, the language."""
    locale = str(get_locale() or "ko")
    who = auth.current()
    if who is None:
        return {"principal": None, "locale": locale}
    return {"principal": who, "organisation": backend.tenant_name(who.tenant), "locale": locale}
