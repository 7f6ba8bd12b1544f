"""Production numbers: within a department and year they run without gaps or doubles, however many decide at once."""

from __future__ import annotations

from tests.integration.product.cast import Cast, at_once

AT_ONCE = 50


def test_fifty_decisions_at_once_take_fifty_numbers_in_a_row(cast: Cast) -> None:
    documents = at_once([lambda n=n: cast.submitted(f"동시 결재 {n}") for n in range(AT_ONCE)])
    cast.api("decider")
    answers = at_once([lambda d=d: cast.decide("decider", d) for d in documents], threads=AT_ONCE)
    assert {answer["state"] for answer in answers} == {"approved"}
    numbers = [str(cast.card(document)["number"]) for document in documents]
    department = cast.card(documents[0])["department"]
    assert {number.rpartition("-")[0] for number in numbers} == {department}
    serials = sorted(int(number.rpartition("-")[2]) for number in numbers)
    assert serials == list(range(serials[0], serials[0] + AT_ONCE))
    registered = [int(number.rpartition("-")[2]) for number in register(cast)]
    assert sorted(registered) == list(range(1, len(registered) + 1))


def register(cast: Cast) -> list[str]:
    """Every number of the department's register of this year, page by page."""
    found: list[str] = []
    cursor = ""
    while True:
        page = cast.drafter.get(f"/documents?box=register&limit=40&sort=number{cursor}")
        found += [row["number"] for row in page["items"]]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"
