"""Documents in every state, people and departments, for pages to show."""

from __future__ import annotations

from tests.browser.windows import titled
from tests.integration.product.cast import Cast, if_match, key

_BODY = (
    "<h2>1. 추진 배경</h2><p>청사를 찾는 시민이 <strong>길을 묻지 않게</strong> 한다.</p>"
    "<p>2. 예산은 아래와 같다.</p>"
    "<table><tbody><tr><th><p>항목</p></th><th><p>금액</p></th></tr>"
    "<tr><td><p>안내판 열 개</p></td><td><p>2,500천원</p></td></tr></tbody></table>"
    '<p>자세한 것은 <a href="https://example.org/">안내</a>를 본다.  끝.</p>'
)

WRITTEN = (
    *("기안 중인 안내판 계획", "결재 중인 안내판 계획", "반려된 안내판 계획", "완료된 안내판 계획"),
    "안내판 협의",
    *("안내판을 새로 단다.", "청사", "안내", "검토 중인 일", "계획.txt", "가람구청장", "누리구청장", "한빛시장"),
)
"""What people wrote into the documents, outside of their bodies."""


def stock(cast: Cast) -> dict[str, str]:
    """Makes the documents in one tenant; what there is, by the names that places use."""
    fields = {
        "body": _BODY,
        "summary": "안내판을 새로 단다.",
        "keywords": ["청사", "안내"],
        "disclosure": {"class": "partly_open", "clauses": [5], "reason": "검토 중인 일"},
        "recipients": [{"name": "가람구청장"}, {"name": "누리구청장"}],
        "sender_name": "한빛시장",
    }

    def drafted(words: str) -> str:
        made: str = cast.draft(titled(words), **fields)["id"]
        headers = {"Content-Type": "application/octet-stream", **key()}
        path = f"/documents/{made}/attachments"
        params = {"name": "계획.txt"}
        assert cast.drafter.call("POST", path, params=params, data=b"plan", headers=headers).status_code == 201
        return made

    draft, in_approval, returned, approved = map(drafted, WRITTEN[:4])
    everybody = ("reviewer", "cooperator", "executive", "decider")
    cast.submit(in_approval, *everybody, parallel=("executive",))
    cast.submit(returned, "reviewer", "decider")
    cast.decide("reviewer", returned, "return", opinion="금액을 다시 적어 주십시오.")
    cast.submit(approved, "reviewer", "decider")
    cast.decide("reviewer", approved, "return", opinion="제목을 줄여 주십시오.")
    change = {"body": _BODY.replace("열 개", "다섯 개"), "title": titled(WRITTEN[3])}
    version = cast.card(approved)["version"]
    assert cast.drafter.call("PATCH", f"/documents/{approved}", change, headers=if_match(version)).ok
    cast.submit(approved, "reviewer", "decider")
    cast.decide("reviewer", approved, opinion="검토하였습니다.")
    cast.decide("decider", approved)
    cast.has_todo("reviewer", in_approval)
    cast.has_todo("drafter", returned, "returned")
    me = cast.drafter.get("/me")["person"]
    members = [{"kind": "department", "id": me["department_id"]}, {"kind": "person", "id": cast.id("decider")}]
    group = cast.drafter.post("/receiver-groups", {"name": titled(WRITTEN[4]), "members": members})
    return {
        "draft": draft,
        "in_approval": in_approval,
        "returned": returned,
        "approved": approved,
        "group": group["id"],
        "person": cast.id("decider"),
        "department": me["department_id"],
    }
