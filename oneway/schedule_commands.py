"""The commands for schedules."""

from __future__ import annotations

from rich.progress import Progress

from oneway.console import OneTenant, chosen, err, installation, out, schedule_app
from oneway.retelling import sources, told_and_handled

_KEEPER = "schedule"


@schedule_app.command("rebuild")
def rebuild(tenant: OneTenant = None) -> None:
    """Has the services tell anew what fills calendars: absences, meetings, dates. While the system runs; repeatable.

    Also what was there before the schedule came. It waits until the running services have sent and handled it all,
    which begins with their next sweep, in five minutes at the most; where it is interrupted, nothing is lost.
    """
    settings, provisioner = installation()
    with Progress(console=err, transient=True) as progress:
        for found in chosen(provisioner, tenant):
            for source in sources():
                for what in ("calendar", "desk"):
                    task = progress.add_task(f"{found.code} {source}", total=None)
                    count = told_and_handled(settings, provisioner, found, source, what, _KEEPER, progress, task)
                    if count is not None:
                        out.print(f"{found.code} {source}: {count} told anew")
