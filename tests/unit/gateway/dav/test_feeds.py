"""Feeds: a secret address is all that is asked for, and it is written down nowhere."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from shared import log
from shared.errors import Forbidden, NotFound, Unavailable
from tests.support.collector import told, traced
from tests.unit.gateway.fake import FakeClient, application

SECRET = "city." + "s3cr3t-" * 5
BASIC = "aG9uZzpnZWhlaW0tZ2VoZWlt"
FEED = f"/calendars/{SECRET}.ics"
FILE = {"name": "일정.ics", "content": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "tag": "abc"}


@pytest.fixture
def client(app: Flask, bus: FakeClient) -> FlaskClient:
    bus.answers["schedule", "feed"] = FILE
    return app.test_client()


def test_a_calendar_is_read_with_nobody_signed_in(client: FlaskClient, bus: FakeClient) -> None:
    answer = client.get(FEED)
    assert (answer.status_code, answer.text, answer.content_type) == (
        200,
        FILE["content"],
        "text/calendar; charset=utf-8",
    )
    assert answer.headers["ETag"] == '"abc"'
    assert answer.headers["Cache-Control"] == "private, max-age=60, must-revalidate"
    assert "Set-Cookie" not in answer.headers
    assert bus.asked == [("schedule", "feed", {"secret": SECRET})]
    assert (bus.contexts[0].tenant, bus.contexts[0].person) == ("city", "")


def test_its_head_is_to_be_had_alone(client: FlaskClient) -> None:
    answer = client.head(FEED)
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (200, b"", '"abc"')


@pytest.mark.parametrize("known", ['"abc"', 'W/"abc"', '"x", "abc"'])
def test_who_knows_it_already_is_not_sent_it_again(client: FlaskClient, known: str) -> None:
    answer = client.get(FEED, headers={"If-None-Match": known})
    assert (answer.status_code, answer.data) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/calendars/nonsense.ics",
        f"/calendars/other.{'s' * 40}.ics",
        f"/calendars/{'s' * 40}.ics",
        f"/calendars/city.{'s' * 400}.ics",
        "/calendars/city..%2f..%2fetc%2fpasswd.ics",
        f"/calendars/city.{'s' * 20}%0d%0aX: y.ics",
    ],
)
def test_what_can_be_no_secret_is_not_even_asked_about(client: FlaskClient, bus: FakeClient, path: str) -> None:
    assert client.get(path).status_code == 404
    assert bus.asked == []


@pytest.mark.parametrize("refusal", [NotFound("feed"), Forbidden()])
def test_after_it_was_ended_it_opens_nothing(client: FlaskClient, bus: FakeClient, refusal: Exception) -> None:
    bus.answers["schedule", "feed"] = refusal
    answer = client.get(FEED)
    assert answer.status_code == 404 and answer.mimetype == "text/plain" and "Set-Cookie" not in answer.headers


def test_who_guesses_is_told_to_wait(client: FlaskClient, bus: FakeClient) -> None:
    bus.answers["schedule", "feed"] = NotFound("feed")
    assert {client.get(FEED).status_code for _ in range(60)} == {404}
    waiting = client.get(FEED)
    assert waiting.status_code == 429 and waiting.headers["Retry-After"] == "60"


def test_while_the_schedule_is_away_it_is_told_when_to_come_again(client: FlaskClient, bus: FakeClient) -> None:
    bus.answers["schedule", "feed"] = Unavailable("schedule")
    answer = client.get(FEED)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


# -- what is written down ---------------------------------------------------------------------------


def told_of(bus: FakeClient, directory: Path) -> tuple[str, str, str]:
    """Everything that a request for a feed leaves behind: the log, metrics, traces."""
    out = io.StringIO()
    log.configure("gateway")
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(file=out), cache_logger_on_first_use=False)
    try:
        with traced("gateway") as collector:
            client = application(bus, directory, access_log=True).test_client()
            client.get(FEED, headers={"Authorization": f"Basic {BASIC}"}, buffered=True)
            client.open("/dav/", method="PROPFIND", headers={"Authorization": f"Basic {BASIC}"}, buffered=True)
            spans = [span.attributes["http.route"] for span in told(collector)]
            traces = b"".join(collector.bodies).decode(errors="replace")
    finally:
        structlog.reset_defaults()
    assert spans == ["/calendars/<secret>.ics", "/dav/"]
    return out.getvalue(), client.get("/metrics").text, traces


@pytest.mark.parametrize("answer", [FILE, NotFound("feed"), None])
def test_the_secret_is_in_no_log_no_metric_and_no_trace(
    bus: FakeClient, tmp_path: Path, answer: dict[str, str] | NotFound | None
) -> None:
    def breaking(*_: Any) -> Any:
        raise ZeroDivisionError(FEED)

    bus.answers["schedule", "feed"] = breaking if answer is None else answer
    logged, metrics, traces = told_of(bus, tmp_path)
    assert ("request_failed" in logged) == (answer is None) and 'route="/calendars/<secret>.ics"' in metrics
    for left in (logged, metrics, traces):
        assert "s3cr3t" not in left and BASIC not in left


def test_methods_of_webdav_are_told_by_their_names_and_made_up_ones_are_not(client: FlaskClient) -> None:
    for method in ("PROPFIND", "GUESSED"):
        client.open("/dav/", method=method)
    metrics = client.get("/metrics").text
    assert 'method="PROPFIND",route="/dav/"' in metrics
    assert "GUESSED" not in metrics and 'method="other"' in metrics
