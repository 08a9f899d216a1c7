"""Threads for what may block: none waits for another, and none stays."""

import os
import threading
from threading import Event

import pytest

from trueup.aio.fibers import run_fiber
from trueup.aio.loop_thread import LoopThread, submit
from trueup.aio.threads import Threads, aside

PATIENCE_S = 30


def alive() -> int:
    """How many threads of one test there are."""
    return sum(each.name == "test-one-call" for each in threading.enumerate())


def test_a_call_that_blocks_holds_up_no_other() -> None:
    threads, may_end = Threads("test-call"), Event()
    blocked = [threads.submit(may_end.wait) for _ in range(50)]
    assert threads.submit(lambda: "there").result(PATIENCE_S) == "there"
    assert not any(each.done() for each in blocked)
    may_end.set()
    assert [each.result(PATIENCE_S) for each in blocked] == [True] * 50


def test_calls_one_after_the_other_have_one_thread_and_none_is_left() -> None:
    threads = Threads("test-one-call")
    names = {threads.submit(threading.get_ident).result(PATIENCE_S) for _ in range(20)}
    assert len(names) <= 2  # a thread is free again a moment after its call
    assert 1 <= alive() <= 2
    threads.close()
    while alive():
        threads.close()
    assert alive() == 0


def test_a_fiber_has_its_call_made_and_a_thread_makes_it_itself() -> None:
    threads, thread = Threads("test-call"), LoopThread("test-loop")
    loop = thread.hold()
    name = submit(
        loop, run_fiber(lambda: aside(lambda: threading.current_thread().name, threads))
    ).result(PATIENCE_S)
    here = aside(threading.current_thread, threads)
    thread.release()
    threads.close()
    assert (name, here) == ("test-call", threading.current_thread())
    assert not threads.is_own()


@pytest.mark.parametrize("error", [ValueError("x"), SystemExit(2), GeneratorExit()])
def test_what_a_call_raises_is_its_caller_s(error: BaseException) -> None:
    threads = Threads("test-call")

    def broken() -> None:
        raise error

    assert threads.submit(broken).exception(PATIENCE_S) is error
    threads.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
def test_a_forked_process_has_threads_and_a_loop_of_its_own() -> None:
    from trueup.aio.loop_thread import LOOP  # noqa: PLC0415 - the process's own
    from trueup.aio.threads import THREADS  # noqa: PLC0415 - the process's own

    LOOP.hold()
    THREADS.submit(lambda: None).result(PATIENCE_S)
    child = os.fork()
    if not child:
        code = 1
        try:
            loop = LOOP.hold()
            answer = submit(loop, run_fiber(lambda: aside(lambda: 7))).result(PATIENCE_S)
            LOOP.release()
            code = 0 if answer == 7 else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    LOOP.release()
    THREADS.close()
