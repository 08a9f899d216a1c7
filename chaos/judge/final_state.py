"""P2 and P3 at rest: every order of ours is on record, and together they are the ladder."""

from collections.abc import Iterator
from dataclasses import replace

from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.instrument import ZERO, Instrument, plain
from trueup.domain.model.record import MonitorRecord, Origin, OwnedOrder, OwnedStatus, RunOutcome
from trueup.domain.planning.plan import plan_for
from trueup.domain.planning.remap_levels import LAST_POSITION, RETIRED
from trueup.domain.planning.targets import Targets
from trueup.domain.planning.wanted_orders import WantedOrders, wanted_orders
from trueup.domain.store import Step
from trueup.simulator import InstrumentSpec, SimOrder

from ..ledger.book import Book
from ..ledger.ledger import Ledger
from ..scene.scene import Scene
from .promise import Promise

_NOBODY_KNOWS = "nobody can say whether the position is a new one"


class NeverLost(Promise):
    """Every order that the exchange accepted from us is on record as it really is.

    A live order is open on record with its price, quantity and fill; an order of the present
    position that has filled is on record with that fill.
    """

    name = "P2 never lost"

    def at_rest(self, book: Book, at_ms: int) -> None:
        """Compares the record with the exchange."""
        del at_ms
        account, record = book.key.account, book.record
        for order in self.ledger.open_orders(account, book.key.symbol):
            ours = (account, order.link_id) in self.ledger.sent
            closes = order.side.value == book.closing and order.position_idx == book.index
            if ours and closes and not _as_recorded(record, order):
                self.broken(book.key, f"{_described(order)} rests, but the record says otherwise")
        for owned in record.orders:
            true = _true_order(self, account, owned)
            if true is None and owned.status in (OwnedStatus.OPEN, OwnedStatus.FILLED):
                self.broken(book.key, f"{owned.order_link_id} is on record, but does not exist")
            elif true is not None and true.filled != owned.filled:
                self.broken(
                    book.key,
                    f"{_described(true)} has filled {true.filled}, the record says {owned.filled}",
                )
        for order in self._filled_since_opened(book):
            if record.order(order_link_id=order.link_id, order_id=order.order_id) is None:
                self.broken(book.key, f"{_described(order)} has filled, and is not on record")

    def _filled_since_opened(self, book: Book) -> Iterator[SimOrder]:
        """Owned orders of the open position, or the last one, that ended with something filled."""
        for order in self.ledger.orders.values():
            if order.filled and not order.status.is_open and order.updated_ms > book.opened_ms:
                claim = self.ledger.claim_on(book.key.account, order)
                if claim is not None and claim.key == book.key:
                    yield order


class WholeCover(Promise):
    """The resting orders are what the ladder asks for, level by level, given the true fills.

    Which fills count the trades say: those of an order that ended before the position was opened
    are the last one's, whatever the record says.

    Their quantity equals the position, less what the exchange's minimums make impossible. If a
    monitor cannot be covered at all, its last alert must say so; orders that rest for a position
    too small for any order may stay, because nothing smaller could take their place. A run that
    sent something before it learned so ends as ``PARTIAL`` and says the same; only the next one,
    which must be due, is ``SKIPPED``.

    Where an alert of this position says that nobody can tell whose it is, only the cover is
    compared: the trades that would tell were left out of every list that was read in time.
    """

    name = "P3 whole cover"

    def set_scene(self, scene: Scene) -> None:
        """Takes the contracts' rules."""
        self._specs = {spec.symbol: spec for spec, _ in scene.instruments}
        self._unsure_ms: dict[MonitorKey, int] = {}

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """Notes when an alert says that nobody can tell whose the position is."""
        del before
        if step.alert is not None and _NOBODY_KNOWS in step.alert.text:
            self._unsure_ms[step.record.key] = at_ms

    def at_rest(self, book: Book, at_ms: int) -> None:
        """Computes the targets from the true fills, and compares."""
        del at_ms
        record = book.record
        if not book.size:
            if book.leaves:
                self.broken(book.key, f"{book.leaves} rests for a position that is closed")
            return
        truth = _as_true(self, book)
        wanted = self._wanted(truth)
        targets = wanted.all if wanted else Targets((), book.size)
        has_just_learned = (
            record.last_outcome is RunOutcome.PARTIAL
            and record.next_try_at is not None
            and not targets.orders
            and book.leaves <= book.size
        )
        if record.last_outcome is RunOutcome.SKIPPED or has_just_learned:
            statuses = [alert.status for alert in self.ledger.alerts if alert.key == book.key]
            if not statuses or statuses[-1] in (RunOutcome.IN_SYNC, RunOutcome.SUCCESS):
                self.broken(book.key, "the position is not covered, and no alert says so")
            if self._can_be_covered(truth, targets) and book.leaves > book.size:
                self.broken(book.key, f"{book.leaves} rests for a position of {book.size}")
            return
        should = sum((target.quantity for target in targets.orders), ZERO)
        has_new_rules = book.key.symbol in self.ledger.rules
        as_before = has_new_rules and book.leaves == book.size
        if book.leaves != should and not as_before:
            self.broken(
                book.key,
                f"{plain(book.leaves)} of {plain(book.size)} is covered, {plain(should)} should be",
            )
        elif wanted and not (has_new_rules or self._is_unsure(book) or _is_planned(wanted, truth)):
            self.broken(book.key, f"the quantities are not the ladder's: {_levels(targets)}")

    def _is_unsure(self, book: Book) -> bool:
        """Whether it was alerted that nobody can tell which fills are of this position."""
        return self._unsure_ms.get(book.key, -1) >= book.opened_ms

    def _can_be_covered(self, truth: MonitorRecord, targets: Targets) -> bool:
        """Whether orders can cover the position, by the rules now and by those of the scene.

        The engine may know either: rules that nothing was refused by are kept for an hour.
        """
        before = wanted_of(truth, self.ledger, self._specs[truth.key.symbol], as_changed=False)
        return bool(targets.orders and before and before.all.orders)

    def _wanted(self, truth: MonitorRecord) -> WantedOrders | None:
        return wanted_of(truth, self.ledger, self._specs[truth.key.symbol])


