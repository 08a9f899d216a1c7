"""What one walk covers: one symbol, or everything that settles in a coin."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from . import names
from .fields import Row, ShapeError, identifier


@dataclass(frozen=True, slots=True)
class Scope:
    """The filter of a walk, and the symbols that are wanted of it; None for every symbol."""

    filter: dict[str, str]
    symbols: frozenset[str] | None

    @property
    def is_single(self) -> bool:
        """Whether the walk asks for one symbol by name.

        Then a flat position has a row too (docs/v5/position/position.mdx), and no row of another
        symbol may come.
        """
        return names.SYMBOL in self.filter

    def wants(self, row: Row) -> bool:
        """Whether the row is of a wanted symbol.

        Rows of other symbols are not parsed: what somebody trades there must not fail this read.
        """
        symbol = identifier(row, names.SYMBOL)
        if self.symbols is None or symbol in self.symbols:
            return True
        if self.is_single:
            raise ShapeError(f"the reply has a row of {symbol}, which was not requested")
        return False


def scopes(symbols: Sequence[str]) -> tuple[Scope, ...]:
    """A walk for each symbol: only a list that is asked for by symbol has rows of flat positions.

    A walk by settle coin shows a flat position by its absence; so it shows one whose row is missing
    (promise P5).
    """
    return tuple(
        Scope({names.SYMBOL: symbol}, frozenset((symbol,))) for symbol in dict.fromkeys(symbols)
    )


def everything(settle_coins: Collection[str]) -> tuple[Scope, ...]:
    """The walks for every symbol that settles in one of these coins."""
    return tuple(Scope({names.SETTLE_COIN: coin}, None) for coin in settle_coins)
