"""P12 at every moment: a write of ours moves a stop only to where it belongs, and never loosens it.

What would be lost if the market gapped now? Judged at every change of the exchange. A request is
held against what was true since the read that it was decided by; what a person did to the stop, or
the user asked for in words, is no rule.
"""

from decimal import Decimal

from trueup.domain.model.instrument import ZERO
from trueup.domain.model.protection import PositionStop, StopIntent
from trueup.testing import ApiRequest

from ...ledger.book import Book
from ...ledger.effects import Effect
from ...ledger.ledger import Cause
from ...ledger.protection import Asked, By, Held, Protection
from ...ledger.stop_requests import SETS, monitors_of
from .reckoning import distances, floored, on_tick, prices, tighter
from .truths import StopPromise


class NeverLoosened(StopPromise):
    """No write of ours loosens a stop, clears it, or leaves it smaller than the position.

    Looser it may become where the user has given the monitor another one since it was asked for,
    where ``follow_average`` is set and no level had filled by that read, nor on record as the
    request left, or where somebody else has moved it and no read had shown that when the request
    left. Where that request undid what they did, the next one may put it back to where they had it.
    So may a request that was held up on its way, by no more than stated, where the one after
    it was for a position without any stop: that one waits for nothing; and one for the position
    before it that took effect on this one: it left before this one opened, or after a read that
    could not show this one, and before the record took it for a new one. An order of ours that
    rested as the position opened is of the one before it, too, as is what it was asked to be before
    the record took the position for a new one; one that is cancelled, as that position was closed
    since the read, may leave the next one without a stop. So may another rule's, where the
    contract's rules have changed, so that it cannot be set where it was, and what was last shown is
    a position without any stop, in a read that may be from before it was there.
    """

    name = "P12 protection never loosens"

    def on_effect(self, effect: Effect) -> None:
        """Checks each stop that a write of ours changed."""
        if effect.cause is Cause.WORLD:
            return
        for book in effect.protected:
            held = book.protection.held
            before, now = (held[-2] if len(held) > 1 else None), held[-1]
            if before is None or now.by is By.WORLD or not now.size:
                continue
            if (before.size, before.entry) == (now.size, now.entry):
                self._check(book, before, now, effect.at_ms)

    def _check(self, book: Book, before: Held, now: Held, at_ms: int) -> None:
        was, became = before.stop, now.stop
        if was.is_set and not became.is_set:
            if now.is_order and not all(held.size for held in self.window(book, at_ms)):
                return
            self.broken(book.key, f"a write of ours left {now.size} without the stop at {was}")
        elif became.is_set and now.covers < now.size and not now.is_order:
            self.broken(book.key, f"the stop covers {now.covers} of {now.size}")
        elif _is_looser(book, became, was) and not self._may_loosen(book, before, now, at_ms):
            self.broken(
                book.key,
                f"a write of ours loosened the stop from {was.price} trailing {was.trailing} to "
                f"{became.price} trailing {became.trailing}",
            )

    def _may_loosen(self, book: Book, before: Held, now: Held, at_ms: int) -> bool:
        protection = book.protection
        first = protection.first_with(before)
        asked = protection.was_asked(before.stop, first.at_ms)
        since_ms = first.at_ms if asked is None else min(asked.at_ms, first.at_ms)
        if protection.given_ms >= since_ms or self.ledger.is_too_late(book.key.account, at_ms):
            return True
        opened_ms = book.opened_by(first.at_ms)
        taken_ms = opened_ms
        if before.is_order or (asked and self.shown_since(book, asked.at_ms) <= opened_ms):
            taken_ms = max(opened_ms, book.recognised_ms)
        if (asked and asked.at_ms < taken_ms) or (before.is_order and first.at_ms <= opened_ms):
            return True
        late = protection.was_asked(now.stop, at_ms)
        left_ms = late.at_ms if late else at_ms
        if asked and asked.is_bare and left_ms < asked.at_ms and self.may_be_late(book, at_ms):
            return True
        shown = [one for one in protection.shown if first.at_ms <= one.at_ms <= left_ms]
        is_unseen = first.by is By.WORLD and not any(one.stop == before.stop for one in shown)
        if is_unseen or _was_undone_unseen(protection, first, now.stop):
            return True
        wanted, by_ms = self.wanted(book), self.shown_since(book, left_ms)
        read = [one for one in protection.shown if one.at_ms <= left_ms][-1:]
        has_new_rules = book.key.symbol in self.ledger.rules
        if has_new_rules and by_ms <= first.at_ms and not all(one.stop.is_set for one in read):
            return True
        follows = wanted is not None and wanted.follow_average
        return follows and not self.surely_reached(book, by_ms, known_ms=left_ms)


