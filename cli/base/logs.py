"""The log of the command line: readable lines on stderr. The library itself adds no handler."""

from traceback import format_exception
from typing import TYPE_CHECKING

from loguru import logger

from .output import STDERR, json_line

if TYPE_CHECKING:
    from loguru import FilterDict, Message, Record

_COMMANDS = __name__.rsplit(".", 2)[0]
_ABOUT = ("account", "symbol", "side", "run")


def log_to_stderr(*, quiet: bool = False, verbose: bool = False, as_json: bool = False) -> None:
    """Makes stderr the only destination of the log; nothing waits for whoever reads it.

    By default it shows warnings and what the commands themselves say; ``quiet`` leaves only the
    warnings, ``verbose`` adds every decision of every run. ``as_json`` makes each line an object.
    """
    levels: FilterDict = {"": "DEBUG" if verbose else "WARNING"}
    if not quiet and not verbose:
        levels[_COMMANDS] = "INFO"
    logger.enable("trueup")
    logger.remove()
    # Without diagnose: values of variables, keys among them, never reach a traceback.
    STDERR.as_json = as_json
    write = _write_json if as_json else STDERR.write
    logger.add(write, level=0, filter=levels, format=_format, backtrace=False, diagnose=False)


def _write_json(line: "Message") -> None:
    """Writes a line's record as an object: its time, level, message, and what it is about."""
    record = line.record
    fields = {name: str(record["extra"][name]) for name in _ABOUT if name in record["extra"]}
    if (raised := record["exception"]) is not None and raised.value is not None:
        fields["error"] = "".join(format_exception(raised.value))
    STDERR.write(json_line(record["level"].name, record["message"], record["time"], fields))


def _format(record: "Record") -> str:
    about = " ".join(f"{{extra[{name}]}}" for name in _ABOUT if name in record["extra"])
    subject = f"{about}: " if about else ""
    return f"{{time:YYYY-MM-DD HH:mm:ss!UTC}}Z {{level: <7}} {subject}{{message}}\n{{exception}}"
