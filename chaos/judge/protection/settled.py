"""P12 when a run settles, and at rest: the stop that is wanted rests at the exchange."""

from decimal import Decimal
from itertools import pairwise

from trueup.domain.model.identity import MonitorKey, Side
from trueup.domain.model.instrument import ZERO
from trueup.domain.model.record import MonitorRecord, RunOutcome, StateName
from trueup.domain.model.stop import Stop
from trueup.domain.store import Step

from ...ledger.book import Book
from ...ledger.protection import By, Held
from ...scene.scene import Scene
from .reckoning import Truth, loosest, on_tick, tighter, trails
from .truths import StopPromise

_GOOD = (RunOutcome.IN_SYNC, RunOutcome.SUCCESS)
UNPROTECTED = "UNPROTECTED"


class StopRests(StopPromise):
    """A run that ends well leaves no position without the stop that its settings ask for.

    It is there, no looser than the tightest rule that surely applies, and no looser than writes of
    ours had it before: by the state at any time since the run's last read. Where somebody else has
    moved it, it is where they put it, until a rule asks for more than it did when they moved it.
    """

    name = "P12 protection rests"

    def set_scene(self, scene: Scene) -> None:
        """Also takes which monitors have no stop of their own, and whom they follow."""
        super().set_scene(scene)
        follows = {account.name: account.follows for account in scene.accounts}
        self._copied_from = {
            one.key: MonitorKey(main, one.key.symbol, one.key.side)
            for one in scene.monitors
            if one.stop is None and (main := follows[one.key.account])
        }

    def _copies(self, book: Book) -> Stop | None:
        """The stop of the account that the monitor follows; None where it has one of its own."""
        main = self.ledger.books.get(self._copied_from.get(book.key, book.key))
        is_own = main is book or (
            book.record.stop is not None and book.record.stop.source == "given"
        )
        return None if main is None or is_own else self.wanted(main)

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """Checks the end of a run that succeeded."""
        del before
        last = step.transitions[-1] if step.transitions else None
        if last is None or last.target is not StateName.IDLE:
            return
        if step.record.last_outcome not in _GOOD:
            return
        book = self.ledger.books[step.record.key]
        at_ms = self.ledger.decided_ms(book.key, at_ms)
        if book.protection.given_ms >= self.shown_since(book, at_ms):
            return
        if lacks := self.lacks(book, at_ms):
            self.broken(book.key, f"a successful run left {lacks}")

    def at_rest(self, book: Book, at_ms: int) -> None:
        """The tightest that the market is not past rests; if it is past any, that is said.

        A limit order whose price the exchange does not take any more gets no other quantity either.
        """
        wanted, now = self.wanted(book), book.protection.now
        if wanted is None or now is None or not now.size:
            return
        market = self.best(book, at_ms)[0]
        if self._copies(book) not in (None, wanted):
            self.broken(book.key, "the stop's rule is not that of the account that it follows")
        rights = self.rights(book, wanted, now, at_ms)
        tick = self._sure(book, now, at_ms).ticks[-1]
        possible = [
            price
            for price in rights
            if tighter(book.key.side, market, on_tick(book.key.side, price, tick))
        ]
        least = possible[0] if possible else ZERO
        must_trail = trails(wanted, self._sure(book, now, at_ms)) and self._can_trail(book, wanted)
        is_bare = bool(possible or must_trail) and not now.stop.is_set
        may_change = self.takes(book, now.stop.limit) if now.stop.limit else now.stop.is_set
        is_small = may_change and now.covers < self.coverable(book, now.size)
        if is_bare or is_small or not _is_met(book, now, least, must_trail=must_trail):
            self.broken(book.key, f"{now.size} rests with the stop {_words(now)}, not {least}")
        elif may_change and now.is_order and now.covers > self._smallest(book, now):
            self.broken(book.key, f"{now.size} rests with the stop {_words(now)}")
        alerts = [alert for alert in self.ledger.alerts if alert.key == book.key]
        is_said = bool(alerts) and alerts[-1].status not in _GOOD
        is_right = _is_met(book, now, (*rights, ZERO)[0], must_trail=must_trail)
        is_whole = is_right and (not now.stop.is_set or now.covers >= now.size)
        if not (is_said or is_whole):
            self.broken(book.key, f"the stop is {now.stop}, not {rights[0]}, and no alert says so")

    def _smallest(self, book: Book, now: Held) -> Decimal:
        return self.least_order(book, now.size, now.stop.limit)

    def _can_trail(self, book: Book, wanted: Stop) -> bool:
        """Whether the exchange takes the activation price, by rules that it has changed."""
        changed, trailing = self.ledger.rules.get(book.key.symbol), wanted.trailing
        start = trailing.activation if trailing else None
        if changed is None or start is None:
            return True
        return not start % changed.tick and self.takes(book, start)

    def lacks(self, book: Book, at_ms: int) -> str:
        """What the position lacked all the time since the last read; empty if it did not."""
        wanted = self.wanted(book)
        window = self.window(book, at_ms)
        if wanted is None or not window or not all(held.size for held in window):
            return ""
        since_ms = self.shown_since(book, at_ms)
        least = ZERO
        for held in window:
            least = (*self.rights(book, wanted, held, since_ms), ZERO)[0]
            must_trail = trails(wanted, self._sure(book, held, since_ms))
            is_met = _is_met(book, held, least, must_trail=must_trail)
            if held.stop.is_set and is_met and held.covers >= held.size:
                return ""
        now = window[-1]
        return f"{now.size} at {now.entry} with the stop {_words(now)}, not {least}"

    def rights(self, book: Book, wanted: Stop, held: Held, since_ms: int) -> list[Decimal]:
        """Where it is right to be in that state, tightest first: the first is the loosest right."""
        side = book.key.side
        rules = loosest(wanted, self._sure(book, held, since_ms))
        moved = _moved_by_others(book, held)
        if not wanted.follow_average:
            been = [one.stop.price for one in _set_by_us(book, held, moved) if one.stop.price]
            rules += _tightest(side, been) if held.is_order else been
        if moved is not None and moved[0].stop.price:
            before, after = moved[0].stop.price, moved[1].stop.price
            stays = [price for price in rules if not tighter(side, price, before)]
            rules = [price for price in rules if price not in stays]
            rules += [after if tighter(side, price, after) else price for price in stays]
        taken = (price for price in rules if self.takes(book, price))
        return sorted(taken, reverse=side is Side.BUY)

    def _sure(self, book: Book, held: Held, since_ms: int) -> Truth:
        reached = self.surely_reached(book, since_ms)
        return self.truth(book, held, reached, self.best(book, since_ms)[0])