def wanted_of(
    record: MonitorRecord, ledger: Ledger, spec: InstrumentSpec, *, as_changed: bool = True
) -> WantedOrders | None:
    """What shall rest by the rules that hold now; None where there is no ladder.

    Args:
        record: the position and the orders that rest.
        ledger: knows which rules changed.
        spec: the contract as it was in the scene.
        as_changed: whether by the rules as the exchange changed them, if it did.
    """
    if record.ladder is None:
        return None
    rules = instrument_of(ledger.rules.get(spec.symbol, spec) if as_changed else spec)
    return wanted_orders(record, record.ladder, rules)


def _is_planned(wanted: WantedOrders, truth: MonitorRecord) -> bool:
    """Whether the orders are what is wanted, level by level.

    What the engine does by rules that changed depends on when it learned of them: only the cover
    is compared then.
    """
    return plan_for(wanted.beside.orders, truth.orders, held=wanted.held).is_empty


def instrument_of(spec: InstrumentSpec) -> Instrument:
    """The contract's rules as the engine knows them."""
    return Instrument(
        spec.symbol,
        spec.tick,
        spec.step,
        spec.min_quantity,
        spec.max_quantity,
        spec.min_notional,
        spec.min_price,
        spec.max_price,
    )


def _levels(targets: Targets) -> str:
    return ", ".join(f"TP{o.level} {plain(o.quantity)} at {plain(o.price)}" for o in targets.orders)


def _described(order: SimOrder) -> str:
    return f"{order.link_id or order.order_id[:8]} ({order.leaves} at {order.price})"


def _as_recorded(record: MonitorRecord, order: SimOrder) -> bool:
    owned = record.order(order_link_id=order.link_id, order_id=order.order_id)
    return (
        owned is not None
        and owned.status is OwnedStatus.OPEN
        and (owned.price, owned.quantity, owned.filled)
        == (order.price, order.quantity, order.filled)
    )


def _true_order(promise: Promise, account: str, owned: OwnedOrder) -> SimOrder | None:
    states = promise.ledger.states_of(account, order_id=owned.order_id, link_id=owned.order_link_id)
    return states[-1] if states else None


def _as_true(promise: Promise, book: Book) -> MonitorRecord:
    """The record with each order as the exchange has it, at the level that its fills count for."""
    record = book.record
    for owned in record.orders:
        order = _true_order(promise, record.key.account, owned)
        if order is None:
            continue
        status = OwnedStatus.CANCELLED
        if order.status.is_open:
            status = OwnedStatus.OPEN
        elif order.leaves == ZERO and order.filled == order.quantity:
            status = OwnedStatus.FILLED
        record = record.with_order(
            replace(
                owned,
                level=_true_level(book, owned, order),
                status=status,
                price=order.price,
                quantity=order.quantity,
                filled=order.filled,
            )
        )
    return replace(record, position_size=book.size)


def _true_level(book: Book, owned: OwnedOrder, order: SimOrder) -> int:
    """The level for which the order counts: none, if it ended before the position was opened.

    One that had ended when it was adopted, from a list that lagged, counts as the record says: the
    monitor was not there when its position ended.
    """
    if order.status.is_open or _had_ended(book, owned, order):
        return owned.level
    if order.updated_ms <= book.opened_ms:
        return LAST_POSITION
    ladder = book.record.ladder
    if owned.level != LAST_POSITION or ladder is None:
        return owned.level
    numbers = {level.price: level.number for level in ladder.levels}
    return numbers.get(owned.asked_price, RETIRED)


def _had_ended(book: Book, owned: OwnedOrder, order: SimOrder) -> bool:
    return owned.origin is Origin.ADOPTED and order.updated_ms <= book.recovered_ms
