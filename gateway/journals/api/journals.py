"""Journals: their forms, who is missing, months, places."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema

from gateway.core import auth, backend
from gateway.core.describe import items_of, operation, without
from gateway.core.http import answer, body, if_match, query
from gateway.journals import handed
from shared.contracts import journals as contract

bp = Blueprint("Journals", __name__, description="Verification journals: forms, entries, months")
SERVICE = "memo"
_MONTH = "<string(length=7):month>"


_SETTINGS = without(contract.SaveJournal, "id", "version")


class FormArguments(Schema):
    """A version of the form, the present one unless told."""

    form_version = contract.JournalQuery().fields["form_version"]


@bp.route("/journals", methods=["GET"])
@operation(query=contract.JournalsQuery, answers={200: contract.JournalPage})
@auth.signed_in
def journals() -> Response:
    """The journals that the caller may read, by title."""
    return answer(backend.call(SERVICE, "journals", query()))


@bp.route("/journals", methods=["POST"])
@operation(body=_SETTINGS, answers={201: contract.SavedJournal}, etag=True)
@auth.signed_in
def create_journal() -> Response:
    """A new journal with the draft of its form (administrators, heads of departments)."""
    made = backend.call(SERVICE, "save_journal", body(id=None))
    return answer(made, 201, version=made["version"], location=f"/journals/{made['id']}")


@bp.route("/journals/today", methods=["GET"])
@operation(answers={200: contract.Today})
@auth.signed_in
def journals_today() -> Response:
    """What the caller is to write now."""
    return answer(backend.call(SERVICE, "journals_today", {}))


@bp.route("/journals/whereabouts/<uuid:id>", methods=["GET"])
@operation(answers={200: contract.Whereabouts}, problems=(404,))
@auth.signed_in
def journal_whereabouts(id: Any) -> Response:  # noqa: A002
    """What the subject of a to-do, a notice or a hit is: a journal, a day of it, a month, an entry."""
    return answer(backend.call(SERVICE, "journal_whereabouts", {"id": str(id)}))


@bp.route("/journals/scans/<code>", methods=["GET"])
@operation(answers={200: contract.Scanned}, problems=(404,))
@auth.signed_in
def scanned_place(code: str) -> Response:
    """Where the code of a place leads; that it was scanned is kept."""
    return answer(backend.call(SERVICE, "scanned_place", {"code": code}))


@bp.route("/journals/<uuid:id>", methods=["GET"])
@operation(query=FormArguments, answers={200: contract.JournalView}, problems=(404,), etag=True)
@auth.signed_in
def journal(id: Any) -> Response:  # noqa: A002
    """One journal with its form, and the JSON Schema that entries are held to."""
    found = backend.call(SERVICE, "journal", query(id=str(id)))
    return answer(found, version=found["version"])


@bp.route("/journals/<uuid:id>", methods=["PUT"])
@operation(
    body=_SETTINGS,
    answers={200: contract.SavedJournal},
    problems=(404,),
    if_match=True,
    etag=True,
)
@auth.signed_in
def save_journal(id: Any) -> Response:  # noqa: A002
    """Changes a journal and the draft of its form (managers)."""
    saved = backend.call(SERVICE, "save_journal", body(id=str(id), version=if_match()))
    return answer(saved, version=saved["version"])


@bp.route("/journals/<uuid:id>/form", methods=["POST"])
@operation(
    body=without(contract.PublishJournal, "id"),
    answers={200: contract.SavedJournal},
    problems=(404, 409),
    optional=True,
)
@auth.signed_in
def publish_journal(id: Any) -> Response:  # noqa: A002
    """Makes the draft the form that is filled in from now on; entries keep theirs."""
    return answer(backend.call(SERVICE, "publish_journal", body(optional=True, id=str(id))))


@bp.route("/journals/<uuid:id>/missing", methods=["GET"])
@operation(query=without(contract.MissingQuery, "journal"), answers={200: contract.Missing}, problems=(404,))
@auth.signed_in
def missing_entries(id: Any) -> Response:  # noqa: A002
    """Who has not written on a day, by its periods; those who are away are excused."""
    return answer(backend.call(SERVICE, "missing_entries", query(journal=str(id))))


# -- months -----------------------------------------------------------------------------------------


@bp.route(f"/journals/<uuid:id>/months/{_MONTH}", methods=["GET"])
@operation(query=without(contract.MonthQuery, "journal", "month"), answers={200: contract.MonthView}, problems=(404,))
@auth.signed_in
def journal_month(id: Any, month: str) -> Response:  # noqa: A002
    """A month as a table of its writers, with counts of each day."""
    return answer(backend.call(SERVICE, "journal_month", query(journal=str(id), month=month)))


@bp.route(f"/journals/<uuid:id>/months/{_MONTH}/sheet", methods=["GET"])
@operation(query=without(contract.SheetQuery, "journal", "month"), answers={200: contract.Sheet}, problems=(404,))
@auth.signed_in
def journal_sheet(id: Any, month: str) -> Response:  # noqa: A002
    """A month as it is printed; with `as_of` exactly as it was then."""
    return answer(backend.call(SERVICE, "journal_sheet", query(journal=str(id), month=month)))


@bp.route(f"/journals/<uuid:id>/months/{_MONTH}/signature", methods=["PUT"])
@operation(answers={200: contract.SignedOff}, problems=(404, 409, 422), keyed=True)
@auth.signed_in
def sign_off_month(id: Any, month: str) -> Response:  # noqa: A002
    """Signs a month off: what comes later needs approval."""
    return answer(backend.call(SERVICE, "sign_off_month", {"journal": str(id), "month": month}))


@bp.route(f"/journals/<uuid:id>/months/{_MONTH}/reopening", methods=["POST"])
@operation(body=without(contract.Reopen, "journal", "month"), answers={200: contract.Reopened}, problems=(404, 409))
@auth.signed_in
def reopen_month(id: Any, month: str) -> Response:  # noqa: A002
    """Opens a month again that was signed off, with a reason that stays on it."""
    return answer(backend.call(SERVICE, "reopen_month", body(journal=str(id), month=month)))


@bp.route(f"/journals/<uuid:id>/months/{_MONTH}.csv", methods=["GET"])
@operation(answers={200: None}, problems=(404, 409, 422), files={"answer": "text/csv"})
@auth.signed_in
def journal_month_csv(id: Any, month: str) -> Response:  # noqa: A002
    """The entries of a month as CSV (UTF-8 with a mark): nothing in it is run as a formula."""
    return handed.csv(str(id), month)


@bp.route(f"/journals/<uuid:id>/months/{_MONTH}.xlsx", methods=["GET"])
@operation(answers={200: None}, problems=(404, 409, 422), files={"answer": handed.XLSX})
@auth.signed_in
def journal_month_xlsx(id: Any, month: str) -> Response:  # noqa: A002
    """The entries of a month as XLSX: numbers are numbers, and no text is run as a formula."""
    return handed.xlsx(str(id), month)


# -- places -----------------------------------------------------------------------------------------


class PlaceBody(Schema):
    """What may change of a place; `renew` makes another code."""

    name = contract.SavePlace().fields["name"]
    active = contract.SavePlace().fields["active"]
    renew = contract.SavePlace().fields["renew"]


class NewPlace(Schema):
    """A place's name."""

    name = contract.SavePlace().fields["name"]


