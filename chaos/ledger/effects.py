"""Recording changes of the exchange: what each one did to each monitor's orders."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from trueup.domain.model.instrument import ZERO
from trueup.simulator import CancelType, Change, SimOrder, SimPosition

from .book import Book, TimedQuantity
from .ledger import Cause, Ledger
from .protection import By, held_now, is_stop


@dataclass(slots=True)
class Impact:
    """What one effect did to one monitor.

    Attributes:
        before: the quantity that its owned live orders covered before.
        filled: how much of that filled.
        removed: how much others, or the exchange, took off the book.
        cut: how much an amend or cancel of ours took off the book.
        cuts: the orders that we cut, as they were before, each with the quantity taken off.
        lifted: how much an amend or a new order added.
        placed: how much of that new orders added.
        owned_before: how many owned live orders there were before.
    """

    book: Book
    before: Decimal
    filled: Decimal = ZERO
    removed: Decimal = ZERO
    cut: Decimal = ZERO
    lifted: Decimal = ZERO
    placed: Decimal = ZERO
    cuts: list[tuple[SimOrder, Decimal]] = field(default_factory=list)
    owned_before: int = 0


@dataclass(frozen=True, slots=True)
class ChangedOrder:
    """An order that an effect changed: before (None for a new order) and after."""

    uid: str
    before: SimOrder | None
    after: SimOrder


@dataclass(frozen=True, slots=True)
class Effect:
    """All changes that the exchange made at one moment."""

    at_ms: int
    cause: Cause
    impacts: tuple[Impact, ...]
    changed_orders: tuple[ChangedOrder, ...]
    positions_moved: bool
    protected: tuple[Book, ...] = ()
    """The monitors with a stop whose position or stop is another one now."""


def record_changes(ledger: Ledger, changes: Iterable[Change]) -> Effect:
    """Records the changes in the ledger, and returns what they did to each monitor."""
    impacts: dict[int, Impact] = {}
    changed_orders: list[ChangedOrder] = []
    at_ms, moved = 0, False
    touched: dict[int, Book] = {}
    for change in changes:
        at_ms, subject = change.at_ms, change.subject
        if isinstance(subject, SimOrder):
            changed_orders.append(_order(ledger, change.uid, subject, impacts))
            if is_stop(subject) or ledger.is_stop_of_ours(change.uid, subject):
                touched |= _with_a_stop(ledger, change.uid, subject.symbol)
        elif isinstance(subject, SimPosition):
            moved = True
            _position(ledger, change.uid, subject, at_ms, impacts)
            touched |= _with_a_stop(ledger, change.uid, subject.symbol)
    for impact in impacts.values():
        refresh(ledger, impact.book)
        if impact.filled:
            impact.book.filled.append(TimedQuantity(at_ms, impact.filled))
        unforeseen = _is_unforeseen(ledger, impact.book, at_ms)
        if impact.removed:
            impact.book.lost.append(TimedQuantity(at_ms, impact.removed))
        if impact.cut and unforeseen:
            impact.book.cut_late.append(TimedQuantity(at_ms, impact.cut))
        if impact.lifted and unforeseen:
            impact.book.raised.append(TimedQuantity(at_ms, impact.lifted))
    protected = tuple(book for book in touched.values() if note_protection(ledger, book, at_ms))
    orders = tuple(changed_orders)
    return Effect(at_ms, ledger.cause, tuple(impacts.values()), orders, moved, protected)


def note_protection(ledger: Ledger, book: Book, at_ms: int) -> bool:
    """Notes what protects a monitor's position now; returns whether that is something else."""
    key, by = book.key, By.WORLD if ledger.cause is Cause.WORLD else By.US
    orders = ledger.open_orders(key.account, key.symbol)
    held = held_now(at_ms, book.held, key.side.value, orders, book.protection, by)
    return book.protection.note(held)


def _with_a_stop(ledger: Ledger, uid: str, symbol: str) -> dict[int, Book]:
    books = ledger.books_of(uid, symbol)
    return {id(book): book for book in books if book.record.stop is not None}


