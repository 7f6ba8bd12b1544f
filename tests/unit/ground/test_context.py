"""Messages are signed, and refused when anything about them was changed."""

from __future__ import annotations

import pytest

from shared.bus import wire
from shared.context import Signer
from shared.errors import Expired, Refused
from shared.testing import context

SIGNER = Signer([b"new", b"old"])


def message():
    return wire.request(SIGNER, "documents", "card", context(), {"id": "x"}, "key", 5.0, "1")


def test_a_signed_request_is_read_back():
    request = wire.read_request(SIGNER, message())
    assert (request.method, request.data, request.key) == ("card", {"id": "x"}, "key")
    assert request.context == context()


@pytest.mark.parametrize(
    "change",
    [
        lambda m: setattr(m, "body", m.body.replace(b'"x"', b'"y"')),
        lambda m: setattr(m, "routing_key", "documents.delete_draft"),
        lambda m: m.headers.update({"oneway-context": context(person="somebody-else").to_wire()}),
        lambda m: m.headers.update({"oneway-context": context(tenant="other").to_wire()}),
        lambda m: m.headers.update({"oneway-key": "another"}),
        lambda m: m.headers.pop("oneway-signature"),
        lambda m: m.headers.pop("oneway-context"),
        lambda m: m.headers.update({"oneway-signature": "1.2.3"}),
    ],
    ids=["body", "method", "person", "tenant", "key", "no signature", "no context", "nonsense"],
)
def test_a_changed_request_is_refused(change):
    changed = message()
    change(changed)
    with pytest.raises(Refused):
        wire.read_request(SIGNER, changed)


def test_an_old_request_is_refused(monkeypatch):
    old = message()
    now = __import__("time").time()
    monkeypatch.setattr("shared.context.time.time", lambda: now + 120)
    with pytest.raises(Expired, match="ago by the clock"):
        wire.read_request(SIGNER, old)


def test_a_message_signed_with_the_former_key_is_still_read():
    former = wire.request(Signer([b"old"]), "documents", "card", context(), {}, "", 5.0, "1")
    assert wire.read_request(SIGNER, former).method == "card"
    stranger = wire.request(Signer([b"other"]), "documents", "card", context(), {}, "", 5.0, "1")
    with pytest.raises(Refused):
        wire.read_request(SIGNER, stranger)
