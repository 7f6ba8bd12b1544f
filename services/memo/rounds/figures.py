"""What is counted of opinion rounds for each tenant."""

from __future__ import annotations

from shared.metrics import tenant_counter

STARTED = tenant_counter("oneway_rounds_started_total", "Opinion rounds begun", manner=("open", "anonymous"))
CLOSED = tenant_counter("oneway_rounds_closed_total", "Opinion rounds that were closed")
ANSWERED = tenant_counter("oneway_round_answers_total", "Answers in opinion rounds, each person's once")
