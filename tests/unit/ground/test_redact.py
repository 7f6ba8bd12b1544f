"""No secret gets into a log: whatever a field is called, and however deep in a text it stands."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

from shared import redact

SECRET = "s3cr3t-Word"


@pytest.mark.parametrize(
    "name",
    [
        *("password", "new_password", "Password", "passphrase", "secret", "client_secret", "token", "access_token"),
        *("tokens", "api_key", "busKey", "BUS_KEY", "key", "keys", "code", "otp_code", "recovery_codes", "Cookie"),
        *("authorization", "Set-Cookie", "csrf_token", "credentials", "ONEWAY_DATABASE_SECRET", "x-csrftoken"),
    ],
)
def test_a_field_named_like_a_secret_is_hidden(name: str) -> None:
    assert redact.value({"event": "x", name: SECRET}) == {"event": "x", name: redact.HIDDEN}
    assert SECRET not in str(redact.value({"deep": [{"deeper": ({name: [SECRET]},)}]}))


@pytest.mark.parametrize(
    "name",
    ["status_code", "keyword", "institution_code", "routing_key", "idempotency_key", "decode", "monkey", "count"],
)
def test_a_field_that_only_sounds_like_one_is_not(name: str) -> None:
    assert redact.value({name: "told"}) == {name: "told"}


@pytest.mark.parametrize(
    "text",
    [
        f"cannot reach amqp://oneway:{SECRET}@broker:5672//",
        f"cannot reach amqp://oneway:{SECRET}@x@broker:5672// twice",
        f"postgresql+psycopg://ow_city_desk:{SECRET}@db/ow_city?sslmode=require",
        f"redis://:{SECRET}@host",
        f"Authorization: Bearer {SECRET}",
        f"'Authorization': 'Basic {SECRET}'",
        f"the token ow1.city.{SECRET}xxxxxxxxxxx was refused",
        f"Error handling request GET /calendars/city.{SECRET}.ics",
        f"Cookie: oneway_session={SECRET}; locale=ko",
        f"GET /x?access_token={SECRET}&a=1",
        f"host=db password={SECRET} user=x",
        f"{{'password': '{SECRET}', 'a': 1}}",
        f'{{"client_secret": "a \\" {SECRET}"}}',
        f"ONEWAY_STORAGE_KEY={SECRET}",
        f"[SQL: INSERT INTO person VALUES (?)]\n[parameters: ('{SECRET}', 'a]b')]\n(Background on this error",
        f"duplicate key value violates unique constraint\nDETAIL:  Key (login)=({SECRET}) already exists.",
        f'invalid input syntax for type uuid: "{SECRET}"',
        f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----",
    ],
)
def test_a_secret_in_a_text_is_hidden_by_its_form(text: str) -> None:
    hidden = redact.text(text)
    assert SECRET not in hidden and redact.HIDDEN in hidden


@pytest.mark.parametrize(
    "text",
    [
        *("http://host:8080/path?mail=a@b", "GET /api/v1/documents 200", "결재가 끝났습니다.", "amqp://host:5672//"),
        *("key value is missing", "status_code=404", "[SQL: SELECT id FROM person WHERE login = $1]"),
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact.text(text) == text


def test_an_object_is_told_by_its_text_and_that_is_rid_of_secrets() -> None:
    class Shown:
        def __repr__(self) -> str:
            return f"<Shown password={SECRET}>"

    url = make_url(f"postgresql://u:{SECRET}@h/d")
    shown = redact.value({"a": ValueError(f"amqp://u:{SECRET}@h"), "b": Shown(), "c": url, "d": SECRET.encode()})
    assert SECRET not in orjson.dumps(shown).decode()
    assert shown["d"] == f"{len(SECRET)} bytes"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text("가나ab :=/@'\"", max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc_", max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(JSON)
def test_whatever_is_logged_can_be_written_and_is_rid_of_secrets_only_once(given_: Any) -> None:
    once = redact.value(given_)
    orjson.dumps(once)
    assert redact.value(once) == once
