"""A signal ends the wait, whichever thread the kernel hands it to."""

import signal
import threading
from collections.abc import Callable

import pytest

from trueup.cli.stopping import Stop


def to_this_thread(number: signal.Signals) -> None:
    signal.pthread_kill(threading.get_ident(), number)


def to_the_main_thread(number: signal.Signals) -> None:
    ident = threading.main_thread().ident
    assert ident is not None
    signal.pthread_kill(ident, number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("send", [to_this_thread, to_the_main_thread])
def test_a_signal_ends_the_wait(
    number: signal.Signals, send: Callable[[signal.Signals], None]
) -> None:
    before = signal.getsignal(number)
    with Stop() as stop, stop.on_signals():
        sender = threading.Thread(target=send, args=(number,))
        sender.start()
        stop.wait_for_signal()
        sender.join()
        assert stop.is_set
        assert signal.getsignal(number) is signal.SIG_DFL
    assert signal.getsignal(number) is before
    assert signal.set_wakeup_fd(-1) == -1


def test_a_thread_ends_the_wait() -> None:
    with Stop() as stop:
        assert not stop.is_set
        setter = threading.Thread(target=stop.set)
        setter.start()
        stop.wait_for_signal()
        setter.join()
        stop.wait(60)
        assert stop.is_set
