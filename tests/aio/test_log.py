"""The log of trueup's own threads: handlers that block hold up nothing, and lines stay as made."""

import logging
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from threading import Event, Thread, current_thread
from typing import Any

import loguru
import pytest

from trueup.aio.log import _LINES, _put, contain_libraries, flush, logger

PATIENCE_S = 60.0
Add = Callable[..., None]


@pytest.fixture
def add() -> Iterator[Add]:
    """Adds a handler for as long as the test lasts."""
    numbers = []
    yield lambda handler, **how: numbers.append(loguru.logger.add(handler, **how))
    for number in numbers:
        loguru.logger.remove(number)


def in_own_thread(call: Callable[[], object]) -> None:
    """Makes a call in a thread of trueup's, which must return."""
    thread = Thread(target=call, name="trueup-test", daemon=True)
    thread.start()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()


def lines_of(add: Add) -> SimpleQueue[dict[str, Any]]:
    """The records that a handler gets, and in which thread."""
    records: SimpleQueue[dict[str, Any]] = SimpleQueue()
    add(lambda line: records.put({**line.record, "in": current_thread().name}), level=0)
    return records


def say() -> None:
    with loguru.logger.contextualize(of="the context"):
        logger.bind(account="main").warning("{} and {}", 1, 2)


def test_a_line_is_what_its_call_made_it(add: Add) -> None:
    records = lines_of(add)
    say()
    in_own_thread(say)
    own, ours = (records.get(timeout=PATIENCE_S) for _ in range(2))
    assert (own.pop("in"), ours.pop("in")) == ("MainThread", "trueup-log")
    assert (own.pop("thread").name, ours.pop("thread").name) == ("MainThread", "trueup-test")
    assert own.pop("time") <= ours.pop("time")
    assert own.pop("elapsed") <= ours.pop("elapsed")
    assert {name: repr(own[name]) for name in own} == {name: repr(ours[name]) for name in ours}
    assert (ours["function"], ours["name"], ours["message"]) == ("say", __name__, "1 and 2")
    assert ours["extra"] == {"account": "main", "of": "the context"}


def test_a_traceback_goes_with_it(add: Add) -> None:
    lines: SimpleQueue[str] = SimpleQueue()
    add(lines.put, format="{time:HH} {level} {message}")
    error = ValueError("a defect")
    in_own_thread(lambda: logger.opt(exception=error).critical("{{"))
    line = str(lines.get(timeout=PATIENCE_S))
    assert line[2:].startswith(" CRITICAL {{\nValueError: a defect")


def test_what_the_host_disables_is_not_logged(add: Add) -> None:
    records = lines_of(add)
    try:
        loguru.logger.disable(__name__)
        in_own_thread(say)
        loguru.logger.disable("trueup")
        loguru.logger.enable(__name__)
        in_own_thread(say)
    finally:
        loguru.logger.enable("trueup")
        loguru.logger.enable(__name__)
    assert records.get(timeout=PATIENCE_S)["name"] == __name__
    assert flush()
    assert records.empty()


def test_a_handler_that_blocks_holds_up_nothing(add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_LINES, "_most", 3)
    goes_on, lines = Event(), list[str]()

    def block(line: str) -> None:
        goes_on.wait(PATIENCE_S)
        lines.append(line.rstrip())

    add(block, format="{level} {extra[number]} {message}")

    def say_ten() -> None:
        for number in range(10):
            logger.bind(number=number).info("a line")

    in_own_thread(say_ten)
    assert not flush(0)
    goes_on.set()
    assert flush()
    assert lines == [
        "INFO 0 a line",
        "INFO 1 a line",
        "INFO 2 a line",
        "WARNING 3 7 lines were dropped here: a log handler holds them up",
    ]


@pytest.mark.parametrize("kind", [RuntimeError, SystemExit])
def test_a_handler_that_raises_breaks_nothing(add: Add, kind: type[BaseException]) -> None:
    lines = list[str]()

    def raises(line: str) -> None:
        lines.append(line)
        raise kind("the handler's own")

    add(raises, catch=False, format="{message}")
    in_own_thread(say)
    in_own_thread(say)
    assert flush()
    assert lines == ["1 and 2\n"] * 2


def test_a_library_s_line_waits_like_a_line_of_trueup_s(monkeypatch: pytest.MonkeyPatch) -> None:
    contain_libraries()
    contain_libraries()
    where: SimpleQueue[str] = SimpleQueue()

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            where.put(f"{current_thread().name} {record.threadName} {record.getMessage()}")

    library = logging.getLogger("pybit._http_manager")
    monkeypatch.setattr(library, "handlers", [Handler()])
    library.error("of the host's thread")
    in_own_thread(lambda: library.error("of %s", "trueup's"))
    assert where.get(timeout=PATIENCE_S) == "MainThread MainThread of the host's thread"
    assert where.get(timeout=PATIENCE_S) == "trueup-log trueup-test of trueup's"
    assert where.empty()


def test_a_library_s_line_that_is_dropped_is_counted_too(
    add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_LINES, "_most", 0)
    records = lines_of(add)
    _put(lambda: None, {})
    assert records.get(timeout=PATIENCE_S)["message"].startswith("1 lines were dropped here")
