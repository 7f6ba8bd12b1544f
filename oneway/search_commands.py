"""The commands for search."""

from __future__ import annotations

from rich.progress import Progress, TaskID

from oneway.console import OneTenant, chosen, err, installation, out, search_app
from oneway.provision import Provisioner
from oneway.retelling import handled, offline, retell, sources
from shared.settings import Settings
from shared.tenants import Tenant

_WHAT, _KEEPER = "item", "search"


@search_app.command("rebuild")
def rebuild(tenant: OneTenant = None) -> None:
    """Has the services tell anew of every object, whose words are then made anew. While the system runs; repeatable.

    It waits until the running services have sent and handled it all, which begins with their next sweep, in five
    minutes at the most; where it is interrupted, nothing is lost.
    """
    settings, provisioner = installation()
    with Progress(console=err, transient=True) as progress:
        for found in chosen(provisioner, tenant):
            for source in sources():
                task = progress.add_task(f"{found.code} {source}", total=None)
                _rebuild(settings, provisioner, found, source, progress, task)


def _rebuild(
    settings: Settings, provisioner: Provisioner, tenant: Tenant, source: str, progress: Progress, task: TaskID
) -> None:
    with offline(source, settings, provisioner) as teller:
        count = retell(teller, tenant.code, _WHAT, lambda told: progress.update(task, advance=told))
        told = list(teller.emitted)
    if count is None:
        return
    progress.update(task, total=len(told), completed=0)
    for some in handled(provisioner, tenant, _KEEPER, told):
        progress.update(task, advance=some)
    out.print(f"{tenant.code} {source}: {count} told anew")
