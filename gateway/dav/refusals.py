"""Refusals that name the condition that was not met (RFC 4918, section 16), for programs to act on."""

from __future__ import annotations

from flask import Response

from gateway.core import errors
from gateway.dav.xml import Element, dav, el, root, whole
from shared.errors import Problem

XML = "application/xml; charset=utf-8"


class Refused(Problem):
    """A refusal with its condition: an element, with more in it where the condition says so."""

    def __init__(self, status: int, condition: str, *parts: Element | str) -> None:
        super().__init__(status, condition.rpartition("}")[2], "A condition is not met")
        self.condition = el(condition, *parts)


def answer(problem: Refused) -> Response:
    """The refusal as a document of its own."""
    response = errors.plain(problem)
    response.set_data(whole(root(dav("error"), problem.condition)))
    response.content_type = XML
    return response
