"""``/monitors/…``: one monitor, with its pictures."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ...domain.model.errors import ConfigurationError, StoreError
from ...domain.model.identity import MonitorKey
from ...domain.model.instrument import plain
from ...domain.model.observation import Observation
from ...domain.model.order import OrderKind
from ...storage import SqlReader
from ..explained import run_inputs
from .audit import MONITOR, key_of
from .drawing.axis import Price, draw_axis
from .drawing.chart import BOX_HEIGHT, BOX_WIDTH, draw_chart
from .drawing.scale import Scale
from .drawing.strip import Gap, Strip, draw_strip
from .drawing.timeline import draw_calls, draw_runs
from .parts import Parts
from .reading.history import Lack
from .reading.one import OneMonitor, read_monitor


def routes(parts: Parts) -> Sequence[BaseRoute]:
    """The routes of this module."""

    def monitor(request: Request) -> Response:
        """The page of a monitor."""
        key, now = key_of(request), parts.now()
        run = request.query_params.get("run", "")
        with parts.source.reading() as reader:
            engine = parts.engine(reader)
            with reader.connection() as connection:
                place = (key.account, key.symbol, key.side.value)
                found = read_monitor(connection, *place, run, engine)
            if found is None:
                raise ConfigurationError(f"there is no monitor {key}")
            others, mark = _seen(reader, key, str(found.row["last_run_id"] or ""))
        past = found.history
        whole = _scale(found, past.began, now)
        since = min((run.began for run in found.runs), default=None)
        recent = _scale(found, since, now)
        values = {
            "engine": engine,
            "found": found,
            "row": found.row,
            "axis": draw_axis([*_prices(found), *others, *mark]),
            "others": others,
            "cover": _strip(past.known_since, past.cover, whole),
            "protection": _strip(past.stop_known_since, past.protection, whole),
            "runs_drawn": None if recent is None else draw_runs(found.runs, recent),
            "runs_cover": _strip(past.known_since, past.cover, recent),
            "runs_protection": _strip(past.stop_known_since, past.protection, recent),
            "calls_drawn": draw_calls(found.calls),
            "chart": draw_chart(),
            "box": (BOX_WIDTH, BOX_HEIGHT),
        }
        return parts.show(request, "monitor.html", values)

    return (Route(MONITOR, monitor),)


def _prices(found: OneMonitor) -> Iterator[Price]:
    """What the record says: levels that have not filled, the stop, the entry."""
    for level in found.lists["levels"]:
        if level["status"] != "filled":
            rests = level["live_quantity"] != "0"
            live = f"{level['live_quantity']} rests" if rests else "nothing rests"
            label = f"TP{level['level']}, {level['share']} %: {live}"
            yield Price("level", Decimal(str(level["price"])), label, rests)
    row = found.row
    if row["stop_price"] is not None:
        label = f"stop, for {row['protected_quantity']}"
        yield Price("stop", Decimal(str(row["stop_price"])), label)
    if row["position_size"] not in (None, "0"):
        entry = Decimal(str(found.lists["entry"][0]["entry_price"]))
        if entry:
            yield Price("entry", entry, f"entry of {row['position_size']}")


def _seen(reader: SqlReader, key: MonitorKey, run: str) -> tuple[Sequence[Price], Sequence[Price]]:
    """The orders of others, and the mark price, as the last run read them; none where it did not.

    What trueup placed or adopted is known by its level. The exchange's own stop of the position is
    shown as the stop.
    """
    try:
        inputs = run_inputs(reader, run) if run else None
    except (StoreError, ValueError):
        return (), ()
    seen = None if inputs is None else inputs.reading
    if inputs is None or not isinstance(seen, Observation):
        return (), ()
    seen = seen.of(key.symbol)
    if not isinstance(seen, Observation) or not seen.shows(key.symbol, key.side):
        return (), ()
    orders = reader.rows("order_log", account=key.account, symbol=key.symbol, side=key.side)
    owned = {row["order_id"] for row in orders}
    others = tuple(
        Price(
            "other",
            price,
            f"order of others: {order.side.value} {plain(order.quantity - order.filled)}"
            + (", reduce-only" if order.reduce_only else ""),
        )
        for order in seen.orders_of(key.symbol)
        if order.kind not in (OrderKind.STOP_LOSS, OrderKind.TRAILING_STOP)
        and order.order_id not in owned
        and (order.order_link_id or order.order_id) not in inputs.levels
        and (price := order.price or order.trigger_price)
    )
    mark = seen.position(key.symbol, key.side).mark_price
    return others, (Price("mark", mark, "mark price, as last read"),) if mark else ()


def _scale(found: OneMonitor, began: datetime | None, now: datetime) -> Scale | None:
    """An axis from that moment until now; None without a run."""
    if began is None:
        return None
    read = found.row["position_read_at"]
    return Scale(began, began if read is None else datetime.fromisoformat(str(read)), now)


def _strip(
    known_since: datetime | None, lacks: Sequence[Lack], scale: Scale | None
) -> Strip | None:
    if scale is None:
        return None
    gaps = (Gap(one.since, one.until) for one in lacks)
    return draw_strip(scale, known_since or scale.began, gaps)
