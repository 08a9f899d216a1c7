"""What a run saw and went by, as parts of its page."""

from collections.abc import Iterator
from itertools import groupby

from ..model.identity import MonitorKey
from ..model.instrument import BOUNDLESS, Instrument, figures, plain, short
from ..model.observation import Observation, Reading, Unknown
from ..model.order import Order
from ..model.record import Source
from .inputs import Inputs, OtherSetting, Pause
from .page import Part
from .words import clock_text, length_text, part_name

_ORDERS = ("level", "order", "side", "price", "quantity", "filled", "status", "reduce-only")
_WATCHED_BY = {
    Source.CONFIGURED: "a configuration file",
    Source.DISCOVERED: "the discovery",
    Source.IMPORTED: "an import",
    Source.COMMANDED: "a command",
    Source.CALLER: "a program",
    Source.UNWATCHED: "nobody any more",
}
_UNNAMED = (0, 1)


def watched_by(source: Source) -> str:
    """``a configuration file``."""
    return _WATCHED_BY[source]


def size_seen(key: MonitorKey, inputs: Inputs) -> str | None:
    """The position's size by the last read before the first write; None where it said none."""
    seen = _read_of(key, inputs)
    if seen is None or isinstance(seen, Unknown) or not seen.shows(key.symbol, key.side):
        return None
    return plain(seen.position(key.symbol, key.side).size)


def _read_of(key: MonitorKey, inputs: Inputs) -> Reading | None:
    seen = inputs.reading
    return seen.of(key.symbol) if isinstance(seen, Observation) else seen


def reading_text(key: MonitorKey, inputs: Inputs) -> str:
    """What that read said of the position besides; empty where there was none."""
    seen = _read_of(key, inputs)
    if seen is None:
        return ""
    at = clock_text(seen.at)
    if isinstance(seen, Unknown):
        return f"unknown at {at}: {seen.reason}"
    by_stream = isinstance(seen, Observation) and seen.changes is not None
    how = "as the streams showed it" if by_stream else "read"
    if not seen.shows(key.symbol, key.side):
        return f"{how} at {at}: no row says what the position is"
    position = seen.position(key.symbol, key.side)
    mark = f", mark price {short(position.mark_price)}" if position.mark_price else ""
    entry = f"entry price {short(position.entry_price)}" if position.size else "flat"
    return f"{how} at {at}: {entry}{mark}"


def orders_seen(key: MonitorKey, inputs: Inputs) -> Part:
    """The open orders that the last read before the first write had, those of levels first."""
    title, seen = "Which orders it saw", _read_of(key, inputs)
    if not isinstance(seen, Observation):
        why = "no read of them is on record" if seen is None else f"unknown: {seen.reason}"
        return Part(title, (why,))
    placed = sorted(seen.orders_of(key.symbol), key=lambda one: _place(one, inputs))
    rows = tuple(_cells(one, inputs) for one in placed)
    as_of = f"as of {clock_text(seen.at)}, before the first write of an order"
    return Part(title, (as_of if rows else f"none {as_of}",), _ORDERS, rows)


def _place(order: Order, inputs: Inputs) -> tuple[bool, int, int, str]:
    level, part = _level(order, inputs)
    return level < 1, level, part, order.order_id


def _level(order: Order, inputs: Inputs) -> tuple[int, int]:
    return inputs.levels.get(order.order_link_id or order.order_id, _UNNAMED)


def _cells(order: Order, inputs: Inputs) -> tuple[str, ...]:
    level, part = _level(order, inputs)
    at_trigger = order.trigger_price is not None and not order.price
    price = order.trigger_price if at_trigger and order.trigger_price else order.price
    return (
        part_name(level, part) if level > 0 else "–",
        order.order_link_id or order.order_id,
        order.side.value,
        plain(price),
        plain(order.quantity),
        plain(order.filled),
        order.status.value,
        "yes" if order.reduce_only else "no",
    )


def went_by(inputs: Inputs) -> Part:
    """The version, the contract's rules, the settings that differ from their defaults, pauses."""
    rows = (
        ("trueup", ", then ".join(inputs.versions)),
        ("watched by", watched_by(inputs.source)),
        *_rules(inputs.rules),
        *((f"setting {one.name}", _beside_default(one)) for one in inputs.settings),
        ("waited", _pauses(inputs.pauses)),
    )
    return Part("What it went by", (), ("what", "value"), rows)


def _beside_default(setting: OtherSetting) -> str:
    return f"{setting.value} (default {setting.default})"


def _rules(rules: Instrument | Unknown | None) -> Iterator[tuple[str, str]]:
    if rules is None:
        yield "contract rules", "none"
    elif isinstance(rules, Unknown):
        yield "contract rules", f"unknown: {rules.reason}"
    else:
        yield from ((name, plain(one)) for name, one in figures(rules) if one not in (0, BOUNDLESS))
        if rules.halted:
            yield "takes no orders", rules.halted


def _pauses(pauses: tuple[Pause, ...]) -> str:
    if not pauses:
        return "never"
    return "; ".join(
        f"{', '.join(length_text(one.length) for one in some)} after {after or 'it began'}"
        for after, some in groupby(pauses, lambda pause: pause.after)
    )
