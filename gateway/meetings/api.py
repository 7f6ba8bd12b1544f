"""Meetings (회의) and committees (위원회) for programs."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema

from gateway.core import auth, backend, files, security, threads
from gateway.core.describe import operation, without
from gateway.core.http import answer, body, if_match, query, require_if_match
from gateway.meetings import asking
from shared.contracts import meetings as contract
from shared.contracts.common import PageQuery

bp = Blueprint("Meetings", __name__, description="Meetings from their call to confirmed minutes; committees")

# Bodies of minutes: two million characters, each of up to four bytes or six as JSON escapes.
_LIMIT = 13 * 1024 * 1024


@bp.route("/meetings", methods=["POST"])
@operation(body=contract.CreateMeeting, answers={201: contract.MeetingResult}, problems=(403, 409), etag=True)
@auth.signed_in
def call_meeting() -> Response:
    """Calls a meeting, a series by `rule`, or a meeting of a committee; 409 `room-taken` where the room is not free."""
    made = backend.call("meetings", "create", body())
    return answer(made, 201, version=made["version"], location=f"/meetings/{made['id']}")


@bp.route("/meetings", methods=["GET"])
@operation(query=contract.BoxQuery, answers={200: contract.MeetingPage})
@auth.signed_in
def meetings() -> Response:
    """One page of the caller's meetings, or of those the department hosts."""
    return answer(backend.call("meetings", "box", query()))


@bp.route("/meetings/<uuid:id>", methods=["GET"])
@operation(answers={200: contract.MeetingView}, problems=(404,), etag=True)
@auth.signed_in
def meeting_card(id: Any) -> Response:  # noqa: A002
    """A meeting, whole, with its history and what the caller may do."""
    found = backend.call("meetings", "card", {"id": str(id)})
    return answer(found, version=found["version"])


@bp.route("/meetings/<uuid:id>", methods=["PATCH"])
@operation(
    body=without(contract.ChangeMeeting, "id", "version"),
    answers={200: contract.MeetingResult},
    problems=(404, 409, 428),
    if_match=True,
    etag=True,
)
@auth.signed_in
def change_meeting(id: Any) -> Response:  # noqa: A002
    """Changes what is told, of this one, of this and the following of its series, or of all that are to come."""
    done = backend.call("meetings", "change", body(id=str(id), version=require_if_match()))
    return answer(done, version=done["version"])


@bp.route("/meetings/<uuid:id>/acts", methods=["POST"])
@operation(
    body=without(contract.MeetingAct, "id", "version"),
    answers={200: contract.MeetingResult},
    problems=(404, 409),
    if_match=True,
    etag=True,
)
@auth.signed_in
def act_on_meeting(id: Any) -> Response:  # noqa: A002
    """Moves a meeting: `open`, `end`, `cancel`, `ask_confirmation`, `take_back`, `conclude`."""
    done = backend.call("meetings", "act", body(id=str(id), version=if_match()))
    return answer(done, version=done["version"])


def _posts(rule: str, name: str, method: str, schema: type[Schema], doc: str, **more: Any) -> None:
    """A call that is one command of the service about the meeting of the address, and about what else it names.

    Of a vote nothing is `kept` under a key, not even its digest: it would say what somebody has voted.
    """
    made = more.pop("made", False)
    told: tuple[str, ...] = more.pop("told", ())
    kept = more.pop("kept", True)

    def view(**address: Any) -> Response:
        named = {key: str(value) for key, value in address.items()}
        done = backend.call("meetings", method, body(optional=bool(told), **named), idempotent=kept)
        return answer(done, version=done["version"])

    view.__name__, view.__doc__ = name, doc
    described = operation(
        body=without(schema, "id", *told),
        answers={200: contract.MadeResult if made else contract.MeetingResult},
        problems=(404, 409),
        etag=True,
    )
    bp.route(f"/meetings/<uuid:id>{rule}", methods=["POST"])(described(auth.signed_in(view)))


_posts("/answers", "answer_meeting", "answer", contract.AnswerMeeting, "Yes, no or tentative, or who comes instead.")
_posts("/attendance", "mark_attendance", "attend", contract.Attend, "Who is there: oneself by code, others by list.")
_posts("/papers", "ready_papers", "ready", contract.PapersReady, "The papers of an agenda item are there.")
_posts(
    "/decisions",
    "decide_in_meeting",
    "decide",
    contract.EnterDecision,
    "Enters, changes or takes back a decision.",
    made=True,
)
_posts("/actions", "add_action_item", "add_action", contract.AddAction, "Enters, changes or takes back one.", made=True)
_posts("/votes", "open_vote", "open_vote", contract.OpenVote, "Puts something to the vote.", made=True)
_posts(
    "/votes/<uuid:vote>/ballots", "cast_vote", "cast", contract.Cast, "The caller's vote.", told=("vote",), kept=False
)
_posts("/votes/<uuid:vote>/closing", "close_vote", "close_vote", contract.CloseVote, "Closes a vote.", told=("vote",))
_posts("/timer", "time_agenda_item", "time_item", contract.TimeItem, "Starts or stops the clock of an agenda item.")
_posts("/minutes/sharing", "share_minutes", "begin_minutes", contract.BeginMinutes, "Has the minutes written together.")
_posts(
    "/minutes/confirmation", "review_minutes", "review", contract.ReviewMinutes, "Agrees with the minutes, or objects."
)


