"""How an account stands after a sweep, put into words for the database."""

from typing import Protocol, runtime_checkable

from ...domain.model.account_status import AccountStatus, ViewWord
from ...domain.ports import Exchange
from ..live.exchange import LiveStatus, ViewState
from .sweep import Sweep


class _Offset(Protocol):
    @property
    def best_ms(self) -> int: ...


@runtime_checkable
class _Measures(Protocol):
    """An exchange that knows how far its clock is from ours."""

    @property
    def clock_offset(self) -> _Offset | None: ...


def status_after(sweep: Sweep, view: LiveStatus | None, exchange: Exchange) -> AccountStatus:
    """How the account stands.

    Args:
        sweep: what it found.
        view: what its feed makes known; None where it has none.
        exchange: the one that is asked.
    """
    word, reason = ViewWord.SWEPT, ""
    if sweep.unreadable:
        word, reason = ViewWord.UNREADABLE, sweep.unreadable
    elif view is not None and view.state is ViewState.SYNCED:
        word = ViewWord.STREAMED
    elif view is not None:
        reason = view.reason
    offset = exchange.clock_offset if isinstance(exchange, _Measures) else None
    return AccountStatus(
        sweep.account,
        sweep.at,
        sweep.monitors,
        len(sweep.drifted),
        word,
        reason,
        None if offset is None else offset.best_ms,
    )