@bp.route("/journals/<uuid:id>/places", methods=["GET"])
@operation(answers={200: items_of(contract.Place, "JournalPlaces")}, problems=(404,))
@auth.signed_in
def journal_places(id: Any) -> Response:  # noqa: A002
    """The places of a journal with their last visits; codes are told to managers."""
    return answer(backend.call(SERVICE, "journal_places", {"journal": str(id)}))


@bp.route("/journals/<uuid:id>/places", methods=["POST"])
@operation(body=NewPlace, answers={201: contract.Place}, problems=(404,))
@auth.signed_in
def create_journal_place(id: Any) -> Response:  # noqa: A002
    """A place with a QR code (managers)."""
    made = backend.call(SERVICE, "save_journal_place", body(journal=str(id), id=None))
    return answer(made, 201, location=f"/journals/{id}/places/{made['id']}")


@bp.route("/journals/<uuid:id>/places/<uuid:place>", methods=["PUT"])
@operation(body=PlaceBody, answers={200: contract.Place}, problems=(404,))
@auth.signed_in
def save_journal_place(id: Any, place: Any) -> Response:  # noqa: A002
    """Renames a place, puts it out of use, or gives it another code (managers)."""
    return answer(backend.call(SERVICE, "save_journal_place", body(journal=str(id), id=str(place))))
