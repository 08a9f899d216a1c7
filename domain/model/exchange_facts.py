"""What differs from exchange to exchange and a run has to know, as values of the port."""

import re
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late the exchange may execute a request, and how late reads may show the effect.

    Attributes:
        requests: how long after a request left the exchange may still execute it; what arrives
            later is refused.
        reads: how long after an acknowledgement a read may still show the state before it.
    """

    requests: timedelta
    reads: timedelta


@dataclass(frozen=True, slots=True)
class LinkIdForm:
    """What the exchange accepts as an order link id.

    Attributes:
        max_length: the most characters that an id may have.
        alphabet: the characters that an id may consist of, as the inside of a regular
            expression's brackets, such as ``A-Za-z0-9_-``.
    """

    max_length: int
    alphabet: str

    def allows(self, text: str) -> bool:
        """Whether the exchange accepts this text as an id; an empty one is none."""
        return re.fullmatch(f"[{self.alphabet}]{{1,{self.max_length}}}", text) is not None
