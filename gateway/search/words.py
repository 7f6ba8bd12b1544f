"""What one object is to another, in words."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext

from gateway.core import format as formats


def install(app: Flask) -> None:
    """Makes the words a filter of the templates."""
    formats.add(app, relation_name=relation_name)


def relation_name(way: tuple[str, str]) -> str:
    """The heading over relatives of a role and direction (`to`: the object refers to them); an unknown role is 관련."""
    return {
        ("based_on", "to"): gettext("근거가 된 것"),
        ("based_on", "from"): gettext("이것을 근거로 만든 것"),
        ("reply_to", "to"): gettext("회신한 대상"),
        ("reply_to", "from"): gettext("받은 회신"),
        ("follows", "to"): gettext("앞선 것"),
        ("follows", "from"): gettext("뒤이은 것"),
        ("attached_to", "to"): gettext("붙어 있는 곳"),
        ("attached_to", "from"): gettext("여기에 붙은 것"),
    }.get(way, gettext("관련"))
