"""The pages: server-rendered, with htmx for what changes in place. `docs/dev/pages.md` shows how to add one."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from flask_babel import get_locale

from gateway.core import assets, auth, backend, error_page, nouns, objects, page, problems, telemetry
from gateway.core import format as formats

_EXTENSION = "oneway.noun_of_blueprint"


def register(app: Flask) -> None:
    """Adds every noun's pages and words, and what all templates know, to the application."""
    formats.install(app)
    assets.install(app)
    problems.install(app)
    objects.install(app)
    app.jinja_env.filters["problem_words"] = error_page.form_words
    app.context_processor(_known_to_templates)
    noun_of_blueprint = app.extensions[_EXTENSION] = dict[str, str]()
    for noun in nouns.all_nouns():
        for module in nouns.room(noun, "words"):
            if hasattr(module, "install"):
                module.install(app)
        for blueprint in nouns.blueprints(noun, "pages"):
            app.register_blueprint(blueprint)
            noun_of_blueprint[blueprint.name] = noun.name
    app.jinja_env.globals["bundles"] = lambda *also: bundles(noun_of_blueprint.get(request.blueprint or "", ""), *also)


def bundles(*names: str) -> dict[str, list[str]]:
    """The built styles and scripts of these nouns, where they have any: `documents.css`, `documents.js`."""
    built = assets.manifest()
    return {ending: [f"{name}.{ending}" for name in names if f"{name}.{ending}" in built] for ending in ("css", "js")}


def _known_to_templates() -> dict[str, Any]:
    """What every template may name: who is signed in, their organisation, where they may go, the language."""
    locale = str(get_locale() or "ko")
    who = auth.current()
    if who is None:
        return {"principal": None, "locale": locale}
    return {
        "principal": who,
        "organisation": backend.tenant_name(who.tenant),
        "locale": locale,
        "navigation": nouns.groups(who.roles),
        "creates": nouns.creates(),
        "shortcuts": nouns.keys(),
        "banners": page.banners(),
        "arrived": int(telemetry.arrived_at() * 1000),
    }
