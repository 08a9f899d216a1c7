"""A database as a plain text: what happened, in what order, and how it stands."""

from collections.abc import Iterable, Mapping, Sequence

from tests.stage import UIDS, Stage
from trueup.domain.audit.transcript import sections
from trueup.storage.audit import read_transcript

_OF_THE_POSITION = ("StopLoss", "TrailingStop")
"""The kinds of orders that the exchange sizes with the position."""


def transcript(stage: Stage) -> str:
    """The whole journal, the final views, and the exchange beside them."""
    store = stage.reconciler.store
    parts = [_run(stage, run_id) for run_id in _runs(stage)]
    hidden = (
        "last_run_at",
        "source",
        "expires_at",
        "last_position_size",
        "position_read_at",
        "waits_until",
        "waits_for",
        "stopped",
        "others_close",
    )
    parts.append(_table("monitor_status", _drop(store.rows("monitor_status"), *hidden)))
    levels = store.rows("level_status")
    withheld = () if any(level["withheld"] for level in levels) else ("withheld",)
    parts.append(_table("level_status", _drop(levels, *withheld)))
    if stops := store.rows("stop_status"):
        are_orders = any(row["form"] == "order" for row in stops)
        of_orders = () if are_orders else ("form", "order_link_id")
        of_runners = () if any(row["runner"] for row in stops) else ("runner_quantity", "runner")
        parts.append(_table("stop_status", _drop(stops, *of_orders, *of_runners)))
    parts.append("\n".join(["exchange", *_exchange(stage)]))
    return "\n\n".join(parts) + "\n"


def _runs(stage: Stage) -> list[str]:
    rows = stage.reconciler.store.rows("transition_log")
    runs = dict.fromkeys(str(row["run_id"]) for row in rows)
    return [run_id for run_id in runs if run_id not in stage.prologue]


def _run(stage: Stage, run_id: str) -> str:
    """What the product says of a run, without its events, and whether its alert was delivered."""
    store = stage.reconciler.store
    parts = {part.title: part.lines for part in sections(read_transcript(store, run_id))}
    lines = [f"══ {run_id}", *(f"  {line}" for line in parts["steps"])]
    for title in ("decisions", "calls", "intents"):
        lines += [title, *(f"  {line}" for line in parts[title])]
    lines += _stops(stage, run_id)
    for row in store.rows("alert_log", run_id=run_id):
        lines.append(f"alert {row['status']}, delivered {row['delivered_at'] is not None}")
        lines += [f"  {line}" for line in str(row["text"]).splitlines()]
    return "\n".join(lines)


def _stops(stage: Stage, run_id: str) -> Iterable[str]:
    """The requests that set the position's stop, as each commit of the run leaves them."""
    rows = stage.reconciler.store.rows("stop_log", run_id=run_id)
    if rows:
        yield "stops"
    for row in rows:
        trails = f", trailing by {row['trailing']}" if row["trailing"] != "0" else ""
        before, now = (_for(row[name]) for name in ("quantity_before", "quantity"))
        does = f" {row['operation']} {row['order_link_id']}" if row["operation"] else ""
        why = ": ".join(str(part) for part in (row["code"], row["detail"]) if part)
        yield (
            f"  {row['generation']}{does} from {row['price_before']}{before} "
            f"to {row['price']}{now}{trails}  "
            f"{row['status']}  ({row['rule']}){f'  {why}' if why else ''}"
        )


def _for(quantity: object) -> str:
    return f" for {quantity}" if quantity else ""


def _exchange(stage: Stage) -> Iterable[str]:
    for name, uid in UIDS.items():
        for symbol in ("BANDUSDT",):
            for side in ("Buy", "Sell"):
                position = stage.sim.position(uid, symbol, side)
                if position.size:
                    yield f"  {name} {symbol} {side} position {position.size}"
            for order in sorted(stage.sim.orders(uid, symbol), key=lambda o: (o.side, o.price)):
                if order.stop_order_type in _OF_THE_POSITION:
                    trails = f", trailing by {order.trail.distance}" if order.trail else ""
                    yield (
                        f"  {name} {symbol} {order.side.value} {order.stop_order_type} "
                        f"{order.quantity} at {order.trigger_price} by {order.trigger_by}{trails}"
                    )
                    continue
                name_of = order.link_id or "(no link id)"
                if order.is_conditional and order.order_type == "Market":
                    name_of += f", triggers at {order.trigger_price} by {order.trigger_by}"
                yield (
                    f"  {name} {symbol} {order.side.value} {order.order_type.value} "
                    f"{order.quantity} at {order.price}, filled {order.filled}, "
                    f"{'reduce-only ' if order.reduce_only else ''}{name_of}"
                )


def _drop(rows: Sequence[Mapping[str, object]], *names: str) -> list[dict[str, object]]:
    return [{k: v for k, v in row.items() if k not in names} for row in rows]


def _table(title: str, rows: Sequence[Mapping[str, object]]) -> str:
    if not rows:
        return f"{title}\n  (empty)"
    names = list(rows[0])
    cells = [names, *([_cell(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[n]) for line in cells) for n in range(len(names))]
    lines = (
        "  " + "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )
    return "\n".join([title, *lines])


def _cell(value: object) -> str:
    return "-" if value is None or value == "" else str(value)
