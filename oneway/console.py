"""What every group of commands of the command line needs: the groups, where they write, the installation."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from sqlalchemy.exc import DBAPIError

from oneway import keys
from oneway.provision import Provisioner
from shared.settings import Settings
from shared.tenants import Tenant

Code = Annotated[str, typer.Argument(help="The tenant's code.")]
OneTenant = Annotated[str | None, typer.Option("--tenant", help="Only this tenant.")]

tenant_app = typer.Typer(no_args_is_help=True, help="Tenants: the organisations that own their databases.")
audit_app = typer.Typer(no_args_is_help=True, help="The record.")
event_app = typer.Typer(no_args_is_help=True, help="Events that were sent.")
dead_app = typer.Typer(no_args_is_help=True, help="Events that could not be handled.")
desk_app = typer.Typer(no_args_is_help=True, help="My Desk.")
schedule_app = typer.Typer(no_args_is_help=True, help="Schedules.")
search_app = typer.Typer(no_args_is_help=True, help="Search.")
key_app = typer.Typer(no_args_is_help=True, help="The installation's keys.")
# A line stays one line where it goes into a file or to another program.
out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)


def installation(full: bool | None = None) -> tuple[Settings, Provisioner]:
    """The settings with the installation's keys, and the administrator's hand on its databases."""
    base = Settings()
    var = base.var.resolve()
    located = _located(var) if full is None else {}
    mode = base.mode if full is None else ("full" if full else "embedded")
    storage = base.storage_url or f"file://{var}/objects"
    keyed = with_keys(base.model_copy(update={"var": var}), make=full is not None or base.embedded)
    settings = keyed.model_copy(update={"mode": mode, "storage_url": storage, **located})
    provisioner = Provisioner(settings)
    return settings.model_copy(update={"control_url": provisioner.control_reader_url()}), provisioner


def whereabouts() -> Settings:
    """The settings of where the system runs, without its keys: for what needs the broker alone."""
    base = Settings()
    var = base.var.resolve()
    return base.model_copy(update={"var": var, **_located(var)})


def with_keys(settings: Settings, *, make: bool = True) -> Settings:
    """The settings with the installation's keys. Says what is missing where they are not whole."""
    try:
        return settings.model_copy(update=keys.load_or_make(settings, make=make))
    except keys.Missing as missing:
        err.print(f"Missing: {missing}. Give all of the installation's keys.")
        raise typer.Exit(1) from missing
    except ValueError as error:
        err.print(f"A list of keys is not keys split by commas: {error}.")
        raise typer.Exit(1) from error


def prepare(provisioner: Provisioner) -> None:
    """Makes the control database ready. Says so where the keys are another installation's, and changes nothing."""
    try:
        provisioner.prepare()
    except keys.Wrong as wrong:
        err.print(f"These are not this installation's keys: {wrong}.")
        raise typer.Exit(1) from wrong


def _located(var: Path) -> dict[str, str]:
    """Where `oneway up --full` runs its servers at the moment, for commands given beside it."""
    path = var / "full.json"
    return orjson.loads(path.read_bytes()) if path.exists() and "ONEWAY_MODE" not in os.environ else {}


def chosen(provisioner: Provisioner, code: str | None) -> list[Tenant]:
    """The tenant of this code, or all where none is given. Says so where there is no such tenant."""
    tenants = every(provisioner)
    if code is None:
        return tenants
    named = [t for t in tenants if t.code == code]
    if not named:
        err.print(f"There is no tenant {code}.")
        raise typer.Exit(1)
    return named


def every(provisioner: Provisioner) -> list[Tenant]:
    """Every tenant; says so where there is no installation to be found."""
    try:
        return provisioner.registry.all()
    except DBAPIError as error:
        where = "full" if "ONEWAY_MODE" in os.environ else str(Settings().var.resolve())
        err.print(f"There is no installation here ({where}), or its database does not answer: {error.orig}")
        raise typer.Exit(1) from error
