"""The methods by which a service keeps files."""

from __future__ import annotations

from typing import Any, ClassVar

from shared.bus.spec import command, query
from shared.context import Context
from shared.contracts import files as contract
from shared.db import Tx
from shared.files import keeping
from shared.files.owners import Owners


class WithFiles:
    """Beside `Service` among a service's bases; `files` says what its objects are."""

    files: ClassVar[Owners]

    @command(contract.BeginFile)
    def begin_file(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """A place to upload to, as `FileTicket`."""
        return keeping.begin(tx, ctx, self.files, data)

    @command(contract.CompleteFile)
    def complete_file(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Accepts what was uploaded, as `FileView` and what its object answers; the gateway deletes what is refused."""
        return keeping.complete(tx, ctx, self.files, data)

    @command(contract.RemoveFile)
    def remove_file(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Takes a file off its object; earlier versions keep it."""
        return keeping.remove(tx, ctx, self.files, data)

    @query(contract.FileQuery)
    def file_ticket(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Where to read a file, as `FileTicket`."""
        return keeping.ticket(tx, ctx, self.files, data)

    @query(contract.SameFile)
    def same_file(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The file that a repeated upload made the first time, answered as it was then."""
        return keeping.same(tx, ctx, self.files, data)

    @command(contract.SweepFiles, roles=("platform_operator",))
    def sweep_files(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Objects to be deleted, as `FilesToSweep`, after those that are gone were forgotten."""
        return keeping.sweep(tx, self.files, data["gone"])
