"""What of a status is not as it should be."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ...domain.model.errors import StoreError
from ...domain.model.identity import MonitorKey, Side
from ...domain.model.record import RunOutcome, Source
from ...domain.reporting.account_status import ViewWord
from ...domain.tracking.stored_time import is_old
from ...engine.loop.settings import LoopSettings
from ...storage import Row
from ...storage.beside import is_held

if TYPE_CHECKING:
    from ..configuration.loading import Loaded

LEFT = "left the configuration"
"""Shown as the source of a monitor that the file no longer names: it does not run."""

_GOOD = (RunOutcome.IN_SYNC.value, RunOutcome.SUCCESS.value)
_LATE = timedelta(seconds=30)
_ASKS = "{} s ago: is the engine running?"


def age_of(account: Row) -> int:
    """Whole seconds since the account's last sweep began; 0 where that time is to come."""
    swept_at = datetime.fromisoformat(str(account["swept_at"]))
    return max(int((datetime.now(UTC) - swept_at).total_seconds()), 0)


def shown_source(monitor: Row, loaded: "Loaded | None") -> str:
    """How the monitor came under watch, or that the configuration no longer names it."""
    source = str(monitor["source"])
    if loaded is None or source != Source.CONFIGURED.value:
        return source
    named = {configured.key for configured in loaded.options.monitors}
    return source if _key(monitor) in named else LEFT


def concerns_of(
    monitors: Sequence[Row],
    protection: Sequence[Row],
    accounts: Sequence[Row],
    held: Sequence[str],
    loaded: "Loaded | None",
    starts: Sequence[Row] = (),
) -> list[str]:
    """What is not as it should be, one line each.

    Args:
        monitors: their status, with the source that is shown.
        protection: the status of their stops.
        accounts: their status.
        held: the pauses and halts in force, and the closes that are not at their end.
        loaded: the configuration, which has the intervals; None for the defaults.
        starts: the starts of engines on record, the last one last: what an engine that was killed
            has seen says nothing of an account that the one after it has not read yet.
    """
    watched = [one for one in monitors if one["source"] not in (LEFT, Source.UNWATCHED.value)]
    loop = LoopSettings() if loaded is None else loaded.options.engine.loop
    names = {str(monitor["account"]) for monitor in watched}
    return [
        *held,
        *(line for monitor in watched for line in _of_monitor(monitor)),
        *_of_stops({_key(monitor) for monitor in watched}, protection),
        *_of_accounts(sorted(names), accounts, loop, _running(starts)),
    ]


def _of_monitor(monitor: Row) -> Iterator[str]:
    key, outcome = _key(monitor), monitor["last_outcome"]
    if outcome is None:
        yield f"{key} has not run yet"
    elif outcome not in _GOOD:
        yield f"{key}: its last run ended {outcome}"
    elif monitor["position_size"] is None:
        yield f"{key}: its position is not known"


def _of_stops(watched: Collection[MonitorKey], protection: Sequence[Row]) -> Iterator[str]:
    """The positions whose stop is not where it has to be."""
    for stop in protection:
        key, bare = _key(stop), stop["status"] == "unprotected"
        if key in watched and stop["status"] != "flat" and (bare or stop["problem"]):
            yield f"{key}: {'UNPROTECTED: ' if bare else ''}{stop['problem'] or 'no stop'}"


def _of_accounts(
    names: Collection[str],
    accounts: Sequence[Row],
    loop: LoopSettings,
    running: Row | None,
) -> Iterator[str]:
    swept = {str(account["account"]): account for account in accounts}
    for name in names:
        account = swept.get(name)
        if account is None:
            yield f"{name} was never swept: no engine has run as a service"
            continue
        if running is not None and account["engine_start"] != running["id"]:
            since = datetime.fromisoformat(str(running["started_at"]))
            yield f"{name} was not swept yet by the engine that runs since {since:%H:%M:%S} UTC"
            continue
        streamed = account["view_state"] == ViewWord.STREAMED.value
        interval = loop.streamed_interval if streamed else loop.interval
        swept_at, now = datetime.fromisoformat(str(account["swept_at"])), datetime.now(UTC)
        if is_old(swept_at, 2 * interval + _LATE, now):
            at = f"at {swept_at:%F %T} UTC, yet to come: a clock is wrong"
            ago = _ASKS.format(age_of(account))
            yield f"{name} was last swept {at if swept_at > now else ago}"
        elif account["view_state"] == ViewWord.UNREADABLE.value:
            yield f"{name} could not be read: {account['reason']}"


def dead_engine(starts: Sequence[Row], url: str) -> list[str]:
    """The engine that ended without saying so, at once: nobody holds its database any more."""
    start = _running(starts)
    try:
        if start is None or is_held(url):
            return []
    except (OSError, StoreError):  # somebody else's file: nothing is known
        return []
    why = "has ended without saying so, as one that is killed does; start `trueup run`"
    since = datetime.fromisoformat(str(start["started_at"]))
    return [f"no engine runs: the one of {since:%F %H:%M:%S} UTC {why}"]


def _running(starts: Sequence[Row]) -> Row | None:
    """The last start of an engine; None if that has ended in order, or none was started."""
    return starts[-1] if starts and starts[-1]["stopped_at"] is None else None


def _key(monitor: Row) -> MonitorKey:
    return MonitorKey(str(monitor["account"]), str(monitor["symbol"]), Side(str(monitor["side"])))
