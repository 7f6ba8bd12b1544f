"""The commands for events that were sent."""

from __future__ import annotations

from typing import Annotated

import typer

from oneway.console import OneTenant, chosen, event_app, installation, out
from oneway.events import send_unhandled


@event_app.command("resend")
def resend(
    tenant: OneTenant = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count them.")] = False,
) -> None:
    """Sends again what some service has not handled, after a database was restored. Safe to repeat, at any time."""
    _, provisioner = installation()
    for found in chosen(provisioner, tenant):
        for service, count in send_unhandled(provisioner, found, dry_run=dry_run).items():
            if count:
                out.print(f"{found.code} {service}: {count} {'not handled' if dry_run else 'to be sent again'}")
