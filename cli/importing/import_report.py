"""The report of ``trueup import-legacy``: as text, as JSON, as a piece of ``trueup.toml``."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from ...adapters.legacy import LegacyFile
from ...adapters.legacy.rules.adopting import LeftOrder, Taken
from ...adapters.legacy.rules.consider import Considered, Verdict
from ...adapters.legacy.rules.flags import Finding
from ...adapters.legacy.rules.stops import StoredStop
from ...domain.model.instrument import ZERO, plain
from ...domain.model.record import OwnedOrder

_LISTED = (Verdict.TAKEN, Verdict.WRITTEN, Verdict.KEPT)


def lines(files: Sequence[LegacyFile], considered: Sequence[Considered]) -> Iterator[str]:
    """The report for people."""
    for file in files:
        rest = ", ".join(f"{name}: {count}" for name, count in file.left.items())
        unread = f"; not read: {rest}" if rest else ""
        yield f"{file.path}: {file.form}, monitors: {len(file.monitors)}{unread}"
    for one in considered:
        yield ""
        yield from _monitor_lines(one)
    yield ""
    yield _summary(considered)


def document(
    files: Sequence[LegacyFile], considered: Sequence[Considered], *, applied: bool
) -> dict[str, Any]:
    """The report for scripts."""
    return {
        "applied": applied,
        "files": [
            {
                "file": str(file.path),
                "form": file.form,
                "monitors": len(file.monitors),
                "not_read": dict(file.left),
            }
            for file in files
        ],
        "monitors": [_monitor(one) for one in considered],
    }


def piece_of_configuration(considered: Sequence[Considered]) -> Iterator[str]:
    """The monitors that are or can be on record, for ``trueup.toml``; ladders are on record."""
    for one in considered:
        if one.verdict in _LISTED and one.key is not None:
            yield "[[monitors]]"
            yield f'account = "{one.key.account}"'
            yield f'symbol = "{one.key.symbol}"'
            yield f'side = "{one.key.side.value}"'
            yield ""


def _summary(considered: Sequence[Considered]) -> str:
    count = Counter(one.verdict for one in considered)
    counted = ", ".join(f"{count[verdict]} {verdict}" for verdict in Verdict if count[verdict])
    if not count:
        return "No monitors."
    more = ". Nothing is written yet: --apply writes them" if count[Verdict.TAKEN] else ""
    return f"{counted}{more}."


def _monitor_lines(one: Considered) -> Iterator[str]:
    head = f"{one.key or one.name}: {one.verdict}"
    yield f"{head}: {one.reason}" if one.reason else f"{head}{_size(one)}"
    if one.state is not None and one.key is not None and one.name != str(one.key):
        yield f"    stored as {one.name}"
    if one.taken is not None and one.verdict is not Verdict.LEFT:
        yield from _taken_lines(one.taken)
    for finding in one.findings:
        yield f"    {_finding(finding)}"


def _size(one: Considered) -> str:
    if one.state is None or one.taken is None:
        return ""
    size = "no size" if one.state.size is None else plain(one.state.size)
    entry = f" at {plain(one.state.entry_price)}" if one.state.entry_price else ""
    covered = plain(sum((order.remaining for order in one.taken.orders), ZERO))
    return f": position {size}{entry}, covered {covered}, according to the bot"


def _taken_lines(taken: Taken) -> Iterator[str]:
    if taken.ladder is None:
        yield f"    without a ladder: {taken.without_ladder}"
    for level in taken.ladder.levels if taken.ladder else ():
        yield f"    TP{level.number} {plain(level.share)} % at {plain(level.price)}"
        for order in taken.orders:
            if order.level == level.number:
                yield f"        {_order_line(order)}"
    if taken.shares_from and taken.shares_from != "percentages":
        yield f"    shares: no percentages on record, derived from {taken.shares_from}"
    if taken.stop is not None:
        yield f"    {_stop_line(taken.stop)}"
    for left in taken.left:
        why = f": {left.why}" if left.why else ""
        yield f"    left: {left.what} {left.order.name}{why}"


def _stop_line(stored: StoredStop) -> str:
    if stored.stop is None:
        return f"without a stop: {stored.reason}"
    return f"stop at {plain(stored.stop.price or ZERO)}, as the position's own"


def _order_line(order: OwnedOrder) -> str:
    filled = f", {plain(order.filled)} filled" if order.filled else ""
    return f"{order.order_link_id} {plain(order.quantity)} {order.status.value}{filled}"


def _finding(finding: Finding) -> str:
    sign = "⚠️" if finding.flag.is_conflict else "·"
    return f"{sign} {finding.flag.value}{': ' if finding.detail else ''}{finding.detail}"


def _monitor(one: Considered) -> dict[str, Any]:
    key, state, owner = one.key, one.state, one.owner
    return {
        "file": one.raw.file,
        "stored_as": one.name,
        "verdict": one.verdict.value,
        "reason": one.reason,
        "account": key.account if key else None,
        "symbol": state.symbol if state else None,
        "side": state.side.value if state else None,
        "role": owner.role.value if owner else None,
        "follows": owner.follows if owner else None,
        "position": plain(state.size) if state and state.size is not None else None,
        "entry_price": plain(state.entry_price) if state else None,
        "phase": (state.phase or None) if state else None,
        **_taken(one.taken),
        "findings": [
            {
                "flag": finding.flag.value,
                "conflict": finding.flag.is_conflict,
                "detail": finding.detail,
            }
            for finding in one.findings
        ],
    }


def _taken(taken: Taken | None) -> dict[str, Any]:
    if taken is None:
        return {"ladder": None, "shares_from": None, "orders": [], "stop": None, "left": []}
    levels = taken.ladder.levels if taken.ladder else None
    return {
        "ladder": levels
        and [
            {"level": level.number, "price": plain(level.price), "share": plain(level.share)}
            for level in levels
        ],
        "shares_from": taken.shares_from or None,
        "orders": [_order(order) for order in taken.orders],
        "stop": _stop(taken.stop),
        "left": [_left(left) for left in taken.left],
    }


def _stop(stored: StoredStop | None) -> dict[str, Any] | None:
    if stored is None:
        return None
    price = stored.stop and stored.stop.price
    return {"price": price and plain(price), "why": stored.reason}


def _order(order: OwnedOrder) -> dict[str, Any]:
    return {
        "level": order.level,
        "part": order.part,
        "order_id": order.order_id,
        "order_link_id": order.order_link_id,
        "price": plain(order.price),
        "quantity": plain(order.quantity),
        "filled": plain(order.filled),
        "status": order.status.value,
    }


def _left(left: LeftOrder) -> dict[str, Any]:
    order = left.order
    return {
        "what": left.what,
        "order_id": order.order_id,
        "order_link_id": order.link_id,
        "price": plain(order.price),
        "quantity": None if order.quantity is None else plain(order.quantity),
        "status": order.status,
        "why": left.why,
    }