@bp.route("/meetings/<uuid:id>/actions/<uuid:action>/request", methods=["POST"])
@operation(answers={200: contract.MeetingResult}, keyed=True, problems=(404, 409, 422), etag=True)
@auth.signed_in
def ask_action_item(id: Any, action: Any) -> Response:  # noqa: A002
    """Makes a request of an action item, once, however often it is asked."""
    done = asking.ask(str(id), str(action))
    return answer(done, version=done["version"])


@bp.route("/meetings/<uuid:id>/attendance-code", methods=["GET"])
@operation(answers={200: contract.CodeView}, problems=(403, 404))
@auth.signed_in
def attendance_code(id: Any) -> Response:  # noqa: A002
    """The code by which people say that they are there, for who leads."""
    return answer(backend.call("meetings", "code", {"id": str(id)}))


@bp.route("/meetings/<uuid:id>/minutes", methods=["GET"])
@operation(answers={200: contract.MinutesView}, problems=(404,), etag=True)
@auth.signed_in
def meeting_minutes(id: Any) -> Response:  # noqa: A002
    """The minutes with all that the law demands, put together."""
    found = backend.call("meetings", "minutes", {"id": str(id)})
    return answer(found, version=found["version"])


@bp.route("/meetings/<uuid:id>/minutes", methods=["PUT"])
@operation(
    body=without(contract.WriteMinutes, "id", "version"),
    answers={200: contract.MeetingResult},
    problems=(404, 409, 428),
    if_match=True,
    etag=True,
)
@security.body_limit(_LIMIT)
@auth.signed_in
def write_minutes(id: Any) -> Response:  # noqa: A002
    """Writes the gist of the whole and of agenda items; `If-Match` is the version of the minutes (0 at first)."""
    done = backend.call("meetings", "write_minutes", body(id=str(id), version=require_if_match()))
    return answer(done, version=done["version"])


@bp.route("/meetings/<uuid:id>/minutes/updates", methods=["GET"])
@operation(query=without(contract.PullMinutes, "id"), answers={200: contract.MinutesUpdates}, problems=(404,))
@auth.signed_in
def minutes_updates(id: Any) -> Response:  # noqa: A002
    """What came `after` an update of shared minutes (Yjs), in any order; the topic `minutes` tells of more."""
    return answer(backend.call("meetings", "pull_minutes", query(id=str(id))))


@bp.route("/meetings/<uuid:id>/minutes/updates", methods=["POST"])
@operation(
    body=without(contract.PushMinutes, "id"), answers={200: contract.MinutesPushed}, problems=(403, 404, 409, 413)
)
@auth.signed_in
def push_minutes(id: Any) -> Response:  # noqa: A002
    """What was typed into shared minutes, once for each `key`; 409 `signed` where they are confirmed."""
    # It has a key of its own: another answer is not kept under the request's.
    return answer(backend.call("meetings", "push_minutes", body(id=str(id)), idempotent=False))


# -- committees -------------------------------------------------------------------------------------


@bp.route("/committees", methods=["GET"])
@operation(query=PageQuery, answers={200: contract.CommitteePage})
@auth.signed_in
def committees() -> Response:
    """One page of the committees, by name."""
    return answer(backend.call("meetings", "committees", query()))


@bp.route("/committees", methods=["POST"])
@operation(body=without(contract.SaveCommittee, "id", "version"), answers={201: contract.CommitteeResult}, etag=True)
@auth.signed_in
def found_committee() -> Response:
    """Founds a committee."""
    made = backend.call("meetings", "save_committee", body(id=None))
    return answer(made, 201, version=made["version"], location=f"/committees/{made['id']}")


@bp.route("/committees/<uuid:id>", methods=["GET"])
@operation(answers={200: contract.CommitteeView}, problems=(404,), etag=True)
@auth.signed_in
def committee(id: Any) -> Response:  # noqa: A002
    """A committee with its members and their terms."""
    found = backend.call("meetings", "committee", {"id": str(id)})
    return answer(found, version=found["version"])


@bp.route("/committees/<uuid:id>", methods=["PUT"])
@operation(
    body=without(contract.SaveCommittee, "id", "version"),
    answers={200: contract.CommitteeResult},
    problems=(403, 404, 428),
    if_match=True,
    etag=True,
)
@auth.signed_in
def save_committee(id: Any) -> Response:  # noqa: A002
    """Changes a committee, by who runs it."""
    saved = backend.call("meetings", "save_committee", body(id=str(id), version=require_if_match()))
    return answer(saved, version=saved["version"])


@bp.route("/committees/<uuid:id>/register", methods=["GET"])
@operation(query=without(contract.RegisterQuery, "id"), answers={200: contract.MeetingPage}, problems=(404,))
@auth.signed_in
def committee_register(id: Any) -> Response:  # noqa: A002
    """The meetings of a committee in a year, by number; those the caller may read."""
    return answer(backend.call("meetings", "register", query(id=str(id))))


files.routes(bp, service="meetings", owner="/meetings/<uuid:id>/files", named="meeting_file")
files.routes(bp, service="meetings", owner="/agenda-items/<uuid:id>/files", named="agenda_paper")
threads.routes(bp, service="meetings", owner="/meetings/<uuid:id>", named="meeting")
