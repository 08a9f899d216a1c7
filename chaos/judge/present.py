"""A write is held against the present: none takes effect that was decided long ago."""

from ..ledger.effects import Effect
from ..ledger.ledger import Cause
from .promise import Promise

_LONGEST_MS = 65_000


class DecidedLately(Promise):
    """No write of ours takes effect long after the engine last looked at the symbol.

    A run may act for 8 s on what it asked for; after three writes that were held back, for 64 s. It
    may have looked orders up in the meantime, for 15 s. A request that is held up on its way has
    left before, so only what takes effect at once counts.
    """

    name = "P3 decided lately"

    def on_effect(self, effect: Effect) -> None:
        """Checks every monitor whose orders a request of ours changed."""
        if effect.cause is not Cause.REQUEST:
            return
        for impact in effect.impacts:
            since_ms = effect.at_ms - impact.book.asked_ms
            if since_ms > _LONGEST_MS:
                self.broken(
                    impact.book.key, f"a write took effect {since_ms} ms after the last look"
                )
