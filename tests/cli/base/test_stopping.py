"""A signal ends the wait, whichever thread the kernel hands it to."""

import signal
import threading
from collections.abc import Callable

import pytest

from trueup.cli.base.stopping import Control, Request


def to_this_thread(number: signal.Signals) -> None:
    signal.pthread_kill(threading.get_ident(), number)


def to_the_main_thread(number: signal.Signals) -> None:
    ident = threading.main_thread().ident
    assert ident is not None
    signal.pthread_kill(ident, number)


ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.mark.parametrize("number", ENDS)
@pytest.mark.parametrize("send", [to_this_thread, to_the_main_thread])
def test_a_signal_ends_the_wait(
    number: signal.Signals, send: Callable[[signal.Signals], None]
) -> None:
    before = {each: signal.getsignal(each) for each in ENDS}
    with Control() as control, control.on_signals():
        sender = threading.Thread(target=send, args=(number,))
        sender.start()
        request = control.next()
        sender.join()
        assert request is (Request.RELOAD if number is signal.SIGHUP else Request.STOP)
        assert (signal.getsignal(number) is signal.SIG_DFL) == (request is Request.STOP)
    assert {each: signal.getsignal(each) for each in ENDS} == before
    assert signal.set_wakeup_fd(-1) == -1


def test_a_thread_ends_the_wait_and_the_end_stays_wished() -> None:
    with Control() as control:
        setter = threading.Thread(target=control.stop)
        setter.start()
        assert control.next() is Request.STOP
        setter.join()
        assert control.next() is Request.STOP


def test_the_end_comes_before_a_reload() -> None:
    with Control() as control, control.on_signals():
        signal.raise_signal(signal.SIGHUP)
        signal.raise_signal(signal.SIGHUP)
        assert control.next() is Request.RELOAD
        signal.raise_signal(signal.SIGHUP)
        signal.raise_signal(signal.SIGTERM)
        assert control.next() is Request.STOP
