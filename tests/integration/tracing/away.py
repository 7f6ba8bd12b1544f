"""Work traced to a collector that is away: `python -m tests.integration.tracing.away eventlet|gevent <requests>`.

Writes as JSON what was done and how many spans wait while the exporter is at its first batch; then ends like a service.
"""

from __future__ import annotations

import sys

WORKERS = 10


def main(requests: int) -> None:
    """Two spans for each request; the first ones are enough for the exporter to begin."""
    import threading
    import time

    import orjson

    from shared import log, trace
    from shared.context import Context

    log.configure("desk")
    trace.start("desk")
    assert trace._tracing
    batch = trace._tracing._processor._batch_processor
    context = Context("city", request_id="request-1")

    def work(many: int) -> None:
        for _ in range(many):
            with trace.entry("desk", "work", "server", context, {}), trace.span("step"):
                time.sleep(0)

    work(batch._max_export_batch_size)
    made = 2 * batch._max_export_batch_size
    while len(batch._queue) == made:
        time.sleep(0.01)
    workers = [threading.Thread(target=work, args=(requests // WORKERS,)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    queued, most = len(batch._queue), batch._max_queue_size
    sys.stdout.write(orjson.dumps({"made": made + 2 * requests, "queued": queued, "most": most}).decode() + "\n")
    sys.stdout.flush()
    trace.stop()


if __name__ == "__main__":
    if sys.argv[1] == "gevent":
        from gevent import monkey

        monkey.patch_all()
    else:
        import eventlet

        eventlet.monkey_patch()
    main(int(sys.argv[2]))
