"""Where jobs are measured: whose CPU time is whose."""

import time
from threading import Event, Thread

from bench.world import world
from trueup.simulator import Request

BURNT_NS = 20_000_000


def test_what_the_exchange_does_after_a_reply_is_its_own_cpu_time() -> None:
    """Charged to the sample that comes next, it would take that below zero."""
    done, ends = Event(), Event()
    used: list[int] = []
    with world() as place:

        def serve() -> None:
            place.sim.handle(Request("GET", "/v5/market/time"))
            until = time.thread_time_ns() + BURNT_NS
            while time.thread_time_ns() < until:
                pass
            used.append(time.thread_time_ns())
            done.set()
            ends.wait()

        thread = Thread(target=serve)
        thread.start()
        done.wait()
        seen = place.server_cpu()
        ends.set()
        thread.join()
    assert seen >= used[0]
