"""Files that are to go: the services name them, and here, where the store is reached, their objects are deleted."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import replace

from flask import Flask

from gateway.core import backend, files
from gateway.core.backend import Backend
from shared import log
from shared.context import system
from shared.errors import Problem
from shared.ids import new_id

# Answers of one service for one tenant in one sweep, each of so many files as `FilesToSweep` has.
_MOST = 100
_log = log.get("sweep")


def start(app: Flask) -> None:
    """Sweeps every tenant now and then, for as long as the process lives; nothing where the setting says so."""
    reached = backend.of(app)
    if reached.settings.attachment_sweep:
        threading.Thread(target=_forever, args=(reached,), name="sweep", daemon=True).start()


def _forever(reached: Backend) -> None:
    while True:
        # Not all gateways at once.
        time.sleep(reached.settings.attachment_sweep * random.uniform(0.5, 1.5))  # noqa: S311
        try:
            sweep(reached)
        except Exception as error:
            # Whatever it was, the next sweep is due.
            _log.error("sweep_failed", exc_info=error)


def sweep(reached: Backend) -> int:
    """Deletes what is to go in every tenant; how many objects. What fails is left to the next sweep."""
    deleted = 0
    for tenant in reached.registry.active():
        for service in sorted(files.services):
            try:
                deleted += _sweep(reached, tenant.code, service)
            except Problem as problem:
                _log.warning("sweep_failed", tenant=tenant.code, service=service, problem=problem.slug)
    return deleted


def _sweep(reached: Backend, tenant: str, service: str) -> int:
    gone: list[str] = []
    deleted = 0
    for _ in range(_MOST):
        context = replace(system(tenant), request_id=new_id())
        found = reached.client.call(service, "sweep_files", context, {"gone": gone}, repeatable=True)
        if not found["files"]:
            break
        for each in found["files"]:
            reached.store.delete(tenant, each["object"])
        gone = [each["file"] for each in found["files"]]
        deleted += len(gone)
    if deleted:
        _log.info("files_swept", tenant=tenant, service=service, deleted=deleted)
    return deleted
