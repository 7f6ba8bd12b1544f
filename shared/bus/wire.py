"""Messages as they go over the bus: nameko's RPC protocol with a signed context."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import orjson

from shared.bus.broker import Message
from shared.context import RPC_LIFETIME, Context, Signer
from shared.errors import Problem, Refused
from shared.events import Event

_CONTEXT, _SIGNATURE, _KEY, _TIMEOUT = "oneway-context", "oneway-signature", "oneway-key", "oneway-timeout"
# What reading a message raises that somebody else made up.
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Request:
    """An RPC as a service receives it, verified.

    `deadline` is by the monotonic clock of the service's process: when the caller has given up at the latest. How long
    the request has waited already only the broker knows, which lets it expire: two machines' clocks may differ.
    """

    method: str
    context: Context
    data: Any
    key: str
    deadline: float


def request(
    signer: Signer, service: str, method: str, ctx: Context, data: Any, key: str, timeout: float, correlation: str
) -> Message:
    """An RPC request, signed."""
    address = f"{service}.{method}"
    body = orjson.dumps({"args": [data], "kwargs": {}})
    context = ctx.to_wire()
    headers = {
        _CONTEXT: context,
        _SIGNATURE: signer.sign(context, f"{address} {key}", body),
        _TIMEOUT: str(timeout),
    }
    if key:
        headers[_KEY] = key
    return Message(address, body, headers, correlation_id=correlation, expiration=timeout)


def read_request(signer: Signer, message: Message) -> Request:
    """The request a message carries. Raises `Refused` unless it is signed, and not older than a minute."""
    headers = message.headers
    context = headers.get(_CONTEXT)
    if not isinstance(context, str):
        raise Refused("no context")
    key = str(headers.get(_KEY, ""))
    address = f"{message.routing_key} {key}"
    signer.verify(headers.get(_SIGNATURE), context, address, message.body, RPC_LIFETIME)
    try:
        content = orjson.loads(message.body)
        # nameko's proxies are called by position or by name.
        args = content.get("args") or [content.get("kwargs") or {}]
        return Request(
            message.routing_key.split(".", 1)[1],
            Context.from_wire(context),
            args[0],
            key,
            time.monotonic() + float(headers.get(_TIMEOUT, RPC_LIFETIME)),
        )
    except _UNREADABLE as error:
        raise Refused(f"not a request: {error!r}") from error


def answer(result: bytes) -> bytes:
    """A reply with a result that is JSON already."""
    return b'{"error":null,"result":' + result + b"}"


def failure(problem: Problem) -> bytes:
    """A reply with a problem, in a form nameko's proxies understand as well."""
    error = {
        "exc_type": "Problem",
        "exc_path": "shared.errors.Problem",
        "exc_args": [problem.slug],
        "value": problem.title,
        "problem": problem.to_wire(),
    }
    return orjson.dumps({"result": None, "error": error}, default=str)


def read_reply(body: bytes) -> Any:
    """The result a reply carries; raises the `Problem` it carries."""
    content = orjson.loads(body)
    error = content["error"]
    if error is not None:
        raise Problem.from_wire(
            error.get("problem") or {"status": 500, "slug": "internal", "title": "Something went wrong"}
        )
    return content["result"]


def event_message(signer: Signer, event: Event) -> Message:
    """An event, signed. It may wait for days, so its signature does not expire; its id makes it count once."""
    headers = {_CONTEXT: event.context_text, _SIGNATURE: signer.sign(event.context_text, event.type, event.body)}
    return Message(event.type, event.body, headers)


def read_event(signer: Signer, message: Message) -> Event:
    """The event a message carries. Raises `Refused` unless it is signed and its tenant is its context's."""
    context = message.headers.get(_CONTEXT)
    if not isinstance(context, str):
        raise Refused("no context")
    try:
        event = Event.from_wire(message.body, context)
    except _UNREADABLE as error:
        raise Refused(f"not an event: {error!r}") from error
    signer.verify(message.headers.get(_SIGNATURE), context, event.type, message.body, None)
    if event.tenant != event.context.tenant:
        raise Refused("an event of another tenant")
    return event


def live_message(signer: Signer, tenant: str, told: dict[str, list[str]]) -> Message:
    """What one transaction tells the gateways, signed: whom, by topic. Its routing key has the topics as its words."""
    body = orjson.dumps({"tenant": tenant, "told": told})
    return Message(".".join(sorted(told)), body, {_SIGNATURE: signer.sign("", "live", body)})


def read_live(signer: Signer, message: Message) -> list[dict[str, Any]]:
    """What was told, as `{tenant, people, topic}`. Raises `Refused` unless it is signed and fresh."""
    signer.verify(message.headers.get(_SIGNATURE), "", "live", message.body, RPC_LIFETIME)
    body = orjson.loads(message.body)
    return [{"tenant": body["tenant"], "people": people, "topic": topic} for topic, people in body["told"].items()]
