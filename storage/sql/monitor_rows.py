"""A monitor and its rows, both ways: of itself, of its levels and of its orders."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, localcontext
from typing import Any

from ...domain.model.identity import MonitorKey, Role, Side
from ...domain.model.instrument import ZERO
from ...domain.model.ladder import HUNDRED, Ladder, Level
from ...domain.model.record import (
    MonitorRecord,
    Origin,
    OwnedOrder,
    OwnedStatus,
    PositionAnchor,
    Purpose,
    RunOutcome,
    Source,
    StateName,
)

Row = Any
Values = dict[str, Any]

_MICROSECOND = timedelta(microseconds=1)
_DIGITS = 100
"""Enough for a percentage where order and position are of one size."""


def new_monitor_row(record: MonitorRecord) -> Values:
    """The row of a monitor that is not stored yet."""
    return {
        "account": record.key.account,
        "symbol": record.key.symbol,
        "side": record.key.side.value,
        "wakes": record.wakes,
        **watched_row(record),
        **monitor_row(record),
    }


def watched_row(record: MonitorRecord) -> Values:
    """What ``watch`` changes in the monitor's row."""
    return {
        "role": record.role.value,
        "follows": record.follows,
        "source": record.source.value,
    }


def monitor_row(record: MonitorRecord) -> Values:
    """What a commit writes of the monitor's row."""
    return {
        "ladder_source": record.ladder_source,
        "state": record.state.value,
        "version": record.version,
        "cycle": record.cycle,
        "position_size": record.position_size,
        "entry_price": record.entry_price,
        "covered_quantity": record.covered,
        "coverage_pct": coverage(record),
        "last_outcome": record.last_outcome and record.last_outcome.value,
        "last_run_id": record.last_run_id,
        "last_run_at": record.last_run_at,
        "attempts": record.attempts,
        "next_try_at": record.next_try_at,
        "recovered_at": record.recovered_at,
        "expires_at": record.expires_at,
        "expiry_alerted_at": record.expiry_alerted_at,
        "anchor_size": record.anchor and record.anchor.size,
        "anchor_ms": record.anchor and record.anchor.at_ms,
        "anchor_seq": record.anchor and record.anchor.seq,
        "anchor_opened_ms": record.anchor and record.anchor.opened_ms,
        "position_read_at": record.position_read_at,
        "contests": record.contests,
        "contested_at": record.contested_at,
        "room_taken": record.room_taken,
        "position_seq": record.position_seq,
        "position_read_us": microseconds(record.position_read),
        "waits_until": None,
        "waits_for": "",
        "anchor_unsure": bool(record.anchor and record.anchor.unsure),
    }


def monitor_of(row: Row, levels: Iterable[Row], orders: Iterable[Row]) -> MonitorRecord:
    """The monitor of its row, its levels' rows and its orders' rows, both in sequence."""
    ladder = tuple(Level(level.number, level.price, level.share) for level in levels)
    return MonitorRecord(
        id=row.id,
        key=MonitorKey(row.account, row.symbol, Side(row.side)),
        role=Role(row.role),
        follows=row.follows,
        ladder=Ladder(ladder) if ladder else None,
        ladder_source=row.ladder_source,
        state=StateName(row.state),
        version=row.version,
        cycle=row.cycle,
        position_size=row.position_size,
        entry_price=row.entry_price,
        orders=tuple(map(order_of, orders)),
        last_outcome=None if row.last_outcome is None else RunOutcome(row.last_outcome),
        last_run_id=row.last_run_id,
        last_run_at=row.last_run_at,
        attempts=row.attempts,
        next_try_at=row.next_try_at,
        recovered_at=row.recovered_at,
        position_read_at=row.position_read_at,
        position_seq=row.position_seq,
        position_read=moment_of(row.position_read_us),
        wakes=row.wakes,
        contests=row.contests,
        contested_at=row.contested_at,
        source=Source(row.source),
        expires_at=row.expires_at,
        expiry_alerted_at=row.expiry_alerted_at,
        anchor=_anchor_of(row),
        room_taken=row.room_taken,
    )


