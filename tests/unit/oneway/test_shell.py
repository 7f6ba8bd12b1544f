"""What operators find in the shell: every method by its name, each call on record before it is made."""

from __future__ import annotations

import inspect
import pydoc
from typing import Any

import pytest

from oneway import parts, shell
from shared.bus.spec import methods
from shared.errors import Unavailable
from shared.testing import context


class Client:
    """Notes the calls; the record is away where it is told so."""

    def __init__(self, recording: bool = True) -> None:
        self.calls: list[dict[str, Any]] = []
        self._recording = recording

    def call(self, service: str, method: str, ctx: Any, data: Any = None, **more: Any) -> Any:
        if method == "record_shell_call" and not self._recording:
            raise Unavailable("directory")
        self.calls.append({"to": f"{service}.{method}", "context": ctx, "data": data, **more})
        return {"answer": method}

    @property
    def to(self) -> list[str]:
        return [call["to"] for call in self.calls]


def opened(client: Any, **changes: Any) -> Any:
    return shell.module(shell.Caller(client, context(**changes), "kim@host"))


def test_a_call_is_entered_in_the_record_first_by_the_names_of_what_is_given() -> None:
    client = Client()
    assert opened(client).rpc.directory.change_password(old="비밀 하나", new="비밀 둘") == {"answer": "change_password"}
    assert client.to == ["directory.record_shell_call", "directory.change_password"]
    entry, made = client.calls
    assert entry["data"]["operator"] == "kim@host" and entry["data"]["person"] == context().person
    assert (entry["data"]["service"], entry["data"]["method"]) == ("directory", "change_password")
    assert entry["data"]["arguments"] == ["new", "old"] and "비밀" not in str(entry)
    assert entry["context"].request_id == made["context"].request_id != ""
    assert entry["context"].roles == {"platform_operator"} and made["context"].roles == context().roles


def test_a_call_that_cannot_be_entered_is_not_made() -> None:
    client = Client(recording=False)
    with pytest.raises(Unavailable):
        opened(client).rpc.desk.counts()
    assert client.calls == []


def test_each_command_has_an_idempotency_key_and_a_query_may_be_repeated() -> None:
    client = Client()
    rpc = opened(client).rpc
    rpc.documents.create_draft({"title": "가"})
    rpc.documents.create_draft(title="가")
    rpc.documents.create_draft.under("mine")(title="가")
    rpc.documents.card(id="1")
    first, second, third, asked = [call for call in client.calls if "record" not in call["to"]]
    assert first["data"] == second["data"] == {"title": "가"}
    assert first["idempotency_key"] and first["idempotency_key"] != second["idempotency_key"]
    assert third["idempotency_key"] == "mine" and not third["repeatable"]
    assert asked["idempotency_key"] is None and asked["repeatable"]


@pytest.mark.parametrize("method", ["sign_in", "create_program_token", "begin_totp"])
def test_an_answer_that_holds_a_secret_is_kept_under_no_key(method: str) -> None:
    client = Client()
    getattr(opened(client).rpc.directory, method)()
    assert client.calls[-1]["idempotency_key"] is None and not client.calls[-1]["repeatable"]


def test_every_method_of_every_service_is_there_and_listed() -> None:
    n = opened(Client())
    listed = repr(n.services)
    for name in parts.SERVICES:
        assert f"{name}\n" in listed
        for method in methods(parts.service_class(name)):
            assert callable(getattr(getattr(n.rpc, name), method)) and f"{method}(" in listed


def test_help_tells_what_a_method_does_and_takes() -> None:
    decide = opened(Client()).rpc.approval.decide
    parameters = inspect.signature(decide).parameters
    assert parameters["document"].default is inspect.Parameter.empty and parameters["opinion"].default == ""
    told = pydoc.render_doc(decide, renderer=pydoc.plaintext)
    assert "A command, for: anybody signed in." in told and "document: id, required" in told


def test_the_platform_operator_is_nobody_of_the_tenant() -> None:
    ctx = shell.platform_operator("city", "kim@host")
    assert (ctx.person, ctx.name, ctx.roles) == ("", "kim@host", {"platform_operator"})
