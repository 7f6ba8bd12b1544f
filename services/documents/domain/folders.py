"""기록물철: the record folders a department begins a year with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """A unit task (단위과제) with the retention period of what is filed under it."""

    unit_task: str
    title: str
    retention: str


DEFAULTS = (
    Task("일반서무", "일반서무", "3"),
    Task("주요업무계획", "주요업무계획 수립 및 추진", "5"),
    Task("예산·회계", "예산 편성 및 회계", "5"),
    Task("인사·복무", "인사 및 복무 관리", "3"),
    Task("민원처리", "민원 처리", "3"),
)
"""Where a department has no folders of an earlier year to go on with. Periods as in the common schedule [PRA 25]."""
