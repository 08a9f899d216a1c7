"""What one walk is asked for: one symbol, or everything that settles in a coin."""

from collections.abc import Sequence
from dataclasses import dataclass

from . import names
from .fields import Row, ShapeError, identifier


@dataclass(frozen=True, slots=True)
class Scope:
    """The filter of a walk and the symbols it is walked for; None for every symbol."""

    filter: dict[str, str]
    symbols: frozenset[str] | None

    @property
    def is_single(self) -> bool:
        """Whether one symbol was asked for by name.

        Then positions come with a row even when flat (docs/v5/position/position.mdx), and no
        row of another symbol may come at all.
        """
        return names.SYMBOL in self.filter

    def wants(self, row: Row) -> bool:
        """Whether the row is of a symbol it is walked for.

        Rows of other symbols are not parsed: what somebody does there must not blind us here.
        """
        symbol = identifier(row, names.SYMBOL)
        if self.symbols is None or symbol in self.symbols:
            return True
        if self.is_single:
            raise ShapeError(f"a row of {symbol} came unasked")
        return False


def scopes(symbols: Sequence[str], walk_from: int) -> tuple[Scope, ...]:
    """The fewest walks for the symbols.

    A symbol of its own costs a request a list; one walk by settle coin costs the account's pages
    and says nothing of flat positions but their absence. From ``walk_from`` USDT symbols on it
    is taken to be cheaper. Symbols that settle in other coins are asked for by name.
    """
    wanted = tuple(dict.fromkeys(symbols))
    in_usdt = tuple(symbol for symbol in wanted if symbol.endswith(names.USDT))
    if len(in_usdt) < walk_from:
        return tuple(_single(symbol) for symbol in wanted)
    together = Scope({names.SETTLE_COIN: names.USDT}, frozenset(in_usdt))
    return (together, *(_single(symbol) for symbol in wanted if symbol not in in_usdt))


def everything(
    settle_coins: Sequence[str], symbols: Sequence[str] | None = None
) -> tuple[Scope, ...]:
    """The walks for every symbol of the account; each row counts, so each must be readable.

    With ``symbols``: only for the coins that one of them may settle in.
    """
    in_usdt = {symbol.endswith(names.USDT) for symbol in symbols or ()} or {True, False}
    return tuple(
        Scope({names.SETTLE_COIN: coin}, None)
        for coin in settle_coins
        if (coin == names.USDT) in in_usdt
    )


def _single(symbol: str) -> Scope:
    return Scope({names.SYMBOL: symbol}, frozenset((symbol,)))
