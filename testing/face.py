"""The simulated exchange asked in its own process, without bytes, keys and signatures.

A request meets what one over HTTP meets, in the same sequence: faults, the clock's window, the
rate limit, the endpoint. Only the text between client and exchange is left out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..adapters.simulator import ApiError, Behaviour, Fault, FaultKind, Simulator, VirtualClock
from ..adapters.simulator.accounts import Account, View
from ..adapters.simulator.auth import AHEAD_MS, bad_timestamp
from ..adapters.simulator.batches import items_of
from ..adapters.simulator.calls import Call
from ..adapters.simulator.errors import too_many_visits
from ..adapters.simulator.limits import Grant, RateLimiter
from ..adapters.simulator.replies import Answer
from ..adapters.simulator.routes import ROUTES, Route

WINDOW_MS = 5000
_TURNED_AWAY = frozenset(
    {FaultKind.REQUEST_LOST, FaultKind.LATE_EFFECT, FaultKind.RATE_LIMITED, FaultKind.TIMESTAMP}
)

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
    """What the exchange decided, and the fault that may keep the client from hearing it."""

    answer: Answer
    fault: Fault | None
    at_ms: int


class AskedSimulator(Simulator):
    """A simulator that is asked by method call; ``wire`` is its log."""

    def __init__(self, clock: VirtualClock, behaviour: Behaviour, seed: str) -> None:
        super().__init__(clock=clock, behaviour=behaviour, seed=seed, wall=clock.now_ms)
        self.wire: list[tuple[Asked, Told]] = []
        self._limiter = RateLimiter()

    def ask(self, asked: Asked) -> Told:
        """Answers one request."""
        account = self._venue.account(asked.uid)
        fault = self._faults.meet(asked.method, asked.path, asked.uid, asked.fields)
        if (
            fault is None
            or fault.takes_effect
            or (not asked.is_write and fault.kind not in _TURNED_AWAY)
        ):
            answer = self._serve(asked, account, fault)
        else:
            answer = self._turn_away(asked, account, fault)
        told = Told(answer, fault, self._venue.now())
        self.wire.append((asked, told))
        self._venue.settle()
        return told

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
        stale = _stale_view(account, fault, self._venue.now())
        try:
            outcome = route.serve(Call(self._venue, account, asked.fields, stale, granted))
        except ApiError as error:
            return Answer.refusal(error, grant=grant)
        return Answer(result=outcome.result, extra=outcome.extra, grant=grant)

    def _grant(self, asked: Asked, account: Account, route: Route, wanted: int) -> Grant | None:
        if route.limit is None or not self._venue.behaviour.rate_limits:
            return None
        now = self._venue.now()
        return self._limiter.take(account.uid, asked.path, route.limit, wanted, now)

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


def _reads_on(asked: Asked, fault: Fault) -> bool:
    """Whether a read is served all the same: only its answer is spoilt."""
    return not asked.is_write and fault.kind not in _TURNED_AWAY


def _stale_view(account: Account, fault: Fault | None, now: int) -> View | None:
    if fault is None or fault.kind is not FaultKind.STALE_READ:
        return None
    if fault.delay_ms:
        return account.view_at(now - fault.delay_ms)
    return account.view_before(fault.effects_back)
