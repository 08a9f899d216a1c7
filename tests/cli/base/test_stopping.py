"""A signal ends the wait, whichever thread the kernel hands it to."""

import os
import signal
import subprocess
import sys
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
        for each in (signal.SIGINT, signal.SIGTERM):
            assert (signal.getsignal(each) is signal.SIG_DFL) == (request is Request.STOP)
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


SCRIPT = """
import signal, sys, threading
from datetime import timedelta
from trueup.cli.base.stopping import Control

with Control(timedelta(seconds=float(sys.argv[1]))) as control, control.on_signals():
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGINT])
    control.late = lambda: print("late", flush=True)
    print("ready", flush=True)
    threading.Event().wait()
"""
"""The main thread notices nothing: its signals go to another thread, and it waits for a lock."""


def started(seconds: float) -> subprocess.Popen[str]:
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", SCRIPT, str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_end_that_takes_too_long_is_made(number: signal.Signals) -> None:
    process = started(0.2)
    process.send_signal(number)
    assert process.communicate(timeout=60)[0] == "late\n"
    assert process.returncode == 1


def test_a_second_signal_ends_a_process_that_has_not_noticed_the_first() -> None:
    process = started(60)
    process.send_signal(signal.SIGTERM)
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
        os.sched_yield()
    assert process.communicate(timeout=60)[0] == ""
    assert process.returncode in (128 + signal.SIGINT, 128 + signal.SIGTERM)
