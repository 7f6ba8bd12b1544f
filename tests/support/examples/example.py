"""What the conformance kit has to know of a service."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from oneway import parts
from shared.context import Context
from shared.testing import TENANT, LocalService, context, new_person

Doc = dict[str, Any]
OTHER = "other"


class Call(NamedTuple):
    """Who calls, and with what."""

    ctx: Context
    data: Doc


class Told(NamedTuple):
    """An event: its type, its subject, its data."""

    type: str
    subject: str
    data: Doc


class Example:
    """A valid call of each method: it is answered by the method of the same name here, which prepares what it takes.

    A query of pages has six rows to show at the least. `story` has events of every type that the service hears, oldest
    first, and `view` what people see of them, without what is made up anew each time.
    """

    # Required ids of these methods name what need not be there: they answer that there is nothing.
    answer_for_unknown: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, service: LocalService, tenant: str = TENANT) -> None:
        self.service = service
        self.me = context(tenant=tenant)
        self.prepare()

    def prepare(self) -> None:
        """What every call needs."""

    def story(self) -> list[Told]:
        """The events."""
        return []

    def view(self) -> Any:
        """What is seen."""

    def call_of(self, method: str) -> Call:
        """The valid call of a method."""
        found: Call = getattr(self, method)()
        return found

    # -- for those that are made of it ----------------------------------------------------------------

    def ask(self, method: str, ctx: Context | None = None, **data: Any) -> Any:
        """Calls a method."""
        return self.service.call(method, ctx or self.me, data)

    def hire(self, name: str) -> Doc:
        """Somebody whom the directory knows."""
        person = new_person(name)
        self.service.people[person["id"]] = person
        return person

    def as_(self, person: Doc) -> Context:
        """Somebody, signed in."""
        fields = {name: person[name] for name in ("name", "position", "department", "department_id")}
        return self.context(person=person["id"], login="x", **fields)

    def context(self, **changes: Any) -> Context:
        """A context of this tenant."""
        return context(tenant=self.me.tenant, **changes)


def ref(person: Doc) -> Doc:
    """Somebody as a `PersonRef`."""
    return {name: person[name] for name in ("id", "name", "position", "department", "department_id")}


def class_of(service: str) -> type[Example]:
    """The example of a service. Raises `ModuleNotFoundError` where it has none."""
    found: type[Example] = importlib.import_module(f"tests.support.examples.{service}").Example
    return found


@contextmanager
def example_of(service: str, template: Path | None = None) -> Iterator[Example]:
    """The example on a service of its own, which has a second tenant: `OTHER`."""
    cls = parts.service_class(service)
    with LocalService(cls, (TENANT, OTHER), template=template) as local:
        yield class_of(service)(local)