def _anchor_of(row: Row) -> PositionAnchor | None:
    if row.anchor_size is None:
        return None
    return PositionAnchor(
        row.anchor_size,
        row.anchor_ms,
        row.anchor_seq,
        row.anchor_opened_ms,
        unsure=row.anchor_unsure,
    )


def order_rows(record: MonitorRecord) -> list[Values]:
    """The rows of the monitor's orders, in their sequence."""
    return [
        {
            "monitor_id": record.id,
            "cycle": record.cycle,
            "order_link_id": order.order_link_id,
            "sequence": sequence,
            "level": order.level,
            "part": order.part,
            "order_id": order.order_id,
            "price": order.price,
            "asked_price": order.asked_price,
            "quantity": order.quantity,
            "filled": order.filled,
            "status": order.status.value,
            "origin": order.origin.value,
            "generation": order.generation,
            "updated_ms": order.updated_ms,
            "purpose": order.purpose.value,
        }
        for sequence, order in enumerate(record.orders)
    ]


def order_of(row: Row) -> OwnedOrder:
    """The order of its row."""
    return OwnedOrder(
        level=row.level,
        part=row.part,
        order_link_id=row.order_link_id,
        order_id=row.order_id,
        price=row.price,
        asked_price=row.asked_price,
        quantity=row.quantity,
        filled=row.filled,
        status=OwnedStatus(row.status),
        origin=Origin(row.origin),
        generation=row.generation,
        updated_ms=row.updated_ms,
        purpose=Purpose(row.purpose),
    )


def level_rows(record: MonitorRecord, targets: Mapping[int, Decimal] | None) -> list[Values]:
    """The rows of the ladder's levels; no level has a target where ``targets`` is None.

    Price and share are read back, by :func:`monitor_of`; the rest is for people.
    """
    rows: list[Values] = []
    for level in record.ladder.levels if record.ladder else ():
        own = [order for order in record.orders if order.level == level.number]
        rows.append(
            {
                "monitor_id": record.id,
                "number": level.number,
                "price": level.price,
                "share": level.share,
                "target_quantity": None if targets is None else targets.get(level.number),
                "live_quantity": sum((order.remaining for order in own), ZERO),
                "filled_quantity": sum((order.filled for order in own), ZERO),
                "status": _level_status(own),
            }
        )
    return rows


def microseconds(moment: timedelta | None) -> int | None:
    """A moment as the number to store."""
    return None if moment is None else moment // _MICROSECOND


def moment_of(stored: int | None) -> timedelta | None:
    """The moment that was stored."""
    return None if stored is None else stored * _MICROSECOND


def coverage(record: MonitorRecord) -> Decimal | None:
    """Percentage of the position that is covered, to 2 decimals; None where it is flat.

    It is rounded away from 100: only a whole cover shows as 100. It refuses no number: that is
    the columns' part.
    """
    size, covered = record.position_size, record.covered
    if not size or not (size.is_finite() and covered.is_finite()):
        return None
    rounding = ROUND_FLOOR if covered < size else ROUND_CEILING
    # A tiny position under a large order is a percentage of many digits.
    wide = Context(prec=_DIGITS + abs(covered.adjusted() - size.adjusted()))
    with localcontext(wide):
        return (HUNDRED * covered / size).quantize(Decimal("0.01"), rounding)


def _level_status(own: Iterable[OwnedOrder]) -> str:
    """``open``, ``pending_new``, ``filled`` where none of its orders may rest, or else ``none``."""
    statuses = {order.status for order in own}
    for status in (OwnedStatus.OPEN, OwnedStatus.PENDING_NEW, OwnedStatus.FILLED):
        if status in statuses:
            return status.value
    return "none"
