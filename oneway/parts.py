"""Which services there are: every folder of `services/` that has a `service.py`."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from sqlalchemy import MetaData

import services
from shared.bus import Service


def found() -> tuple[str, ...]:
    """The names of the services in the folders of the package, in alphabetical order."""
    return tuple(
        sorted(
            module.name
            for module in pkgutil.iter_modules(services.__path__)
            if module.ispkg and _has_service(module.name)
        )
    )


def _has_service(name: str) -> bool:
    return any((Path(folder) / name / "service.py").exists() for folder in services.__path__)


SERVICES = found()


def service_class(name: str) -> type[Service]:
    """The class of a service: the one of its module that has its name."""
    module = importlib.import_module(f"services.{name}.service")
    for cls in vars(module).values():
        if isinstance(cls, type) and issubclass(cls, Service) and cls.__dict__.get("name") == name:
            return cls
    raise LookupError(f"no service of services/{name}/service.py is called {name}")


def metadata(name: str) -> MetaData:
    """The tables of a service."""
    tables: MetaData = importlib.import_module(f"services.{name}.models").Base.metadata
    return tables


def migrations(name: str) -> Path:
    """The directory of a service's revisions."""
    return Path(str(importlib.import_module(f"services.{name}").__file__)).parent / "migrations"
