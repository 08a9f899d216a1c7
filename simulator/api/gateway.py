"""The gateway: every request passes faults, IP limit, signature, rate limit and its endpoint."""

import logging
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from ..base import errors, params
from ..base.errors import ApiError
from ..base.faults import Fault, FaultKind, Faults
from ..base.rate_limits import Grant, IpGuard, RateLimiter
from ..base.reading import json_object
from ..base.transport import Answered, Reply, Request, RequestRecord
from ..market.accounts import Account, View
from ..market.venue import Venue
from . import auth, batches, replies
from .replies import Answer
from .reply_faults import answer_under, status_under, with_fault
from .request import Call, Outcome, stale_view
from .routes import Route, route_of

ELSEWHERE = frozenset({"inverse", "option", "spot"})
"""The categories in which accounts have nothing: reads list nothing, writes are refused."""
_LOG = logging.getLogger(__name__)
REPLIES_KEPT = 100
"""How many of the last replies are kept; the log of requests has no end."""


@dataclass(frozen=True, slots=True)
class _ParsedRequest:
    """A request with its route, account, parameters and fault."""

    request: Request
    route: Route | None
    account: Account | None
    fields: Mapping[str, Any]
    well_formed: bool
    fault: Fault | None


class Gateway:
    """Answers and logs requests. Every method is called under the venue's lock."""

    def __init__(self, venue: Venue, faults: Faults) -> None:
        self._venue = venue
        self._faults = faults
        self._limiter = RateLimiter()
        self._guard = IpGuard()
        self.records: list[RequestRecord] = []
        self.answered: deque[Answered] = deque(maxlen=REPLIES_KEPT)

    def handle(self, request: Request) -> Reply:
        """Answer one request, under the fault that it meets."""
        parsed = self._parse(request)
        fault = parsed.fault
        served = fault is None or fault.lets_serve(request.method)
        answer = self._decided(parsed) if fault is None or served else self._reject(parsed, fault)
        answer = answer_under(fault, answer)
        code = answer.code if served or answer.code else None
        reply = with_fault(replies.render(self._venue, answer), fault)
        self.answered.append(Answered(self._record(parsed, code, answer.status), reply))
        return reply

    def _parse(self, request: Request) -> _ParsedRequest:
        fields, well_formed = _fields(request)
        account = self._venue.keys.get(auth.key_of(request))
        uid = "" if account is None else account.uid
        fault = self._faults.meet(request.method, request.path, uid, fields, self._venue.now())
        route = route_of(request.method, request.path, self._venue.behaviour)
        return _ParsedRequest(request, route, account, fields, well_formed, fault)

    def _record(self, parsed: _ParsedRequest, code: int | None, status: int) -> RequestRecord:
        record = RequestRecord(
            seq=len(self.records) + 1,
            at_ms=self._venue.now(),
            uid="" if parsed.account is None else parsed.account.uid,
            method=parsed.request.method,
            path=parsed.request.path,
            params=dict(parsed.fields),
            ret_code=code,
            fault=None if parsed.fault is None else parsed.fault.kind,
            http_status=status_under(parsed.fault, status),
        )
        self.records.append(record)
        return record

    def _decided(self, parsed: _ParsedRequest) -> Answer:
        """The answer; where the simulator itself fails, Bybit's for that, and a line in the log."""
        try:
            return self._answer(parsed)
        except Exception as error:  # noqa: BLE001 - whatever it is, the request is on the log
            _LOG.exception("%s %s failed", parsed.request.method, parsed.request.path)
            text = f"Server error. The simulator failed: {type(error).__name__} {error}"
            return Answer(10016, text, status=replies.HTTP_SERVER_ERROR)

    def _answer(self, parsed: _ParsedRequest) -> Answer:
        venue, route = self._venue, parsed.route
        behaviour = venue.behaviour
        if behaviour.ip_limit and not self._guard.passes(
            parsed.request.client, venue.now(), behaviour.ip_ban_ms
        ):
            return Answer(403, "access too frequent", status=replies.HTTP_FORBIDDEN)
        if route is None:
            refusal = errors.not_simulated(parsed.request.method, parsed.request.path)
            return Answer.refusal(refusal, replies.HTTP_NOT_FOUND)
        if route.signed and (missing := auth.missing_headers(parsed.request)):
            return Answer.refusal(errors.unsigned(missing), replies.HTTP_UNAUTHORIZED)
        try:
            account = auth.authenticate(venue, parsed.request) if route.signed else None
        except ApiError as error:
            return Answer.refusal(error)
        grant = self._grant(parsed, route, account)
        if grant is not None and grant.granted == 0:
            return Answer.refusal(errors.too_many_visits(), grant=grant)
        stale = None if account is None else stale_view(account, parsed.fault, venue.now())
        return self._serve(parsed, route, account, grant, stale)

    def _serve(
        self,
        parsed: _ParsedRequest,
        route: Route,
        account: Account | None,
        grant: Grant | None,
        stale: View | None,
    ) -> Answer:
        granted = len(batches.items_of(parsed.fields)) if grant is None else grant.granted
        key = None if account is None else account.keys.get(auth.key_of(parsed.request))
        call = Call(self._venue, account, parsed.fields, stale, granted, key)
        try:
            if not parsed.well_formed:
                raise errors.parameter("params error: the body is not a JSON object")
            category = params.text(parsed.fields, "category") if route.by_category else "linear"
            if category in ELSEWHERE and parsed.request.method == "GET":
                outcome = Outcome({"category": category, "list": [], "nextPageCursor": ""})
            elif category != "linear":
                raise errors.parameter("category must be linear: nothing else is simulated")
            else:
                outcome = route.serve(call)
        except ApiError as error:
            return Answer.refusal(error, grant=grant)
        return Answer(result=outcome.result, extra=outcome.extra, grant=grant)

    def _grant(self, parsed: _ParsedRequest, route: Route, account: Account | None) -> Grant | None:
        if account is None or route.limit is None:
            return None
        wanted = len(batches.items_of(parsed.fields)) if route.batch else 1
        limit = account.limits.get(parsed.request.path, route.limit)
        if not self._venue.behaviour.rate_limits:
            return Grant(max(1, wanted), limit, limit)
        now = self._venue.now()
        return self._limiter.acquire(account.uid, parsed.request.path, limit, max(1, wanted), now)

    def _reject(self, parsed: _ParsedRequest, fault: Fault) -> Answer:
        """Answer a request that takes no effect now; a late effect is scheduled."""
        venue = self._venue
        if fault.kind is FaultKind.LATE_EFFECT:
            venue.after(fault.delay_ms, lambda: self._serve_late(parsed))
        if fault.kind is FaultKind.RATE_LIMITED:
            limit = 0 if parsed.route is None else parsed.route.limit or 0
            grant = Grant(0, limit, 0, fault.delay_ms)
            return Answer.refusal(errors.too_many_visits(), grant=grant)
        if fault.kind is FaultKind.TIMESTAMP:
            stamp = parsed.request.header("X-BAPI-TIMESTAMP")
            window = parsed.request.header("X-BAPI-RECV-WINDOW")
            return Answer.refusal(auth.bad_timestamp(stamp, venue.wall_ms(), window))
        return Answer()

    def _serve_late(self, parsed: _ParsedRequest) -> None:
        """Serve a delayed request; its client has given up, so the answer goes nowhere."""
        if parsed.route is not None and (parsed.account is not None or not parsed.route.signed):
            self._serve(parsed, parsed.route, parsed.account, None, None)


def _fields(request: Request) -> tuple[dict[str, Any], bool]:
    """The parameters of a request, and whether its body is a JSON object; numbers are Decimal."""
    if request.method == "GET":
        return dict(parse_qsl(request.query, keep_blank_values=True)), True
    try:
        return json_object(request.body or b"{}", Decimal), True
    except ValueError:
        return {}, False
