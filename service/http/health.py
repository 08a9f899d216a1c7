"""``/healthz`` and ``/readyz``: whether the process lives, and whether it keeps the ladders."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from threading import Event
from time import monotonic

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from ...composition import Reconciler
from ...domain.reporting.account_status import ViewWord
from ...domain.tracking.stored_time import is_old
from ...engine.live.status import LiveStatus, ViewState
from ..running import RunningEngine

PULSE_SECONDS = 5.0
"""For so long the thread that does all jobs may take to answer."""
GRACE = timedelta(minutes=2)
"""For so long a private stream may be lost: sweeps find what changes meanwhile."""
RECENT = timedelta(minutes=5)
"""A sweep that began longer ago is late: by default there is one a minute at least."""


def routes(running: RunningEngine) -> Sequence[BaseRoute]:
    """The routes of this module."""
    streams = Streams()

    def healthz(request: Request) -> JSONResponse:
        """200 while the thread that does all jobs answers; restart the process where it is not."""
        del request
        return _answer([] if _answers(running.reconciler) else [_HANGS])

    def readyz(request: Request) -> JSONResponse:
        """200 while accounts are swept, readable and streamed, and the database takes writes."""
        del request
        reconciler = running.reconciler
        reasons = [] if _answers(reconciler) else [_HANGS]
        if not reconciler.writes:
            reasons.append(_NO_WRITES)
        return _answer([*reasons, *_late(reconciler), *streams.lost(reconciler.views())])

    return (Route("/healthz", healthz), Route("/readyz", readyz))


_NOTHING = timedelta(0)
_HANGS = "the thread that does all jobs does not answer"
_NO_WRITES = "the database cannot be written"


class Streams:
    """Since when each private stream has been lost, as far as somebody has asked."""

    def __init__(self) -> None:
        self._since: dict[str, timedelta] = {}

    def lost(self, views: Sequence[LiveStatus]) -> list[str]:
        """The streams that have been lost for longer than the grace."""
        now, reasons = timedelta(seconds=monotonic()), []
        for view in views:
            if view.state is ViewState.SYNCED:
                self._since.pop(view.account, None)
            elif (
                now - self._since.setdefault(view.account, now - (view.silent or _NOTHING)) > GRACE
            ):
                reasons.append(f"the stream of {view.account} is lost: {view.reason}")
        return reasons


def _answer(reasons: Sequence[str]) -> JSONResponse:
    return JSONResponse({"ok": not reasons, "reasons": [*reasons]}, 503 if reasons else 200)


def _answers(reconciler: Reconciler) -> bool:
    answered = Event()
    reconciler.pulse(answered.set)
    return answered.wait(PULSE_SECONDS)


def _late(reconciler: Reconciler) -> list[str]:
    """What keeps accounts from being followed."""
    now, reasons = datetime.now(UTC), []
    swept = {str(row["account"]): row for row in reconciler.store.rows("account_status")}
    for account in sorted({one.key.account for one in reconciler.monitors() if one.is_watched}):
        row = swept.get(account)
        if row is None:
            reasons.append(f"{account} was not swept yet")
        elif row["view_state"] == ViewWord.UNREADABLE.value:
            reasons.append(f"{account} cannot be read")
        elif is_old(datetime.fromisoformat(str(row["swept_at"])), RECENT, now):
            reasons.append(f"{account} was last swept at {row['swept_at']}")
    return reasons
