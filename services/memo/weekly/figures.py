"""What is counted of weekly and monthly reports for each tenant."""

from __future__ import annotations

from shared.metrics import tenant_counter

OPENED = tenant_counter(
    "oneway_weekly_reports_opened_total", "Reports that were begun for a writer", kind=("person", "department")
)
SUBMITTED = tenant_counter(
    "oneway_weekly_reports_submitted_total", "Reports handed in, by whether in time", timing=("in_time", "late")
)
MISSING = tenant_counter("oneway_weekly_reports_missing_total", "Reports that were not there when they were due")
ASKED = tenant_counter("oneway_weekly_reports_asked_total", "Missing reports that were asked for")
