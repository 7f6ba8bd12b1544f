"""A repeat has one effect, and of several at once exactly one wins: nothing is done twice, nothing half."""

from __future__ import annotations

from collections import Counter
from functools import partial

from tests.integration.product.cast import BODY, Cast, if_match, key, problem, together
from tests.support.system import Api

RACES = 4


def apart(api: Api) -> Api:
    """The same person with a connection of their own, for a thread."""
    return Api(api.base_url, api.token)


def steps(cast: Cast, document: str) -> list[str]:
    """The states of the steps of the present run, the drafter's first."""
    return [step["state"] for step in cast.card(document)["route"]["submissions"][0]["steps"]]


# -- repeats ----------------------------------------------------------------------------------------


def test_a_repeated_draft_is_made_once(cast: Cast) -> None:
    headers, body = key(), {"title": "두 번 보냄", "body": BODY}
    answers = [cast.drafter.call("POST", "/documents", body, headers=headers) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1 and len({a.headers["ETag"] for a in answers}) == 1
    rows = cast.drafter.get("/documents?box=drafts&q=두 번 보냄")["items"]
    assert [row["id"] for row in rows] == [answers[0].json()["id"]]


def test_a_draft_sent_ten_times_at_once_is_made_once(cast: Cast) -> None:
    headers, body = key(), {"title": "열 번 한꺼번에", "body": BODY}
    answers = together(*[partial(apart(cast.drafter).call, "POST", "/documents", body, headers=headers)] * 10)
    assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(cast.drafter.get("/documents?box=drafts&q=열 번 한꺼번에")["items"]) == 1


def test_a_key_of_one_request_is_refused_for_another(cast: Cast) -> None:
    headers = key()
    made = cast.drafter.call("POST", "/documents", {"title": "하나"}, headers=headers).json()
    problem(cast.drafter.call("POST", "/documents", {"title": "둘"}, headers=headers), 409, "idempotency-key-reused")
    assert cast.card(made["id"])["title"] == "하나"
    # Keys of other people, and of other acts, are other keys.
    assert cast.api("reviewer").call("POST", "/documents", {"title": "둘"}, headers=headers).status_code == 201
    path = f"/documents/{made['id']}"
    assert cast.drafter.call("PATCH", path, {"title": "셋"}, headers=headers | if_match(1)).status_code == 200


def test_a_repeated_save_submission_decision_and_withdrawal_give_the_first_answer(cast: Cast) -> None:
    draft = cast.draft("되풀이")
    path = f"/documents/{draft['id']}"
    line = {"line": cast.line("reviewer", "decider")}
    acts: list[tuple[str, str, str, dict[str, object], dict[str, str]]] = [
        ("drafter", "PATCH", path, {"summary": "요지"}, if_match(1)),
        ("drafter", "POST", f"{path}/submission", line, {}),
        ("drafter", "POST", f"{path}/withdrawal", {"reason": "다시"}, {}),
        ("drafter", "POST", f"{path}/submission", line, {}),
        ("reviewer", "POST", f"{path}/decisions", {"action": "return", "opinion": "고치십시오."}, {}),
        ("drafter", "POST", f"{path}/submission", line, {}),
        ("reviewer", "POST", f"{path}/decisions", {"action": "approve"}, {}),
        ("decider", "POST", f"{path}/decisions", {"action": "approve"}, {}),
    ]
    done = []
    for role, method, address, body, more in acts:
        headers = key() | more
        first, second = (cast.api(role).call(method, address, body, headers=headers) for _ in range(2))
        assert first.ok and second.status_code == first.status_code, (address, first.text, second.text)
        assert second.content == first.content
        done.append((role, method, address, body, headers, first))
    card = cast.card(draft["id"])
    assert card["state"] == "approved" and len(card["route"]["submissions"]) == 3
    # Long after the document has gone on, a repeat is still told what it was told then.
    for role, method, address, body, headers, first in done:
        assert cast.api(role).call(method, address, body, headers=headers).content == first.content
    assert cast.card(draft["id"]) == card


def test_a_repeated_upload_is_attached_once(cast: Cast) -> None:
    draft = cast.draft("붙임 되풀이")
    path, content = f"/documents/{draft['id']}/attachments", b"%PDF-1.7\n" + b"x" * 5000
    headers = key() | {"Content-Type": "application/octet-stream"}
    answers = [
        cast.drafter.call("POST", path, params={"name": "a.pdf"}, data=content, headers=headers) for _ in range(3)
    ]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    other = cast.drafter.call("POST", path, params={"name": "a.pdf"}, data=content + b"y", headers=headers)
    problem(other, 409, "idempotency-key-reused")
    (kept,) = cast.card(draft["id"])["attachments"]
    assert cast.drafter.call("GET", f"{path}/{kept['id']}").content == content


# -- at once ----------------------------------------------------------------------------------------


def test_of_two_who_save_at_once_one_is_told_to_look_again(cast: Cast) -> None:
    for _ in range(RACES):
        draft = cast.draft("동시 저장")
        path, headers = f"/documents/{draft['id']}", if_match(draft["version"])
        saves = [
            partial(apart(cast.drafter).call, "PATCH", path, {"summary": f"{n}"}, headers=headers) for n in range(4)
        ]
        answers = together(*saves)
        assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 3}
        won = next(n for n, answer in enumerate(answers) if answer.status_code == 200)
        assert cast.card(draft["id"])["summary"] == f"{won}"


