"""Which services there are: the one list."""

from __future__ import annotations

import importlib
from pathlib import Path

from sqlalchemy import MetaData

from shared.bus import Service

SERVICES = {
    "directory": "DirectoryService",
    "documents": "DocumentsService",
    "approval": "ApprovalService",
    "desk": "DeskService",
    "search": "SearchService",
}


def service_class(name: str) -> type[Service]:
    """The class of a service."""
    cls: type[Service] = getattr(importlib.import_module(f"services.{name}.service"), SERVICES[name])
    return cls


def metadata(name: str) -> MetaData:
    """The tables of a service."""
    found: MetaData = importlib.import_module(f"services.{name}.models").Base.metadata
    return found


def migrations(name: str) -> Path:
    """The directory of a service's revisions."""
    return Path(str(importlib.import_module(f"services.{name}").__file__)).parent / "migrations"
