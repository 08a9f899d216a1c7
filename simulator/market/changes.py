"""Changes: what an effect did to the books, for streams and other listeners."""

from collections.abc import Callable
from dataclasses import dataclass

from .orders import SimOrder
from .positions import Fill, SimPosition


@dataclass(frozen=True, slots=True)
class Change:
    """One order, position or execution as it is after an effect.

    Attributes:
        subject: the new state of what changed; the private stream of Bybit would send it.
    """

    uid: str
    at_ms: int
    subject: SimOrder | SimPosition | Fill


Listener = Callable[[tuple[Change, ...]], None]
"""Gets the changes of one effect, in their order, under the simulator's lock: return at once."""
