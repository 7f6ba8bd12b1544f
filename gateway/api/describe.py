"""How an operation describes itself in the OpenAPI document. A request costs nothing of it: services validate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any, TypeVar

from marshmallow import Schema, fields

V = TypeVar("V", bound=Callable[..., Any])
Described = type[Schema] | Mapping[str, Any] | None

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "description": "Repeating a write with its key gives the same answer and changes nothing.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 100},
}
_IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "description": 'The `ETag` of the version that was changed, e.g. `"3"`; `*` for whatever there is.',
    "schema": {"type": "string"},
}
_ETAG = {"ETag": {"description": "The version", "schema": {"type": "string"}}}
_LOCATION = {"Location": {"description": "Where it is", "schema": {"type": "string"}}}


class ProblemDetails(Schema):
    """What went wrong (RFC 9457). `type` is stable: `urn:oneway:problem:<slug>`."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    instance = fields.String(required=True, metadata={"description": "`urn:oneway:request:<X-Request-Id>`"})
    detail = fields.String()
    fields_ = fields.Dict(
        data_key="fields", metadata={"description": "A code for each bad field by its path, e.g. `line.1.person`"}
    )
    retry_after = fields.Integer(metadata={"description": "Seconds"})
    current = fields.Integer(metadata={"description": "The present version, where an old one was changed"})


def operation(
    *,
    answers: Mapping[int, Described],
    body: Described = None,
    query: type[Schema] | None = None,
    problems: Iterable[int] = (),
    if_match: bool = False,
    etag: bool = False,
    public: bool = False,
    files: Mapping[str, str] | None = None,
) -> Callable[[V], V]:
    """Describes a view: what it takes, what it answers by status, and the problems that are its own.

    `files` are bodies (`body`) or answers (`answer`) that are not JSON, by their media type.
    """

    def mark(view: V) -> V:
        parameters: list[Any] = [{"in": "query", "schema": query}] if query else []
        writes = body is not None or 201 in answers or 204 in answers or "body" in (files or {})
        parameters += [_KEY] * writes + [_IF_MATCH] * if_match
        found: dict[str, Any] = {"responses": _responses(answers, problems, etag, (files or {}).get("answer"))}
        if parameters:
            found["parameters"] = parameters
        if body is not None:
            found["requestBody"] = {"required": True, "content": {JSON: {"schema": body}}}
        elif files and "body" in files:
            found["requestBody"] = {"required": True, "content": _binary(files["body"])}
        if public:
            found["security"] = []
        view._apidoc = {"manual_doc": found}  # type: ignore[attr-defined]
        return view

    return mark


def _responses(
    answers: Mapping[int, Described], problems: Iterable[int], etag: bool, file: str | None
) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for status, schema in answers.items():
        told: dict[str, Any] = {"description": HTTPStatus(status).phrase}
        if file:
            told["content"] = _binary(file)
        elif schema is not None:
            told["content"] = {JSON: {"schema": schema}}
        headers = {**(_ETAG if etag else {}), **(_LOCATION if status == 201 else {})}
        found[str(status)] = told | ({"headers": headers} if headers else {})
    for status in sorted(problems):
        found[str(status)] = _problem(HTTPStatus(status).phrase)
    found["default"] = _problem("A problem")
    return found


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {PROBLEM_JSON: {"schema": ProblemDetails}}}


def _binary(kind: str) -> dict[str, Any]:
    return {kind: {"schema": {"type": "string", "contentMediaType": kind}}}


def items_of(schema: type[Schema], name: str) -> type[Schema]:
    """The schema of a whole list: `{items}`."""
    return Schema.from_dict({"items": fields.List(fields.Nested(schema), required=True)}, name=name)


@cache
def without(schema: type[Schema], *names: str) -> type[Schema]:
    """A command's schema as the body of a request whose address tells the named fields."""
    meta = type("Meta", (schema.Meta,), {"exclude": names})
    return type(f"{schema.__name__}Body", (schema,), {"Meta": meta, "__doc__": schema.__doc__})
