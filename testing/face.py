"""The simulated exchange asked in its own process, without bytes, keys and signatures.

A request meets what one over HTTP meets, in the same sequence: faults, the clock's window, the
rate limit, the endpoint. Only the text between client and exchange is left out.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..simulator import (
    ApiError,
    Behaviour,
    Fault,
    FaultKind,
    Simulator,
    StreamFault,
    StreamFaultKind,
    VirtualClock,
)
from ..simulator.api.auth import AHEAD_MS, bad_timestamp
from ..simulator.api.batches import items_of
from ..simulator.api.replies import Answer
from ..simulator.api.request import Call, Outcome, stale_view
from ..simulator.api.routes import ROUTES, Route
from ..simulator.base.errors import too_many_visits
from ..simulator.base.rate_limits import Grant, RateLimiter
from ..simulator.base.stream_faults import Step, StreamFaults
from ..simulator.market.accounts import Account, View

WINDOW_MS = 5000
_REALTIME = "/v5/order/realtime"
_BY_BOOKS = frozenset({_REALTIME, "/v5/position/list"})
"""Reads whose answer follows from the account's books, the price and what is asked for."""
Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: who asks for what, and when by the client's clock."""

    uid: str
    method: str
    path: str
    fields: Fields
    stamp_ms: int

    @property
    def is_write(self) -> bool:
        """Whether it asks for a change."""
        return self.method == "POST"


@dataclass(frozen=True, slots=True)
class Told:
    """What the exchange decided, and the fault that may keep the client from hearing it.

    Attributes:
        as_of_ms: a stale read shows what was so at this time; all others, now.
    """

    answer: Answer
    fault: Fault | None
    at_ms: int
    as_of_ms: int