class RightPlace(StopPromise):
    """A request sets the stop of the monitor's own position, and where one of its rules has it.

    That is reckoned from the settings, the true average entry, the true fills and the market, as
    they were at any time since the read that the request was decided by; or it is where the stop of
    this position has been, was asked to be, or began by an entry that the position has had. Where
    the exchange has hidden something since the position opened, it may be taken for the one before
    it, as its alert says.
    """

    name = "P12 protection is where its rule says"

    def before_request(self, request: ApiRequest) -> None:
        """Checks a request that is about to leave."""
        if request.path not in SETS:
            return
        books = [one for one in monitors_of(self.ledger, request) if one.record.stop is not None]
        for book in books:
            self._check(book, book.protection.asked[-1])
        if not books:
            index = request.fields.get("positionIdx")
            self.broken(
                f"{request.uid} {request.fields['symbol']}",
                f"a request sets the stop of position {index}, which wants none of us",
            )

    def _check(self, book: Book, sent: Asked) -> None:
        wanted, protection = self.wanted(book), book.protection
        since_ms = _true_since(protection, self.shown_since(book, sent.at_ms), sent.at_ms)
        window = [held for held in protection.since(since_ms) if held.size]
        if wanted is None or not window or protection.given_ms >= since_ms:
            return
        cycle = protection.cycle_since(since_ms)
        opened_ms = min([since_ms, *(held.at_ms for held in cycle[:1])])
        if opened_ms <= self.ledger.hidden_ms.get(book.key.account, 0):
            since_ms = opened_ms = 0
            window = cycle = [held for held in protection.held if held.size]
        asked = [one for one in protection.asked[:-1] if one.at_ms >= opened_ms]
        known = [one.stop for one in cycle]
        known += [one.stop for one in protection.shown if one.at_ms >= opened_ms]
        known += [intent.asked for intent in _earlier_intents(book)]
        best = self.best(book, opened_ms)[1]
        truths = [
            self.truth(book, held, reached, best)
            for held in window
            for reached in range(self.may_be_reached(book, since_ms) + 1)
        ]
        if sent.price:
            right = {price for truth in truths for price in prices(wanted, truth)}
            before = {one.price for one in asked if one.price} | {stop.price for stop in known}
            began = [self.truth(book, held, 0, ZERO) for held in cycle if held.size]
            right |= {price for truth in began for price in prices(wanted, truth)}
            right |= before | {
                on_tick(book.key.side, price, tick) for price in before for tick in truths[0].ticks
            }
            if sent.price not in right:
                self.broken(
                    book.key, f"a request sets the stop to {sent.price}, not {_some(right)}"
                )
        if sent.trailing:
            far = {distance for truth in truths for distance in distances(wanted, truth)}
            far |= {one.trailing for one in asked if one.trailing}
            far |= {stop.trailing for stop in known}
            far |= {floored(one, tick) for one in far for tick in truths[0].ticks if one}
            if sent.trailing not in far:
                self.broken(book.key, f"a request trails by {sent.trailing}, not {_some(far)}")


def _was_undone_unseen(protection: Protection, first: Held, became: PositionStop) -> bool:
    """Whether a write of ours undid what somebody else had just done, and the next one gives way.

    No read had shown what they did when the one that undid it left. Reads lag: a later one shows
    it, and nothing tells that it is from before that write.
    """
    before = [one for one in protection.cycle if one.at_ms < first.at_ms][-1:]
    if first.by is not By.US or not before or before[0].stop.price != became.price:
        return False
    theirs = protection.first_with(before[0])
    left = [one.at_ms for one in protection.asked if one.at_ms <= first.at_ms]
    seen = [one for one in protection.shown if theirs.at_ms <= one.at_ms <= max(left, default=0)]
    return theirs.by is By.WORLD and not any(one.stop.price == became.price for one in seen)


def _true_since(protection: Protection, since_ms: int, left_ms: int) -> int:
    """When it began that the stop was as last shown, where it was not so any more since then."""
    shown = [one.stop for one in protection.shown if one.at_ms <= left_ms][-1:]
    same = [held for held in protection.held if [_where(held.stop)] == [*map(_where, shown)]]
    if not same or any(held in same for held in protection.since(since_ms)):
        return since_ms
    return min(since_ms, same[-1].at_ms)


def _where(stop: PositionStop) -> tuple[Decimal, Decimal]:
    return stop.price, stop.trailing


def _earlier_intents(book: Book) -> tuple[StopIntent, ...]:
    """Requests announced before, which may have left, and may take effect any moment."""
    return book.record.stop.intents[:-1] if book.record.stop else ()


def _is_looser(book: Book, stop: PositionStop, than: PositionStop) -> bool:
    if than.price and (not stop.price or tighter(book.key.side, than.price, stop.price)):
        return True
    return than.trailing > ZERO and not ZERO < stop.trailing <= than.trailing


def _some(right: set[Decimal]) -> str:
    return " or ".join(str(price) for price in sorted(filter(None, right))) or "anywhere"
