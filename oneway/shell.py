"""nameko's shell on this system: `n.rpc.<service>.<method>(…)` in one signed context, each call on record before."""

from __future__ import annotations

import inspect
import socket
from collections.abc import Callable
from dataclasses import replace
from getpass import getuser
from keyword import iskeyword
from types import ModuleType, SimpleNamespace
from typing import Any

from marshmallow import fields, missing

from oneway import parts
from shared.bus.client import Client
from shared.bus.spec import Method, methods
from shared.context import Context
from shared.contracts.directory import SECRET_ANSWERS
from shared.ids import new_id

DOC = """One Way's shell.

    n.services                                what there is to be called
    help(n.rpc.documents.card)                what a method takes
    n.rpc.documents.card(id="…")              calls it; one dictionary does as well
    n.rpc.documents.save.under("key")(…)      a command under an idempotency key of your own: a repeat changes nothing
    n.context                                 who calls: the tenant, the person, the roles
"""


def operator() -> str:
    """Who works at this machine, as the record names them."""
    try:
        user = getuser()
    except (KeyError, OSError):
        user = "nobody known"
    return f"{user}@{socket.gethostname()}"


def platform_operator(tenant: str, name: str) -> Context:
    """The context of whoever runs the platform: they may what that role may, and are no person of the tenant."""
    return Context(tenant=tenant, name=name, roles=frozenset({"platform_operator"}))


def signed_in(client: Client, tenant: str, login: str, password: str, code: str) -> Context:
    """The context of a person, in a session of their own. Raises the directory's `Problem`."""
    data = {"login": login, "password": password, "code": code, "agent": f"oneway shell, {operator()}"}
    # No idempotency key: the answer holds the token, which is to be written down nowhere.
    principal = client.call("directory", "sign_in", Context(tenant=tenant, request_id=new_id()), data)["principal"]
    held = {name: principal[name] for name in Context.__dataclass_fields__ if name in principal}
    return Context(**{**held, "roles": frozenset(principal["roles"])})


class Caller:
    """Calls in one context. `who` is the operator, whoever they act as."""

    def __init__(self, client: Client, context: Context, who: str) -> None:
        self.context = context
        self._client = client
        self._who = who

    def call(self, service: str, method: Method, data: Any, key: str = "") -> Any:
        """The method's result. Raises its `Problem`, and `Unavailable` where the call cannot be put on record."""
        # By it the entry of the record, and whatever the service enters, are found together.
        request = new_id()
        self._record(service, method.name, data, request)
        keyed = method.writes and method.name not in SECRET_ANSWERS
        return self._client.call(
            service,
            method.name,
            replace(self.context, request_id=request),
            data,
            idempotency_key=(key or request) if keyed else None,
            repeatable=not method.writes,
        )

    def _record(self, service: str, method: str, data: Any, request: str) -> None:
        """Enters the call in the tenant's record; the names of what is given and not the values."""
        given = sorted(map(str, data)) if isinstance(data, dict) else []
        told: dict[str, Any] = {
            "operator": self._who,
            "person": self.context.person,
            "service": service,
            "method": method,
        }
        context = replace(platform_operator(self.context.tenant, self._who), request_id=request)
        told["arguments"] = given
        self._client.call("directory", "record_shell_call", context, told, idempotency_key=new_id())

    def leave(self) -> None:
        """Ends the person's session."""
        if self.context.session:
            self._client.call("directory", "revoke_session", self.context, {"id": self.context.session})


class Services(dict[str, list[Method]]):
    """The methods of each service."""

    def __repr__(self) -> str:
        """As a page to read."""
        return "\n".join(f"{name}\n" + "\n".join(map(_line, found)) for name, found in self.items())


def _line(method: Method) -> str:
    return f"  {'command' if method.writes else 'query  '} {method.name}({', '.join(_names(method))})"


def _names(method: Method) -> dict[str, fields.Field[Any]]:
    return {field.data_key or name: field for name, field in method.schema.fields.items()}


def module(caller: Caller) -> ModuleType:
    """The `n` of the shell."""
    found = ModuleType("n", DOC)
    services, rpc = Services(), SimpleNamespace()
    for name in parts.SERVICES:
        cls = parts.service_class(name)
        services[name] = list(methods(cls).values())
        calls = {m.name: function(caller, name, m, inspect.getdoc(getattr(cls, m.name)) or "") for m in services[name]}
        setattr(rpc, name, SimpleNamespace(**calls))
    vars(found).update(services=services, rpc=rpc, context=caller.context)
    return found


def function(caller: Caller, service: str, method: Method, doc: str, key: str = "") -> Callable[..., Any]:
    """A method as a function: called with its fields by name, or with one dictionary."""

    def called(data: dict[str, Any] | None = None, /, **named: Any) -> Any:
        return caller.call(service, method, {**(data or {}), **named}, key)

    names = _names(method)
    called.__name__ = called.__qualname__ = method.name
    called.__module__ = f"n.rpc.{service}"
    called.__doc__ = "\n".join((doc, "", _rights(method), *(f"    {name}: {_told(f)}" for name, f in names.items())))
    # A field that is called like a word of Python's (`from`) is given in a dictionary.
    sayable = {name: field for name, field in names.items() if not iskeyword(name)}
    by_name = [inspect.Parameter(n, inspect.Parameter.KEYWORD_ONLY, default=_default(f)) for n, f in sayable.items()]
    vars(called)["__signature__"] = inspect.Signature(by_name)
    if method.writes:
        vars(called)["under"] = lambda given: function(caller, service, method, doc, given)
    return called


def _rights(method: Method) -> str:
    kind = "A command" if method.writes else "A query"
    who = "without anybody signed in" if method.anonymous else ", ".join(sorted(method.roles)) or "anybody signed in"
    return f"{kind}, for: {who}."


def _default(field: fields.Field[Any]) -> Any:
    return inspect.Parameter.empty if field.required or field.load_default is missing else field.load_default


def _told(field: fields.Field[Any]) -> str:
    return f"{_kind(field)}{', required' if field.required else ''}{', or null' if field.allow_none else ''}"


def _kind(field: fields.Field[Any]) -> str:
    if isinstance(field, fields.List):
        return f"list of {_kind(field.inner)}"
    if isinstance(field, fields.Nested):
        return f"{{{', '.join(f'{name}: {_told(inner)}' for name, inner in field.schema.fields.items())}}}"
    return type(field).__name__.lower()
