"""Several keys at a time: the first is used, all open; a tenant's key is wrapped under them."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from prometheus_client import REGISTRY

from shared import keys
from shared.bus import wire
from shared.context import Signer
from shared.testing import context


def count(kind: str, key: str) -> float | None:
    return REGISTRY.get_sample_value("oneway_key_uses_total", {"kind": kind, "key": keys.fingerprint(key)})


def test_keys_are_split_by_commas() -> None:
    assert keys.split("new, old") == ["new", "old"]


@pytest.mark.parametrize("text", ["", " ", "new,", ",old", "new,,old"])
def test_an_empty_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="missing"):
        keys.split(text)


def test_a_fingerprint_is_the_same_for_the_same_key_only() -> None:
    assert keys.fingerprint("one") == keys.fingerprint(b"one") != keys.fingerprint("other")
    assert len(keys.fingerprint("one")) == 8


# -- the bus ----------------------------------------------------------------------------------------


def test_a_signer_tells_which_of_its_keys_verify() -> None:
    signer = Signer.from_text("bus-new, bus-old")
    assert (count("bus", "bus-new"), count("bus", "bus-old")) == (0, 0)
    for key in ("bus-old", "bus-new", "bus-old"):
        message = wire.request(Signer.from_text(key), "documents", "card", context(), {}, "", 5.0, "1")
        wire.read_request(signer, message)
    assert (count("bus", "bus-new"), count("bus", "bus-old")) == (1, 2)


@pytest.mark.parametrize("text", ["", "new,"])
def test_a_signer_without_a_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ONEWAY_BUS_KEY"):
        Signer.from_text(text)


# -- what is wrapped --------------------------------------------------------------------------------

WRAPPING, CONTENT = keys.Wrapping("wrapped", b"a purpose"), b"k" * 32


def test_what_is_wrapped_is_opened_by_every_key_and_wrapped_by_the_first() -> None:
    by_old = WRAPPING.wrap("old", "city", CONTENT)
    assert WRAPPING.unwrap("new,old", "city", by_old) == WRAPPING.unwrap("old,new", "city", by_old) == CONTENT
    assert WRAPPING.wrapped_by("new,old", "city", by_old) == "old"
    by_new = WRAPPING.wrap("new,old", "city", CONTENT)
    assert WRAPPING.unwrap("new", "city", by_new) == CONTENT
    with pytest.raises(InvalidTag):
        WRAPPING.unwrap("old", "city", by_new)


def test_what_is_wrapped_is_renewed_once() -> None:
    renewed = WRAPPING.renewed("new,old", "city", WRAPPING.wrap("old", "city", CONTENT))
    assert renewed
    assert WRAPPING.unwrap("new", "city", renewed) == CONTENT
    assert WRAPPING.renewed("new,old", "city", renewed) is None
    with pytest.raises(InvalidTag):
        WRAPPING.renewed("newer", "city", renewed)


def test_what_is_wrapped_is_bound_to_its_owner_and_its_purpose() -> None:
    wrapped = WRAPPING.wrap("key", "city", CONTENT)
    for wrapping, owner in ((WRAPPING, "other"), (keys.Wrapping("wrapped", b"another"), "city")):
        with pytest.raises(InvalidTag):
            wrapping.unwrap("key", owner, wrapped)


def test_what_is_wrapped_is_another_each_time_and_whole() -> None:
    wrapped = {WRAPPING.wrap("key", "city", CONTENT) for _ in range(3)}
    assert len(wrapped) == 3
    for each in wrapped:
        altered = bytes([each[0] ^ 1]) + each[1:]
        with pytest.raises(InvalidTag):
            WRAPPING.unwrap("key", "city", altered)


def test_the_uses_of_each_wrapping_key_are_counted() -> None:
    by_old = WRAPPING.wrap("counted-old", "city", CONTENT)
    for _ in range(2):
        WRAPPING.unwrap("counted-new,counted-old", "city", by_old)
    assert (count("wrapped", "counted-new"), count("wrapped", "counted-old")) == (None, 2)
