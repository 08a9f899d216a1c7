"""What a read shows of each symbol, and the views of symbols with that merged."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from ...domain.model.observation import Flat, Observation, rows_by_symbol
from ...domain.model.order import Position
from ...domain.tracking.snapshot_merge import merge_read
from ...domain.tracking.symbol_view import SymbolView
from .symbol_views import SymbolViews

_PART = 50


class ReadRows:
    """The rows of a read by symbol.

    Args:
        reading: the read.
    """

    def __init__(self, reading: Observation) -> None:
        rows: tuple[Position | Flat, ...] = (*reading.positions, *reading.flat)
        self._reading = reading
        self._positions = rows_by_symbol(rows)
        self._orders = rows_by_symbol(reading.orders)

    def parts(self, symbols: Sequence[str]) -> Iterator[list[str]]:
        """These symbols and those with rows, some at a time: there may be thousands."""
        left = iter(dict.fromkeys((*symbols, *self._positions, *self._orders)))
        while part := list(islice(left, _PART)):
            yield part

    def merged(
        self, views: SymbolViews, symbols: Iterable[str], as_of_event: int
    ) -> list[SymbolView]:
        """The views of these symbols with what was read of them, where it was understood.

        Args:
            views: what was known.
            symbols: the symbols.
            as_of_event: number of the last event before the read was requested.
        """
        return [
            merge_read(
                views.of(symbol),
                self._orders.get(symbol, ()),
                self._positions.get(symbol, ()),
                as_of_event,
                self._reading.read_ms,
            )
            for symbol in symbols
            if symbol not in self._reading.unread
        ]
