"""My Desk as people and programs meet it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from gateway.core.noun import Kind, Noun, Place

NOUN = Noun(
    "desk",
    order=90,
    icon="layout-dashboard",
    places=(Place("desk", "/desk", "layout-dashboard", _("나의 책상"), 0, key="d", short=_("책상")),),
    # Kinds that programs may count on, by the name they have until the noun that is to say so itself is there.
    kinds={"meeting": Kind(_("회의"))},
)
