"""What was around a run: the ladder that it followed, the service, pauses, what was uncovered."""

from datetime import datetime

from ...domain.audit.on_record import Gap, SentAlert
from ...domain.model.alert import Delivery
from ...domain.model.events import EventKind, LadderChanged
from ...domain.model.identity import MonitorKey
from ...domain.model.ladder import Ladder
from ..sql.columns import decimal, instant, instant_text, unpacked
from ..sql.monitor_rows import ladder_of
from .rows import OF_MONITOR, Moment, of
from .values import LogRow, at_of, event_in

_LADDERS = f"{OF_MONITOR} AND kind = '{EventKind.LADDER_CHANGED.value}'"
_NOW = f"SELECT levels, ladder_source FROM monitor WHERE {OF_MONITOR}"  # noqa: S608 - our own words


def size_before(now: Moment, key: MonitorKey, first: int) -> str | None:
    """The position's size as it was last read before a commit; None if it never was."""
    seen = f"{OF_MONITOR} AND operation = 'observe' AND outcome = 'complete' AND id < :first"
    rows = now.rows(
        "exchange_call_log", f"{seen} ORDER BY id DESC, part DESC LIMIT 1", **of(key), first=first
    )
    return str(rows[0]["detail"]).removeprefix("size ").partition(",")[0] if rows else None


def ladder_at(now: Moment, key: MonitorKey, last: int) -> tuple[Ladder | None, str]:
    """The ladder that the monitor followed at a commit, and where it was from."""
    before = now.rows(
        "event_log", f"{_LADDERS} AND id <= :last ORDER BY id DESC LIMIT 1", **of(key), last=last
    )
    if before and isinstance(event := event_in(before[0]), LadderChanged):
        return event.after, event.who
    after = now.rows(
        "event_log", f"{_LADDERS} AND id > :last ORDER BY id LIMIT 1", **of(key), last=last
    )
    if after and isinstance(event := event_in(after[0]), LadderChanged):
        return event.before, ""
    (monitor,) = now.select(_NOW, **of(key))
    return ladder_of(unpacked(str(monitor["levels"]))), str(monitor["ladder_source"])


def engine_at(now: Moment, at: datetime) -> str:
    """Which service was running, as far as its start is on record; empty if none was."""
    rows = now.rows(
        "engine_log",
        "started_at <= :at AND coalesce(stopped_at, :at) >= :at ORDER BY id DESC LIMIT 1",
        at=_text(at),
    )
    return "".join(f"trueup {row['trueup_version']}, started {row['started_at']}" for row in rows)


def stops_between(
    now: Moment, key: MonitorKey, began: datetime, ended: datetime
) -> tuple[str, ...]:
    """The pauses and halts of the monitor that were in force at some time between the two."""
    rows = now.rows(
        "control_status",
        "kind IN ('pause', 'halt') AND asked_at <= :ended AND coalesce(ended_at, :began) >= :began"
        " AND coalesce(account, :account) = :account AND coalesce(symbol, :symbol) = :symbol"
        " AND coalesce(side, :side) = :side ORDER BY number",
        **of(key),
        began=_text(began),
        ended=_text(ended),
    )
    return tuple(map(_stop, rows))


def sent_alert(now: Moment, key: MonitorKey, run_id: str) -> SentAlert | None:
    """How far the alert of a run has got; None where it wrote none."""
    alerts = now.rows("alert_log", f"{OF_MONITOR} AND run_id = :run", **of(key), run=run_id)
    if not alerts:
        return None
    sinks = now.rows("alert_delivery_log", "alert_id = :alert", alert=int(alerts[-1]["id"] or 0))
    return SentAlert(
        _instant(alerts[-1], "delivered_at"), {str(row["sink"]): _delivery(row) for row in sinks}
    )


def gaps_between(now: Moment, key: MonitorKey, began: datetime, ended: datetime) -> tuple[Gap, ...]:
    """The times without whole cover that touch the time between the two."""
    rows = now.rows(
        "coverage_log",
        f"{OF_MONITOR} AND since <= :ended AND coalesce(until, :began) >= :began ORDER BY id, part",
        **of(key),
        began=_text(began),
        ended=_text(ended),
    )
    return tuple(
        Gap(
            decimal(str(row["quantity"])),
            at_of(row, "since"),
            _instant(row, "until"),
            str(row["why"]),
        )
        for row in rows
    )


def _stop(row: LogRow) -> str:
    until = f", ended {row['ended_at']}" if row["ended_at"] else ", in force"
    reason = f": {row['reason']}" if row["reason"] else ""
    return f"{row['kind']} of {row['asked_at']} by {row['asked_by']}{reason}{until}"


def _delivery(row: LogRow) -> Delivery:
    return Delivery(
        int(row["attempts"] or 0),
        _instant(row, "delivered_at"),
        _instant(row, "next_try_at"),
        str(row["error"]),
    )


def _instant(row: LogRow, name: str) -> datetime | None:
    value = row[name]
    return None if value is None else instant(str(value))


def _text(at: datetime) -> str:
    return str(instant_text(at))
