"""An exchange in a process of its own, whose CPU and memory count for nobody else."""

import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import cast

from trueup.simulator import (
    Behaviour,
    Fault,
    InstrumentSpec,
    Reply,
    Request,
    RequestRecord,
    Simulator,
    SimulatorServer,
    StreamFault,
    VirtualClock,
)

from .apart import Apart, apart
from .line import HOST, DelayedLine
from .scene import START, Place, Scene, keys, quantities, resting_ids
from .stop_times import StopTimes
from .truth import Truth, Truths
from .world import PRICES, SIDE, STEP

_PATIENCE_S = 120.0
_TOO_MANY = re.compile(rb'"(?:retCode|code)": ?10006')
ENTRY_PRICE = "0.7100"


class WallSimulator(Simulator):
    """A simulator whose clock is the machine's, set at every request and every change."""

    def __init__(self, behaviour: Behaviour) -> None:
        super().__init__(clock=VirtualClock(time.time_ns() // 1_000_000), behaviour=behaviour)
        self._wall_lock = threading.Lock()
        self.too_many = 0

    def follow(self) -> None:
        """Sets the clock to the present."""
        with self._wall_lock:
            behind = time.time_ns() // 1_000_000 - self.clock.now_ms()
            self.clock.advance(max(behind, 0))

    def handle(self, request: Request) -> Reply:
        """Answers a request, and counts refusals for the rate limit, those of items too."""
        self.follow()
        reply = super().handle(request)
        self.too_many += len(_TOO_MANY.findall(reply.body))
        return reply


class _Served:
    """What the exchange's process can be asked; every method is called over a pipe."""

    def __init__(self, scene: Scene) -> None:
        rules = Behaviour(rate_limits=scene.rate_limits, ip_limit=False)
        self._sim = WallSimulator(rules)
        self._truths = Truths()
        self._stops = StopTimes()
        self._calm = threading.Event()
        self._entries: dict[Place, str] = {}
        _set_up(self._sim, scene)
        self._sim.listen(self._truths.hear)
        self._sim.listen(self._stops.hear)
        for place in scene.places:
            open_position(self._sim, place, ladder=scene.ladders)
        self._server = SimulatorServer(self._sim)
        self._server.start()
        port = int(self._server.url.rpartition(":")[2])
        if scene.round_trip_ms:
            line = DelayedLine(port, scene.round_trip_ms / 2000)
            line.start()
            port = line.port
        self._url = f"http://{HOST}:{port}"

    def url(self) -> str:
        """The exchange's address."""
        return self._url

    def enter(self, places: Sequence[Place], quantity: Decimal) -> None:
        """Places an entry for each position."""
        self._sim.follow()
        for place in places:
            self._entries[place] = self._sim.place_entry(
                place.account, place.symbol, SIDE, quantity, ENTRY_PRICE
            )

    def fill(self, places: Sequence[Place], gap_s: float = 0) -> None:
        """Fills their entries, one after the other."""
        for place in places:
            self._sim.follow()
            self._sim.fill(place.account, self._entries.pop(place))
            if gap_s:
                time.sleep(gap_s)

    def flood(self, places: Sequence[Place], quantity: Decimal, gap_s: float, times: int) -> None:
        """Fills them over and over in a thread; returns at once."""

        def pour() -> None:
            for _ in range(times):
                if self._calm.is_set():
                    return
                self.enter(places, quantity)
                self.fill(places, gap_s)

        self._calm.clear()
        threading.Thread(target=pour, daemon=True).start()

    def truths(self, places: Sequence[Place]) -> list[Truth]:
        """Waits until they are true; returns what happened to each since it grew."""
        return self._truths.wait(places, _PATIENCE_S)

    def fall(self, price: str) -> None:
        """The market of every contract goes there."""
        self._sim.follow()
        for symbol in self._sim.symbols:
            self._sim.set_price(symbol, price)

    def fill_tp1(self, place: Place) -> None:
        """Fills the nearest take-profit of a short."""
        self._sim.follow()
        orders = self._sim.orders(place.account, place.symbol)
        levels = [one for one in orders if one.reduce_only and one.order_type == "Limit"]
        self._stops.begin(place)
        self._sim.fill(place.account, max(levels, key=lambda one: one.price).order_id)

    def stopped(self, places: Sequence[Place], where: Decimal) -> Decimal:
        """Waits until their stops are there or nearer; seconds since their TP1 was filled."""
        return self._stops.wait(places, where, _PATIENCE_S)

    def count(self) -> int:
        """How many requests were made so far."""
        return len(self._sim.requests)

    def requests(self, since: int) -> list[RequestRecord]:
        """The requests after the first ``count``."""
        return self._sim.requests[since:]

    def inject(self, *faults: Fault | StreamFault) -> None:
        """Puts faults in force."""
        self._sim.inject(*faults)

    def calm(self) -> None:
        """Ends floods and faults."""
        self._calm.set()
        self._sim.clear_faults()

    def order_ids(self, place: Place) -> list[str]:
        """The take-profits that rest there."""
        orders = self._sim.orders(place.account, place.symbol)
        return [order.order_id for order in orders if order.reduce_only]

    def too_many(self) -> int:
        """How often 10006 was answered so far."""
        return self._sim.too_many

    def cpu_s(self) -> float:
        """CPU seconds of this process so far."""
        return time.process_time()


class Exchange:
    """The handle of an exchange in another process."""

    def __init__(self, process: Apart) -> None:
        self.ask = process.ask
        self.url = str(self.ask("url"))

    def grow(self, places: Sequence[Place], quantity: Decimal) -> list[Truth]:
        """Fills an entry of each, and waits until all are true."""
        self.ask("enter", places, quantity)
        self.ask("fill", places)
        return self.truths(places)

    def truths(self, places: Sequence[Place]) -> list[Truth]:
        """Waits until they are true."""
        return cast("list[Truth]", self.ask("truths", places))

    def requests(self, since: int) -> list[RequestRecord]:
        """The requests after the first ``count``."""
        return cast("list[RequestRecord]", self.ask("requests", since))


@contextmanager
def served(scene: Scene) -> Iterator[Exchange]:
    """Serves the scene from another process until the block ends."""
    with apart(_Served, scene) as process:
        yield Exchange(process)


def _set_up(sim: Simulator, scene: Scene) -> None:
    for name in scene.names:
        key, secret = keys(name)
        sim.add_account(uid=name, api_key=key, api_secret=secret)
    list_contracts(sim, scene.listed)


def list_contracts(sim: Simulator, symbols: Sequence[str]) -> None:
    """Lists the contracts of a scene."""
    for symbol in symbols:
        spec = InstrumentSpec(
            symbol=symbol, tick="0.0001", step=str(STEP), min_quantity="0.1", max_quantity="100000"
        )
        sim.add_instrument(spec, price="0.7000")


def open_position(sim: Simulator, place: Place, *, ladder: bool) -> None:
    """Opens a position of the size that all begin with, and places its ladder if there is one."""
    sim.set_position(place.account, place.symbol, SIDE, START, "0.6800")
    if not ladder:
        return
    for level, (price, quantity) in enumerate(zip(PRICES, quantities(START), strict=True), start=1):
        order_id, link_id = resting_ids(place.symbol, level)
        sim.record_order(
            place.account,
            order_id=order_id,
            symbol=place.symbol,
            side=SIDE.opposite.value,
            orderType="Limit",
            qty=quantity,
            price=price,
            reduceOnly=True,
            orderLinkId=link_id,
        )
