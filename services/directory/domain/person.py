"""A person as the rules see it, and what is to hold of one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from services.directory.domain.hangul import normal
from services.directory.domain.tree import Node
from shared import mailbox, text
from shared.contracts.directory import ROLES

LOGIN = re.compile(r"^[a-z0-9]([a-z0-9._@-]{0,98}[a-z0-9])?$")
# The signs that part posts in a file, and line breaks, are in no position.
_NAMEABLE = re.compile(r"^[^/;\n\t]*$")
EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
# What only the operator of the platform may give away.
OPERATOR_ROLES = frozenset({"platform_operator"})
ADMIN = "tenant_admin"


@dataclass(frozen=True)
class Post:
    """직위: in which department (id) a person works and as what."""

    department: str
    position: str
    rank: str = ""


@dataclass(frozen=True)
class Person:
    """What is administered of a person; the main post comes first."""

    login: str
    name: str
    posts: tuple[Post, ...]
    email: str = ""
    phone: str = ""
    roles: tuple[str, ...] = ()
    clearance: int = 0
    active: bool = True

    @property
    def is_admin(self) -> bool:
        """Whether this person can administer the organisation."""
        return self.active and ADMIN in self.roles


def folded_login(login: str) -> str:
    """A login as it is kept and compared: case does not matter."""
    return normal(login.strip())


def ordered_roles(roles: Iterable[str]) -> tuple[str, ...]:
    """Roles once each, in the order they are listed in the contract."""
    return tuple(sorted(set(roles), key=ROLES.index))


def _wrong_email(address: str) -> str:
    """The code of what keeps mail from it, or nothing. Its domain may be in Hangul, what comes before that not."""
    if not EMAIL.match(address):
        return "bad_email"
    if not address.rpartition("@")[0].isascii():
        return "email_not_ascii"
    try:
        mailbox.encoded(address)
    except ValueError:
        return "bad_email"
    return ""


def problems(
    person: Person, before: Person | None, departments: Mapping[str, Node], granter: Collection[str]
) -> dict[str, str]:
    """What is wrong with a person, as codes by field (`posts.0.department`); `granter` are the caller's roles.

    A post that was held before may stay in a department abolished since; a new one may not.
    """
    found: dict[str, str] = {}
    if not LOGIN.match(person.login):
        found["login"] = "bad_login"
    for field in ("name", "phone"):
        if getattr(person, field) != text.line(getattr(person, field)):
            found[field] = "bad_character"
    if person.email and (wrong := _wrong_email(person.email)):
        found["email"] = wrong
    held = {post.department for post in before.posts} if before and before.active else set()
    seen: set[str] = set()
    for i, post in enumerate(person.posts):
        node = departments.get(post.department)
        if node is None:
            found[f"posts.{i}.department"] = "unknown_department"
        elif node.abolished and person.active and post.department not in held:
            found[f"posts.{i}.department"] = "abolished_department"
        elif post.department in seen:
            found[f"posts.{i}.department"] = "department_twice"
        for field in ("position", "rank"):
            if not _NAMEABLE.match(getattr(post, field)):
                found[f"posts.{i}.{field}"] = "bad_character"
        seen.add(post.department)
    changed = set(person.roles) ^ set(before.roles if before else ())
    if changed & OPERATOR_ROLES and not OPERATOR_ROLES & set(granter):
        found["roles"] = "may_not_grant"
    return found


def changes(before: Person, after: Person) -> dict[str, list[Any]]:
    """The fields in which two states of a person differ, as `[before, after]`."""
    old, new = asdict(before), asdict(after)
    return {field: [old[field], new[field]] for field in new if old[field] != new[field]}
