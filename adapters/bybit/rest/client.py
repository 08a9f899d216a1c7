"""The calls of one account: within its rate limits, by a clock that is right, one outcome each."""

from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from typing import TypeVar
from weakref import WeakKeyDictionary

from ....aio.fibers import identity
from ....domain.model.outcomes import OutcomeClass
from ....domain.reporting.one_line import one_line
from ....domain.venue.account import Account
from ..codes.classify import classify
from ..limits.account_limiter import AccountBudget
from ..limits.headers import ReplyHeaders
from ..limits.values import NotNow, Permit
from ..wire import names
from ..wire.clock_offset import MEASURED, ClockOffset, measured
from ..wire.endpoints import Endpoint
from ..wire.fields import Row, ShapeError
from .connection import Answer, Connection, Reply
from .failures import Failure, malformed, not_sent, server_time_of
from .lease_gate import LeaseGate

_LONGEST_MESSAGE = 300
_LONGEST_TRIP_MS = 10_000
_IP_CODES = frozenset((403, 10018))

_Parsed = TypeVar("_Parsed")


class BybitClient:
    """Calls of one account; none raises for anything that the exchange or the network does.

    Args:
        account: its keys are kept out of texts.
        connection: sends the requests.
        budget: says when a request may leave.
        recv_window: milliseconds that a request may take to arrive; more where our clock is
            known less exactly.
        gate: holds signed writes against the end of a lease; None where there is no lease.
    """

    def __init__(
        self,
        account: Account,
        connection: Connection,
        budget: AccountBudget,
        recv_window: int,
        gate: LeaseGate | None = None,
    ) -> None:
        self._secrets = (account.api_secret, account.api_key)
        self._environment = account.environment
        self._connection = connection
        self.budget = budget
        self._recv_window = recv_window
        self._gate = gate
        if gate is not None:
            connection.hold_back(gate.why_late)
        self._offset: ClockOffset | None = None
        self._offset_lock = Lock()
        self._sent = WeakKeyDictionary[object, int]()

    @property
    def clock_offset(self) -> ClockOffset | None:
        """How far the machine's clock is off; None before the first reply."""
        return self._offset

    @property
    def window_ms(self) -> int:
        """How long a request may take to arrive, in milliseconds, as requests are signed now."""
        offset = self._offset
        return self._recv_window if offset is None else offset.window(self._recv_window)

    @property
    def requests(self) -> int:
        """How many requests the calling fiber has sent, or the calling thread outside fibers."""
        return self._sent.get(identity(), 0)

    def call(
        self, endpoint: Endpoint, parse: Callable[[Reply], _Parsed], **parameters: object
    ) -> _Parsed | Failure:
        """Sends one request when its turn has come; returns its parsed reply, or why there is none.

        ``parse`` may raise :class:`ShapeError` for a reply that is not as documented.
        """
        permit = self.admit(endpoint)
        if isinstance(permit, Failure):
            return permit
        return self.send(permit, parse, **parameters)

    def admit(
        self,
        endpoint: Endpoint,
        units: int = 1,
        *,
        whole: bool = True,
        rest_of: Permit | None = None,
    ) -> Permit | Failure:
        """Waits for a request's turn; returns a failure if the request should not be sent now."""
        turn = rest_of.turn if rest_of else None
        permit = self.budget.admit(endpoint, units, whole=whole, turn=turn)
        if isinstance(permit, NotNow):
            return not_sent(OutcomeClass.RATE_LIMIT, permit.why)
        return permit

    def send(
        self, permit: Permit, parse: Callable[[Reply], _Parsed], **parameters: object
    ) -> _Parsed | Failure:
        """Sends the request that the permit is for."""
        self._sent[identity()] = self.requests + 1
        began_ms = self._connection.elapsed_ms()
        answer = self._connection.ask(permit.endpoint, parameters)
        lasted_ms = self._connection.elapsed_ms() - began_ms
        headers = self._with_server_time(answer, lasted_ms)
        reply = answer.reply
        if isinstance(reply, Failure):
            reply = replace(reply, message=self.clean(self._with_clock(reply)))
        self._account_for(permit, reply, headers)
        if isinstance(reply, Failure):
            return reply
        try:
            return parse(reply)
        except ShapeError as error:
            return malformed(self.clean(str(error)))

    def clean(self, message: str) -> str:
        """The text without this account's keys, on one line, and short.

        Bybit quotes the API key when it refuses a signature (sieblyio/bybit-api#448).
        """
        for secret in self._secrets:
            message = message.replace(secret, "***")
        return one_line(message)[:_LONGEST_MESSAGE]

    def close(self) -> None:
        """Closes the connections."""
        self._connection.close()

    def _with_clock(self, refusal: Failure) -> str:
        """The refusal's text, with what our clock shows wrong where its time was refused."""
        wrong = self._offset.wrong if self._offset is not None else ""
        is_of_time = refusal.kind is OutcomeClass.TIMESTAMP
        return f"{wrong} ({refusal.message})" if wrong and is_of_time else refusal.message

    def _with_server_time(self, answer: Answer, lasted_ms: int) -> ReplyHeaders:
        """The headers, with the server's time from the body or the refusal where they lack it.

        The time measures how far our clock is off, by which the next request is signed. When the
        request left is told by how long it lasted: somebody may have set our clock meanwhile.
        """
        headers, reply = answer.headers, answer.reply
        if headers.server_ms is None:
            in_body = server_time_of(reply) if isinstance(reply, Failure) else reply.time_ms
            headers = replace(headers, server_ms=in_body)
        if headers.server_ms is not None:
            self._measure(headers.server_ms, lasted_ms)
        return headers

    def _measure(self, server_ms: int, lasted_ms: int) -> None:
        """Measures how far our clock is off, and signs by it from now on.

        A request that lasted for so long, as where the machine slept meanwhile, says too little: by
        it a write would be signed that the exchange may accept for as long.
        """
        if lasted_ms > _LONGEST_TRIP_MS:
            return
        with self._offset_lock:
            came_ms = self._connection.machine_ms()
            left_ms = came_ms - lasted_ms
            offset = self._offset = measured(self._offset, left_ms, came_ms, server_ms)
            MEASURED[self._environment] = offset
            self._connection.sign_by(offset.correction_ms, offset.window(self._recv_window))
            if self._gate is not None:
                now_ms = self._connection.elapsed_ms()
                self._gate.measure(now_ms - lasted_ms, now_ms, server_ms)

    def _account_for(self, permit: Permit, reply: Reply | Failure, headers: ReplyHeaders) -> None:
        if isinstance(reply, Reply):
            cut_off = _refused_tail(reply.extra)
            if cut_off is None:
                self.budget.answered(permit, headers)
            else:
                self.budget.exceeded(permit, headers, self.clean(cut_off), counted=True)
        elif reply.is_held:
            self.budget.given_back(permit)
        elif reply.code is None:
            self.budget.unanswered(permit)
        elif reply.code in _IP_CODES:
            self.budget.banned(headers, reply.message)
        elif reply.kind is OutcomeClass.RATE_LIMIT:
            self.budget.exceeded(permit, headers, reply.message, counted=False)
        else:
            self.budget.answered(permit, headers)


def _refused_tail(extra: Row) -> str | None:
    """The refusal of a batch's item for the rate limit, where that was used up within the batch."""
    items = extra.get(names.LIST)
    for item in items if isinstance(items, list) else ():
        code, message = (
            (item.get(names.ITEM_CODE), item.get(names.ITEM_MESSAGE))
            if isinstance(item, dict)
            else (None, None)
        )
        if type(code) is int and code and classify(code).kind is OutcomeClass.RATE_LIMIT:
            return str(message)
    return None
