"""trueup's real Bybit adapter on a simulated exchange in the same process."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from ..adapters.bybit import BybitExchange, BybitSettings
from ..adapters.bybit.limits.headers import ReplyHeaders
from ..adapters.bybit.rest.connection import Answer, Connection, Reply
from ..adapters.bybit.rest.failures import from_exception
from ..adapters.bybit.transport.gated import WhyLate, Withheld
from ..adapters.bybit.wire.endpoints import Endpoint
from ..domain.ports import Clock
from ..domain.venue.account import Account
from ..simulator.api.auth import AHEAD_MS, DEFAULT_WINDOW_MS, bad_timestamp
from .api_messages import ApiRequest, ApiResponse
from .client_errors import client_error, refusal, reply_wait_ms
from .in_process_simulator import InProcessSimulator

_READ_TIMEOUT_MS = 8000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

PATHS: Mapping[Endpoint, tuple[str, str]] = {
    Endpoint.POSITIONS: ("GET", "/v5/position/list"),
    Endpoint.OPEN_ORDERS: ("GET", "/v5/order/realtime"),
    Endpoint.ORDER_HISTORY: ("GET", "/v5/order/history"),
    Endpoint.EXECUTIONS: ("GET", "/v5/execution/list"),
    Endpoint.INSTRUMENTS: ("GET", "/v5/market/instruments-info"),
    Endpoint.MARK_CANDLES: ("GET", "/v5/market/mark-price-kline"),
    Endpoint.KEY: ("GET", "/v5/user/query-api"),
    Endpoint.PLACE: ("POST", "/v5/order/create-batch"),
    Endpoint.AMEND: ("POST", "/v5/order/amend-batch"),
    Endpoint.CANCEL: ("POST", "/v5/order/cancel-batch"),
    Endpoint.SET_STOP: ("POST", "/v5/position/trading-stop"),
    Endpoint.PLACE_STOP: ("POST", "/v5/order/create"),
    Endpoint.AMEND_STOP: ("POST", "/v5/order/amend"),
    Endpoint.CANCEL_STOP: ("POST", "/v5/order/cancel"),
}


class Network:
    """The network between a client and the exchange.

    Subclass it to watch requests, or to act at a moment of your choice: to fill an order while an
    amend of it is under way, for example.

    Args:
        latency_ms: virtual time that a request takes to arrive, and its response to come back.
    """

    def __init__(self, latency_ms: int = 20) -> None:
        self.latency_ms = latency_ms

    def before_send(self, request: ApiRequest) -> None:
        """Called before a request leaves the client."""

    def before_effect(self, request: ApiRequest) -> None:
        """Called when a request has arrived, before the exchange acts on it."""

    def after_effect(self, request: ApiRequest, response: ApiResponse, *, received: bool) -> None:
        """Called when the exchange has responded.

        Args:
            request: the request.
            response: what the exchange decided.
            received: whether the client receives the response; False if a fault prevents that, or
                if the response is an error.
        """


class InProcessConnection(Connection):
    """Sends an account's requests to the simulator where pybit would send them to Bybit.

    Raises:
        LookupError: no account of the simulator has the account's API key.
    """

    def __init__(
        self, account: Account, simulator: InProcessSimulator, network: Network, machine: Clock
    ) -> None:
        self._uid, self._key = simulator.uid_of(account.api_key), account.api_key
        self._simulator = simulator
        self._network = network
        self._machine = machine
        self._correction_ms, self._window_ms = 0, DEFAULT_WINDOW_MS
        self._why_late: WhyLate = lambda _timestamp, _window: ""

    @property
    def endpoint(self) -> str:
        """The name of the endpoint: nothing leaves the process."""
        return "in-process"

    def machine_ms(self) -> int:
        """What the machine's clock shows, in epoch milliseconds."""
        return (self._machine.now() - _EPOCH) // _MILLISECOND

    def elapsed_ms(self) -> int:
        """Milliseconds that have passed, by a clock that nobody sets."""
        return self._machine.moment() // _MILLISECOND

    def sign_by(self, correction_ms: int, window_ms: int) -> None:
        """From now on requests are stamped with the machine's time and that."""
        self._correction_ms, self._window_ms = correction_ms, window_ms

    def hold_back(self, why_late: WhyLate) -> None:
        """From now on each write leaves only if that gives no reason."""
        self._why_late = why_late

    def ask(self, endpoint: Endpoint, parameters: Mapping[str, object]) -> Answer:
        """Send one request and wait for its response, in virtual time."""
        clock, network = self._simulator.clock, self._network
        method, path = PATHS[endpoint]
        fields = {name: value for name, value in parameters.items() if value is not None}
        request = ApiRequest(self._uid, method, path, fields, clock.now_ms(), self._key)
        stamp = self.machine_ms() + self._correction_ms
        late = self._why_late(stamp, self._window_ms) if endpoint.is_write else ""
        if late:
            return Answer(from_exception(Withheld(late)), ReplyHeaders())
        network.before_send(request)
        clock.advance(network.latency_ms)
        if not endpoint.is_public and not self._accepts(stamp):
            refused = refusal(bad_timestamp(str(stamp), clock.now_ms(), str(self._window_ms)))
            clock.advance(network.latency_ms)
            return Answer(from_exception(refused), ReplyHeaders())
        network.before_effect(request)
        response = self._simulator.ask(request)
        error = client_error(response, _READ_TIMEOUT_MS)
        network.after_effect(request, response, received=error is None)
        clock.advance(network.latency_ms + reply_wait_ms(response, _READ_TIMEOUT_MS))
        if error is not None:
            headers = _headers(response) if response.fault is None else ReplyHeaders()
            return Answer(from_exception(error), headers)
        answer = response.answer
        return Answer(Reply(answer.result, answer.extra, response.at_ms), _headers(response))

    def close(self) -> None:
        """Do nothing: there is no connection to close."""

    def _accepts(self, stamp: int) -> bool:
        """Whether the exchange accepts a request of that time (docs/v5/guide.mdx)."""
        now_ms = self._simulator.clock.now_ms()
        return now_ms - self._window_ms <= stamp < now_ms + AHEAD_MS


def _headers(response: ApiResponse) -> ReplyHeaders:
    """What the response's HTTP headers would say."""
    grant = response.answer.grant
    if grant is None:
        return ReplyHeaders(server_ms=response.at_ms)
    return ReplyHeaders(
        grant.limit, grant.remaining, response.at_ms + grant.wait_ms, response.at_ms
    )


def in_process_exchange(
    account: Account,
    simulator: InProcessSimulator,
    *,
    network: Network | None = None,
    settings: BybitSettings | None = None,
    clock: Clock | None = None,
) -> BybitExchange:
    """The real Bybit adapter of an account, connected to the simulator.

    Pass it to ``Reconciler(connect=…)``, together with the simulator's clock.

    Args:
        account: the account; its API key says which account of the simulator it is.
        simulator: the exchange.
        network: the network between the two; by default 20 ms each way.
        settings: the adapter's settings; the defaults if there are none.
        clock: of the machine that the adapter runs on; the simulator's if there is none.

    Raises:
        LookupError: no account of the simulator has the account's API key.
    """
    between, machine = network or Network(), clock or simulator.clock

    def connect(account: Account, _settings: BybitSettings) -> Connection:
        return InProcessConnection(account, simulator, between, machine)

    return BybitExchange(account, settings or BybitSettings(), clock=machine, connect=connect)