def _tightest(side: Side, prices: list[Decimal]) -> list[Decimal]:
    """The tightest of them. An order of ours that has triggered may leave some of the position.

    Then the rules count, and where it was last; where it was before that is no rule.
    """
    return sorted(prices, reverse=side is Side.BUY)[:1]


def _words(held: Held) -> str:
    """The stop, and what it closes if it is an order of ours."""
    return f"{held.stop} for {held.covers}" if held.is_order else str(held.stop)


def _is_met(book: Book, held: Held, least: Decimal, *, must_trail: bool) -> bool:
    """Whether the stop is no looser than that, and trails if it must."""
    if must_trail and not held.stop.trailing:
        return False
    return not (least and tighter(book.key.side, least, held.stop.price))


def _moved_by_others(book: Book, held: Held) -> tuple[Held, Held] | None:
    """The last time before that somebody else moved the stop of this position: before, and after.

    What no read has shown between two moves is none of it: the two are one. So a move that was
    undone before any read showed it is none. Nor is it one of its own from where they had moved it
    before: the two are one. What the user has changed of the settings since ends that.
    """
    protection = book.protection
    found = None
    cycle = [one for one in protection.cycle if one.at_ms <= held.at_ms]
    last = cycle[0] if cycle else held
    for before, after in pairwise(cycle):
        is_shown = any(before.at_ms <= one.at_ms < after.at_ms for one in protection.shown)
        if before.by is By.US or is_shown or before.stop.price == last.stop.price:
            last = before
        is_moved = last.stop.price != after.stop.price and after.stop.price > ZERO
        is_theirs = after.by is By.WORLD and after.at_ms > protection.given_ms
        if is_moved and is_theirs and protection.may_be_known(after):
            was_theirs = found is not None and last.stop.price == found[1].stop.price
            found = (found[0] if found is not None and was_theirs else last), after
    return found


def _set_by_us(book: Book, held: Held, moved: tuple[Held, Held] | None) -> list[Held]:
    """The states in which writes of ours had set the stop, since the user or others last did.

    One that was asked for before the user asked for another stop does not count, nor one of before
    the record took the position for a new one, nor one that was gone before any read showed it: an
    answer says that the request was taken, not where the stop is.
    """
    protection = book.protection
    since_ms = max(protection.given_ms, moved[1].at_ms if moved else 0)
    cycle = book.protection.cycle
    return [
        after
        for before, after in pairwise(cycle)
        if after.by is By.US
        and before.stop.price != after.stop.price
        and since_ms < after.at_ms <= held.at_ms
        and protection.may_be_known(after)
        and (asked := protection.was_asked(after.stop, after.at_ms)) is not None
        and asked.at_ms > max(protection.given_ms, book.recognised_ms)
    ]
