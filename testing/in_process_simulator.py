"""The simulated exchange for clients in the same process: no bytes, no signatures.

A request meets what one over HTTP meets, in the same order: faults, the check of its timestamp,
the rate limit, the endpoint.
"""

from collections.abc import Callable, Collection
from dataclasses import replace

from ..simulator import (
    ApiError,
    Behaviour,
    ClockKind,
    Fault,
    FaultKind,
    Simulator,
    StreamFault,
    StreamFaultKind,
    VirtualClock,
)
from ..simulator.api.auth import AHEAD_MS, bad_timestamp, check_key
from ..simulator.api.batches import items_of
from ..simulator.api.replies import Answer
from ..simulator.api.reply_faults import answer_under
from ..simulator.api.request import Call, Outcome, stale_view
from ..simulator.api.routes import Route, route_of
from ..simulator.base.errors import not_simulated, too_many_visits
from ..simulator.base.rate_limits import Grant, RateLimiter
from ..simulator.base.stream_faults import Step, StreamFaults
from ..simulator.market.accounts import Account, ApiKey, View
from .api_messages import ApiRequest, ApiResponse, Fields

WINDOW_MS = 5000
_REALTIME = "/v5/order/realtime"
_CACHED = frozenset({_REALTIME, "/v5/position/list"})
"""Reads whose answer depends on nothing but the books, the price and the parameters."""


