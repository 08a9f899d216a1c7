"""A monitor and its row, both ways, its levels and its orders in it."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, localcontext
from functools import lru_cache
from typing import Any

from ...domain.model.events import Realised
from ...domain.model.identity import MonitorKey, Role, Side
from ...domain.model.instrument import ZERO
from ...domain.model.ladder import HUNDRED, Ladder, Level, Withheld
from ...domain.model.record import (
    MonitorRecord,
    Origin,
    OwnedOrder,
    OwnedStatus,
    PositionAnchor,
    Purpose,
    Reported,
    RunOutcome,
    Source,
    StateName,
)
from .columns import decimal, exact_text, instant, instant_text
from .stop_rows import (
    closing_of,
    closing_packed,
    rule_record_of,
    rule_record_packed,
    stop_record_of,
    stop_record_packed,
)

Row = Any
Values = dict[str, Any]

_STATUSES = {each.value: each for each in OwnedStatus}
_ORIGINS = {each.value: each for each in Origin}
_PURPOSES = {each.value: each for each in Purpose}
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
        "targets": {},
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
        "covered_quantity": record.covered_with_runner,
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
        "levels": levels_packed(record),
        "orders": orders_packed(record),
        "reported": _reported_packed(record.reported),
        "instead_of": ladder_packed(record.instead_of) or None,
        "withheld": _withheld_packed(record.withheld),
        "stop": stop_record_packed(record.stop),
        "ladder_rule": rule_record_packed(record.ladder_rule),
        "closing": closing_packed(record.closing),
    }


def monitor_of(row: Row) -> MonitorRecord:
    """The monitor of its row."""
    return MonitorRecord(
        id=row.id,
        key=MonitorKey(row.account, row.symbol, Side(row.side)),
        role=Role(row.role),
        follows=row.follows,
        ladder=ladder_of(row.levels),
        ladder_source=row.ladder_source,
        state=StateName(row.state),
        version=row.version,
        cycle=row.cycle,
        position_size=row.position_size,
        entry_price=row.entry_price,
        orders=tuple(map(_order_of, row.orders)),
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
        instead_of=ladder_of(row.instead_of or []),
        reported=_reported_of(row.reported),
        withheld=tuple(
            Withheld(level, decimal(price), decimal(quantity), why)
            for level, price, quantity, why in row.withheld
        ),
        stop=stop_record_of(row.stop),
        ladder_rule=rule_record_of(row.ladder_rule),
        closing=closing_of(row.closing),
    )


def _withheld_packed(withheld: Iterable[Withheld]) -> list[list[object]]:
    return [
        [one.level, exact_text(one.price), exact_text(one.quantity), one.why] for one in withheld
    ]


def _reported_packed(reported: Reported | None) -> list[object] | None:
    """What events have reported, as the monitor's row has it."""
    if reported is None:
        return None
    return [
        exact_text(reported.size),
        exact_text(reported.filled),
        reported.cycle,
        ladder_packed(reported.ladder),
        instant_text(reported.uncovered_since),
        list(reported.others),
        exact_text(reported.others_close) if reported.others else None,
        reported.diverged,
        exact_text(reported.entry),
        exact_text(reported.value),
        [exact_text(getattr(reported.realised, each.name)) for each in fields(Realised)],
    ]


def _reported_of(packed: list[Any] | None) -> Reported | None:
    if packed is None:
        return None
    size, filled, cycle, levels, since, others, close, diverged, entry, value, realised = packed
    return Reported(
        decimal(size),
        decimal(filled),
        cycle,
        ladder_of(levels),
        instant(since),
        tuple(others),
        ZERO if close is None else decimal(close),
        diverged,
        decimal(entry),
        _decimal_or_none(value),
        Realised(*map(decimal, realised)),
    )


def _decimal_or_none(text: str | None) -> Decimal | None:
    return None if text is None else decimal(text)


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


def orders_packed(record: MonitorRecord) -> list[list[object]]:
    """The monitor's orders as its row has them, in their sequence.

    Raises:
        ValueError: two have one link id, or a number cannot be stored.
    """
    if len({order.order_link_id for order in record.orders}) < len(record.orders):
        raise ValueError("two orders have one link id")
    return [
        [
            order.order_link_id,
            order.level,
            order.part,
            order.order_id,
            exact_text(order.price),
            exact_text(order.asked_price),
            exact_text(order.quantity),
            exact_text(order.filled),
            order.status.value,
            order.origin.value,
            order.generation,
            order.updated_ms,
            order.purpose.value,
            exact_text(order.reported),
            exact_text(order.value),
            exact_text(order.fee),
            order.adopted_ms,
        ]
        for order in record.orders
    ]


def _order_of(packed: list[Any]) -> OwnedOrder:
    """The order of its list, which has the fields of :class:`OwnedOrder` but for the first."""
    link, level, part, order_id, price, asked, quantity, filled, status, origin, *rest = packed
    generation, updated_ms, purpose, *later = rest
    # What had filled before trueup reported events is not reported.
    reported, value, fee, adopted_ms = later + [filled, None, None, 0][len(later) :]
    return OwnedOrder(
        level,
        part,
        link,
        order_id,
        decimal(price),
        decimal(asked),
        decimal(quantity),
        decimal(filled),
        _STATUSES[status],
        _ORIGINS[origin],
        generation,
        updated_ms,
        _PURPOSES[purpose],
        decimal(reported),
        None if value is None else decimal(value),
        None if fee is None else decimal(fee),
        adopted_ms,
    )


def levels_packed(record: MonitorRecord) -> list[list[object]]:
    """The ladder's levels as the monitor's row has them.

    Number, price and share are read back; the quantities and the status are for people.

    Raises:
        ValueError: a number cannot be stored.
    """
    rows: list[list[object]] = []
    for level in record.ladder.levels if record.ladder else ():
        own = [order for order in record.orders if order.level == level.number]
        rows.append(
            [
                level.number,
                exact_text(level.price),
                exact_text(level.share),
                exact_text(sum([order.remaining for order in own], ZERO)),
                exact_text(sum([order.filled for order in own], ZERO)),
                _level_status(own),
            ]
        )
    return rows


def ladder_packed(ladder: Ladder | None) -> list[list[object]]:
    """A ladder as lists of number, price and share; none of them where there is no ladder."""
    levels = ladder.levels if ladder else ()
    return [[one.number, exact_text(one.price), exact_text(one.share)] for one in levels]


def targets_packed(targets: Mapping[int, Decimal] | None) -> dict[str, str | None] | None:
    """The targets of levels as the monitor's row has them; None leaves what it has.

    Raises:
        ValueError: a number cannot be stored.
    """
    if targets is None:
        return None
    return {str(level): exact_text(quantity) for level, quantity in targets.items()}


def ladder_of(packed: list[list[Any]]) -> Ladder | None:
    """The ladder of its lists; None where there are none of them."""
    return _ladder(tuple([tuple(level[:3]) for level in packed])) if packed else None


@lru_cache(maxsize=4096)
def _ladder(levels: tuple[tuple[Any, ...], ...]) -> Ladder:
    """The ladder of its levels: mirrors share one."""
    return Ladder(
        tuple([Level(number, decimal(price), decimal(share)) for number, price, share in levels])
    )


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
    size, covered = record.position_size, record.covered_with_runner
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
