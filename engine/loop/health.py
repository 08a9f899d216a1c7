"""The health of an account after a sweep, as the row that the database keeps of it."""

from ...domain.ports import Exchange
from ...domain.reporting.account_status import AccountStatus, ViewWord
from ..clock_offset import clock_offset_ms
from ..live.status import LiveStatus, ViewState
from .sweep import Sweep


def status_after(sweep: Sweep, view: LiveStatus | None, exchange: Exchange) -> AccountStatus:
    """The account's status after a sweep.

    Args:
        sweep: what the sweep found.
        view: the status of the account's live view; None where the account has no stream.
        exchange: the exchange that is read by requests.
    """
    word, reason = ViewWord.SWEPT, ""
    if sweep.unreadable:
        word, reason = ViewWord.UNREADABLE, sweep.unreadable
    elif view is not None and view.state is ViewState.SYNCED:
        word = ViewWord.STREAMED
    elif view is not None:
        reason = view.reason
    blind = "; ".join(f"{symbol} is unread: {why}" for symbol, why in sweep.unread.items())
    reason = "; ".join(filter(None, (reason, blind)))
    return AccountStatus(
        sweep.account,
        sweep.at,
        sweep.monitors,
        len(sweep.drifted),
        word,
        reason,
        clock_offset_ms(exchange),
    )
