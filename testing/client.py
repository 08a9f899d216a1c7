"""The real adapter of Bybit over the simulated exchange in the same process."""

from collections.abc import Mapping
from typing import Protocol

from ..adapters.bybit import BybitExchange, BybitSettings
from ..adapters.bybit.limits.headers import ReplyHeaders as Headers
from ..adapters.bybit.rest.connection import Answer, Connection, Reply
from ..adapters.bybit.rest.failures import from_exception
from ..adapters.bybit.wire.endpoints import Endpoint
from ..domain.model.account import Account
from .face import Asked, AskedSimulator, Told
from .hearing import misheard, waited_ms

_READ_TIMEOUT_MS = 8000

PATHS: Mapping[Endpoint, tuple[str, str]] = {
    Endpoint.POSITIONS: ("GET", "/v5/position/list"),
    Endpoint.OPEN_ORDERS: ("GET", "/v5/order/realtime"),
    Endpoint.ORDER_HISTORY: ("GET", "/v5/order/history"),
    Endpoint.EXECUTIONS: ("GET", "/v5/execution/list"),
    Endpoint.INSTRUMENTS: ("GET", "/v5/market/instruments-info"),
    Endpoint.PLACE: ("POST", "/v5/order/create-batch"),
    Endpoint.AMEND: ("POST", "/v5/order/amend-batch"),
    Endpoint.CANCEL: ("POST", "/v5/order/cancel-batch"),
}


class Line(Protocol):
    """What stands between a client and the exchange: it delays, and it looks on."""

    @property
    def latency_ms(self) -> int:
        """How long a request is under way, and its reply."""
        ...

    def leaves(self, asked: Asked) -> None:
        """A request is about to leave."""
        ...

    def arrives(self, asked: Asked) -> None:
        """It is at the exchange: what it does from now on is a write's doing."""
        ...

    def told(self, asked: Asked, told: Told, *, received: bool) -> None:
        """It was answered; the client did or did not hear the answer."""
        ...


class InProcessConnection(Connection):
    """Asks the simulator where pybit would ask Bybit; all else of the adapter is the real one."""

    def __init__(self, account: Account, simulator: AskedSimulator, line: Line) -> None:  # pylint: disable=super-init-not-called
        self._name = account.name
        self._simulator = simulator
        self._line = line

    @property
    def endpoint(self) -> str:
        """Nowhere: nothing leaves the process."""
        return "in-process"

    def signing_ms(self) -> int:
        """The virtual clock."""
        return self._simulator.clock.now_ms()

    def ask(self, endpoint: Endpoint, parameters: Mapping[str, object]) -> Answer:
        """One request."""
        clock, line = self._simulator.clock, self._line
        method, path = PATHS[endpoint]
        fields = {name: value for name, value in parameters.items() if value is not None}
        asked = Asked(self._name, method, path, fields, clock.now_ms())
        line.leaves(asked)
        clock.advance(line.latency_ms)
        line.arrives(asked)
        told = self._simulator.ask(asked)
        error = misheard(told, _READ_TIMEOUT_MS)
        line.told(asked, told, received=error is None)
        clock.advance(line.latency_ms + waited_ms(told, _READ_TIMEOUT_MS))
        if error is not None:
            return Answer(
                from_exception(error), _headers(told) if told.fault is None else Headers()
            )
        answer = told.answer
        return Answer(Reply(answer.result, answer.extra, told.at_ms), _headers(told))

    def close(self) -> None:
        """Nothing has to be closed."""


def _headers(told: Told) -> Headers:
    """What a live reply says in its headers."""
    grant = told.answer.grant
    if grant is None:
        return Headers(server_ms=told.at_ms)
    return Headers(grant.limit, grant.remaining, told.at_ms + grant.wait_ms, told.at_ms)


def in_process(
    account: Account, simulator: AskedSimulator, line: Line, settings: BybitSettings
) -> BybitExchange:
    """The real adapter of the account, with the simulator where its connection would be."""

    def connect(account: Account, _settings: BybitSettings) -> Connection:
        return InProcessConnection(account, simulator, line)

    return BybitExchange(account, settings, clock=simulator.clock, connect=connect)