def test_of_a_persons_two_decisions_at_once_one_counts(cast: Cast) -> None:
    for _ in range(RACES):
        document = cast.submitted("두 결정", "reviewer", "decider")
        cast.has_todo("reviewer", document)
        path = f"/documents/{document}/decisions"
        bodies = ({"action": "approve"}, {"action": "return", "opinion": "안 됩니다."})
        answers = together(*(partial(apart(cast.api("reviewer")).call, "POST", path, body) for body in bodies))
        assert sorted(answer.status_code for answer in answers) == [200, 409], [answer.text for answer in answers]
        approved = answers[0].status_code == 200
        assert steps(cast, document)[1] == ("approved" if approved else "returned")
        assert cast.card(document)["state"] == ("in_approval" if approved else "returned")


def test_two_who_cooperate_at_the_same_time_both_count(cast: Cast) -> None:
    for _ in range(RACES):
        document = cast.submitted("병렬 협조", "cooperator", "executive", "decider", parallel=("executive",))
        for role in ("cooperator", "executive"):
            cast.has_todo(role, document)
        path = f"/documents/{document}/decisions"
        pair = (apart(cast.api(role)) for role in ("cooperator", "executive"))
        answers = together(*(partial(api.call, "POST", path, {"action": "approve"}) for api in pair))
        assert [answer.status_code for answer in answers] == [200, 200], [answer.text for answer in answers]
        assert steps(cast, document) == ["approved", "approved", "approved", "active"]
        cast.has_todo("decider", document)


def test_when_one_of_two_who_cooperate_returns_the_whole_is_returned(cast: Cast) -> None:
    for _ in range(RACES):
        document = cast.submitted("병렬 반려", "cooperator", "executive", "decider", parallel=("executive",))
        for role in ("cooperator", "executive"):
            cast.has_todo(role, document)
        path = f"/documents/{document}/decisions"
        answers = together(
            partial(apart(cast.api("cooperator")).call, "POST", path, {"action": "approve"}),
            partial(apart(cast.api("executive")).call, "POST", path, {"action": "return", "opinion": "안 됩니다."}),
        )
        assert answers[1].status_code == 200 and answers[0].status_code in (200, 409)
        assert cast.card(document)["state"] == "returned"
        for role in ("cooperator", "executive", "decider"):
            cast.has_no_todo(role, document)
        cast.has_todo("drafter", document, "returned")


def test_either_the_withdrawal_or_the_decision_wins(cast: Cast) -> None:
    for _ in range(RACES):
        document = cast.submitted("회수와 결재", "decider")
        cast.has_todo("decider", document)
        withdrawal, decision = together(
            partial(apart(cast.drafter).call, "POST", f"/documents/{document}/withdrawal", {}),
            partial(apart(cast.api("decider")).call, "POST", f"/documents/{document}/decisions", {"action": "approve"}),
        )
        told = (withdrawal.status_code, withdrawal.text, decision.status_code, decision.text)
        assert sorted((withdrawal.status_code, decision.status_code)) == [200, 409], told
        card = cast.card(document)
        assert card["state"] == ("draft" if withdrawal.ok else "approved")
        assert (card["number"] is None) == withdrawal.ok
        cast.has_no_todo("decider", document)


def test_a_document_submitted_twice_at_once_goes_one_way(cast: Cast) -> None:
    for _ in range(RACES):
        document = cast.draft("두 번 상신")["id"]
        lines = (cast.line("reviewer", "decider"), cast.line("decider"))
        path = f"/documents/{document}/submission"
        answers = together(*(partial(apart(cast.drafter).call, "POST", path, {"line": line}) for line in lines))
        assert sorted(answer.status_code for answer in answers) == [202, 409], [answer.text for answer in answers]
        won = "reviewer" if answers[0].status_code == 202 else "decider"
        cast.has_todo(won, document)
        assert len(cast.card(document)["route"]["submissions"]) == 1


def test_a_draft_deleted_and_submitted_at_once_is_one_of_both(cast: Cast) -> None:
    for _ in range(RACES):
        document = cast.draft("지움과 상신")["id"]
        deleted, submitted = together(
            partial(apart(cast.drafter).call, "DELETE", f"/documents/{document}"),
            partial(
                apart(cast.drafter).call, "POST", f"/documents/{document}/submission", {"line": cast.line("decider")}
            ),
        )
        assert (deleted.status_code, submitted.status_code) in ((204, 404), (409, 202), (204, 409)), submitted.text
        found = cast.drafter.call("GET", f"/documents/{document}")
        assert found.status_code == (404 if deleted.ok else 200)
        if submitted.ok:
            cast.has_todo("decider", document)
        else:
            cast.has_no_todo("decider", document)
