"""As in production: TLS, least rights at the broker, a pooler before the database, secrets of each process alone."""

from __future__ import annotations

import ssl
import subprocess
import sys

import kombu
import psycopg
import pytest
from amqp.exceptions import AccessRefused
from sqlalchemy import make_url

from shared.bus.broker import dead_queue
from shared.bus.link import connection
from shared.bus.topology import GATEWAY
from tests.integration.product.cast import Cast, at_once
from tests.support.deployment import Deployment
from tests.support.waiting import until


def test_the_main_job_is_done(system: Deployment) -> None:
    cast = Cast(system)
    document = cast.submitted("운영 환경", "reviewer", "decider")
    until(lambda: cast.api("reviewer").get("/desk/counts")["approval"] == 1)
    cast.decide("reviewer", document)
    until(lambda: cast.api("decider").get("/desk/counts")["approval"] == 1)
    cast.decide("decider", document)
    until(lambda: cast.card(document)["state"] == "approved")
    assert cast.card(document)["number"]
    until(lambda: cast.api("decider").get("/desk/counts")["approval"] == 0)


def test_services_share_what_connections_the_pooler_has(system: Deployment) -> None:
    cast = Cast(system)
    api = cast.api("drafter")
    at_once([lambda: api.get("/people") for _ in range(40)])
    with psycopg.connect(system.postgres.url) as conn:
        asked = "SELECT usename, count(*) FROM pg_stat_activity WHERE usename LIKE 'ow_%' GROUP BY 1"
        opened = dict(conn.execute(asked).fetchall())
    assert opened and max(opened.values()) <= 4
    log = (system.directory / "pgbouncer" / "server.log").read_text()
    assert "TLS" in log or "SSL" in log.upper()


def test_another_certificate_is_not_trusted(system: Deployment) -> None:
    url = system.environment("desk")["ONEWAY_BROKER_URL"]
    with pytest.raises(ssl.SSLCertVerificationError), connection(url, "") as opened:
        opened.connect()
    misnamed = url.replace("127.0.0.1", "localhost")
    with pytest.raises(ssl.SSLCertVerificationError), connection(misnamed, str(system.certificates.ca)) as opened:
        opened.connect()


def test_the_account_every_broker_begins_with_is_refused(system: Deployment) -> None:
    with pytest.raises(AccessRefused), kombu.Connection(system.rabbitmq.url) as opened:
        opened.connect()


def test_the_gateway_has_no_way_to_the_databases(system: Deployment) -> None:
    given = system.environment(GATEWAY)
    assert "ONEWAY_DATABASE_SECRET" not in given and "ONEWAY_DATABASE_URL" not in given
    control = make_url(given["ONEWAY_CONTROL_URL"]).set(drivername="postgresql", database=f"ow_{system.tenant}")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(control.render_as_string(hide_password=False))


def test_dead_letters_are_looked_at_with_what_a_service_has_and_those_of_others_are_not(system: Deployment) -> None:
    def dead_letters(process: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "oneway", "dead-letters", "list", "--service", "approval"]
        return subprocess.run(command, env=system.environment(process), capture_output=True, text=True, timeout=60)

    given = system.environment("approval")
    with connection(given["ONEWAY_BROKER_URL"], given["ONEWAY_BROKER_CA"]) as opened:
        opened.Producer().publish({}, routing_key=dead_queue("approval"))
        own, others = dead_letters("approval"), dead_letters("desk")
        opened.default_channel.queue_purge(dead_queue("approval"))
    assert own.returncode == 0 and "approval" in own.stdout, own.stderr
    assert others.returncode == 1 and "may not read the queue of approval" in others.stderr