def _is_unforeseen(ledger: Ledger, book: Book, at_ms: int) -> bool:
    """Whether others caused the change, or a request of ours that was held up on its way."""
    is_late = ledger.cause is Cause.DELAYED and at_ms <= ledger.late_until.get(book.key.account, 0)
    return ledger.cause is Cause.WORLD or is_late


def refresh(ledger: Ledger, book: Book) -> None:
    """Finds a monitor's owned live orders again, from the claims and the open orders."""
    key = book.key
    live: list[SimOrder] = []
    for order in ledger.open_orders(key.account, key.symbol):
        claim = ledger.claim_on(key.account, order)
        if claim is not None and claim.key == key:
            live.append(order)
    book.live = tuple(live)
    book.leaves = sum((order.leaves for order in live), ZERO)


def _impact_on(impacts: dict[int, Impact], book: Book) -> Impact:
    impact = impacts.get(id(book))
    if impact is None:
        impact = impacts[id(book)] = Impact(book, book.leaves, owned_before=len(book.live))
    return impact


def _order(ledger: Ledger, uid: str, order: SimOrder, impacts: dict[int, Impact]) -> ChangedOrder:
    before = ledger.orders.get(order.order_id)
    if before is None:
        ledger.accounts[order.order_id] = uid
        if ledger.cause is Cause.WORLD and not ledger.adopting:
            ledger.external.add(order.order_id)
    ledger.orders[order.order_id] = order
    ledger.past.setdefault(order.order_id, []).append(order)
    shelf = ledger.open.setdefault((uid, order.symbol), {})
    if order.status.is_open:
        shelf[order.order_id] = order
    else:
        shelf.pop(order.order_id, None)
    claim = ledger.claim_on(uid, order)
    book = None if claim is None else ledger.books.get(claim.key)
    if book is not None:
        _add_change(_impact_on(impacts, book), before, order, ledger.cause)
    elif before is not None and order.order_id not in ledger.external:
        _note_unclaimed_change(ledger, uid, before, order)
    return ChangedOrder(uid, before, order)


def _note_unclaimed_change(ledger: Ledger, uid: str, before: SimOrder, after: SimOrder) -> None:
    """Records what a left-over order gains or loses before the engine adopts it."""
    if ledger.is_stop_of_ours(uid, after):
        return
    gain = after.leaves - before.leaves
    for book in ledger.books_of(uid, after.symbol):
        if (after.side.value, after.position_idx) == (book.closing, book.index):
            dated = book.raised if gain > 0 else book.lost
            dated.append(TimedQuantity(after.updated_ms, abs(gain)))


def _add_change(impact: Impact, before: SimOrder | None, after: SimOrder, cause: Cause) -> None:
    was, had = (before.leaves, before.filled) if before else (ZERO, ZERO)
    filled = after.filled - had
    impact.filled += filled
    change = after.leaves - was + filled
    if change > 0:
        impact.lifted += change
        impact.placed += ZERO if before else change
    if change >= 0 or before is None:
        return
    by_exchange = not after.status.is_open and after.cancel_type is not CancelType.BY_USER
    if cause is Cause.WORLD or by_exchange or _cut_by_exchange(impact.book, after):
        impact.removed -= change
    else:
        impact.cut -= change
        impact.cuts.append((before, -change))


def _cut_by_exchange(book: Book, after: SimOrder) -> bool:
    """Whether an order rests with less than before, and with what no write of ours asked for.

    The exchange cuts growth to the position, which may have become smaller than the order was.
    """
    writes = [write for write in book.intents.values() if write.order_id == after.order_id]
    return after.status.is_open and all(write.quantity != after.quantity for write in writes)


def _position(
    ledger: Ledger, uid: str, position: SimPosition, at_ms: int, impacts: dict[int, Impact]
) -> None:
    for book in ledger.books_of(uid, position.symbol):
        if book.index != position.idx:
            continue
        _impact_on(impacts, book)
        book.held = position
        side = position.side.value if position.side else ""
        size = position.size if side == book.key.side.value else ZERO
        if size != book.size:
            book.size = size
            book.sizes.append(TimedQuantity(at_ms, size))
