"""The documents service: from the first draft to the registered document."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import delete, select, update

from services.documents import boxes, cards, catalogue, desk, drafts, folders, forms, registration
from services.documents.attachments import Attachments
from services.documents.domain import disclosure, history, lifecycle, submission
from services.documents.domain import line as lines
from services.documents.models import FILE, Folder, Form
from shared.bus import Event, Service, command, on_event, query
from shared.calendar import seoul_year
from shared.context import Context
from shared.contracts import documents as contract
from shared.contracts.common import Retell
from shared.db import Tx
from shared.errors import Forbidden, Invalid, NotFound
from shared.files.service import WithFiles
from shared.retelling import retell
from shared.work import bodies


class DocumentsService(WithFiles, Service):
    """See README.md beside this file for what it owns, listens to and tells."""

    name = "documents"
    files = Attachments("documents", FILE)

    # -- drafts -------------------------------------------------------------------------------------

    @command(contract.CreateDraft)
    def create_draft(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """A new draft (기안) of the caller's, as `SaveResult`."""
        if not ctx.department_id:
            raise Forbidden("no department")
        given = self._with_people(ctx, data)
        sources = given.pop("sources")
        return drafts.create(tx, ctx, drafts.first_content(tx, ctx, given), sources)

    @command(contract.SaveDraft)
    def save_draft(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Changes the fields given; a new version unless nothing changed. `SaveResult`."""
        given = self._with_people(ctx, data)
        document, version = given.pop("id"), given.pop("version")
        draft = drafts.own(tx, ctx, document)
        lifecycle.require_editable(draft.row.state)
        drafts.require_version(draft, version)
        return drafts.save(tx, ctx, draft, drafts.edited(tx, draft, given))

    @command(contract.DeleteDraft)
    def delete_draft(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Deletes a draft that was never submitted; its versions and attachments stay on record."""
        draft = drafts.own(tx, ctx, data["id"])
        lifecycle.require_deletable(draft.standing)
        drafts.require_version(draft, data["version"])
        entry = history.entry(tx.now, "deleted", ctx.person_ref, draft.row.version)
        kept = history.with_entry(draft.row.history, entry)
        values = {"state": lifecycle.DELETED, "history": kept, "updated_at": tx.now}
        drafts.change(tx, draft.row.id, values)
        catalogue.tell(tx, {**draft.row._mapping, **values}, draft.content)
        tx.audit("documents.draft.deleted", subject=draft.row.id, before={"version": draft.row.version})
        return {"id": draft.row.id, "deleted": True}

    @command(contract.Submit)
    def submit(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Submits (상신) along the line; the approval service is told by event. `SaveResult`."""
        draft = drafts.own(tx, ctx, data["id"])
        lifecycle.require_submittable(draft.row.state)
        drafts.require_version(draft, data["version"])
        content = draft.content if data["line"] is None else replace(draft.content, line=data["line"])
        people = self.people(ctx, lines.ids(content.line)) if content.line else {}
        bad = submission.problems(content, ctx.person, people)
        if bad:
            raise Invalid(bad)
        line, _ = lines.resolved(content.line, people)
        return drafts.submit(tx, ctx, draft, replace(content, line=line))

    def _with_people(self, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The data with the people of the line as they are now. Raises `Invalid` for one there is not."""
        if not data.get("line"):
            return dict(data)
        line, bad = lines.resolved(data["line"], self.people(ctx, lines.ids(data["line"])))
        if bad:
            raise Invalid(bad)
        return {**data, "line": line}

    # -- reading ------------------------------------------------------------------------------------

    @query(contract.CardQuery, wait_for=cards.settled)
    def card(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The document management card, as `DocumentView`."""
        return cards.card(tx, ctx, data["id"])

    @query(contract.DocumentQuery)
    def versions(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """`{items: [VersionLine]}`, the newest first."""
        return cards.versions(tx, ctx, data["id"])

    @query(contract.VersionQuery)
    def version(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """One kept version, whole, as `VersionView`."""
        return cards.version(tx, ctx, data["id"], data["version"])

    @query(contract.CompareQuery)
    def compare(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Two kept versions beside each other, as `Comparison`."""
        return cards.comparison(tx, ctx, data["id"], data["left"], data["right"])

    @query(contract.DocumentQuery)
    def preview_submission(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """What a submission would bring about, as `SubmissionPreview`."""
        draft = cards.opened(tx, ctx, data["id"])
        drafts.require_drafter(ctx, draft)
        lifecycle.require_submittable(draft.row.state)
        line = draft.content.line
        return cards.preview(tx, draft, self.people(ctx, lines.ids(line)) if line else {})

    @query(contract.BoxQuery)
    def box(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """One page of a box or of the register, as `DocumentPage`."""
        return boxes.page(tx, ctx, data)

    # -- folders and forms --------------------------------------------------------------------------

    @query(contract.FoldersQuery)
    def folders(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """`{items: [Folder]}` of this year, the likely one for `title` first."""
        found = folders.proposed(tx, ctx, data["department"] or ctx.department_id, data["title"])
        return {"items": [folder.view(likely=index == 0) for index, folder in enumerate(found)]}

    @command(contract.SaveFolder, roles=("document_officer", "records_officer"))
    def save_folder(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Opens a record folder of the caller's department, or changes one, as `Folder`."""
        values = {name: data[name] for name in ("title", "unit_task", "retention")}
        folder, year, before = data["id"], data["year"] or seoul_year(tx.now), None
        if folder is None:
            folder = tx.new_id()
            tx.insert(Folder, id=folder, department_id=ctx.department_id, year=year, position=100, **values)
        else:
            mine = (Folder.id == folder, Folder.department_id == ctx.department_id)
            row = tx.one(select(Folder.title, Folder.unit_task, Folder.retention, Folder.year).where(*mine))
            if row is None:
                raise NotFound("folder")
            before, year = dict(row._mapping), row.year
            tx.execute(update(Folder).where(*mine).values(**values))
        tx.audit("documents.folder.saved", subject=folder, before=before, after=values | {"year": year})
        return {"id": folder, "year": year, "likely": False, **values}

    @query(contract.Nothing)
    def forms(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """`{items: [Form]}`: what a new draft may start with."""
        return {"items": forms.every(tx)}

    @command(contract.SaveForm, roles=("document_officer", "tenant_admin"))
    def save_form(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Keeps a form of the tenant's own, or in place of one that comes with the system, as `Form`."""
        cleaned = {"body": bodies.accepted(data["body"]), "disclosure": disclosure.checked(data["disclosure"])}
        form = {name: data[name] for name in ("id", "name", "retention")} | cleaned
        tx.execute(delete(Form).where(Form.id == form["id"]))
        tx.insert(Form, **form)
        tx.audit("documents.form.saved", subject=form["id"], after={"name": form["name"]})
        return form

    # -- what the approval service tells ------------------------------------------------------------

    @on_event("approval.approved", "approval.returned", "approval.withdrawn")
    def settle(self, tx: Tx, event: Event) -> None:
        """Brings the document to where its route has come; a decided one is registered."""
        registration.apply(tx, event)

    # -- told anew ----------------------------------------------------------------------------------

    @command(Retell, roles=("platform_operator",))
    def retell(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Tells again of a batch of documents, as `Retell` describes."""
        return retell(tx, data, {"desk": desk.retell, "item": catalogue.retell})
