"""The baseline: the sequence of the bot that trueup replaces, at its best.

The bot reads position and orders. If the position moved, or an order on record is not live, the bot
cancels each level's order, places a new one under a fresh id, and then saves its records. As in
the original, every cancel counts as done and every uncertain answer as a refusal. The original's
caches, retries and defects are left out. ``bench/seed.py`` times the same sequence.
"""

from dataclasses import replace
from decimal import Decimal

from trueup.domain.model.commands import CancelOrder, PlaceOrder
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.instrument import ZERO, Instrument
from trueup.domain.model.observation import Observation
from trueup.domain.model.outcomes import Accepted
from trueup.domain.model.record import MonitorRecord, Origin, OwnedOrder, OwnedStatus
from trueup.domain.recognition.link_ids import make_link_id
from trueup.domain.store import Step
from trueup.testing import in_process_exchange

from ..world.engine import Engine, Parts

_HUNDRED = Decimal(100)


class CancelThenPlace:
    """One process of the bot; it writes its records to the database after its requests."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._exchanges = {
            account.name: in_process_exchange(account, parts.simulator, network=parts.network)
            for account in parts.scene.accounts
        }

    def reconcile(self, key: MonitorKey) -> None:
        """Brings the ladder to the position's size."""
        exchange = self._exchanges[key.account]
        record: MonitorRecord = self._parts.store.load(key)
        instrument = exchange.instrument(key.symbol)
        seen = exchange.observe((key.symbol,))
        if record.ladder is None or not isinstance(seen, Observation):
            return
        if not isinstance(instrument, Instrument):
            return
        live = {order.order_id for order in seen.orders}
        size = seen.position(key.symbol, key.side).size
        if size == record.position_size and all(o.order_id in live for o in record.orders):
            return
        orders = tuple(
            order
            for level in record.ladder.levels
            if (
                order := self._renew(
                    record, level.number, level.price, size * level.share / _HUNDRED, instrument
                )
            )
        )
        self._parts.reach("Placing.before-commit")
        saved = replace(record, orders=orders, position_size=size)
        targets = {order.level: order.quantity for order in orders}
        self._parts.store.commit(Step(saved, targets=targets))
        self._parts.reach("Placing.after-commit")

    def refresh_controls(self) -> None:
        """Nobody can pause it."""

    def deliver(self) -> None:
        """Does nothing: the bot sends its messages while it works."""

    def _renew(
        self,
        record: MonitorRecord,
        level: int,
        price: Decimal,
        share: Decimal,
        instrument: Instrument,
    ) -> OwnedOrder | None:
        """Cancels the level's order and places a new one; None if the exchange refused it."""
        key, parts = record.key, self._parts
        exchange = self._exchanges[key.account]
        for old in record.orders:
            if old.level == level:
                parts.reach("cancel.before-send")
                exchange.cancel([CancelOrder(key.symbol, old.order_id, old.order_link_id)])
                parts.reach("cancel.after-reply")
        quantity = instrument.quantity(instrument.steps(share))
        if not quantity:
            return None
        at_ms = parts.simulator.clock.now_ms()
        digits = parts.randomness.digits()
        link_id = make_link_id(exchange.link_ids, record.role, level, key.symbol, at_ms, digits)
        parts.store.claim(key, level, link_id)
        index = exchange.position_mode.position_index(key.side)
        wanted = PlaceOrder(key.symbol, key.side.opposite, price, quantity, link_id, index)
        parts.reach("place.before-send")
        (answer,) = exchange.place([wanted])
        parts.reach("place.after-reply")
        if not isinstance(answer, Accepted):
            return None
        return OwnedOrder(
            level=level,
            part=1,
            order_link_id=link_id,
            order_id=answer.order_id,
            price=price,
            asked_price=price,
            quantity=quantity,
            filled=ZERO,
            status=OwnedStatus.OPEN,
            origin=Origin.PLACED,
        )


def start_baseline(parts: Parts) -> Engine:
    """Starts the bot."""
    return CancelThenPlace(parts)
