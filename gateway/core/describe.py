"""How an operation describes itself in the OpenAPI document. A request costs nothing of it: services validate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any, TypeVar

import apispec
from marshmallow import Schema, fields

from gateway.core.waiting import LONGEST

V = TypeVar("V", bound=Callable[..., Any])
Described = type[Schema] | Mapping[str, Any] | None

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
# What any call may end with: too many of them, a part that is away.
_ALWAYS = (429, 503)
_STATUSES = (400, 401, 403, 404, 409, 412, 413, 415, 416, 422, 423, 428, *_ALWAYS)
_RETRIED = (423, *_ALWAYS)
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
_IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "description": "The `ETag` of the answer that is known: 304 where it is still the same.",
    "schema": {"type": "string"},
}
_PREFER = {
    "in": "header",
    "name": "Prefer",
    "description": "`wait=N` (RFC 7240), with `If-None-Match`: the answer comes when it has changed, or 304 after N "
    f"seconds, {LONGEST} at the most.",
    "schema": {"type": "string"},
}
_FILE = {"type": "string", "contentMediaType": "application/octet-stream"}
_FORM = {
    "multipart/form-data": {"schema": {"type": "object", "required": ["file"], "properties": {"file": _FILE}}},
}
_OF_STATUS = {201: ("Location",), 206: ("Content-Range",)}
_HEADERS: dict[str, dict[str, Any]] = {
    "X-Request-Id": {
        "description": "The request's own, where it brought one",
        "schema": {"type": "string"},
        "required": True,
    },
    "ETag": {
        "description": "The version, the file's SHA-256, or a digest",
        "schema": {"type": "string"},
        "required": True,
    },
    "Preference-Applied": {
        "description": "The `wait=N` that was kept to, where there was one",
        "schema": {"type": "string"},
        "required": False,
    },
    "Content-Range": {"description": "Which part of how many bytes", "schema": {"type": "string"}, "required": True},
    "Location": {"description": "Where it is", "schema": {"type": "string"}, "required": True},
    "Retry-After": {"description": "Seconds", "schema": {"type": "integer"}, "required": True},
}


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
    size = fields.Integer(metadata={"description": "Bytes of the file, where a part of it was asked for"})
    limit = fields.Integer(metadata={"description": "Bytes, where something was too large"})
    current = fields.Integer(metadata={"description": "The present version, where an old one was changed"})


def describe_common(spec: apispec.APISpec) -> None:
    """Adds what operations refer to: headers, and a problem for each status."""
    for name, header in _HEADERS.items():
        spec.components.header(name, header)
    spec.components.response("Problem", _problem("Any other problem", ()))
    for status in _STATUSES:
        headers = ("Retry-After",) if status in _RETRIED else ()
        spec.components.response(f"Problem{status}", _problem(HTTPStatus(status).phrase, headers))


def operation(
    *,
    answers: Mapping[int, Described],
    body: Described = None,
    optional: bool = False,
    query: type[Schema] | None = None,
    problems: Iterable[int] = (),
    keyed: bool | None = None,
    if_match: bool = False,
    etag: bool = False,
    waits: bool = False,
    public: bool = False,
    files: Mapping[str, str] | None = None,
    name: str = "",
) -> Callable[[V], V]:
    """Describes a view: what it takes, what it answers by status, and the problems that are its own.

    The problems that follow from the rest need not be named. The body may be left out where it is `optional`.
    `keyed` says whether it takes an idempotency key: unless told it does where it has a body, makes or ends
    something. One that `waits` answers when it has changed, where the caller prefers that. `files` are bodies (`body`,
    which may be a part of a form as well) or answers (`answer`) that are not JSON, by their media type. Its
    `name` is the view's unless told.
    """
    files = files or {}
    bodily = body is not None or "body" in files
    keyed = bodily or 204 in answers if keyed is None else keyed

    def mark(view: V) -> V:
        own = {*problems, *_ALWAYS}
        own |= set() if public else {401, 403}
        own |= ({400, 413, 415, 422} if body is not None else set()) | ({422} if query else set())
        own |= ({400, 409} if keyed else set()) | ({412} if if_match else set())
        parameters: list[Any] = [{"in": "query", "schema": query}] if query else []
        parameters += [_KEY] * keyed + [_IF_MATCH] * if_match + [_IF_NONE_MATCH, _PREFER] * waits
        found: dict[str, Any] = {
            "operationId": name or view.__name__,
            "responses": _answers(
                {**answers, **({304: None} if waits else {})},
                ["ETag"] * (etag or waits) + ["Preference-Applied"] * waits,
                files.get("answer"),
            )
            | {str(status): f"Problem{status}" for status in sorted(own)}
            | {"default": "Problem"},
        }
        if parameters:
            found["parameters"] = parameters
        if bodily:
            content = {JSON: {"schema": body}} if body is not None else _binary(files["body"]) | _FORM
            found["requestBody"] = {"required": not optional, "content": content}
        if public:
            found["security"] = []
        view._apidoc = {"manual_doc": found}  # type: ignore[attr-defined]
        return view

    return mark


def _answers(answers: Mapping[int, Described], headers: list[str], file: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status, schema in answers.items():
        names = ["X-Request-Id", *headers, *_OF_STATUS.get(status, ())]
        told: dict[str, Any] = {"description": HTTPStatus(status).phrase, "headers": {name: name for name in names}}
        if file and status < 300:
            told["content"] = _binary(file)
        elif schema is not None:
            told["content"] = {JSON: {"schema": schema}}
        found[str(status)] = told
    return found


def _problem(description: str, headers: Iterable[str]) -> dict[str, Any]:
    return {
        "description": description,
        "content": {PROBLEM_JSON: {"schema": ProblemDetails}},
        "headers": {name: name for name in ("X-Request-Id", *headers)},
    }


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