class AskedSimulator(Simulator):
    """A simulator that is asked by method call; ``wire`` is its log."""

    def __init__(self, clock: VirtualClock, behaviour: Behaviour, seed: str) -> None:
        super().__init__(clock=clock, behaviour=behaviour, seed=seed, wall=clock.now_ms)
        self.wire: list[tuple[Asked, Told]] = []
        self._limiter = RateLimiter()
        self.on_stream_fault: Callable[[str, StreamFault], None] = _unheard
        self._streams.faults = _WatchedFaults(self._tell_stream_fault)
        self._answered: dict[tuple[object, ...], tuple[View, Behaviour, Outcome]] = {}

    def ask(self, asked: Asked) -> Told:
        """Answers one request."""
        account = self._venue.account(asked.uid)
        fault = self._faults.meet(asked.method, asked.path, asked.uid, asked.fields)
        if fault is None or fault.lets_serve(asked.method):
            answer = self._serve(asked, account, fault)
        else:
            answer = self._turn_away(asked, account, fault)
        now = self._venue.now()
        told = Told(answer, fault, now, now if fault is None else _as_of(account, fault, now))
        self.wire.append((asked, told))
        self._venue.settle()
        return told

    def inject(self, *faults: Fault | StreamFault) -> None:
        """Puts faults in force; one that hits streams at once is told of each account."""
        for fault in faults:
            if isinstance(fault, StreamFault) and fault.is_immediate:
                for state in self.streams:
                    if fault.uid in {"", state.uid}:
                        self._tell_stream_fault(state.uid, fault)
        super().inject(*faults)

    def _tell_stream_fault(self, uid: str, fault: StreamFault) -> None:
        self.on_stream_fault(uid, fault)

    def begin(self) -> None:
        """What was so before is forgotten: a stale read shows nothing of the setting up."""
        for account in self._venue.accounts.values():
            account.views.clear()
            account.keep_view(self._venue.now())

    def by_hand(self, uid: str, write: Callable[..., object], fields: Fields) -> bool:
        """A write as the owner makes it in the app, past faults, limits and delays.

        Returns:
            False if the exchange refused it.
        """
        usual = self._venue.behaviour
        self._venue.behaviour = replace(usual, effect_delay_ms=0)
        try:
            write(self._venue, self._venue.account(uid), fields)
        except ApiError:
            return False
        finally:
            self._venue.behaviour = usual
            self._venue.settle()
        return True

    def call_by_hand(self, uid: str, serve: Callable[[Call], object], fields: Fields) -> bool:
        """The same, for an endpoint that takes a call."""
        account = self._venue.account(uid)
        return self.by_hand(uid, lambda *_: serve(Call(self._venue, account, fields)), fields)

    def _serve(self, asked: Asked, account: Account, fault: Fault | None) -> Answer:
        route = ROUTES[asked.method, asked.path]
        now = self._venue.wall_ms()
        if route.signed and not now - WINDOW_MS <= asked.stamp_ms < now + AHEAD_MS:
            return Answer.refusal(bad_timestamp(str(asked.stamp_ms), now, str(WINDOW_MS)))
        wanted = max(1, len(items_of(asked.fields))) if route.batch else 1
        grant = self._grant(asked, account, route, wanted)
        if grant is not None and grant.granted == 0:
            return Answer.refusal(too_many_visits(), grant=grant)
        granted = wanted if grant is None else grant.granted
        try:
            outcome = self._answer(asked, account, fault, route, granted)
        except ApiError as error:
            return Answer.refusal(error, grant=grant)
        return Answer(result=outcome.result, extra=outcome.extra, grant=grant)

    def _answer(
        self, asked: Asked, account: Account, fault: Fault | None, route: Route, granted: int
    ) -> Outcome:
        """What the endpoint answers; a read of the same books is answered alike, and made once."""
        venue, fields = self._venue, asked.fields
        stale = stale_view(account, fault, venue.now())
        if asked.path not in _BY_BOOKS or stale is not None or venue.touched:
            return route.serve(Call(venue, account, fields, stale, granted))
        lag_ms = venue.behaviour.visible_delay_ms if asked.path == _REALTIME else 0
        books = account.view_at(venue.now() - lag_ms) if lag_ms > 0 else account.views[-1]
        symbol = fields.get("symbol", "")
        mode, price = account.is_hedged(symbol), venue.prices.get(symbol)
        key = (asked.path, id(books), mode, price, *fields.items())
        found = self._answered.get(key)
        if found is None or found[1] is not venue.behaviour:
            outcome = route.serve(Call(venue, account, fields, None, granted))
            found = self._answered[key] = (books, venue.behaviour, outcome)
        return found[2]

    def _grant(self, asked: Asked, account: Account, route: Route, wanted: int) -> Grant | None:
        if route.limit is None or not self._venue.behaviour.rate_limits:
            return None
        now = self._venue.now()
        return self._limiter.acquire(account.uid, asked.path, route.limit, wanted, now)

    def _turn_away(self, asked: Asked, account: Account, fault: Fault) -> Answer:
        if fault.kind is FaultKind.LATE_EFFECT:
            self._venue.after(fault.delay_ms, lambda: self._arrive_late(asked, account))
        if fault.kind is FaultKind.RATE_LIMITED:
            return Answer.refusal(too_many_visits())
        if fault.kind is FaultKind.TIMESTAMP:
            now = self._venue.wall_ms()
            return Answer.refusal(bad_timestamp(str(asked.stamp_ms), now, str(WINDOW_MS)))
        return Answer()

    def _arrive_late(self, asked: Asked, account: Account) -> None:
        self._serve(asked, account, None)


class _WatchedFaults(StreamFaults):
    """Faults of streams, told when a message meets them."""

    def __init__(self, tell: Callable[[str, StreamFault], None]) -> None:
        super().__init__()
        self._tell = tell

    def meet(
        self, now_ms: int, step: Step, uid: str, topics: Collection[str] = (), symbol: str = ""
    ) -> dict[StreamFaultKind, StreamFault]:
        """The faults that a step meets."""
        met = super().meet(now_ms, step, uid, topics, symbol)
        for fault in met.values():
            self._tell(uid, fault)
        return met


def _unheard(_uid: str, _fault: StreamFault) -> None:
    """Nobody is told."""


def _as_of(account: Account, fault: Fault, now: int) -> int:
    """Until when the answer knows what happened."""
    if fault.kind is not FaultKind.STALE_READ:
        return now
    if fault.delay_ms:
        return now - fault.delay_ms
    unseen = [view.at_ms for view in account.views][-fault.effects_back :]
    return unseen[0] - 1
