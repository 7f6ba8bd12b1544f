"""Opinion rounds as people and programs meet them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from gateway.core.noun import Create, Kind, Noun, Place
from gateway.rounds import words

NOUN = Noun(
    "rounds",
    order=32,
    icon="vote",
    url="/rounds/{id}",
    places=(Place("rounds", "/rounds", "vote", _("의견수렴"), 330, _("메모보고"), count="opinion"),),
    creates=(Create("o", "/rounds/new", "vote", _("의견수렴 작성"), _("새 의견수렴"), _("의견"), 40),),
    kinds={"opinion": Kind(_("의견수렴"), asks=words.asked)},
    notices={
        "reminded": words.reminded,
        "round_closed": words.closed,
        "round_withdrawn": words.withdrawn,
        "extended": words.extended,
        "commented": words.commented,
    },
    problems=words.problems,
    refusals=words.refusals,
    label=_("의견수렴"),
    states=words.states,
    quote="memo.quote_round",
)
