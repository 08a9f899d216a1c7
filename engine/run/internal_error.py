"""An unexpected exception in a run: the id that its alert states, and its traceback in the log."""

from hashlib import sha256
from pathlib import Path
from traceback import extract_tb, format_exception

from ...aio.log import logger
from ...domain.model.errors import Fenced
from ...domain.model.identity import MonitorKey


def error_id(error: Exception) -> str:
    """Eight hexadecimal digits that name the defect.

    The same exception raised in the same functions has the same id, so that a defect that repeats
    is recognised as one, and is alerted as one. The exception's message is no part of the id, and
    the alert does not state it: it may contain anything.
    """
    places = (f"{Path(at.filename).name}:{at.name}" for at in extract_tb(error.__traceback__))
    named = "\n".join((type(error).__qualname__, *places))
    return sha256(named.encode()).hexdigest()[:8]


def log_broken_run(key: MonitorKey, error: Exception, run_id: str = "") -> None:
    """Logs a run that was fenced off, or that raised."""
    bound = logger.bind(account=key.account, symbol=key.symbol, side=key.side.value, run=run_id)
    if isinstance(error, Fenced):
        bound.warning("{}", error)
    else:
        # The traceback as text: a handler that prints variables would print API keys, too.
        text = "".join(format_exception(error))
        bound.error("the run broke off, internal error {}: {}", error_id(error), text)
