"""Growth: what a run costs beside few monitors, and beside many."""

import gc
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from trueup import Account, PositionMode
from trueup.domain.model.commands import AmendOrder, CancelOrder, PlaceOrder
from trueup.domain.model.instrument import Instrument
from trueup.domain.model.intent import Intent
from trueup.domain.model.observation import Observation, OpenPositions, Reading, Unknown
from trueup.domain.model.order import Execution, Order, OrderStatus, OrderType, Position
from trueup.domain.model.outcomes import LookUp, Unsure, WriteOutcome
from trueup.domain.model.protection import StopCommand, StopIntent
from trueup.domain.ports import Exchange as Port
from trueup.domain.ports import Feed, Moment, WhyHeld, never_held
from trueup.domain.tracking.older_reads import SeqShown
from trueup.domain.venue.exchange_facts import Lateness, LinkIdForm

from .live import STREAMS, Engine, owners_of, unbound_exchange, unbound_feed
from .live import engine as opened_engine
from .measurement import Figure, Kind, Measurement, Sample, Scale, Tick, figures
from .population import populate
from .sampling import Stopwatch, interleave
from .scene import GROWTH, START, Place, Scene, quantities, resting_ids
from .served import Exchange, served
from .target import ratio_at_most
from .world import PRICES, SIDE

COST = "CPU a run"
_QUIET_S = 0.1
_FILLS = 3
_ENTRY_PRICE = Decimal("0.68")
_NOTHING = "nothing happens here"


