"""When two states of a walk are equal: database, exchange and pending replies, in a normal form.

States are compared where nothing is under way: before each run and after the process has died.
Nothing has happened for a minute then, which is longer than any request or read is late: times
that have passed count as equal, and times to come by how far away they are. Orders are named by
what they are for, because every walk draws other ids.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any

from trueup.domain.model.intent import Intent
from trueup.domain.model.protection import StopIntent, StopRecord
from trueup.domain.model.record import MonitorRecord, OwnedOrder, Reported
from trueup.simulator import SimOrder

from .errands import KEY
from .stage import Stage

_BYTES = 12
_A_SECOND = 1000


def state_of(stage: Stage, step: int) -> str:
    """The normal form of where a walk stands, as a short hash.

    Args:
        stage: the world of the walk.
        step: which step of the errand is next.
    """
    record = stage.store.load(KEY)
    open_intents = stage.store.open_intents(record.id)
    names = _names(record, open_intents)
    facts = (
        step,
        stage.rules_read(),
        tuple(_record(stage, record, names)),
        sorted(repr(_intent(stage, intent, names)) for intent in open_intents),
        len(stage.store.pending_alerts()),
        len(stage.store.controls()),
        sorted(repr(fact) for fact in _exchange(stage, names)),
        [at_ms - stage.now_ms() for at_ms in stage.clock.all_due_ms()],
        sorted(finding.promise for finding in stage.judge.findings),
    )
    return blake2b(repr(facts).encode(), digest_size=_BYTES).hexdigest()


def _names(record: MonitorRecord, intents: tuple[Intent, ...]) -> Mapping[str, str]:
    """A name for each order on record that does not depend on its id."""
    names: dict[str, str] = {}
    for owned in record.orders:
        rank = sum(name.startswith(f"{owned.level}.{owned.part}.") for name in names.values())
        names[owned.order_link_id] = f"{owned.level}.{owned.part}.{rank}"
    for intent in intents:
        names.setdefault(intent.order_link_id, f"{intent.level}.{intent.part}.new")
    return names


def _record(stage: Stage, record: MonitorRecord, names: Mapping[str, str]) -> Iterator[object]:
    yield record.state, record.last_outcome, record.attempts, record.ladder, record.ladder_source
    yield record.position_size, record.entry_price, record.room_taken, record.instead_of
    yield record.withheld, record.contests, record.position_known, record.last_run_at is None
    yield _from_now(stage, record.next_try_at), record.contested_at is None
    anchor, reported = record.anchor, record.reported
    if anchor is not None:
        yield anchor.size, anchor.unsure, bool(anchor.at_ms), bool(anchor.opened_ms)
    if reported is not None:
        yield from _reported(record, reported)
    yield from sorted(repr(_owned(owned, names)) for owned in record.orders)
    if record.stop is not None:
        yield from _stop(stage, record, record.stop)


def _stop(stage: Stage, record: MonitorRecord, stop: StopRecord) -> Iterator[object]:
    """What is on record of a stop, without its ids and its count of requests.

    Nothing in the scope reads how far the market went since ``best_ms``, but for whether it is
    known: no rule here waits for a price.
    """
    yield stop.wanted, stop.source, record.cycle - stop.cycle, stop.ended
    yield stop.asked, stop.rule, stop.loosens, stop.released, stop.first, stop.tightened
    yield stop.seen, stop.best, bool(stop.best_ms), stop.problem, stop.reported
    yield stop.unprotected_since is None, stop.reported_since is None
    if stop.order is not None:
        yield bool(stop.order.order_id), stop.order.exists, stop.order.is_listed
    for intent in (*stop.intents, None, *stop.unreported):
        yield intent and _stop_intent(stage, record, stop, intent)


def _stop_intent(
    stage: Stage, record: MonitorRecord, stop: StopRecord, intent: StopIntent
) -> tuple[object, ...]:
    asked = intent.operation, intent.asked, intent.before, intent.rule, intent.position_index
    is_of_order = stop.order is not None and stop.order.order_link_id == intent.order_link_id
    until = _from_now(stage, intent.until)
    said = intent.status, intent.code, intent.detail, until
    return record.cycle - intent.cycle, asked, said, is_of_order


def _reported(record: MonitorRecord, reported: Reported) -> Iterator[object]:
    yield reported.size, reported.filled, record.cycle - reported.cycle, reported.ladder
    yield reported.uncovered_since is None, reported.others_close, reported.diverged


def _owned(owned: OwnedOrder, names: Mapping[str, str]) -> tuple[object, ...]:
    return (
        names[owned.order_link_id],
        owned.status,
        owned.price,
        owned.asked_price,
        owned.quantity,
        owned.filled,
        owned.reported,
        owned.origin,
        bool(owned.order_id),
    )


def _intent(stage: Stage, intent: Intent, names: Mapping[str, str]) -> tuple[object, ...]:
    named = names[intent.order_link_id]
    asked = intent.price, intent.quantity, intent.covered, intent.covers
    until = _from_now(stage, intent.until)
    return named, intent.operation, intent.status, asked, intent.again, intent.code, until


def _exchange(stage: Stage, names: Mapping[str, str]) -> Iterator[object]:
    simulator, uid = stage.simulator, KEY.account
    for side in ("Buy", "Sell"):
        position = simulator.position(uid, KEY.symbol, side)
        yield side, position.size, position.average_price if position.size else None
    for order in simulator.orders(uid, KEY.symbol):
        yield _order(order, names)
    yield stage.judge.ledger.rules.get(KEY.symbol)


def _order(order: SimOrder, names: Mapping[str, str]) -> tuple[Any, ...]:
    named = names.get(order.link_id) or names.get(order.order_id) or order.link_id
    waits = order.stop_order_type, order.trigger_price
    how_much = order.quantity, order.filled
    return named, order.side.value, order.price, *how_much, order.status, *waits


def _from_now(stage: Stage, at: datetime | None) -> int | None:
    """How many seconds a time is away; 0 if it has passed."""
    if at is None:
        return None
    return max(round(at.timestamp() - stage.now_ms() / _A_SECOND), 0)
