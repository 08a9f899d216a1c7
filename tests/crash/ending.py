"""How a story ended: the exchange, the record and the alerts beside each other."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from tests.crash.book import is_stop, is_tp
from tests.crash.job import Tale
from tests.crash.world import World
from trueup.domain.model.instrument import ZERO, plain
from trueup.simulator import SimOrder
from trueup.storage import Row, SqlReader, open_reader

Rested = tuple[str, str, str, str]
_WRITING = ("Cancelling", "Placing")


@dataclass(frozen=True, slots=True)
class Ending:
    """What was left behind.

    Attributes:
        ladder: the TP orders at rest: account, price, total and filled quantity.
        stops: the stops of positions at rest: account, kind, trigger and limit, quantity.
        closed: what market orders of ours have closed: account and quantity.
        foreign: all other orders at rest.
        made: how many TP orders the exchange accepted.
        statuses: of the alerts of processes that might be killed, in their sequence; one that
            says the same as the one before it is left out.
        duplicates: see :class:`~tests.crash.book.Book`.
        lost: what the exchange has and the record lacks, or the other way round.
        alerts: alerts that are missing or too many.
        excesses: see :class:`~tests.crash.book.Book`.
        unprotected: see :class:`~tests.crash.book.Book`.
        stale: writes whose intent was settled before they arrived: of a process that was
            overtaken between its commit and its request.
        broken: every other promise that was not kept.
    """

    ladder: tuple[Rested, ...]
    stops: tuple[Rested, ...]
    closed: tuple[tuple[str, str], ...]
    foreign: tuple[str, ...]
    made: dict[str, int]
    statuses: tuple[str | int | None, ...]
    duplicates: tuple[str, ...]
    lost: tuple[str, ...]
    alerts: tuple[str, ...]
    excesses: tuple[str, ...]
    unprotected: tuple[str, ...]
    stale: tuple[str, ...]
    broken: tuple[str, ...]


def ending_of(world: World, tale: Tale) -> Ending:
    """Looks at the world after its last process, which told this."""
    peer, book = world.peer, world.book
    rested = [(uid, order) for uid in peer.accounts for order in peer.orders(uid)]
    ladder = sorted(
        (uid, plain(o.price), plain(o.quantity), plain(o.filled)) for uid, o in rested if is_tp(o)
    )
    stops = sorted(
        (uid, o.stop_order_type.value, _where(o), plain(o.quantity))
        for uid, o in rested
        if is_stop(o)
    )
    foreign = sorted(
        f"{uid} {o.link_id} {o.quantity} {o.price}"
        for uid, o in rested
        if not is_tp(o) and not is_stop(o)
    )
    with open_reader(f"sqlite:///{world.database}") as reader:
        # An order whose request may still land has no order id yet.
        known = {o.order_id for record in reader.monitors() for o in record.resting if o.order_id}
        alerts = reader.rows("alert_log")
        broken = [*_broken(reader), *_told_wrong(world, tale)]
        missing = list(_alerts(reader, alerts, world.job("").alerts))
    there = {order.order_id for _, order in rested if is_tp(order)}
    return Ending(
        ladder=tuple(ladder),
        stops=tuple(stops),
        closed=tuple(_closed(world)),
        foreign=tuple(foreign),
        made=dict(book.made),
        statuses=tuple(status for status, _ in groupby(row["status"] for row in _own(alerts))),
        duplicates=tuple(book.duplicates),
        lost=tuple(f"not on record: {order_id}" for order_id in there ^ known),
        alerts=tuple(missing),
        excesses=tuple(book.excesses),
        unprotected=() if world.transcript.loosens else tuple(book.unprotected),
        stale=tuple(peer.settled),
        broken=(*broken, *peer.unannounced),
    )


def _where(stop: SimOrder) -> str:
    """The trigger of a stop, and the price of one that is a limit order."""
    trigger = plain(stop.trigger_price or ZERO)
    return f"{trigger} limit {plain(stop.price)}" if stop.order_type == "Limit" else trigger


def _closed(world: World) -> Iterable[tuple[str, str]]:
    """What orders whose ids are those of closes have filled together, by account."""
    for uid in world.peer.accounts:
        own = [o.filled for o in world.peer.closed_orders(uid) if "_CLOSE_" in o.link_id]
        if own:
            yield uid, plain(sum(own, ZERO))


def _broken(reader: SqlReader) -> Iterable[str]:
    """What a record at rest may not show."""
    for record in reader.monitors():
        if record.state.value != "Idle":
            yield f"{record.key} rests in {record.state.value}"
        for intent in reader.open_intents(record.id):
            yield f"open intent: {intent.operation} {intent.order_link_id} {intent.status}"
        if record.closing.open is not None:
            yield f"open close: {record.closing.open}"
        for stop in record.stop.intents if record.stop else ():
            yield f"open intent: stop {stop.asked.price} {stop.status}"
    steps = reader.rows("transition_log")
    commits = Counter(str(step["account"]) for step in steps if _ends_with_a_commit(step))
    for row in reader.rows("monitor_status"):
        watched = int(row["version"] or 0) - commits[str(row["account"])]
        if watched not in (0, 1):
            yield f"{row['account']}: {watched} commits more than steps that end with one"


def _ends_with_a_commit(step: Row) -> bool:
    """Whether the step is one that the driver makes durable before it goes on."""
    ends = step["target"] == "Idle" or step["event"] == "again"
    knows = step["source"] in _WRITING and step["target"] == "Validating"
    return ends or knows or step["target"] in _WRITING


def _told_wrong(world: World, tale: Tale) -> Iterable[str]:
    """What the last process did, by its own account and by the exchange's."""
    if tale.error:
        yield f"it ended with {tale.error}"
    if not tale.is_quiet:
        yield f"it does not come to rest: {tale.passes}"
    if tale.writes != world.peer.items:
        yield f"it tells of {tale.writes} writes, {world.peer.items} arrived"


def _alerts(reader: SqlReader, alerts: list[Row], path: Path) -> Iterable[str]:
    """Alerts on record, delivered, and told of every run that wrote: each to each."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    received = {(line["run_id"], line["text"]) for line in map(json.loads, lines)}
    own = _own(alerts)
    recorded = {(str(row["run_id"]), str(row["text"])) for row in own}
    # What a message adds to the alert, such as what to do, is made as it goes out.
    for run_id, text in recorded:
        if not any(one == run_id and told.startswith(text) for one, told in received):
            yield f"the alert of {run_id} was not delivered"
    for run_id, told in received:
        if not any(one == run_id and told.startswith(text) for one, text in recorded):
            yield f"the alert of {run_id} was delivered and is not on record"
    for run_id, times in Counter(str(row["run_id"]) for row in own).items():
        if times > 1:
            yield f"{run_id} has {times} alerts"
    for row in own:
        if row["delivered_at"] is None:
            yield f"the alert of {row['run_id']} is not marked as delivered"
    wrote = {str(row["run_id"]) for row in reader.rows("intent_log")}
    stops = reader.rows("stop_log")
    wrote |= {str(row["run_id"]) for row in stops if row["status"] == "confirmed"}
    for run_id in wrote - {str(row["run_id"]) for row in alerts}:
        yield f"{run_id} wrote and told nobody"


def _own(alerts: list[Row]) -> list[Row]:
    """Without those of the story's preparation."""
    return [row for row in alerts if "-run-" in str(row["run_id"])]
