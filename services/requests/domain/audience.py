"""Who may read a request."""

from __future__ import annotations

from services.requests.domain.request import Request
from shared import audience

_MOST = 900


def people(request: Request) -> list[str]:
    """Everybody who is on it or was, who asked first."""
    ids = [request.asker["id"]]
    ids += [request.entered_by["id"]] if request.entered_by else []
    for part in request.parts:
        ids += [part.person["id"]] if part.person else []
        ids += [each["id"] for each in part.candidates]
    return list(dict.fromkeys([*map(str, ids), *request.former]))


def departments(request: Request) -> list[str]:
    """The departments in which it is to be done."""
    found = []
    for part in request.parts:
        if part.is_active and part.department:
            found.append(str(part.department["id"]))
        if part.is_active and part.person:
            found.append(str(part.person["department_id"]))
    return list(dict.fromkeys(found))


def of(request: Request) -> list[str]:
    """Its principals: who is on it, the departments that do it, auditors."""
    found = [audience.role("auditor"), *map(audience.department, departments(request))]
    return [*found, *map(audience.person, people(request))][:_MOST]
