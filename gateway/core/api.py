"""The REST API under `/api/v1`, described by OpenAPI 3.1, with Swagger UI at `/api/docs`."""

from __future__ import annotations

from typing import Any

import orjson
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, Response, render_template
from flask_smorest import Api
from marshmallow import Schema

from gateway.core import nouns
from gateway.core.auth import public
from gateway.core.describe import describe_common
from shared.contracts.documents import Disclosure, DisclosureSchema

PREFIX = "/api/v1"
_DESCRIPTION = """\
Everything the pages do, for programs. Get a token with `POST /auth/token` and send it as `Authorization: Bearer …`.
Writes take an `Idempotency-Key`; changes an `If-Match`; lists answer `{items, next}` and take `cursor`.
"""


class _Described(Api):
    """flask-smorest's description of the routes; errors are answered by `gateway.core.errors`."""

    def _register_error_handlers(self) -> None:
        """There is one place for errors already."""

    def _register_responses(self) -> None:
        """Problems are described by `describe`."""

    def _register_pagination_header(self) -> None:
        """A page tells in itself where the next one begins."""


def register(app: Flask) -> None:
    """Adds the API, its description and the page that shows it to the application."""
    app.config.update(API_TITLE="One Way", API_VERSION="1", OPENAPI_VERSION="3.1.0")
    marshmallow = MarshmallowPlugin(schema_name_resolver=_name)
    api = _Described(app, spec_kwargs={"marshmallow_plugin": marshmallow, "info": {"description": _DESCRIPTION}})
    api.spec.options["servers"] = [{"url": "/"}]
    api.spec.options["security"] = [{"bearer": []}]
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    describe_common(api.spec)
    converter = marshmallow.converter
    assert converter is not None
    converter.add_attribute_function(_disclosure)  # type: ignore[no-untyped-call]
    for noun in nouns.all_nouns():
        for blueprint in nouns.blueprints(noun, "api"):
            api.register_blueprint(blueprint, url_prefix=PREFIX)
    described = orjson.dumps(api.spec.to_dict())

    @public
    def openapi() -> Response:
        return Response(described, mimetype="application/json")

    app.add_url_rule(f"{PREFIX}/openapi.json", "openapi", openapi)
    app.add_url_rule("/api/docs", "api_docs", _docs)


@public
def _docs() -> str:
    return render_template("api/docs.html", described=f"{PREFIX}/openapi.json")


def _name(schema: Any) -> str:
    """The name under which a schema is described: its class's."""
    cls = schema if isinstance(schema, type) else type(schema)
    assert issubclass(cls, Schema)
    return cls.__name__


def _disclosure(_: Any, field: Any, **__: Any) -> dict[str, Any]:
    """공개구분 is told by its class alone, or with its clauses."""
    if not isinstance(field, Disclosure):
        return {}
    shape = DisclosureSchema().fields
    classes = list(shape["class"].validators[0].choices)  # type: ignore[attr-defined]
    whole = {
        "type": "object",
        "required": ["class"],
        "properties": {
            "class": {"type": "string", "enum": classes},
            "clauses": {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 8}},
            "reason": {"type": "string", "maxLength": 500},
        },
        "additionalProperties": False,
    }
    return {"anyOf": [{"type": "string", "enum": classes}, whole]}
