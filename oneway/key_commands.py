"""The commands about the installation's keys. None of them shows a key: fingerprints only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from cryptography.exceptions import InvalidTag
from rich.progress import Progress
from rich.table import Table

from oneway import keys
from oneway.console import chosen, err, installation, key_app, out, prepare, with_keys
from oneway.provision import Progress as Tell
from oneway.provision import Provisioner
from oneway.rotation import Holding, Rotation
from shared.keys import fingerprint
from shared.settings import Settings


class Kinds(StrEnum):
    """The keys of an installation."""

    BUS = "bus"
    COOKIE = "cookie"
    STORAGE = "storage"
    DATABASE = "database"


Kind = Annotated[Kinds, typer.Argument(help="Which key.")]


@key_app.command("files")
def files(directory: Annotated[Path, typer.Argument(help="Where to write them.")]) -> None:
    """Writes each process's secrets as an environment file (mode 0600): gateway.env, one for each service, jobs.env.

    The keys are the installation's; they are made where it has none yet. With ONEWAY_DATABASE_URL (it need not hold a
    password) the files of services and gateway hold ONEWAY_CONTROL_URL as well.
    """
    settings = with_keys(Settings())
    if settings.database_url:
        full = settings.model_copy(update={"mode": "full"})
        settings = full.model_copy(update={"control_url": Provisioner(full).control_reader_url()})
    for path in keys.write_files(settings, directory):
        out.print(path, soft_wrap=True)


@key_app.command("status")
def status() -> None:
    """Tells each key by its fingerprint, and what is held under it; fails where something is under none of them."""
    settings, provisioner = installation()
    with _progress() as tell:
        found = list(Rotation(settings, provisioner).status(tell))
    table = Table("key", "fingerprint", "used for", "held under it")
    for holding in found:
        table.add_row(holding.kind, holding.fingerprint or "[red]none of them[/]", _use(holding), _held(holding))
    out.print(table)
    former = {holding.kind for holding in found if holding.count and not holding.first}
    if former:
        err.print(f"A former key is still needed: {', '.join(sorted(former))}.")
    if any(not holding.fingerprint for holding in found):
        raise typer.Exit(1)


def _use(holding: Holding) -> str:
    return "what is new" if holding.first else "what was" if holding.fingerprint else ""


def _held(holding: Holding) -> str:
    """Pages nobody can count from here: their number is a metric of the gateway's."""
    return f"{holding.what}: {'not to be seen from here' if holding.count is None else holding.count}"


@key_app.command("add")
def add(kind: Kind) -> None:
    """Makes another key beside the one in use: every process is to know it before it is used."""
    _change(kind, lambda held: [*held, keys.new()])


@key_app.command("switch")
def switch(kind: Kind) -> None:
    """Uses the key that is last from now on; the one used so far stays known. Once more goes back."""
    _change(kind, lambda held: [held[-1], *held[:-1]])


@key_app.command("drop")
def drop(
    kind: Kind,
    unchecked: Annotated[
        bool, typer.Option("--unchecked", help="Where the data cannot be looked at from here.")
    ] = False,
) -> None:
    """Forgets every key but the first; not where something is still held under another."""
    if not unchecked:
        _require_unneeded(kind)
    _change(kind, lambda held: held[:1])


def _change(kind: Kinds, by: Callable[[list[str]], list[str]]) -> None:
    name = "database_secret" if kind is Kinds.DATABASE else f"{kind}_key"
    base = Settings()
    try:
        held = keys.change(base.model_copy(update={"var": base.var.resolve()}), name, by)
    except LookupError as error:
        err.print(f"ONEWAY_{name.upper()} is not kept in {base.var}/keys.json: change it where it is set.")
        raise typer.Exit(1) from error
    out.print(f"{kind}: {', '.join(map(fingerprint, held))}")


def _require_unneeded(kind: Kinds) -> None:
    settings, provisioner = installation()
    if settings.embedded and not (settings.var / "control.sqlite").exists():
        err.print("There is nothing here to look at. See `oneway keys status` where the data are; then `--unchecked`.")
        raise typer.Exit(1)
    held = [h for h in Rotation(settings, provisioner).status() if h.count and not h.first and _is_of(h, kind)]
    for holding in held:
        err.print(f"{holding.kind} {holding.fingerprint}: {_held(holding)}")
    if held:
        raise typer.Exit(1)


def _is_of(holding: Holding, kind: Kinds) -> bool:
    """The registry's password is derived from the database secret as well."""
    first = holding.kind.split()[0]
    return first == kind or (kind is Kinds.DATABASE and first == "control")


@key_app.command("rewrap")
def rewrap() -> None:
    """Wraps every tenant's keys under the first storage key and the first database secret; safe to repeat."""
    rotation = _rotation()
    try:
        with _progress() as tell:
            done = rotation.rewrap(tell)
    except InvalidTag as error:
        err.print("A tenant's keys are wrapped under none of the keys given; see `oneway keys status`.")
        raise typer.Exit(1) from error
    out.print(f"{done} wrapped anew.")


@key_app.command("rotate-database")
def rotate_database() -> None:
    """Gives every login role the password of the first database secret; safe to repeat."""
    rotation = _rotation()
    with _progress() as tell:
        done = rotation.set_passwords(tell)
    out.print(f"{done} passwords changed.")


@key_app.command("rotate-attachments")
def rotate_attachments(code: Annotated[str, typer.Argument(help="The tenant's code.")]) -> None:
    """Makes a tenant another key for what is attached from now on; what was attached before stays readable."""
    settings, provisioner = installation()
    (tenant,) = chosen(provisioner, code)
    try:
        number = Rotation(settings, provisioner).new_attachment_key(tenant)
    except LookupError as error:
        err.print("The tenant's keys were changed meanwhile; try again.")
        raise typer.Exit(1) from error
    out.print(f"{code} has {number} keys.")


def _rotation() -> Rotation:
    settings, provisioner = installation()
    prepare(provisioner)
    return Rotation(settings, provisioner)


@contextmanager
def _progress() -> Iterator[Tell]:
    with Progress(console=err, transient=not sys.stderr.isatty()) as progress:
        task = progress.add_task("keys", total=None)
        yield lambda what, step: progress.update(task, description=f"{what}: {step}")
