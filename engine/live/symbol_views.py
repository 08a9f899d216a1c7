"""The views of all symbols of an account, and what is known of symbols without a view."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ...domain.tracking.symbol_view import SymbolView


class SymbolViews:
    """One view for each symbol. It has no lock of its own; the caller holds one.

    A symbol that no event and no read has shown is known too, once a survey has covered the
    whole account: it has no order. Of its position nothing is known: a survey has no rows of flat
    positions, so that a row that is missing looks the same.
    """

    def __init__(self) -> None:
        self._views: dict[str, SymbolView] = {}
        self._default = SymbolView("")
        self.is_surveyed = False

    def of(self, symbol: str) -> SymbolView:
        """The symbol's view."""
        view = self._views.get(symbol)
        return replace(self._default, symbol=symbol) if view is None else view

    def put(self, view: SymbolView) -> None:
        """Replaces a symbol's view."""
        self._views[view.symbol] = view

    def all(self) -> list[SymbolView]:
        """Every view, by symbol."""
        return sorted(self._views.values(), key=lambda view: view.symbol)

    def close(self) -> None:
        """Forgets what was open, but for how new it was; orders whose end was received stay."""
        self._default = SymbolView("")
        self.is_surveyed = False
        left = [view.without_open() for view in self._views.values()]
        self._views = {view.symbol: view for view in left if view.orders or view.unlisted}

    def survey(
        self, symbols: Sequence[str] | None, seen: Iterable[str], read_ms: int
    ) -> tuple[str, ...]:
        """Prepares for a survey; returns the symbols that it covers.

        Symbols that it may not have covered must be read by name before they are used: an event
        that was lost would not be found out.

        Args:
            symbols: the symbols that the survey was asked for; None for the whole account.
            seen: the symbols that the survey shows and, where it is of the whole account, those
                with pending writes.
            read_ms: the exchange's time of the survey, epoch milliseconds.
        """
        self.is_surveyed = True
        if symbols is None:
            self._default = SymbolView("", synced=True, read_ms=read_ms)
            return tuple(dict.fromkeys((*self._views, *seen)))
        self._default = SymbolView("")
        covered = dict.fromkeys((*symbols, *seen))
        for symbol in self._views.keys() - covered:
            self._views[symbol] = replace(self._views[symbol], synced=False)
        return tuple(covered)
