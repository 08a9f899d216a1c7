"""What is known of one account, merged from its private stream and from reads; thread-safe.

The view decides nothing. It merges events and reads symbol by symbol
(:mod:`...domain.tracking.symbol_view`), and says of each symbol whether its view may be used. A
symbol's view may be used while

- the stream is open, and a complete read that was requested since it opened was merged (*synced*);
- neither a contradiction, an uncertain write nor an event or row that nobody can understand has
  *invalidated* it since that read;
- its position, orders and fills fit together (not *inconsistent*): an event that is still missing
  would complete them;
- no acknowledged write of ours is *pending*, that is, without an event or read that shows its
  effect.

Events are numbered as they arrive. A read carries the number of the last event before its request
(:class:`ReadMark`): later events win over the read, earlier ones don't.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ...aio.fibers import give_way
from ...domain.model.intent import Intent
from ...domain.model.observation import Flat, Observation
from ...domain.model.order import Order, Position
from ...domain.model.outcomes import WriteOutcome
from ...domain.model.protection import StopIntent
from ...domain.ports import Clock, Moment
from ...domain.tracking.feed import (
    Alive,
    FillEvent,
    Lost,
    Opened,
    OrderEvent,
    StreamEvent,
    Unreadable,
)
from ...domain.tracking.known_position import KnownPosition
from ...domain.tracking.older_reads import SeqShown
from ...domain.tracking.symbol_view import SymbolView
from .changes import Change, change_by_fill, change_by_order, change_by_position, would_change_plans
from .open_writes import OpenWrites, invalidation_by
from .read_rows import ReadRows
from .run_reads import ReadMark, RunReads
from .symbol_views import SymbolViews

_NOT_OPENED = "not opened yet"
_UNLISTED = "a look-up found an order open that no read listed"
_UNSEEN_FILL = "a look-up found a fill from which the position may not have been read"


@dataclass(frozen=True, slots=True)
class ViewSnapshot:
    """What is known of some symbols, as of the stream's last sign of life.

    Attributes:
        flat: the sides that are established to be flat.
        changes: how often the views of these symbols have changed.
    """

    at: datetime
    positions: tuple[Position, ...]
    orders: tuple[Order, ...]
    flat: tuple[Flat, ...]
    changes: int


class LiveAccount:
    """Merges the events and reads of one account.

    Args:
        reads_lag: how long a read may lag behind an acknowledged write.
        clock: the time.
    """

    def __init__(self, reads_lag: timedelta, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._views = SymbolViews()
        self._writes = OpenWrites(reads_lag)
        self._reads_lag_ms = reads_lag // timedelta(milliseconds=1)
        self._events = self._opened_after = 0
        self._losses = 0
        self._changes: Counter[str] = Counter()
        self._requests = 0
        self._reads = RunReads(reads_lag, clock)
        self._alives = 0
        self._session = 0
        self._lost = _NOT_OPENED
        self._received_at: datetime | None = None
        self._received: Moment | None = None

    # -- events ---------------------------------------------------------------------------

    def stream_opened(self) -> None:
        """The stream was opened: every event arrives from now on, but nothing is known yet."""
        with self._lock:
            self._forget("")
            self._opened_after = self._events
            self._session += 1
            self._note_life()

    def stream_lost(self, reason: str) -> bool:
        """The stream was lost; returns False if it was lost already, for another reason."""
        with self._lock:
            is_first = self._lost in ("", _NOT_OPENED)
            self._forget(reason)
            return is_first

    def apply(self, event: StreamEvent) -> Change | None:
        """Merges one event; returns the change that a monitor has to be woken for, or None."""
        with self._lock:
            if self._lost or isinstance(event, Opened | Lost):
                return None
            self._events += 1
            self._note_life()
            if isinstance(event, Alive):
                self._alives += 1
                return None
            before = self._views.of(event.symbol)
            if isinstance(event, OrderEvent):
                ours = self._writes.concern(event.order)
                after = before.with_order(event.order, self._events, ours=ours)
                is_echo = self._writes.are_shown_by(event.order)
                change = None if is_echo else change_by_order(before, after, event.order)
            elif isinstance(event, FillEvent):
                after = before.with_fill(event, self._events)
                change = change_by_fill(before, after, event)
            elif isinstance(event, Unreadable):
                after = before.invalidated(event.reason, self._events)
                change = (event.symbol, None)
            else:
                after = before.with_position(event, self._events)
                shown = KnownPosition(event.seq, event.position, self._events)
                self._reads.note(event.symbol, event.index, shown)
                is_echo = event.position is not None and self._writes.are_seen_in(event.position)
                change = change_by_position(before, after, event, sets_stop=is_echo)
            if change is not None and would_change_plans(before, after):
                self._changes[event.symbol] += 1
            self._views.put(after)
            return change

    # -- writes ---------------------------------------------------------------------------

    def note_write(self, symbol: str, intent: Intent | StopIntent) -> None:
        """Notes what is on record of a write of the symbol: that it is open, or settled."""
        with self._lock:
            self._writes.note(symbol, intent, self._clock.moment())

    def answered(self, symbol: str, outcome: WriteOutcome, *, room_comes: bool) -> None:
        """Invalidates the symbol's view where the reply to a write does not fit it.

        ``room_comes`` says whether an order of the same request gives up cover.
        """
        with self._lock:
            room_comes = room_comes or self._writes.make_room(self._views.of(symbol))
        if reason := invalidation_by(outcome, room_comes=room_comes):
            self.invalidate(symbol, reason)

    # -- reads ----------------------------------------------------------------------------

    def mark_read(self) -> ReadMark:
        """Marks the moment before a read is requested."""
        at = self._clock.moment()
        with self._lock:
            self._requests += 1
            return ReadMark(self._events, self._session, at, self._requests)

    def apply_read(self, reading: Observation, mark: ReadMark, symbols: Sequence[str]) -> str:
        """Merges a complete read of these symbols; returns why it is outdated, or an empty text.

        A read that was requested before the stream was opened, or while it is lost, leaves the
        views as they are: events between the read and the opening would be missing. What it showed
        of the positions is kept, to see whether later events contradict it.
        """
        with self._lock:
            views = ReadRows(reading).merged(self._views, symbols, mark.event)
            for view in views:
                self._reads.note_read(mark, view)
            if not self._is_current(mark):
                return ""
            self._note_unread(reading)
            self._keep(views, mark)
            reasons = (self._reads.why_outdated(view.symbol, mark.number) for view in views)
            return next((reason for reason in reasons if reason), "")

    def freshened(self, orders: Sequence[Order]) -> tuple[Order, ...]:
        """The orders of a read, each as the newest of all records shows it.

        Reads lag: what an event has shown later stands, and what it has shown closed is not open.
        """
        with self._lock:
            newest = (self._views.of(order.symbol).newest(order) for order in orders)
            return tuple([order for order in newest if order.status.is_open])

    def apply_survey(
        self, reading: Observation, mark: ReadMark, symbols: Sequence[str] | None
    ) -> tuple[str, ...]:
        """Merges a complete read of the account; returns the symbols whose view it contradicts.

        It merges some symbols at a time, and gives way in between: events that come meanwhile win
        over the read, as those do that came before it was received. The account counts as surveyed
        once all are merged.

        Args:
            reading: what was read.
            mark: when the read was requested.
            symbols: the symbols that the survey was asked for; None for the whole account.
        """
        rows, done = ReadRows(reading), set[str]()
        for part in rows.parts(symbols or ()):
            give_way()
            with self._lock:
                views = rows.merged(self._views, part, mark.event)
                if self._is_current(mark):
                    self._keep_survey(views, mark)
                    done.update(part)
                else:
                    # No view is synced by it; what runs have read may be older all the same.
                    for view in views:
                        self._reads.note_positions(view)
        with self._lock:
            if not self._is_current(mark):
                return ()
            seen = (*(p.symbol for p in reading.positions), *(o.symbol for o in reading.orders))
            if symbols is None:
                seen = (*seen, *self._writes.symbols)
            covered = self._views.survey(symbols, (*seen, *reading.unread), reading.read_ms)
            self._note_unread(reading)
            left = (symbol for symbol in covered if symbol not in done)
            self._keep_survey(rows.merged(self._views, left, mark.event), mark)
            read = (symbol for symbol in covered if symbol not in reading.unread)
            return tuple([symbol for symbol in read if self._views.of(symbol).invalidation])

    def apply_look_up(self, order: Order, mark: ReadMark) -> None:
        """Merges an order that a look-up found: closed where the view still has it open.

        An open order that the view does not have invalidates the view: the read that it is from
        did not list the order. So does one that has filled: the orders may have been read after
        the fill, and the position as it was before it.
        """
        with self._lock:
            view = self._views.of(order.symbol)
            known = view.find(order_id=order.order_id)
            if mark.session != self._session:
                return
            if known is None and order.status.is_open:
                self._views.put(view.invalidated(_UNLISTED, self._events))
            elif known is None and order.filled:
                self._views.put(view.invalidated(_UNSEEN_FILL, self._events))
            elif known is not None and known.status.is_open and order.status.is_final:
                self._views.put(view.with_order(order, self._events))

    def invalidate(self, symbol: str, reason: str) -> None:
        """Keeps the symbol's view from being used until a read that is requested from now on."""
        with self._lock:
            self._views.put(self._views.of(symbol).invalidated(reason, self._events))

    # -- queries --------------------------------------------------------------------------

    @property
    def lost(self) -> str:
        """Why no events arrive; empty while the stream is open."""
        return self._lost

    @property
    def is_surveyed(self) -> bool:
        """Whether a survey was merged since the stream was opened."""
        return self._views.is_surveyed

    @property
    def received_at(self) -> datetime | None:
        """When the stream last gave a sign of life, for people."""
        return self._received_at

    @property
    def received(self) -> Moment | None:
        """The moment at which it did."""
        return self._received

    @property
    def invalidations(self) -> tuple[tuple[str, str], ...]:
        """The symbols that have to be read, each with the reason."""
        with self._lock:
            return tuple([(v.symbol, v.invalidation) for v in self._views.all() if v.invalidation])

    @property
    def alives(self) -> int:
        """How often the stream answered a ping."""
        return self._alives

    def changes(self, symbols: Iterable[str]) -> int:
        """How often the views of these symbols have changed, or were lost.

        The effects of writes of ours do not count: whoever sent them knows of them.
        """
        with self._lock:
            return self._changes_of(symbols)

    def overtaken(self, symbol: str, read: int) -> str:
        """Why a read of the symbol by a run is outdated; empty if nothing since says so.

        It is outdated as soon as an event, a sweep or another run's read shows another position,
        whatever later ones show, and whether or not the stream was open when it was read, or is
        open now.

        Args:
            symbol: the symbol.
            read: the number of the read (see :class:`ReadMark`); 0 for the last one.
        """
        with self._lock:
            return self._reads.why_outdated(symbol, read)

    def seq_shown(self, symbol: str, index: int) -> SeqShown | None:
        """The newest ``seq`` that was shown of a position, whether or not the stream was lost."""
        with self._lock:
            return self._reads.seq_shown(symbol, index)

    def stale(self, symbols: Sequence[str]) -> str:
        """Why only a read helps for these symbols; empty if further events may do."""
        with self._lock:
            if self._lost:
                return self._lost
            reasons = (self._views.of(symbol).stale for symbol in symbols)
            return next((reason for reason in reasons if reason), "")

    def snapshot(self, symbols: Sequence[str]) -> ViewSnapshot | None:
        """What is known of these symbols; None while the view of one of them may not be used."""
        with self._lock:
            views = [self._views.of(symbol) for symbol in dict.fromkeys(symbols)]
            if self._lost or self._received_at is None:
                return None
            for view in views:
                if view.stale or view.inconsistent or self._writes.are_pending(view):
                    return None
            return ViewSnapshot(
                self._received_at,
                tuple([position for view in views for position in view.open_positions]),
                tuple([order for view in views for order in view.open_orders]),
                tuple([flat for view in views for flat in view.flat]),
                self._changes_of(view.symbol for view in views),
            )

    def closed_order(self, symbol: str, *, order_id: str, order_link_id: str) -> Order | None:
        """The closed order of that id, once all its fills were received; else None."""
        with self._lock:
            view = self._views.of(symbol)
            order = view.find(order_id=order_id, order_link_id=order_link_id)
            if order is None or not order.status.is_final or not view.is_complete(order):
                return None
            return order

    def shown_open(self, symbol: str, **ids: str) -> Order | None:
        """The order as the open stream showed it open, where reads may not show it yet."""
        with self._lock:
            shown = self._views.of(symbol).shown_open(self._reads_lag_ms, self._opened_after, **ids)
            return None if self._lost else shown

    def is_cancel_pending(self, symbol: str, *, order_id: str, order_link_id: str) -> bool:
        """Whether a cancel of the order was acknowledged, and the order's end was not received."""
        with self._lock:
            order = self._views.of(symbol).find(order_id=order_id, order_link_id=order_link_id)
            if order is None or self._lost:
                return False
            return self._writes.include_cancel_of(order)

    # -- under the lock -------------------------------------------------------------------

    def _note_unread(self, reading: Observation) -> None:
        for symbol, unread in reading.unread.items():
            view = replace(self._views.of(symbol), synced=False)
            self._views.put(view.invalidated(unread.reason, self._events))

    def _keep(self, views: Iterable[SymbolView], mark: ReadMark) -> None:
        for view in views:
            self._views.put(view)
            self._writes.note_read(view.symbol, mark.at)

    def _keep_survey(self, views: Sequence[SymbolView], mark: ReadMark) -> None:
        self._keep(views, mark)
        for view in views:
            for index, known in view.positions.items():
                self._reads.note(view.symbol, index, known)

    def _changes_of(self, symbols: Iterable[str]) -> int:
        return self._losses + sum([self._changes[symbol] for symbol in symbols])

    def _is_current(self, mark: ReadMark) -> bool:
        return not self._lost and mark.session == self._session

    def _note_life(self) -> None:
        self._received_at, self._received = self._clock.now(), self._clock.moment()

    def _forget(self, reason: str) -> None:
        self._lost = reason
        self._losses += 1
        self._views.close()
