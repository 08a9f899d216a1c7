"""Executions of a symbol since a time.

A request covers seven days at most (docs/v5/order/execution.mdx, ``startTime``): older ones are
walked window by window, oldest first, until one ends after the exchange's own time.
"""

from ....domain.model.observation import Unknown
from ....domain.model.order import Execution
from ....domain.ports import Clock
from ..wire import names
from ..wire.endpoints import Endpoint
from ..wire.fields import Row, text
from ..wire.parsing import parse_execution
from .client import BybitClient
from .failures import Failure
from .paging import walk
from .settings import BybitSettings

_A_DAY_MS = 86_400_000
_WINDOW_MS = 7 * _A_DAY_MS
_MOST_MS = 13 * _WINDOW_MS

# Executions that move no position (docs/v5/enum.mdx, execType).
_NO_TRADES = frozenset((names.FUNDING, names.SETTLE))


class Trades:
    """Reads one account's executions."""

    def __init__(
        self, account: str, client: BybitClient, settings: BybitSettings, clock: Clock
    ) -> None:
        self._account = account
        self._client = client
        self._settings = settings
        self._clock = clock

    def since(self, symbol: str, since_ms: int) -> tuple[Execution, ...] | Unknown:
        """Every execution that moved a position since then, but none older than three months.

        Where this machine's clock is ahead, the exchange's replies say how old that is.
        """
        start_ms = max(since_ms, int(self._clock.now().timestamp() * 1000) - _MOST_MS)
        found: list[Execution] = []
        while True:
            walked = walk(
                self._client,
                Endpoint.EXECUTIONS,
                lambda row: _trade(row, symbol),
                self._settings.max_pages,
                self._settings.execution_page,
                **{
                    names.SYMBOL: symbol,
                    names.START_TIME: start_ms,
                    names.END_TIME: start_ms + _WINDOW_MS,
                    names.LIMIT: self._settings.execution_page,
                },
            )
            if isinstance(walked, Failure):
                return Unknown(self._account, self._clock.now(), walked.message, walked.code)
            if since_ms < walked.ended_ms < start_ms:
                start_ms = max(since_ms, walked.ended_ms - _MOST_MS)
                continue
            found += walked.items
            start_ms += _WINDOW_MS
            if start_ms > walked.ended_ms:
                return tuple(found)


def _trade(row: Row, symbol: str) -> Execution | None:
    """The row as a trade; None if it moved no position, or is of another symbol."""
    if row.get(names.EXECUTION_TYPE) in _NO_TRADES or text(row, names.SYMBOL) != symbol:
        return None
    return parse_execution(row)
