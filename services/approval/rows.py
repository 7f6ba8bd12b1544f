"""Runs as they are kept in a row of `process` or `earlier_run`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from services.approval.domain.route import Run
from services.approval.domain.steps import Step

RUN = ("submission", "version", "content_hash", "state", "submitted_at", "ended_at", "reason")


def run_of(row: Row[Any]) -> Run:
    """The run in a row of a process or of an earlier run."""
    return Run(steps=tuple(Step.of(kept) for kept in row.steps), **{name: getattr(row, name) for name in RUN})
