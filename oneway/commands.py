"""The groups of commands: tenants, the record, dead letters."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from typing import Annotated, Any

import kombu
import orjson
import typer
from amqp.exceptions import AccessRefused, NotFound
from rich.markup import escape
from rich.table import Column, Table
from sqlalchemy.exc import DBAPIError

from oneway import parts
from oneway.console import (
    Code,
    OneTenant,
    audit_app,
    chosen,
    dead_app,
    err,
    every,
    installation,
    out,
    prepare,
    tenant_app,
    whereabouts,
)
from oneway.provision import Provisioner
from oneway.tenants import NewTenant, onboard
from shared import tenantkeys
from shared.bus.broker import Message, dead_queue, event_queue
from shared.bus.link import connection
from shared.bus.local import DeadLetterFiles
from shared.db import audit, ground
from shared.db.urls import service_secret
from shared.errors import Invalid
from shared.settings import Settings
from shared.tenants import Tenant


@tenant_app.command("add")
def add(
    code: Code,
    name: Annotated[str, typer.Option(help="The organisation's name.")],
    institution_code: Annotated[str, typer.Option(help="Its institution code: seven digits or capitals.")],
    admin_login: Annotated[str, typer.Option(help="Login of the first administrator.")] = "admin",
    admin_name: Annotated[str, typer.Option(help="Name of the first administrator.")] = "관리자",
    password: Annotated[str, typer.Option(envvar="ONEWAY_ADMIN_PASSWORD", help="Asked for when not given.")] = "",
) -> None:
    """Onboards an organisation: databases, schemas, roles, keys and its first administrator. Safe to repeat."""
    settings, provisioner = installation()
    prepare(provisioner)
    secret = password or getpass.getpass(f"Password of {admin_login}: ")
    try:
        new = NewTenant(code, name, institution_code, admin_login, admin_name, secret)
        onboard(settings, provisioner, new, lambda _, step: err.print(f"  {step}"))
    except ValueError as error:
        err.print(str(error))
        raise typer.Exit(1) from error
    except Invalid as invalid:
        for field, problem in invalid.fields.items():
            err.print(f"{field}: {problem}")
        raise typer.Exit(1) from invalid
    out.print(f"{code} is ready.")


@tenant_app.command("list")
def list_tenants() -> None:
    """Lists the tenants."""
    _, provisioner = installation()
    table = Table("code", "name", "institution", "state", "database")
    for tenant in every(provisioner):
        table.add_row(tenant.code, tenant.name, tenant.institution_code, tenant.state, tenant.database or "(embedded)")
    out.print(table)


@tenant_app.command("show")
def show(code: Code) -> None:
    """Shows one tenant with the revision of each of its schemas."""
    _, provisioner = installation()
    (tenant,) = chosen(provisioner, code)
    out.print(f"{tenant.code}  {tenant.name}  {tenant.institution_code}  {tenant.state}")
    for service, revision in _revisions(provisioner, tenant):
        out.print(f"  {service}: {revision}")


def _revisions(provisioner: Provisioner, tenant: Tenant) -> Iterator[tuple[str, str]]:
    from shared.db.migrate import current

    for service in parts.SERVICES:
        engine = provisioner.owner_engine(tenant, service)
        with engine.connect() as conn:
            yield service, current(conn) or "(none)"
        engine.dispose()


@tenant_app.command("disable")
def disable(code: Code) -> None:
    """Lets nobody in any more; the data stay. `enable` undoes it."""
    _set_state(code, "disabled")


@tenant_app.command("enable")
def enable(code: Code) -> None:
    """Lets the tenant in again."""
    _set_state(code, "active")


def _set_state(code: str, state: str) -> None:
    _, provisioner = installation()
    (tenant,) = chosen(provisioner, code)
    if tenant.state == "onboarding":
        err.print(f"{code} is not onboarded yet; finish it with `oneway tenant add`.")
        raise typer.Exit(1)
    provisioner.registry.set_state(code, state)
    out.print(f"{code} is {state}.")


@audit_app.command("verify")
def verify(tenant: OneTenant = None) -> None:
    """Proves that nothing on the record was altered, removed or inserted; names the first bad row otherwise."""
    settings, provisioner = installation()
    bad = 0
    for found in chosen(provisioner, tenant):
        for service in parts.SERVICES:
            verdict = _verdict(settings, provisioner, found, service)
            bad += bool(verdict.problem)
            state = f"[red]{escape(verdict.problem)}[/]" if verdict.problem else "sound"
            out.print(f"{found.code} {service}: {verdict.rows} rows, {state}, head {verdict.head[:16]}")
    raise typer.Exit(1 if bad else 0)


def _verdict(settings: Settings, provisioner: Provisioner, tenant: Tenant, service: str) -> audit.Verdict:
    """What there is to say of one record. One that cannot be read is not sound, and holds up none of the others."""
    tables = ground.tables(parts.metadata(service))
    key = tenantkeys.of_tenant(service_secret(settings.database_secret, service), tenant, service).record
    engine = provisioner.owner_engine(tenant, service)
    try:
        with engine.connect() as conn:
            return audit.verify(conn, tables, key)
    except DBAPIError as error:
        reason, *_ = str(error.orig).splitlines() or [""]
        return audit.Verdict(0, audit.FIRST, f"the record could not be read: {reason}")
    finally:
        engine.dispose()


# -- dead letters -----------------------------------------------------------------------------------

Which = Annotated[str | None, typer.Option("--service", help="Only this service.")]
_CARRIED = ("oneway-context", "oneway-signature", "oneway-type")


@dead_app.command("list")
def list_dead(service: Which = None) -> None:
    """Lists the dead letters of each service."""
    table = Table("service", Column("id", min_width=36), "type", "tenant", "reason")
    for name, letter in _letters(service):
        table.add_row(name, letter["id"], letter["type"], letter["tenant"], letter["reason"][:100])
    out.print(table)


@dead_app.command("show")
def show_dead(event_id: Annotated[str, typer.Argument(help="The event's id.")], service: Which = None) -> None:
    """Shows one dead letter, whole."""
    for _, letter in _letters(service):
        if letter["id"] == event_id:
            out.print_json(orjson.dumps(letter).decode())
            return
    err.print(f"There is no dead letter {event_id}.")
    raise typer.Exit(1)


@dead_app.command("replay")
def replay(
    event_id: Annotated[str | None, typer.Argument(help="The event's id; all of them when left out.")] = None,
    service: Which = None,
) -> None:
    """Puts dead letters back into their service's queue."""
    settings = whereabouts()
    count = 0
    for name in [service] if service else list(parts.SERVICES):
        count += (
            _replay_files(settings, name, event_id) if settings.embedded else _replay_queue(settings, name, event_id)
        )
    out.print(f"{count} put back.")


