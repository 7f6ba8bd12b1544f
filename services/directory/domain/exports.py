"""Departments and people as records of the files that `imports` reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.directory.domain import tree
from services.directory.domain.person import Person, Post
from services.directory.domain.tree import Node

Record = dict[str, str]


def department_records(nodes: Mapping[str, Node]) -> list[Record]:
    """All departments as the tree is read, the organisation first."""
    return [
        {
            "code": node.code,
            "name": node.name,
            "parent": nodes[node.parent].code if node.parent else "",
            "order": str(node.order),
            "abolished": "Y" if node.abolished else "N",
        }
        for node in tree.in_order(nodes)
    ]


def people_records(people: Iterable[Person], nodes: Mapping[str, Node]) -> list[Record]:
    """People by their main department as the tree is read, then by name; without passwords."""
    place = {node.id: number for number, node in enumerate(tree.in_order(nodes))}
    ordered = sorted(people, key=lambda p: (place[p.posts[0].department], p.name, p.login))
    return [_person(person, nodes) for person in ordered]


def _person(person: Person, nodes: Mapping[str, Node]) -> Record:
    main, *others = person.posts
    return {
        "login": person.login,
        "name": person.name,
        "department": nodes[main.department].code,
        "position": main.position,
        "rank": main.rank,
        "other_posts": "; ".join(_post(post, nodes) for post in others),
        "email": person.email,
        "phone": person.phone,
        "roles": " ".join(person.roles),
        "clearance": str(person.clearance),
        "active": "Y" if person.active else "N",
    }


def _post(post: Post, nodes: Mapping[str, Node]) -> str:
    parts = (nodes[post.department].code, post.position, post.rank)
    return "/".join(part for part in parts if part)
