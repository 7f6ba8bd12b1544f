"""The commands for search."""

from __future__ import annotations

from rich.progress import Progress

from oneway.console import OneTenant, chosen, err, installation, out, search_app
from oneway.retelling import sources, told_and_handled

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
                count = told_and_handled(settings, provisioner, found, source, _WHAT, _KEEPER, progress, task)
                if count is not None:
                    out.print(f"{found.code} {source}: {count} told anew")
