"""The commands for My Desk."""

from __future__ import annotations

from rich.progress import Progress, TaskID

from oneway.console import OneTenant, chosen, desk_app, err, installation, out
from oneway.offline import Offline
from oneway.provision import Provisioner
from oneway.retelling import offline, sources, told_and_handled
from shared.settings import Settings
from shared.tenants import Tenant

_WHAT = "desk"


@desk_app.command("rebuild")
def rebuild(tenant: OneTenant = None) -> None:
    """Has the services tell anew what is on whose desk, and lets go of the rest. While the system runs; repeatable.

    What people have dismissed and read stays so. It waits until the running services have sent and handled it all,
    which begins with their next sweep, in five minutes at the most; where it is interrupted, nothing is lost.
    """
    settings, provisioner = installation()
    with Progress(console=err, transient=True) as progress:
        for found in chosen(provisioner, tenant):
            with offline(_WHAT, settings, provisioner) as desk:
                for source in sources():
                    task = progress.add_task(f"{found.code} {source}", total=None)
                    _rebuild(settings, provisioner, found, source, desk, progress, task)


def _rebuild(
    settings: Settings,
    provisioner: Provisioner,
    tenant: Tenant,
    source: str,
    desk: Offline,
    progress: Progress,
    task: TaskID,
) -> None:
    """Before the source tells anything, what the desk has of it is doubted; what is doubted at the end is let go."""
    desk.call(tenant.code, "begin_rebuild", {"source": source})
    count = told_and_handled(settings, provisioner, tenant, source, _WHAT, _WHAT, progress, task)
    if count is None:
        return
    emptied = desk.call(tenant.code, "end_rebuild", {"source": source})["emptied"]
    out.print(f"{tenant.code} {source}: {count} told anew, {emptied} taken off")
