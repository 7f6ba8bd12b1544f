"""The caller's own account: who one is, settings, sessions, tokens, second factor, absences."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from gateway.core import auth, backend
from gateway.core.describe import items_of, operation, without
from gateway.core.http import answer, body, nothing
from gateway.core.sessions import PROOF_TIMEOUT
from shared.contracts import directory
from shared.contracts.common import Id

bp = Blueprint("Account", __name__, description="The caller's own account")


class Me(Schema):
    """Who the caller is."""

    person = fields.Nested(
        Schema.from_dict(
            {
                "id": Id(required=True),
                "login": fields.String(required=True),
                "name": fields.String(required=True),
                "position": fields.String(required=True),
                "department": fields.String(required=True),
                "department_id": Id(required=True),
            },
            name="MePerson",
        ),
        required=True,
    )
    organisation = fields.Nested(
        Schema.from_dict(
            {"code": fields.String(required=True), "name": fields.String(required=True)}, name="MeOrganisation"
        ),
        required=True,
    )
    roles = fields.List(fields.String(), required=True)
    clearance = fields.Integer(required=True)
    locale = fields.String(required=True)
    expires_at = fields.DateTime(required=True, metadata={"description": "When the session ends"})


@bp.route("/me", methods=["GET"])
@operation(answers={200: Me})
@auth.signed_in
def me() -> Response:
    """The person, the organisation, the roles."""
    who = auth.principal()
    names = ("login", "name", "position", "department", "department_id")
    return answer(
        {
            "person": {"id": who.person, **{name: getattr(who, name) for name in names}},
            "organisation": {"code": who.tenant, "name": backend.tenant_name(who.tenant)},
            "roles": sorted(who.roles),
            "clearance": who.clearance,
            "locale": who.locale,
            "expires_at": datetime.fromtimestamp(who.expires_at, UTC),
        }
    )


@bp.route("/me", methods=["PATCH"])
@operation(body=directory.SaveSettings, answers={200: directory.SaveSettings})
@auth.signed_in
def save_settings() -> Response:
    """Changes the caller's settings."""
    saved = backend.call("directory", "save_settings", body())
    auth.forget()
    return answer(saved)


@bp.route("/me/password", methods=["PUT"])
@operation(body=directory.ChangePassword, answers={204: None}, keyed=False, problems=(423,))
@auth.signed_in
def change_password() -> Response:
    """Another password; every other session of the caller ends."""
    # Without a key: what is kept under it would be a hash of the passwords.
    backend.call("directory", "change_password", body(), idempotent=False, timeout=PROOF_TIMEOUT)
    return nothing()


# -- sessions and tokens ----------------------------------------------------------------------------


@bp.route("/me/sessions", methods=["GET"])
@operation(answers={200: items_of(directory.SessionView, "Sessions")})
@auth.signed_in
def sessions() -> Response:
    """Where the caller is signed in, programs' tokens too."""
    return answer(backend.call("directory", "sessions", {}))


@bp.route("/me/sessions/<uuid:id>", methods=["DELETE"])
@operation(answers={204: None}, problems=(404,))
@auth.signed_in
def revoke_session(id: Any) -> Response:  # noqa: A002
    """Ends a session or a program's token at once; an administrator may end anybody's."""
    backend.call("directory", "revoke_session", {"id": str(id)})
    return nothing()


@bp.route("/me/tokens", methods=["POST"])
@operation(body=directory.CreateProgramToken, answers={201: directory.ProgramToken}, keyed=False)
@auth.signed_in
def create_token() -> Response:
    """A long-lived token for a program that acts as the caller; shown once."""
    made = backend.call("directory", "create_program_token", body())
    return answer(made, 201, location=f"/me/sessions/{made['id']}")


# -- second factor ----------------------------------------------------------------------------------


@bp.route("/me/second-factor", methods=["POST"])
@operation(answers={200: directory.TotpSecret}, keyed=False, problems=(409,))
@auth.signed_in
def begin_second_factor() -> Response:
    """A secret for an authenticator; in force once it is confirmed."""
    return answer(backend.call("directory", "begin_totp", {}))


@bp.route("/me/second-factor/<any(confirmation, removal):what>", methods=["POST"])
@operation(body=directory.ConfirmTotp, answers={204: None}, keyed=False, problems=(409, 423))
@auth.signed_in
def set_second_factor(what: str) -> Response:
    """Turns the second factor on (`confirmation`) or off (`removal`), with a code that proves the device."""
    method = "confirm_totp" if what == "confirmation" else "remove_totp"
    backend.call("directory", method, body(), idempotent=False)
    return nothing()


# -- absences ---------------------------------------------------------------------------------------


@bp.route("/me/absences", methods=["GET"])
@operation(answers={200: items_of(directory.AbsenceView, "Absences")})
@auth.signed_in
def absences() -> Response:
    """The caller's absences of now and to come."""
    return answer(backend.call("directory", "absences", {}))


@bp.route("/me/absences", methods=["POST"])
@operation(body=directory.SaveAbsence, answers={201: directory.AbsenceView})
@auth.signed_in
def save_absence() -> Response:
    """Enters an absence (부재)."""
    made = backend.call("directory", "save_absence", body())
    return answer(made, 201, location=f"/me/absences/{made['id']}")


@bp.route("/me/absences/<uuid:id>", methods=["PUT"])
@operation(body=without(directory.ChangeAbsence, "id"), answers={200: directory.AbsenceView}, problems=(404,))
@auth.signed_in
def change_absence(id: Any) -> Response:  # noqa: A002
    """An absence that has not ended is another from now on."""
    return answer(backend.call("directory", "change_absence", body(id=str(id))))


@bp.route("/me/absences/<uuid:id>", methods=["DELETE"])
@operation(answers={204: None}, problems=(404,))
@auth.signed_in
def cancel_absence(id: Any) -> Response:  # noqa: A002
    """Takes an absence back."""
    backend.call("directory", "cancel_absence", {"id": str(id)})
    return nothing()
