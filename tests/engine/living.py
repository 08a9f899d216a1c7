"""A live exchange on virtual time: the real adapter and parser over an in-process simulator."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from trueup.adapters.bybit import parse_events
from trueup.domain.model.commands import AmendOrder, CancelOrder, Operation, PlaceOrder
from trueup.domain.model.identity import Side
from trueup.domain.model.intent import Intent, IntentStatus
from trueup.domain.model.observation import Observation
from trueup.domain.model.order import Order, Position
from trueup.domain.model.outcomes import Accepted, Refused, WriteOutcome
from trueup.domain.venue.account import Account
from trueup.engine.live.exchange import LiveExchange
from trueup.engine.live.settings import LiveSettings
from trueup.engine.live.waiting import ClockWaiting, Waiting
from trueup.simulator import Behaviour, InstrumentSpec, VirtualClock
from trueup.testing import (
    ApiRequest,
    InProcessSimulator,
    Network,
    SimulatorFeed,
    in_process_exchange,
)

START_MS = 1_737_809_937_842
BAND = "BANDUSDT"
UID = "main"


class Line(Network):
    """A network that takes 20 ms each way; hands may act while a request is under way."""

    def __init__(self) -> None:
        super().__init__(latency_ms=20)
        self.hands: list[Any] = []

    def before_effect(self, request: ApiRequest) -> None:
        """A hand acts just before the request does."""
        del request
        if self.hands:
            self.hands.pop(0)()


class Living:
    """Simulator, feed and live exchange; the requests, and the callbacks that were called."""

    def __init__(
        self,
        settings: LiveSettings | None = None,
        *,
        hedge: bool = False,
        waiting: Waiting | None = None,
        effect_delay_ms: int = 0,
    ) -> None:
        self.clock = VirtualClock(START_MS)
        behaviour = Behaviour(
            rate_limits=False,
            ip_limit=False,
            cursor_on_last_page=False,
            effect_delay_ms=effect_delay_ms,
        )
        self.sim = InProcessSimulator(self.clock, behaviour, "live")
        self.sim.add_account(uid=UID, api_key="key", api_secret="secret", hedge=hedge)
        for symbol in (BAND, "AUSDT"):
            self.sim.add_instrument(
                InstrumentSpec(
                    symbol=symbol, tick="0.0001", step="0.1", min_quantity="0.1",
                    max_quantity="100000", min_notional="1",
                ),
                price="0.7000",
            )  # fmt: skip
        self.line = Line()
        self.rest = in_process_exchange(Account(UID, "key", "secret"), self.sim, network=self.line)
        self.feed = SimulatorFeed(self.sim, UID, parse_events)
        self.woken: list[tuple[str, Side | None]] = []
        self.invalidated: list[str] = []
        self.live = LiveExchange(
            self.rest,
            self.feed,
            self.clock,
            on_change=lambda symbol, side: self.woken.append((symbol, side)),
            on_survey_needed=self.invalidated.append,
            settings=settings,
            waiting=waiting or ClockWaiting(self.clock),
        )
        self.links = 0
        self.writes = 0

    def prove(self) -> None:
        """Starts the feed and syncs the view by a survey; forgets what that took."""
        self.live.start()
        assert isinstance(self.live.survey(), Observation)
        self.pass_by(1)
        self.asked()
        self.woken.clear()
        self.invalidated.clear()

    def pass_by(self, ms: int) -> None:
        """Advances the clock."""
        self.clock.advance(ms)

    def asked(self) -> list[str]:
        """The requests since this was last called."""
        paths = [asked.path.removeprefix("/v5/") for asked, _ in self.sim.request_log]
        self.sim.request_log.clear()
        return paths

    def hold(self, size: str, side: str = "Buy") -> None:
        """Opens a position, before the view is synced."""
        self.sim.open_position(UID, BAND, side, size, "0.69")
        self.pass_by(5)

    def tp(self, quantity: str, price: str) -> str:
        """A TP placed by hand; its order id."""
        self.links += 1
        order_id = self.sim.place_order(
            UID, symbol=BAND, side="Sell", orderType="Limit", qty=quantity, price=price,
            reduceOnly=True, orderLinkId=f"tp-{self.links}",
        )  # fmt: skip
        self.pass_by(5)
        return order_id

    def see(self) -> Observation:
        """What the live exchange observes."""
        seen = self.live.observe([BAND])
        assert isinstance(seen, Observation)
        return seen

    def truth(self) -> tuple[set[Order], set[Position]]:
        """Orders and positions as a read shows them."""
        seen = self.rest.observe([BAND])
        self.sim.request_log.clear()
        assert isinstance(seen, Observation)
        return set(seen.orders), set(seen.positions)

    def see_truth(self) -> None:
        """Observes, and compares the observation with a read."""
        seen = self.see()
        orders, positions = set(seen.orders), set(seen.positions)
        asked = list(self.sim.request_log)
        assert (orders, positions) == self.truth()
        self.sim.request_log.extend(asked)

    def place(self, quantity: str, price: str, link: str) -> str:
        """A TP placed by us; its order id."""
        command = PlaceOrder(BAND, Side.SELL, Decimal(price), Decimal(quantity), link, 0)
        intent = self._intent(Operation.PLACE, link, "", quantity, price)
        return _accepted(self._write(intent, lambda: self.live.place([command])))

    def amend(self, order_id: str, quantity: str) -> Sequence[WriteOutcome]:
        """An amend by us."""
        command = AmendOrder(BAND, order_id, "", None, Decimal(quantity))
        intent = self._intent(Operation.AMEND, "", order_id, quantity)
        rests = sum(o.leaves for o in self.sim.orders(UID) if o.order_id == order_id)
        intent = replace(intent, covered=Decimal(rests), covers=Decimal(quantity))
        return self._write(intent, lambda: self.live.amend([command]))

    def cancel(self, order_id: str) -> Sequence[WriteOutcome]:
        """A cancel by us."""
        intent = self._intent(Operation.CANCEL, "", order_id)
        return self._write(intent, lambda: self.live.cancel([CancelOrder(BAND, order_id, "")]))

    def _intent(
        self,
        operation: Operation,
        link_id: str,
        order_id: str,
        quantity: str | None = None,
        price: str | None = None,
    ) -> Intent:
        """A write as a run announces it."""
        self.writes += 1
        return Intent(
            id=f"run-{self.writes}",
            run_id="run",
            operation=operation,
            level=1,
            part=1,
            order_link_id=link_id or f"of {order_id}",
            order_id=order_id,
            price=None if price is None else Decimal(price),
            quantity=None if quantity is None else Decimal(quantity),
            created_at=self.clock.now(),
        )

    def _write(
        self, intent: Intent, send: Callable[[], Sequence[WriteOutcome]]
    ) -> Sequence[WriteOutcome]:
        """Sends a write as a run does: announced before it leaves, then noted as answered."""
        self.live.note(BAND, intent)
        (outcome,) = send()
        match outcome:
            case Accepted():
                status = IntentStatus.SENT
            case Refused():
                status = IntentStatus.REFUSED
            case _:
                status = IntentStatus.UNKNOWN
        self.live.note(BAND, replace(intent, status=status))
        return (outcome,)


def _accepted(outcomes: Sequence[WriteOutcome]) -> str:
    (outcome,) = outcomes
    assert isinstance(outcome, Accepted)
    return outcome.order_id
