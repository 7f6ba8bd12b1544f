"""Attachments (붙임) of a document."""

from __future__ import annotations

from flask_smorest import Blueprint

from gateway.core import files
from shared.contracts import documents as contract

bp = Blueprint("Attachments", __name__, description="Files of a document")

files.routes(
    bp,
    service="documents",
    owner="/documents/<uuid:id>/attachments",
    named="attachment",
    uploaded=contract.AttachmentResult,
    removed=contract.SaveResult,
)
