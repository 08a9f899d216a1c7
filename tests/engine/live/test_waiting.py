"""Waiting for events, in real and in virtual time."""

import threading
from datetime import timedelta

import pytest

from trueup.engine.live.waiting import ClockWaiting, RealWaiting, Waiting
from trueup.simulator import VirtualClock

LONG = timedelta(seconds=30)
NONE = timedelta(0)


@pytest.mark.parametrize("waiting", [RealWaiting(), ClockWaiting(VirtualClock(0))])
def test_what_is_so_is_not_waited_for(waiting: Waiting) -> None:
    assert waiting.until(lambda: True, LONG)
    assert not waiting.until(lambda: False, NONE)


def test_real_waiting_goes_on_with_the_news() -> None:
    waiting, asked, changed = RealWaiting(), threading.Event(), threading.Event()

    def is_changed() -> bool:
        asked.set()
        return changed.is_set()

    def change() -> None:
        asked.wait(10)
        waiting.notify()
        changed.set()
        waiting.notify()

    changer = threading.Thread(target=change)
    changer.start()
    assert waiting.until(is_changed, LONG)
    changer.join()


def test_real_waiting_asks_once_more_at_the_end() -> None:
    answers = iter((False, True))
    assert RealWaiting().until(lambda: next(answers), timedelta(milliseconds=5))


def test_clock_waiting_sleeps_in_steps() -> None:
    clock = VirtualClock(0)
    assert ClockWaiting(clock).until(lambda: clock.now_ms() >= 42, LONG)
    assert clock.now_ms() == 45
    assert not ClockWaiting(clock).until(lambda: False, timedelta(seconds=1))
    assert clock.now_ms() == 1045
