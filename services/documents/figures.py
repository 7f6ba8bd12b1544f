"""What the documents service counts for each tenant."""

from __future__ import annotations

from shared.metrics import tenant_counter

DRAFTED = tenant_counter("oneway_documents_drafted_total", "Documents begun")
SUBMITTED = tenant_counter("oneway_documents_submitted_total", "Submissions, those after a return again")
REGISTERED = tenant_counter("oneway_documents_registered_total", "Documents that got their number")
