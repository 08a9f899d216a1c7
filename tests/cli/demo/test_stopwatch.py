"""The demo's stopwatch: what comes after what, whichever thread says it first."""

from trueup.cli.demo.stopwatch import Moment, Watch
from trueup.simulator import Simulator


def test_what_was_learned_came_before_the_request_however_late_a_thread_says_so() -> None:
    watch = Watch(Simulator(), "101", "BANDUSDT")
    for moment in (Moment.FILL, Moment.REQUEST, Moment.LEARNED, Moment.TRUE):
        watch.mark(moment)
    moments = watch.moments()
    assert moments[Moment.LEARNED] == moments[Moment.REQUEST]
    assert list(moments) == [Moment.FILL, Moment.LEARNED, Moment.REQUEST, Moment.TRUE]
    assert list(moments.values()) == sorted(moments.values())
