"""What one walk covers: one symbol, or everything that settles in a coin."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
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


def singles(symbols: Sequence[str]) -> tuple[Scope, ...]:
    """A walk for each symbol, by name."""
    return tuple(
        Scope({names.SYMBOL: symbol}, frozenset((symbol,))) for symbol in dict.fromkeys(symbols)
    )


def scopes(coins: Mapping[str, str | None], walk_from: int) -> tuple[Scope, ...]:
    """The fewest walks for these symbols.

    A walk for one symbol costs one request for each list; a walk by settle coin costs all pages of
    the account, and shows a flat position only by its absence. It counts as cheaper from
    ``walk_from`` symbols of that coin on.

    Args:
        coins: the coin that each symbol settles in; None where nobody knows.
        walk_from: see above.
    """
    counted = Counter(coin for coin in coins.values() if coin is not None)
    together = {coin for coin, count in counted.items() if count >= walk_from}
    by_coin = tuple(
        Scope({names.SETTLE_COIN: coin}, frozenset(s for s, of in coins.items() if of == coin))
        for coin in sorted(together)
    )
    return by_coin + singles([symbol for symbol, coin in coins.items() if coin not in together])


def everything(settle_coins: Collection[str]) -> tuple[Scope, ...]:
    """The walks for every symbol that settles in one of these coins."""
    return tuple(Scope({names.SETTLE_COIN: coin}, None) for coin in settle_coins)
