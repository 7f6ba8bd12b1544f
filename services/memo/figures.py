"""What the memo service counts for each tenant. Times are by the calendar: nights and holidays are in them."""

from __future__ import annotations

from shared.metrics import tenant_counter, tenant_histogram

SENT = tenant_counter("oneway_memos_sent_total", "Memos sent", urgency=("plain", "urgent"))
READ = tenant_histogram("oneway_memo_read_seconds", "From a memo's coming to its being read, of each receiver")
ESCALATIONS = tenant_counter("oneway_memo_escalations_total", "Urgent memos that went on to somebody because unread")
