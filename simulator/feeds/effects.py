"""What happens to the market, and what a feed does with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..market.positions import Fill
from .topics import FeedMessage

SNAPSHOT, DELTA = "snapshot", "delta"
"""The types of messages."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What happened to the market.

    Attributes:
        moved: the contracts whose prices or rules have changed.
        fills: the executions, in order.
        is_beat: whether a minute has begun.
    """

    moved: frozenset[str] = frozenset()
    fills: Sequence[Fill] = ()
    is_beat: bool = False


class Feed(Protocol):
    """What is sent under one topic; all its subscribers get the same."""

    def first(self) -> FeedMessage | None:
        """What a new subscriber gets at once; None if the topic has only news."""

    def follow(self, effect: Effect) -> Iterator[FeedMessage]:
        """What all subscribers get after an effect."""
