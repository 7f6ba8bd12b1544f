"""What greenlets log while they take turns: `python -m tests.unit.ground.greenlets eventlet|gevent`."""

from __future__ import annotations

import sys
from typing import Any

MANY = 20


def _run(spawn: Any, sleep: Any, wait: Any) -> None:
    from shared import log
    from shared.context import Context

    log.configure("test")
    speaker = log.get("greenlets")

    def work(number: int) -> None:
        with log.about(Context(f"t{number}", request_id=f"r{number}", traceparent=f"00-{number:032x}-x"), "toy"):
            for turn in range(3):
                speaker.info("said", number=number, turn=turn)
                sleep(0)

    wait([spawn(work, number) for number in range(MANY)])
    speaker.info("ended")


if __name__ == "__main__":
    if sys.argv[1] == "gevent":
        from gevent import monkey

        monkey.patch_all()
        import gevent

        _run(gevent.spawn, gevent.sleep, gevent.joinall)
    else:
        import eventlet

        eventlet.monkey_patch()
        _run(eventlet.spawn, eventlet.sleep, lambda all_: [one.wait() for one in all_])
