"""The commands that carry a tenant elsewhere."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TransferSpeedColumn

from oneway.archive import handover, read, write
from oneway.archive.format import Refused
from oneway.console import Code, chosen, err, installation, out, prepare, tenant_app

Passphrase = Annotated[
    str, typer.Option(envvar="ONEWAY_ARCHIVE_PASSPHRASE", help="Of the archive; asked for when not given.")
]


@tenant_app.command("export")
def export(
    code: Code,
    to: Annotated[Path, typer.Argument(help="The file to write.")],
    in_the_clear: Annotated[
        bool, typer.Option("--open", help="Open formats, in the clear: for the tenant, not for an import.")
    ] = False,
    passphrase: Passphrase = "",
) -> None:
    """Writes a tenant whole into an encrypted archive that `tenant import` takes in at another installation."""
    settings, provisioner = installation()
    (tenant,) = chosen(provisioner, code)
    if tenant.state == "onboarding":
        _end(f"{code} is not onboarded yet.")
    if tenant.state == "active":
        err.print(f"{code} is active: what is written from now on is not in it. To move it, disable it first.")
    with _progress(None) as progress, _refusals():
        if in_the_clear:
            handover.hand_over(settings, provisioner, tenant, to, progress)
        else:
            manifest = write.write(settings, provisioner, tenant, to, passphrase or _asked(twice=True), progress)
            for service, about in manifest["services"].items():
                rows = sum(table["rows"] for table in about["tables"].values())
                head = about["head"]
                out.print(f"{service}: {rows} rows, record {head['rows']} rows, head {head['hash'][:16]}")
            out.print(f"attachments: {manifest['attachments']['objects']}")
    out.print(f"{to} written.")


@tenant_app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="The archive.")],
    passphrase: Passphrase = "",
) -> None:
    """Takes in a tenant from the archive of another installation. May be interrupted and repeated."""
    if not path.is_file():
        _end(f"There is no file {path}.")
    settings, provisioner = installation()
    prepare(provisioner)
    secret = passphrase or _asked(twice=False)
    with _progress(read.size(path)) as progress, _refusals():
        tenant, waiting = read.take_in(settings, provisioner, path, secret, progress)
    if sum(waiting.values()):
        out.print(f"{sum(waiting.values())} events that were under way go out with the services' next sweep.")
    out.print(f"{tenant.code} is ready; its people sign in anew.")


def _asked(*, twice: bool) -> str:
    secret = getpass.getpass("Passphrase of the archive: ")
    if twice and getpass.getpass("Once more: ") != secret:
        _end("The two are not the same.")
    return secret


def _end(problem: str) -> None:
    err.print(problem)
    raise typer.Exit(1)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        _end(f"Refused: {refused}.")


@contextmanager
def _progress(total: int | None) -> Iterator[Callable[[str, int], None]]:
    """What a step and its bytes are told to; shown where somebody sits before it."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=err, transient=True, disable=not sys.stderr.isatty()) as shown:
        task = shown.add_task("", total=total)
        yield lambda step, size: shown.update(task, description=step, advance=size)