class InProcessSimulator(Simulator):
    """A simulator that answers method calls, on a virtual clock alone.

    Attributes:
        request_log: every request and its response, in order.
        on_stream_fault: called with the UID and the fault when a private stream meets a fault.
    """

    def __init__(
        self,
        clock: VirtualClock | ClockKind = ClockKind.VIRTUAL,
        behaviour: Behaviour | None = None,
        seed: str = "trueup",
    ) -> None:
        super().__init__(clock=clock, behaviour=behaviour, seed=seed)
        self._venue.wall = self.clock.now_ms
        self.request_log: list[tuple[ApiRequest, ApiResponse]] = []
        self._limiter = RateLimiter()
        self.on_stream_fault: Callable[[str, StreamFault], None] = _ignore
        self._opened.faults = _ReportedFaults(self._report_stream_fault)
        self._answered: dict[tuple[object, ...], tuple[View, Behaviour, Outcome]] = {}

    def uid_of(self, api_key: str) -> str:
        """The UID of the account that has an API key.

        Raises:
            LookupError: no account has it.
        """
        account = self._venue.keys.get(api_key)
        if account is None:
            raise LookupError(f"no account has the API key {api_key!r}: call add_account first")
        return account.uid

    def ask(self, request: ApiRequest) -> ApiResponse:
        """Answer one request."""
        account = self._venue.account(request.uid)
        fault = self._faults.meet(
            request.method, request.path, request.uid, request.fields, self._venue.now()
        )
        if fault is None or fault.lets_serve(request.method):
            answer = answer_under(fault, self._serve(request, account, fault))
        else:
            answer = self._reject(request, account, fault)
        now = self._venue.now()
        response = ApiResponse(answer, fault, now, _as_of(account, fault, now))
        self.request_log.append((request, response))
        self._venue.settle()
        return response

    def inject(self, *faults: Fault | StreamFault) -> None:
        """Put faults in force, and report those that act on streams at once."""
        for fault in faults:
            if isinstance(fault, StreamFault) and fault.is_immediate:
                for state in self.streams:
                    if fault.uid in {"", state.uid}:
                        self._report_stream_fault(state.uid, fault)
        super().inject(*faults)

    def _report_stream_fault(self, uid: str, fault: StreamFault) -> None:
        self.on_stream_fault(uid, fault)

    def forget_setup(self) -> None:
        """Drop the history of states so far, so that no stale read shows a half-made setup."""
        for account in self._venue.accounts.values():
            account.views.clear()
            account.keep_view(self._venue.now())

    def by_hand(self, uid: str, write: Callable[..., object], fields: Fields) -> bool:
        """Do a write as the owner does it in the app: without faults, limits and delays.

        Returns:
            False if the exchange refused the write.
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
        """The same as `by_hand`, for an endpoint that takes a `Call`."""
        account = self._venue.account(uid)
        return self.by_hand(uid, lambda *_: serve(Call(self._venue, account, fields)), fields)

    def _serve(self, request: ApiRequest, account: Account, fault: Fault | None) -> Answer:
        route = route_of(request.method, request.path, self._venue.behaviour)
        if route is None:
            return Answer.refusal(not_simulated(request.method, request.path))
        now = self._venue.wall_ms()
        if route.signed and not now - WINDOW_MS <= request.stamp_ms < now + AHEAD_MS:
            return Answer.refusal(bad_timestamp(str(request.stamp_ms), now, str(WINDOW_MS)))
        wanted = max(1, len(items_of(request.fields))) if route.batch else 1
        grant = self._grant(request, account, route, wanted)
        if grant is not None and grant.granted == 0:
            return Answer.refusal(too_many_visits(), grant=grant)
        granted = wanted if grant is None else grant.granted
        try:
            check_key(_key_of(request, account), request.method, request.path, now)
            outcome = self._outcome(request, account, fault, route, granted)
        except ApiError as error:
            return Answer.refusal(error, grant=grant)
        return Answer(result=outcome.result, extra=outcome.extra, grant=grant)

    def _outcome(
        self,
        request: ApiRequest,
        account: Account,
        fault: Fault | None,
        route: Route,
        granted: int,
    ) -> Outcome:
        """What the endpoint answers; a repeated read of unchanged books comes from a cache."""
        venue, fields = self._venue, request.fields
        stale = stale_view(account, fault, venue.now())
        if request.path not in _CACHED or stale is not None or venue.touched:
            return route.serve(
                Call(venue, account, fields, stale, granted, _key_of(request, account))
            )
        lag_ms = venue.behaviour.visible_delay_ms if request.path == _REALTIME else 0
        books = account.view_at(venue.now() - lag_ms) if lag_ms > 0 else account.views[-1]
        symbol = fields.get("symbol", "")
        mode = account.is_hedged(symbol)
        prices = (venue.prices.get(symbol),) if symbol else tuple(venue.prices.values())
        key = (request.path, id(books), mode, prices, *fields.items())
        found = self._answered.get(key)
        if found is None or found[1] is not venue.behaviour:
            outcome = route.serve(Call(venue, account, fields, None, granted))
            found = self._answered[key] = (books, venue.behaviour, outcome)
        return found[2]

    def _grant(
        self, request: ApiRequest, account: Account, route: Route, wanted: int
    ) -> Grant | None:
        if route.limit is None or not self._venue.behaviour.rate_limits:
            return None
        now = self._venue.now()
        return self._limiter.acquire(account.uid, request.path, route.limit, wanted, now)

    def _reject(self, request: ApiRequest, account: Account, fault: Fault) -> Answer:
        if fault.kind is FaultKind.LATE_EFFECT:
            self._venue.after(fault.delay_ms, lambda: self._serve_late(request, account))
        if fault.kind is FaultKind.RATE_LIMITED:
            return Answer.refusal(too_many_visits())
        if fault.kind is FaultKind.TIMESTAMP:
            now = self._venue.wall_ms()
            return Answer.refusal(bad_timestamp(str(request.stamp_ms), now, str(WINDOW_MS)))
        return Answer()

    def _serve_late(self, request: ApiRequest, account: Account) -> None:
        self._serve(request, account, None)


class _ReportedFaults(StreamFaults):
    """Stream faults that report each step that meets one."""

    def __init__(self, report: Callable[[str, StreamFault], None]) -> None:
        super().__init__()
        self._report = report

    def meet(
        self, now_ms: int, step: Step, uid: str, topics: Collection[str] = (), symbol: str = ""
    ) -> dict[StreamFaultKind, StreamFault]:
        """The faults that a step meets."""
        met = super().meet(now_ms, step, uid, topics, symbol)
        for fault in met.values():
            self._report(uid, fault)
        return met


def _ignore(_uid: str, _fault: StreamFault) -> None:
    """Do nothing."""


def _key_of(request: ApiRequest, account: Account) -> ApiKey:
    """The key that the request was made with: the account's first one if it names none."""
    return account.keys[request.api_key or next(iter(account.keys))]


def _as_of(account: Account, fault: Fault | None, now: int) -> int:
    """The time whose state an answer shows."""
    if fault is None or fault.kind is not FaultKind.STALE_READ:
        return now
    if fault.delay_ms:
        return now - fault.delay_ms
    unseen = [view.at_ms for view in account.views][-fault.effects_back :]
    oldest = 0 if fault.oldest_ms is None else now - fault.oldest_ms
    return max(unseen[0] - 1, oldest)
