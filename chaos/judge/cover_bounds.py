"""P3 and P4 on the way: no write of ours uncovers what it need not, or covers what is not there.

The floor of a write's effect is the least of: what was covered before it, less what it filled;
the position, true or as shown to us, at any time since the read that the write can be made from.
What fills, other hands and the exchange took from our orders, or hands added to them, since that
read is taken off: it did not show it. Its orders were read before the position, by no more than a
second; where reads lag it is from before. A fill that was on record when the write left is not
taken off.
Taking cover off the book below that floor is a dip. A dip is allowed where

- the order was cancelled because the exchange had refused to amend it, because its level shall
  have none, or because its part has another; or because there are more live orders than the
  targets come to, for as many as are too many;
- as much is on its way to the book: growth and places in intents that are committed and open.

The ceiling is the most of the same positions, less the fills since then that were on record, plus
what other hands added to our orders since, and what was to shrink and did not: for an amend, what
was refused in the same request (batches are not atomic); for a place, what the exchange had
acknowledged to shrink and a fill overtook. No effect of ours may lift the cover above it. What a
request does that was held up on its way (``LATE_EFFECT``) is held to neither: nobody can recall it.

All that is excused here is made good when a pass comes out: see :mod:`.settling`.
"""

from decimal import Decimal

from trueup.domain.model.instrument import ZERO

from ..ledger.book import Book, TimedQuantity
from ..ledger.effects import Effect, Impact
from ..ledger.ledger import Cause
from ..scene.scene import Scene
from .promise import Promise

STALE_MS = 10_000
_APART_MS = 1000
_PAGES = 5


class CoverPromise(Promise):
    """What cover is held to: the positions and changes that the engine's reads could not show."""

    def set_scene(self, scene: Scene) -> None:
        """Takes how long writes take to have an effect, and how far reads lag."""
        self._effect_delay_ms = scene.behaviour.effect_delay_ms
        # Orders are read some requests before the position.
        self._lag_ms = scene.behaviour.visible_delay_ms + _PAGES * 2 * scene.latency_ms

    def read_before(self, book: Book, at_ms: int) -> int:
        """When the position was last shown to us early enough to have led to this effect."""
        limit = at_ms - self._effect_delay_ms
        for shown in reversed(book.shown):
            if shown.at_ms <= limit:
                return shown.at_ms
        return 0

    def sizes(self, book: Book, at_ms: int) -> list[Decimal]:
        """The position, true and as shown, since that read."""
        since, ledger = self.read_before(book, at_ms), self.ledger
        return ledger.since(book.sizes, since) + ledger.since(book.shown, since) or [ZERO]

    def unseen(self, book: Book, dated: list[TimedQuantity], at_ms: int) -> Decimal:
        """What happened since that read, or before it where reads lag: the engine cannot know.

        The orders that belong to it were read before the position, but not long before.
        """
        read_ms = self.read_before(book, at_ms)
        since = max(book.listed_before(read_ms), read_ms - _APART_MS)
        for told_ms, as_of_ms in self.ledger.stale.get(book.key.account, ()):
            if at_ms - told_ms < STALE_MS:
                since = min(since, as_of_ms)
        since -= self._lag_ms
        return sum((one.quantity for one in dated if one.at_ms >= since), ZERO)

    def unseen_fills(self, book: Book, at_ms: int) -> Decimal:
        """The same for fills: what was on record when the write left was known."""
        fills = self.unseen(book, book.filled, at_ms)
        known_by = at_ms - self._effect_delay_ms
        return min(fills, self.ledger.unknown_fills(book, known_by)) if fills else ZERO

    def is_late(self, effect: Effect, impact: Impact) -> bool:
        """Whether the effect is, or may be, of a request that was held up."""
        return effect.cause is Cause.CLOCK and self.may_be_late(impact.book, effect.at_ms)

    def may_be_late(self, book: Book, at_ms: int) -> bool:
        """Whether a request of ours may still be held up."""
        return at_ms <= self.ledger.late_until.get(book.key.account, 0)