def _letters(service: str | None) -> Iterator[tuple[str, dict[str, Any]]]:
    settings = whereabouts()
    for name in [service] if service else list(parts.SERVICES):
        for message in dead_messages(settings, name):
            headers = message.headers
            reason = str(headers.get("oneway-reason") or headers.get("x-first-death-reason", ""))
            yield name, _describe(message.body, str(headers.get("oneway-type") or message.routing_key), reason)


def dead_messages(settings: Settings, service: str) -> Iterator[Message]:
    """A service's dead letters as they are kept; they stay where they are."""
    if settings.embedded:
        for path in DeadLetterFiles(settings.var / "dead-letters").paths(service):
            kept = orjson.loads(path.read_bytes())
            headers = {**kept["headers"], "oneway-reason": kept["reason"]}
            yield Message(kept["type"], kept["body"].encode(), headers)
    else:
        for found in _taken(settings, service):
            body = found.body if isinstance(found.body, bytes) else found.body.encode()
            yield Message("", body, found.headers)


def _describe(body: Any, type_: str, reason: str) -> dict[str, Any]:
    unreadable = {"id": "(unreadable)", "type": type_, "tenant": ""}
    try:
        return {**unreadable, **orjson.loads(body), "reason": reason}
    except (orjson.JSONDecodeError, TypeError):
        return {**unreadable, "reason": reason}


def _taken(settings: Settings, service: str) -> Iterator[kombu.Message]:
    """The messages of a dead letter queue; those not acknowledged go back when the connection closes."""
    with connection(settings.broker_url, settings.broker_ca) as opened, opened.channel() as channel:
        queue = kombu.Queue(dead_queue(service), channel=channel)
        try:
            waiting = queue.queue_declare(passive=True).message_count
            # So many and no more: what is put back may be parked again at once.
            for _ in range(waiting):
                message = queue.get()
                if message is None:
                    return
                yield message
        except NotFound:
            # The service has not been started yet, or listens to nothing.
            return
        except AccessRefused as error:
            err.print(f"This user of the broker may not read the queue of {service}: give --service.")
            raise typer.Exit(1) from error


def _replay_queue(settings: Settings, service: str, event_id: str | None) -> int:
    count = 0
    confirmed = {"confirm_publish": True}
    with connection(settings.broker_url, settings.broker_ca, transport_options=confirmed) as opened:
        producer = opened.Producer()
        for message in _taken(settings, service):
            if event_id is None or _describe(message.body, "", "").get("id") == event_id:
                # Not the broker's own: with them it would count on where it stopped.
                headers = {k: v for k, v in message.headers.items() if k in _CARRIED}
                producer.publish(
                    message.body,
                    routing_key=event_queue(service),
                    headers=headers,
                    delivery_mode=2,
                    content_type="application/json",
                    content_encoding="utf-8",
                )
                message.ack()
                count += 1
    return count


def _replay_files(settings: Settings, service: str, event_id: str | None) -> int:
    count = 0
    for path in DeadLetterFiles(settings.var / "dead-letters").paths(service):
        if event_id is None or orjson.loads(orjson.loads(path.read_bytes())["body"]).get("id") == event_id:
            path.rename(path.with_suffix(".replay"))
            count += 1
    return count
