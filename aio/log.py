"""The log: lines of trueup's own threads are queued, as a handler of the host's may block.

loguru calls the host's handlers in the thread that logs. One that is slow would hold up whatever
that thread has to do, and the loop's thread does everything of all accounts.
"""

import atexit
import logging
import os
from collections.abc import Callable
from functools import partial
from threading import current_thread
from typing import TYPE_CHECKING, Any

from loguru import logger as _loguru

from .queued import Queued

if TYPE_CHECKING:
    from loguru import Logger, Record

PATIENCE_SECONDS = 2.0
"""For so long a stop, and the end of the process, wait for handlers."""
_OWN = "trueup-"
"""What the names of trueup's threads begin with."""
_DEPTH = 2
"""So many calls of this module are between loguru and the call that a line is of."""
_OUTSIDE = 10_000
"""More calls than are in any thread: whether trueup may log was decided when the line was made."""


class _Made(Exception):  # noqa: N818 - it is no error
    """A line is made; the handlers are to be called elsewhere."""

    def __init__(self, record: "Record") -> None:
        self.fields: dict[str, Any] = {**record}
        self.level: str = self.fields.pop("level").name


class Log:
    """loguru's logger, whose handlers hold up and break nothing of trueup's.

    A line has the time, the thread, the place and the fields of its call, wherever the handlers are
    called: soon after it for trueup's own threads, within it for the host's.

    Args:
        inner: loguru's.
    """

    def __init__(self, inner: "Logger") -> None:
        self._inner = inner

    def bind(self, **fields: object) -> "Log":
        """The log with fields that every line has."""
        return Log(self._inner.bind(**fields))

    def opt(self, *, depth: int = 0, exception: BaseException | None = None) -> "Log":
        """The log of a caller so many calls further up, or with an exception's traceback."""
        return Log(self._inner.opt(depth=_DEPTH + depth, exception=exception))

    def debug(self, text: str, *values: object) -> None:
        """Logs a line."""
        self._write("DEBUG", text, values)

    def info(self, text: str, *values: object) -> None:
        """Logs a line."""
        self._write("INFO", text, values)

    def warning(self, text: str, *values: object) -> None:
        """Logs a line."""
        self._write("WARNING", text, values)

    def error(self, text: str, *values: object) -> None:
        """Logs a line."""
        self._write("ERROR", text, values)

    def critical(self, text: str, *values: object) -> None:
        """Logs a line."""
        self._write("CRITICAL", text, values)

    def _write(self, level: str, text: str, values: tuple[object, ...]) -> None:
        inner = self._inner.patch(_stop) if _is_own_thread() else self._inner
        try:
            inner.log(level, text, *values)
        except _Made as made:
            _put(partial(_hand_over, made.level, made.fields), made.fields)
        except Exception:  # noqa: BLE001, S110 - a handler may raise, and there is no other log
            pass


def _is_own_thread() -> bool:
    return current_thread().name.startswith(_OWN)


def _stop(record: "Record") -> None:
    """Stops loguru right before it calls the handlers, which is when it patches a line."""
    raise _Made(record)


def _hand_over(level: str, fields: dict[str, Any]) -> None:
    """Has loguru call the handlers with a line that was made before."""
    _loguru.opt(depth=_OUTSIDE).patch(lambda fresh: fresh.update(fields)).log(level, "")  # type: ignore[typeddict-item] # the fields of a record


_LINES = Queued("trueup-log")


def _put(call: Callable[[], object], fields: dict[str, Any]) -> None:
    def dropped(count: int) -> None:
        text = f"{count} lines were dropped here: a log handler holds them up"
        _hand_over("WARNING", {**fields, "message": text, "exception": None})

    _LINES.put(call, dropped)


class _Aside(logging.Filter):
    """Has a logger of a library's call its handlers as trueup's log does."""

    def filter(self, record: logging.LogRecord) -> bool:
        is_own = _is_own_thread()
        if is_own:
            _put(partial(logging.getLogger(record.name).callHandlers, record), {})
        return not is_own


_ASIDE = _Aside()
_LIBRARIES = ("asyncio", "pybit._http_manager", "statemachine.engines.base")
"""The loggers that the loop's thread uses besides."""


def contain_libraries() -> None:
    """Has handlers hold up no line of the libraries that trueup's threads use, either."""
    for name in _LIBRARIES:
        logging.getLogger(name).addFilter(_ASIDE)


def flush(seconds: float = PATIENCE_SECONDS) -> bool:
    """Waits until the handlers have all lines; returns whether they have."""
    return _LINES.drain(min(seconds, PATIENCE_SECONDS))


def ask(answer: Callable[[], object]) -> None:
    """Has a function called once the handlers have all lines until now."""
    _LINES.put(answer)


logger = Log(_loguru.opt(depth=_DEPTH))
"""The process's own."""

atexit.register(flush)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_LINES.forget)
