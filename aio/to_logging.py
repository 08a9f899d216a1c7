"""The log of trueup in the standard library's, for a bot that uses that.

It is the sink that loguru's documentation has for this, with what that one loses: a line keeps the
time and the thread of its call, its fields, and a traceback without the values of variables.
"""

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from loguru import logger as _loguru

if TYPE_CHECKING:
    from loguru import Message, Record

_ABOUT = ("account", "symbol", "side", "run")
_STEPS = (logging.CRITICAL, logging.ERROR, logging.WARNING, logging.INFO)
_LOGURUS_OWN = 0
"""The number of the handler that loguru has from the start: it writes to stderr."""
_added: list[int] = []


def log_to_logging(logger: str = "trueup") -> None:
    """Hands every line of trueup's to a logger of the standard library's :mod:`logging`.

    The message begins with what it is about, as in ``main BANDUSDT Buy: …``; the record has that as
    ``account``, ``symbol``, ``side`` and ``run``, too, each a text, empty where it is not known,
    and all fields of the line as the table ``extra``. Levels are those of :mod:`logging`. No record
    has a key or a secret, and no traceback the values of variables.

    loguru's own handler, which writes to stderr, is taken away if it is still there: it would show
    every line a second time. A second call replaces the first. It is not for a bot that hands the
    lines of :mod:`logging` to loguru: that one needs nothing.

    Args:
        logger: the name of the logger.
    """
    for number in (_LOGURUS_OWN, *_added):
        with suppress(ValueError):  # somebody has taken it away
            _loguru.remove(number)
    to = logging.getLogger(logger)

    def hand_over(line: "Message") -> None:
        level = _level(line.record)
        if to.isEnabledFor(level):
            to.handle(_record(to, level, line.record))

    _added[:] = [
        _loguru.add(
            hand_over,
            level=0,
            filter=__name__.partition(".")[0],
            format=lambda _: "{message}",  # a text would have the traceback added to it
            backtrace=False,
            diagnose=False,
        )
    ]


def _level(record: "Record") -> int:
    """The step of :mod:`logging` that the level reaches: SUCCESS, say, is none of it."""
    number = record["level"].no
    return next((step for step in _STEPS if number >= step), logging.DEBUG)


def _record(to: logging.Logger, level: int, line: "Record") -> logging.LogRecord:
    about = {name: str(line["extra"].get(name, "")) for name in _ABOUT}
    subject = " ".join(text for name, text in about.items() if text and name != "run")
    raised = line["exception"]
    made = to.makeRecord(
        to.name,
        level,
        line["file"].path,
        line["line"],
        f"{subject}: {line['message']}" if subject else line["message"],
        (),
        None if raised is None else (raised.type, raised.value, raised.traceback),  # type: ignore[arg-type] # None only where all are
        line["function"],
        {**about, "extra": dict(line["extra"])},
    )
    made.created = line["time"].timestamp()
    made.msecs = line["time"].microsecond // 1000 + 0.0
    made.thread, made.threadName = line["thread"].id, line["thread"].name
    return made
