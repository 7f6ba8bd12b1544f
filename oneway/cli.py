"""The command line of the installation."""

from __future__ import annotations

import os
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.progress import Progress
from rich.table import Table

from oneway import (  # noqa: F401  the groups' commands register themselves
    archive_commands,
    commands,
    desk_commands,
    event_commands,
    key_commands,
    parts,
    private,
    schedule_commands,
    search_commands,
    shell_commands,
)
from oneway.alone import Occupied, alone_in
from oneway.console import (
    audit_app,
    dead_app,
    desk_app,
    err,
    event_app,
    installation,
    key_app,
    out,
    prepare,
    schedule_app,
    search_app,
    tenant_app,
)
from oneway.provision import Provisioner
from oneway.replicas import counts
from shared import log
from shared.settings import Settings
from shared.tenants import Tenant

app = typer.Typer(no_args_is_help=True, add_completion=False, help="One Way: the business management system.")
app.add_typer(tenant_app, name="tenant")
app.add_typer(audit_app, name="audit")
app.add_typer(event_app, name="events")
app.add_typer(dead_app, name="dead-letters")
app.add_typer(desk_app, name="desk")
app.add_typer(schedule_app, name="schedule")
app.add_typer(search_app, name="search")
app.add_typer(key_app, name="keys")
app.command("shell")(shell_commands.open_shell)


@app.callback()
def logs() -> None:
    """What a command answers goes to standard output, what is logged to standard error."""
    log.configure("oneway", Settings().log_level)


@app.command()
def up(
    full: Annotated[bool, typer.Option(help="Every service in its own process, on RabbitMQ and PostgreSQL.")] = False,
    demo: Annotated[bool, typer.Option(help="With the demo city in it.")] = True,
    demo_work: Annotated[bool, typer.Option(help="With some work on the desks of its people.")] = True,
) -> None:
    """Runs the system on this machine until it is told to stop."""
    base = Settings()
    var = base.var.resolve()
    try:
        counts(base.replicas)
    except ValueError as error:
        err.print(str(error))
        raise typer.Exit(1) from error
    try:
        with alone_in(var, lambda: err.print(f"Another One Way runs in {var}; waiting until it has ended …")):
            (_up_full if full else _up_embedded)(demo, demo and demo_work, time.monotonic())
    except Occupied as error:
        err.print(f"It still runs. Stop it first, or choose another directory by ONEWAY_VAR than {var}.")
        raise typer.Exit(1) from error


def _up_embedded(demo: bool, work: bool, began: float) -> None:
    from oneway import embedded

    settings, provisioner = installation(full=False)
    prepare(provisioner)
    _bring_up_to_date(settings, provisioner, demo)
    embedded.run(settings, lambda: _announce(settings, work, began))


def _up_full(demo: bool, work: bool, began: float) -> None:
    from oneway import full as launcher

    base = Settings()
    var = base.var.resolve()
    locations = var / "full.json"
    servers = launcher.Servers(base.model_copy(update={"var": var}))
    try:
        located = servers.start(base)
        os.umask(0o077)
        urls = {"database_url": located.database_url, "broker_url": located.broker_url}
        for name, url in urls.items():
            os.environ[f"ONEWAY_{name.upper()}"] = url
        private.write(locations, orjson.dumps({"mode": "full", **urls}))
        settings, provisioner = installation(full=True)
        prepare(provisioner)
        _bring_up_to_date(settings, provisioner, demo)
        launcher.run(settings, lambda: _announce(settings, work, began))
    finally:
        locations.unlink(missing_ok=True)
        servers.stop()


def _bring_up_to_date(settings: Settings, provisioner: Provisioner, demo: bool) -> None:
    _migrate(provisioner, provisioner.registry.all())
    if demo:
        from oneway.seed import seed

        with Progress(console=err, transient=True) as progress:
            task = progress.add_task("demo", total=None)
            seed(
                settings, provisioner, _base_url(settings), lambda t, s: progress.update(task, description=f"{t}: {s}")
            )


def _base_url(settings: Settings) -> str:
    return f"http://{settings.host}:{settings.port}"


def _announce(settings: Settings, work: bool, began: float) -> None:
    """Prints the address once it answers; then the demo's people go to work."""

    def tell() -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{_base_url(settings)}/readyz", timeout=2):  # noqa: S310
                    break
            except OSError:
                time.sleep(0.1)
        out.print(f"One Way: [bold]{_base_url(settings)}[/]  ({time.monotonic() - began:.1f} s)")
        _print_sign_ins(settings.var / "demo.json")
        sys.stdout.flush()
        if work:
            from oneway.demo.work import once

            once(settings.var, _base_url(settings))

    threading.Thread(target=tell, daemon=True).start()


def _print_sign_ins(path: Path) -> None:
    if not path.exists():
        return
    table = Table("organisation", "role", "name", "login", "password", title="Demo sign-ins (also in demo.json)")
    code, tenant = next(iter(orjson.loads(path.read_bytes())["tenants"].items()))
    for role, person in tenant["people"].items():
        table.add_row(f"{tenant['name']} ({code})", role, person["name"], person["login"], person["password"])
    out.print(table)


@app.command()
def service(name: str) -> None:
    """Runs one service in this process (the full mode; configuration from the environment)."""
    # One there is has been started before the command line was loaded (`oneway.__main__.run`).
    raise typer.BadParameter(f"one of {', '.join(parts.SERVICES)}")


@app.command()
def gateway() -> None:
    """Runs the gateway in this process (the full mode; configuration from the environment)."""
    from oneway import gateway_process

    gateway_process.run()


@app.command()
def migrate() -> None:
    """Brings every tenant's schemas to the newest revision; may be interrupted and repeated."""
    _, provisioner = installation()
    prepare(provisioner)
    _migrate(provisioner, provisioner.registry.all())


def _migrate(provisioner: Provisioner, tenants: list[Tenant]) -> None:
    with Progress(console=err, transient=not sys.stderr.isatty()) as progress:
        task = progress.add_task("migrate", total=len(tenants) * len(parts.SERVICES))
        for tenant in tenants:
            for name in parts.SERVICES:
                progress.update(task, description=f"{tenant.code} {name}")
                for revision in provisioner.migrate(tenant, name):
                    err.print(f"{tenant.code}: {revision}")
                progress.advance(task)
