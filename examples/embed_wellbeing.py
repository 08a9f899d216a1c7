"""What tells the owner of a bot that embeds trueup that all is well: a heartbeat, and a digest."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from trueup import Heartbeat, Reconciler, put_out_digest, why_unwell


def beating(reconciler: Reconciler, url: str) -> Heartbeat:
    """Asks for the URL every minute while all is well; the bot stops it before it closes."""
    heartbeat = Heartbeat(url, 60, lambda: why_unwell(reconciler.store, datetime.now(UTC)))
    heartbeat.start()
    return heartbeat


def report_daily(reconciler: Reconciler) -> None:
    """What a timer of the bot calls: the first call after eight sends the day in one message."""
    if put_out_digest(reconciler.store, datetime.now(UTC), time(8), ZoneInfo("Europe/Berlin")):
        reconciler.deliver_alerts()
