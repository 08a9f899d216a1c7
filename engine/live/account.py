"""The view of one account that a feed and reads keep together, safe for all threads.

It decides nothing: it merges, and says for each symbol whether it may be used.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from ...domain.model.commands import Command
from ...domain.model.feed import (
    Alive,
    FillEvent,
    Lost,
    Opened,
    OrderEvent,
    PositionEvent,
    StreamEvent,
)
from ...domain.model.identity import Side
from ...domain.model.observation import Observation
from ...domain.model.order import Order, Position
from ...domain.model.outcomes import Accepted, WriteOutcome
from ...domain.tracking.snapshot_merge import merge_read
from ...domain.tracking.symbol_view import SymbolView
from .pending_writes import PendingWrite, contradicts, is_pending

_NOT_OPENED = "not opened yet"

Wake = tuple[str, Side | None]
"""A symbol and the side of its position, None where it may be either."""


@dataclass(frozen=True, slots=True)
class Asked:
    """When a read was asked for: after which news, in which session of the feed."""

    mark: int
    session: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What the view answers for some symbols."""

    at: datetime
    positions: tuple[Position, ...]
    orders: tuple[Order, ...]


class LiveAccount:
    """Merges news and reads of one account.

    Args:
        owed_for: a read that was asked for so long after an acknowledgement settles what came
            of the write, whatever it shows: reads lag, but no longer than this.
    """

    def __init__(self, pending_for: timedelta) -> None:
        self._lock = threading.Lock()
        self._pending_for = pending_for
        self._count = 0
        self._session = 0
        self._unread = SymbolView("")
        self._is_surveyed = False
        self._views: dict[str, SymbolView] = {}
        self._pending: list[PendingWrite] = []
        self._lost = _NOT_OPENED
        self._received_at: datetime | None = None

    # -- news -----------------------------------------------------------------------------

    def open(self, at: datetime) -> None:
        """From now on everything is heard; nothing is known of what was before."""
        with self._lock:
            self._forget("")
            self._session += 1
            self._received_at = at

    def lose(self, reason: str) -> bool:
        """From now on nothing is heard; answers whether that is news."""
        with self._lock:
            is_news = self._lost in ("", _NOT_OPENED)
            self._forget(reason)
            return is_news

    def take(self, news: StreamEvent, at: datetime) -> Wake | None:
        """Merges one piece of news; answers who has to be woken for it."""
        with self._lock:
            if self._lost or isinstance(news, Opened | Lost):
                return None
            self._count += 1
            self._received_at = at
            if isinstance(news, Alive):
                return None
            before = self._view(news.symbol)
            if isinstance(news, OrderEvent):
                ours = any(each.is_of(news.order) for each in self._pending)
                after = before.with_order(news.order, self._count, ours=ours)
                wake = self._wake_of_order(before, after, news.order)
            elif isinstance(news, FillEvent):
                after = before.with_fill(news, self._count)
                wake = _wake_of_fill(before, after, news)
            else:
                after = before.with_position(news, self._count)
                wake = _wake_of_position(before, after, news)
            self._keep(after)
            return wake

    # -- writes ---------------------------------------------------------------------------

    def sending(self, commands: Iterable[Command]) -> list[PendingWrite]:
        """Takes writes down before they leave."""
        with self._lock:
            pending = [PendingWrite(command) for command in commands]
            self._pending.extend(pending)
            return pending

    def answered(
        self, pending: Sequence[PendingWrite], outcomes: Sequence[WriteOutcome], at: datetime
    ) -> None:
        """Takes the answers: what was acknowledged is owed, what contradicts the view doubts it."""
        with self._lock:
            for each, outcome in zip(pending, outcomes, strict=True):
                if isinstance(outcome, Accepted):
                    each.acknowledged_at = at
                    each.look(self._view(each.symbol))
                else:
                    self._pending.remove(each)
                reason = contradicts(outcome)
                if reason:
                    self._keep(self._view(each.symbol).invalidated(reason, self._count))
            self._settle_up()

    # -- reads ----------------------------------------------------------------------------

    def asks(self, at: datetime) -> Asked:
        """A read is about to be asked for."""
        with self._lock:
            return Asked(self._count, self._session, at)

    def read(self, reading: Observation, asked: Asked, symbols: Sequence[str]) -> None:
        """Merges a complete read of these symbols.

        A read from before the feed was opened, or lost, proves nothing.
        """
        with self._lock:
            if not self._lost and asked.session == self._session:
                self._read(symbols, reading, asked)

    def surveyed(
        self, reading: Observation, asked: Asked, symbols: Sequence[str] | None
    ) -> tuple[str, ...]:
        """Merges a complete read of the whole account; with symbols, at least of these.

        Answers the symbols that it contradicts the news about. What it may not have covered has
        to be read by name before it is used: a lost message would not have been found out.
        """
        with self._lock:
            if self._lost or asked.session != self._session:
                return ()
            shown = (*(p.symbol for p in reading.positions), *(o.symbol for o in reading.orders))
            if symbols is None:
                of = dict.fromkeys((*self._views, *shown, *(each.symbol for each in self._pending)))
                self._unread = SymbolView("", synced=True, read_ms=reading.read_ms)
            else:
                of = dict.fromkeys((*symbols, *shown))
                self._unread = SymbolView("")
                for symbol in self._views.keys() - of:
                    self._views[symbol] = replace(self._views[symbol], synced=False)
            self._is_surveyed = True
            self._read(tuple(of), reading, asked)
            return tuple(symbol for symbol in of if self._view(symbol).invalidation)

    def _read(self, symbols: Sequence[str], reading: Observation, asked: Asked) -> None:
        positions, orders = _grouped(reading.positions), _grouped(reading.orders)
        for symbol in symbols:
            of = orders.get(symbol, ()), positions.get(symbol, ())
            self._merge(merge_read(self._view(symbol), *of, asked.mark, reading.read_ms), asked)
        self._settle_up()

    def _merge(self, view: SymbolView, asked: Asked) -> None:
        self._keep(view)
        for each in self._pending:
            if each.symbol == view.symbol and each.acknowledged_at is not None:
                each.look_at_read(view)
                if asked.at - each.acknowledged_at >= self._pending_for:
                    each.is_met = True

    def invalidate(self, symbol: str, reason: str) -> None:
        """What is known of the symbol is not used before a read that is asked for from now on."""
        with self._lock:
            self._keep(self._view(symbol).invalidated(reason, self._count))

    def found(self, order: Order, asked: Asked) -> None:
        """A look-up found a closed order that the view has as open."""
        with self._lock:
            view = self._view(order.symbol)
            known = view.find(order_id=order.order_id)
            if known is not None and known.status.is_open and asked.session == self._session:
                self._keep(view.with_order(order, self._count))

    # -- answers --------------------------------------------------------------------------

    @property
    def lost(self) -> str:
        """Why nothing is heard; empty while everything is."""
        return self._lost

    @property
    def is_surveyed(self) -> bool:
        """Whether a survey of the account was merged since the feed was opened."""
        return self._is_surveyed

    @property
    def received_at(self) -> datetime | None:
        """When the feed last gave a sign of life."""
        return self._received_at

    @property
    def invalidations(self) -> tuple[tuple[str, str], ...]:
        """Symbols that have to be read, and why."""
        with self._lock:
            views = sorted(self._views.values(), key=lambda view: view.symbol)
            return tuple((view.symbol, view.invalidation) for view in views if view.invalidation)

    def stale(self, symbols: Sequence[str]) -> str:
        """Why only a read helps for these symbols; empty if news may."""
        with self._lock:
            if self._lost:
                return self._lost
            reasons = (self._view(symbol).stale for symbol in symbols)
            return next((reason for reason in reasons if reason), "")

    def answer(self, symbols: Sequence[str]) -> Known | None:
        """Positions and open orders of these symbols; None while they are not settled."""
        with self._lock:
            views = [self._view(symbol) for symbol in dict.fromkeys(symbols)]
            if self._lost or self._received_at is None:
                return None
            for view in views:
                if is_pending(self._pending, view.symbol) or view.stale or view.inconsistent:
                    return None
            return Known(
                self._received_at,
                tuple(position for view in views for position in view.open_positions),
                tuple(order for view in views for order in view.open_orders),
            )

    def closed(self, symbol: str, *, order_id: str, order_link_id: str) -> Order | None:
        """A closed order of which every fill was told; None if there is none of that id."""
        with self._lock:
            view = self._view(symbol)
            order = view.find(order_id=order_id, order_link_id=order_link_id)
            if order is None or not order.status.is_final or not view.is_complete(order):
                return None
            return order

    def is_closing(self, symbol: str, *, order_id: str, order_link_id: str) -> bool:
        """Whether the end of an open order is on its way: a cancel of ours was acknowledged."""
        with self._lock:
            order = self._view(symbol).find(order_id=order_id, order_link_id=order_link_id)
            return (
                order is not None
                and not self._lost
                and any(each.is_cancel_of(order) for each in self._pending)
            )

    # -- under the lock -------------------------------------------------------------------

    def _view(self, symbol: str) -> SymbolView:
        view = self._views.get(symbol)
        return replace(self._unread, symbol=symbol) if view is None else view

    def _keep(self, view: SymbolView) -> None:
        self._views[view.symbol] = view
        for each in self._pending:
            if each.symbol == view.symbol:
                each.look(view)
        self._settle_up()

    def _settle_up(self) -> None:
        """Forgets writes whose effect was seen; those under way are answered first."""
        self._pending = [o for o in self._pending if not (o.is_met and o.acknowledged_at)]

    def _forget(self, reason: str) -> None:
        self._lost = reason
        self._unread = SymbolView("")
        self._is_surveyed = False
        self._views = {key: view.without_open() for key, view in self._views.items()}
        self._views = {key: view for key, view in self._views.items() if view.orders}

    def _wake_of_order(self, before: SymbolView, after: SymbolView, order: Order) -> Wake | None:
        if after is before:
            return None
        old, new = before.orders.get(order.order_id), after.orders.get(order.order_id)
        if old is not None and new is not None and old.order == new.order:
            return None
        if any(each.is_echo(order) for each in self._pending):
            return None
        return (order.symbol, _position_side(order))


