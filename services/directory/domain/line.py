"""The approval line proposed to a drafter: the heads above, nearest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.directory.domain.positions import NOT_HEAD


@dataclass(frozen=True)
class Post:
    """A head's post in one of the departments above the drafter; `level` 0 is the drafter's own."""

    level: int
    seniority: int
    main: bool
    person: dict[str, Any]


def superiors(drafter: str, posts: Sequence[Post]) -> list[Post]:
    """The head of each department from the drafter's up, without the drafter and without anybody twice.

    A person who heads a department as the main post comes before one who does it beside another.
    Whoever heads the drafter's own department is followed by the heads above only.
    """
    found: list[Post] = []
    seen = {drafter}
    for level in sorted({post.level for post in posts}):
        heads = sorted(
            (p for p in posts if p.level == level and p.seniority < NOT_HEAD),
            key=lambda p: (p.seniority, not p.main, p.person["id"]),
        )
        if heads and heads[0].person["id"] not in seen:
            found.append(heads[0])
            seen.add(heads[0].person["id"])
    return found


def propose(chain: Sequence[Post]) -> list[dict[str, Any]]:
    """The nearest superior reviews and the next one decides; the only one there is decides.

    `reason` is a code: `head_of_department` of the drafter's own, else `head_above`.
    """
    chosen = chain[:2]
    return [
        {
            "person": post.person,
            "role": "decide" if post is chosen[-1] else "review",
            "reason": "head_of_department" if post.level == 0 else "head_above",
        }
        for post in chosen
    ]
