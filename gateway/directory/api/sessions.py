"""Signing in and out for programs."""

from __future__ import annotations

from flask import Response
from flask_smorest import Blueprint
from marshmallow import fields, validate

from gateway.core import auth, sessions
from gateway.core.describe import operation
from gateway.core.http import answer, body, nothing
from shared.contracts.common import Strict, Text
from shared.errors import Invalid

bp = Blueprint("Sessions", __name__, description="Sign in and out")


class TokenRequest(Strict):
    """Who signs in where; `code` where the second factor is on."""

    tenant = Text(31, 1, required=True)
    login = Text(100, 1, required=True)
    password = fields.String(required=True, validate=validate.Length(1, 1000))
    code = fields.String(validate=validate.Length(max=10))


class Token(Strict):
    """A bearer token and its life in seconds."""

    access_token = fields.String(required=True)
    token_type = fields.String(required=True, validate=validate.Equal("Bearer"))
    expires_in = fields.Integer(required=True)


@bp.route("/auth/token", methods=["POST"])
@operation(body=TokenRequest, answers={200: Token}, keyed=False, problems=(401, 423), public=True)
@auth.public
def sign_in() -> Response:
    """A token for a person's login and password."""
    given = body()
    bad = {name: "unknown_field" for name in given if name not in TokenRequest().fields}
    bad |= {name: "required" for name in ("tenant", "login", "password") if not given.get(name)}
    bad |= {name: "wrong_type" for name, value in given.items() if not isinstance(value, str)}
    if bad:
        raise Invalid(bad)
    session = sessions.sign_in(given["tenant"], given["login"], given["password"], given.get("code", ""), "token")
    return answer({"access_token": session["token"], "token_type": "Bearer", "expires_in": session["expires_in"]})


@bp.route("/auth/session", methods=["DELETE"])
@operation(answers={204: None}, keyed=False)
@auth.signed_in
def sign_out() -> Response:
    """Ends the session of the token at once."""
    sessions.end_session()
    return nothing()