_Item = TypeVar("_Item", Order, Position)


def _grouped(items: Iterable[_Item]) -> dict[str, list[_Item]]:
    """The items of each symbol."""
    grouped: dict[str, list[_Item]] = {}
    for item in items:
        grouped.setdefault(item.symbol, []).append(item)
    return grouped


def _position_side(order: Order) -> Side | None:
    """The side of the position that an order is at; None where it cannot be told."""
    if order.position_index:
        return Side.BUY if order.position_index == 1 else Side.SELL
    return order.side.opposite if order.reduce_only else None


def _wake_of_fill(before: SymbolView, after: SymbolView, news: FillEvent) -> Wake | None:
    if after is before:
        return None
    order = after.find(order_id=news.order_id)
    return (news.symbol, _position_side(order) if order else None)


def _wake_of_position(before: SymbolView, after: SymbolView, news: PositionEvent) -> Wake | None:
    old, new = before.positions.get(news.index), after.positions.get(news.index)
    if old is not None and new is not None and _gist(old.position) == _gist(new.position):
        return None
    if old is None and news.position is None:
        return None
    if news.index:
        return (news.symbol, Side.BUY if news.index == 1 else Side.SELL)
    sides = {p.side for p in (old.position if old else None, news.position) if p is not None}
    return (news.symbol, sides.pop() if len(sides) == 1 else None)


def _gist(position: Position | None) -> tuple[object, ...]:
    return () if position is None else (position.side, position.size, position.entry_price)