class QuietAccount:
    """An account where nothing ever happens, answered from memory."""

    position_mode = PositionMode.ONE_WAY
    lateness = Lateness(requests=timedelta(seconds=5), reads=timedelta(seconds=15))
    link_ids = LinkIdForm(max_length=36, alphabet="A-Za-z0-9_-")

    def __init__(self, account: Account, symbols: Sequence[str]) -> None:
        self.account = account.name
        self._symbols = symbols

    def trades(self, symbol: str, order_ids: Collection[str]) -> tuple[Execution, ...]:
        """Never called: nothing happens here."""
        del symbol, order_ids
        return ()

    def survey(self, symbols: Sequence[str] | None = None) -> Reading:  # noqa: ARG002 - one answer for all
        """Shows every ladder resting as it should."""
        positions = tuple(Position(symbol, SIDE, START, _ENTRY_PRICE) for symbol in self._symbols)
        orders = tuple(order for symbol in self._symbols for order in _ladder(symbol))
        return Observation(self.account, datetime.now(UTC), positions, orders)

    def open_positions(self, symbols: Sequence[str] | None = None) -> OpenPositions:
        """Never called: sweeps survey it."""
        del symbols
        return OpenPositions(self.account, datetime.now(UTC), ())

    @property
    def requests(self) -> int:
        """It sends none."""
        return 0

    def observe(self, symbols: Sequence[str]) -> Reading:
        """Shows the same."""
        del symbols
        return self.survey()

    def invalidate(self, symbol: str, reason: str) -> None:
        """Never called: nothing happens here."""

    def note(self, symbol: str, write: Intent | StopIntent) -> None:
        """Never called: nothing happens here."""

    def outdated(self, symbol: str, changes: int | None, read: int = 0) -> str:
        """Never called: nothing happens here."""
        del symbol, changes, read
        return ""

    def seq_shown(self, symbol: str, index: int) -> SeqShown | None:
        """Never called: nothing happens here."""
        del symbol, index
        return None

    def instrument(
        self, symbol: str, *, since: Moment | None = None
    ) -> Instrument | Unknown | None:
        """Never called: nothing happens here."""
        del symbol, since
        return self._unknown

    def other_kind(self, symbol: str) -> str:
        """Never called: nothing happens here."""
        return symbol

    def place(
        self, orders: Sequence[PlaceOrder], why_held: WhyHeld = never_held
    ) -> tuple[WriteOutcome, ...]:
        """Never called: nothing happens here."""
        del why_held
        return tuple(Unsure(_NOTHING) for _ in orders)

    def amend(
        self, orders: Sequence[AmendOrder], why_held: WhyHeld = never_held
    ) -> tuple[WriteOutcome, ...]:
        """Never called: nothing happens here."""
        del why_held
        return tuple(Unsure(_NOTHING) for _ in orders)

    def cancel(
        self, orders: Sequence[CancelOrder], why_held: WhyHeld = never_held
    ) -> tuple[WriteOutcome, ...]:
        """Never called: nothing happens here."""
        del why_held
        return tuple(Unsure(_NOTHING) for _ in orders)

    def price_range(self, symbol: str, since_ms: int) -> Unknown:
        """Never called: nothing happens here."""
        del symbol, since_ms
        return self._unknown

    def set_stop(self, command: StopCommand, why_held: WhyHeld = never_held) -> WriteOutcome:
        """Never called: nothing happens here."""
        del command, why_held
        return Unsure(_NOTHING)

    def look_up(self, symbol: str, *, order_link_id: str = "", order_id: str = "") -> LookUp:
        """Never called: nothing happens here."""
        del symbol, order_link_id, order_id
        return self._unknown

    def executions(self, symbol: str, since_ms: int) -> Unknown:
        """Never called: nothing happens here."""
        del symbol, since_ms
        return self._unknown

    @property
    def _unknown(self) -> Unknown:
        return Unknown(self.account, datetime.now(UTC), _NOTHING)


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    scene = Scene(accounts=len(scale.monitors), symbols=scale.symbols, ladders=True)
    least = scale.monitors[0]
    with TemporaryDirectory() as folder, served(scene) as exchange, ExitStack() as opened:
        sides: dict[str, Callable[[], Sample]] = {}
        for name, monitors in zip(scene.names, scale.monitors, strict=True):
            symbols = scene.listed[: min(monitors, scale.symbols)]
            names = (name, *(f"{name}-{n}" for n in range(1, monitors // len(symbols))))
            own = Path(folder) / name
            own.mkdir()
            populate(own, names, symbols)
            engine = opened.enter_context(_engine(own, names, symbols, exchange.url))
            places = [Place(name, symbol) for symbol in symbols]
            sides[str(monitors)] = _side(exchange, engine, places)
        taken = interleave(sides, scale.live, tick)
    kind = Kind(COST, "ms")
    return tuple(
        figure
        for monitors in scale.monitors[1:]
        for figure in figures(
            [
                {Kind(f"{COST}, {monitors} monitors", "ms"): one[kind]}
                for one in taken[str(monitors)]
            ],
            [{Kind(f"{COST}, {monitors} monitors", "ms"): one[kind]} for one in taken[str(least)]],
            f"the same beside {least} monitors",
            {Kind(f"{COST}, {monitors} monitors", "ms"): ratio_at_most("1.2")},
        )
    )


@contextmanager
def _engine(
    folder: Path, names: Sequence[str], symbols: Sequence[str], url: str
) -> Iterator[Engine]:
    """Opens a live reconciler; its first account is real, nothing happens on the others."""
    exchanges, feeds = unbound_exchange(), unbound_feed()

    def connect(account: Account) -> Port:
        return exchanges(account) if account.name == names[0] else QuietAccount(account, symbols)

    def listen(account: Account) -> Feed | None:
        return feeds(account) if account.name == names[0] else None

    with opened_engine(folder, owners_of(names, url), connect, listen) as opened:
        opened.start(STREAMS)
        opened.wait_for_sweeps(len(names))
        opened.wait_until_synced(1)
        yield opened


def _side(exchange: Exchange, opened: Engine, places: Sequence[Place]) -> Callable[[], Sample]:
    """Fills one entry after the other; counts the CPU of the process, which does nothing else."""

    def sample() -> Sample:
        chosen = [places[number % len(places)] for number in range(_FILLS)]
        cpu_ms = Decimal(0)
        for place in chosen:
            exchange.ask("enter", [place], GROWTH)
            time.sleep(_QUIET_S)
            gc.collect()
            before = opened.runs["stream"]
            with Stopwatch() as watch:
                exchange.ask("fill", [place])
                exchange.truths([place])
                opened.wait_for_runs(before + 1)
                time.sleep(_QUIET_S)
            cpu_ms += watch.cpu_ms
        return {Kind(COST, "ms"): cpu_ms / len(chosen)}

    return sample


def _ladder(symbol: str) -> Iterator[Order]:
    for level, (price, quantity) in enumerate(zip(PRICES, quantities(START), strict=True), start=1):
        order_id, link_id = resting_ids(symbol, level)
        yield Order(
            order_id,
            link_id,
            symbol,
            SIDE.opposite,
            OrderType.LIMIT,
            Decimal(price),
            quantity,
            Decimal(0),
            OrderStatus.OPEN,
            reduce_only=True,
        )


GROWTH_OF_COST = Measurement("growth", "A fill's run beside few monitors and beside many", _measure)
