"""P3 and P4 when writes are announced: the most and the least that our orders may cover together.

Which of several open writes take effect, and when, shows only later, if at all. So both laws are
also checked on the record, before anything leaves: an order covers an interval, which it and its
open writes span. The judge computes it by itself (the engine's own is in
``domain/planning/pending.py``), and holds it against the position as the last read could show it.

What is announced counts as done: the exchange answers an amend before anything grows beside it. An
earlier open write of the same order may still take effect after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from trueup.domain.model.commands import Operation
from trueup.domain.model.instrument import ZERO
from trueup.domain.model.intent import Intent
from trueup.domain.model.record import MonitorRecord, OwnedOrder, OwnedStatus
from trueup.domain.store import Step

from ...ledger.book import Book
from ...scene.scene import Scene
from .bounds import CoverPromise


@dataclass(frozen=True, slots=True)
class Announced:
    """One order on record, the open writes of it, and those that are announced now."""

    order: OwnedOrder
    earlier: tuple[Decimal, ...]
    now: tuple[Decimal, ...]

    @property
    def most(self) -> Decimal:
        """The most that it may cover before anything of what is announced leaves."""
        return max((self.order.remaining, *self.earlier))

    @property
    def least(self) -> Decimal:
        """The least that it may cover then."""
        return min((self.order.remaining, *self.earlier))

    @property
    def grows(self) -> bool:
        """Whether what is announced asks for more than the order may cover already."""
        return any(covers > self.most for covers in self.now)

    @property
    def may_be_placed(self) -> bool:
        """Whether it is announced again and no read has shown it: it may not rest yet."""
        return bool(self.now) and self.order.status is OwnedStatus.PENDING_NEW

    @property
    def shrinks(self) -> bool:
        """Whether what is announced asks for less than the order may cover already."""
        return any(covers < self.most for covers in self.now)

    def comes_down_to(self, largest: Decimal) -> bool:
        """Whether it is above the largest order, and what is announced makes it that."""
        filled = self.order.filled
        return self.order.quantity > largest and largest - filled in self.now

    @property
    def most_after(self) -> Decimal:
        """The most that it may cover with that done, or with an earlier write after it."""
        return max((*self.now, *self.earlier)) if self.now else self.most

    @property
    def most_answered(self) -> Decimal:
        """The same, where earlier writes arrive before it.

        Where an earlier one has placed the order, another place changes nothing.
        """
        return self.most_after if self.may_be_placed or not self.now else max(self.now)

    @property
    def least_after(self) -> Decimal:
        """The least that it may cover with that done; growth is taken as done, too."""
        if not self.now:
            return self.least
        return self.now[-1] if self.now[-1] > self.order.remaining else min(self.least, *self.now)


class PendingCover(CoverPromise):
    """What both laws are checked on: commits that announce amends or places."""

    def set_scene(self, scene: Scene) -> None:
        """A commit follows from the read before it, however late writes take effect."""
        super().set_scene(scene)
        self._effect_delay_ms = 0

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """Finds what is announced."""
        del before
        at_ms = self.ledger.decided_ms(step.record.key, at_ms)
        book = self.ledger.books[step.record.key]
        new = {i.id for i in book.announced if i.operation is not Operation.CANCEL}
        if new:
            self.check(book, announced(book, new), at_ms)

    def check(self, book: Book, orders: Sequence[Announced], at_ms: int) -> None:
        """Checks the law on what the monitor's orders may cover, before and after."""
        raise NotImplementedError


class MostIsWithin(PendingCover):
    """Nothing is announced that may grow, and with which they may cover more than the position.

    What goes out again with less may rest with more: then nothing is placed, and nothing grows. It
    may as well not rest, and come beside all that the others may cover.
    """

    name = "P3 the most is within the position"

    def check(self, book: Book, orders: Sequence[Announced], at_ms: int) -> None:
        """Adds up the most, where anything grows, or may be placed."""
        grows = any(order.grows for order in orders)
        sums = [sum((order.most_after for order in orders), ZERO)] if grows else []
        beside = sum((order.most_answered for order in orders), ZERO)
        sums += [beside - o.most_answered + max(o.now) for o in orders if o.may_be_placed]
        if not sums:
            return
        most = max(sums)
        size = max(self.sizes(book, at_ms))
        size += self.off_step(book, size)
        if most > size:
            self.broken(book.key, f"growth is announced to {most} at most, of a position of {size}")


class LeastStays(PendingCover):
    """No shrink is announced with which the orders may cover less than before, or the position.

    Where more than the position rests, an order above the largest that the exchange allows now may
    shrink to that: no amend leaves it between the two.
    """

    name = "P4 the least does not fall"

    def check(self, book: Book, orders: Sequence[Announced], at_ms: int) -> None:
        """Adds up the least."""
        before = sum((order.least for order in orders), ZERO)
        after = sum((order.least_after for order in orders), ZERO)
        if before > min(self.sizes(book, at_ms)):
            after += self._outsized(book, orders)
        floor = min(before, *self.bound_sizes(book, at_ms))
        if after < floor:
            self.broken(
                book.key, f"a shrink is announced to {after} at least, where {floor} was covered"
            )

    def _outsized(self, book: Book, orders: Sequence[Announced]) -> Decimal:
        """What orders above the largest allowed one give up where they shrink to that."""
        largest = self.largest(book)
        return sum(
            (order.least - order.least_after for order in orders if order.comes_down_to(largest)),
            ZERO,
        )


def announced(book: Book, new: set[str]) -> list[Announced]:
    """The orders on record that may rest, with their open writes; ``new`` are announced now."""
    writes = book.open_intents()
    found: list[Announced] = []
    for order in book.record.resting:
        own = [write for write in writes if write.order_link_id == order.order_link_id]
        earlier = tuple(_covers(write, order) for write in own if write.id not in new)
        now = tuple(_covers(write, order) for write in own if write.id in new)
        found.append(Announced(order, earlier, now))
    return found


def _covers(write: Intent, order: OwnedOrder) -> Decimal:
    """What the order covers once the write has taken effect."""
    if write.operation is Operation.CANCEL:
        return ZERO
    total = order.quantity if write.quantity is None else write.quantity
    return max(total - order.filled, ZERO)
