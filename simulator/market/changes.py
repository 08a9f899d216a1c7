"""Changes of the books, for the private stream and other listeners."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from .orders import SimOrder
from .positions import Fill, SimPosition


@dataclass(frozen=True, slots=True)
class Change:
    """One order, position or execution after an effect.

    Attributes:
        uid: the account.
        at_ms: when, in virtual milliseconds since the epoch.
        subject: the new state of what changed, as Bybit's private stream sends it.
    """

    uid: str
    at_ms: int
    subject: SimOrder | SimPosition | Fill


Listener = Callable[[tuple[Change, ...]], None]
"""Receives the changes of one effect, in order, under the simulator's lock: return at once."""

Watcher = Callable[[Sequence[Change], Collection[str]], None]
"""Receives the changes of one effect, and the contracts whose market has moved, as a listener."""
