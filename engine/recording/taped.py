"""The ports of a run on a tape."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import TypeVar

from ...domain.happenings.divergence import MainStands
from ...domain.model.alert import Alert
from ...domain.model.commands import AmendOrder, CancelOrder, PlaceOrder
from ...domain.model.identity import PositionMode
from ...domain.model.instrument import Instrument
from ...domain.model.intent import Intent
from ...domain.model.ladder import Ladder
from ...domain.model.observation import OpenPositions, Reading, Unknown
from ...domain.model.order import Execution
from ...domain.model.outcomes import LookUp, WriteOutcome
from ...domain.model.protection import StopCommand, StopIntent
from ...domain.model.record import MonitorRecord
from ...domain.ports import Exchange, Moment, Randomness, WhyHeld, never_held
from ...domain.recording.codec import Form
from ...domain.store import RunStore, Step
from ...domain.tracking.older_reads import SeqShown
from ...domain.venue.exchange_facts import Lateness, LinkIdForm
from ...domain.venue.price_range import PriceRange
from ...states.ports import Ports
from .tape import Tape

_T = TypeVar("_T")

TEXT = Form[str](str)
INTENTS = Form[tuple[Intent, ...]](tuple[Intent, ...])
YES_NO = Form[bool](bool)
NUMBER = Form[int](int)
FRACTION = Form[Fraction](Fraction)
LADDER = Form[Ladder | None](Ladder | None)
STANDS = Form[MainStands | None](MainStands | None)
ALERT = Form[Alert | None](Alert | None)
SEQ = Form[SeqShown | None](SeqShown | None)
TRADES = Form[tuple[Execution, ...]](tuple[Execution, ...])
READING = Form[tuple[Reading, int]](tuple[Reading, int])
RULES = Form[tuple[Instrument | Unknown | None, int]](tuple[Instrument | Unknown | None, int])
OUTCOMES = Form[tuple[tuple[WriteOutcome, ...], int]](tuple[tuple[WriteOutcome, ...], int])
OUTCOME = Form[tuple[WriteOutcome, int]](tuple[WriteOutcome, int])
LOOK_UP = Form[tuple[LookUp, int]](tuple[LookUp, int])
EXECUTIONS = Form[tuple[tuple[Execution, ...] | Unknown, int]](
    tuple[tuple[Execution, ...] | Unknown, int]
)
PRICES = Form[tuple[PriceRange | Unknown, int]](tuple[PriceRange | Unknown, int])
SAID = Form[tuple[str, int]](tuple[str, int])
"""What an exchange answers, with the number of requests that it sent for it."""


def taped(ports: Ports, tape: Tape) -> Ports:
    """These ports, on a tape."""
    return replace(
        ports,
        exchange=TapedExchange(ports.exchange, tape),
        clock=tape,
        randomness=TapedRandomness(ports.randomness, tape),
        main_ladder=lambda key, main: tape.learn(
            "main_ladder", LADDER, lambda: ports.main_ladder(key, main)
        ),
        why_no_main_ladder=lambda key, main: tape.learn(
            "why_no_main_ladder", TEXT, lambda: ports.why_no_main_ladder(key, main)
        ),
        main_stands=lambda key, main: tape.learn(
            "main_stands", STANDS, lambda: ports.main_stands(key, main)
        ),
        wakes=lambda monitor: tape.learn("wakes", NUMBER, lambda: ports.wakes(monitor)),
        last_alert=lambda monitor: tape.learn(
            "last_alert", ALERT, lambda: ports.last_alert(monitor)
        ),
        barred=lambda: tape.learn("barred", TEXT, ports.barred),
        stopped=lambda: tape.learn("stopped", TEXT, ports.stopped),
        is_stopped=lambda: tape.learn("is_stopped", YES_NO, ports.is_stopped),
        pause=lambda reason: tape.effect("pause", lambda: ports.pause(reason)),
        reach=lambda point: tape.effect("reach", lambda: ports.reach(point)),
        waited=tape.waited,
    )


class TapedRandomness:
    """Randomness on a tape.

    Args:
        live: whose numbers it has.
        tape: the tape.
    """

    def __init__(self, live: Randomness, tape: Tape) -> None:
        self._live = live
        self._tape = tape

    def run_id(self) -> str:
        """A new run's id."""
        return self._tape.learn("run_id", TEXT, self._live.run_id)

    def digits(self) -> int:
        """A number for an order link id."""
        return self._tape.learn("digits", NUMBER, self._live.digits)

    def jitter(self) -> Fraction:
        """A fraction from 0 up to 1."""
        return self._tape.learn("jitter", FRACTION, self._live.jitter)


class TapedStore:
    """What a run needs of the store, on a tape.

    Args:
        live: the store.
        tape: the tape.
    """

    def __init__(self, live: RunStore, tape: Tape) -> None:
        self._live = live
        self._tape = tape

    def open_intents(self, monitor_id: int) -> tuple[Intent, ...]:
        """See the port."""
        return self._tape.learn(
            "open_intents", INTENTS, lambda: self._live.open_intents(monitor_id)
        )

    def run_intents(self, run_id: str) -> tuple[Intent, ...]:
        """See the port."""
        return self._tape.learn("run_intents", INTENTS, lambda: self._live.run_intents(run_id))

    def wakes(self, monitor_id: int) -> int:
        """See the port."""
        return self._tape.learn("wakes", NUMBER, lambda: self._live.wakes(monitor_id))

    def commit(self, step: Step) -> MonitorRecord:
        """See the port."""
        call = lambda kept: self._live.commit(kept)  # noqa: E731, PLW0108 - a replay has no live one
        return self._tape.commit(step, call)

    def waits(self, monitor_id: int, until: datetime, why: str) -> None:
        """See the port."""
        self._tape.effect("waits", lambda: self._live.waits(monitor_id, until, why))


class TapedExchange:
    """An exchange on a tape; it counts the requests of its run alone.

    Args:
        live: whose answers it has.
        tape: the tape.
    """

    def __init__(self, live: Exchange, tape: Tape) -> None:
        self._live = live
        self._tape = tape
        self._sent = 0

    @property
    def account(self) -> str:
        """The account's name."""
        return self._live.account

    @property
    def position_mode(self) -> PositionMode:
        """The account's position mode."""
        return self._live.position_mode

    @property
    def lateness(self) -> Lateness:
        """See the port."""
        return self._live.lateness

    @property
    def link_ids(self) -> LinkIdForm:
        """See the port."""
        return self._live.link_ids

    @property
    def requests(self) -> int:
        """How many requests the run has sent."""
        return self._sent

    def observe(self, symbols: Sequence[str]) -> Reading:
        """See the port."""
        return self._ask("observe", READING, lambda: self._live.observe(symbols))

    def invalidate(self, symbol: str, reason: str) -> None:
        """See the port."""
        self._tape.effect("invalidate", lambda: self._live.invalidate(symbol, reason))

    def note(self, symbol: str, write: Intent | StopIntent) -> None:
        """See the port."""
        self._tape.effect("note", lambda: self._live.note(symbol, write))

    def outdated(self, symbol: str, changes: int | None, read: int = 0) -> str:
        """See the port."""
        return self._ask("outdated", SAID, lambda: self._live.outdated(symbol, changes, read))

    def seq_shown(self, symbol: str, index: int) -> SeqShown | None:
        """See the port."""
        return self._tape.learn("seq_shown", SEQ, lambda: self._live.seq_shown(symbol, index))

    def instrument(
        self, symbol: str, *, since: Moment | None = None
    ) -> Instrument | Unknown | None:
        """See the port."""
        return self._ask("instrument", RULES, lambda: self._live.instrument(symbol, since=since))

    def other_kind(self, symbol: str) -> str:
        """See the port."""
        return self._ask("other_kind", SAID, lambda: self._live.other_kind(symbol))

    def place(
        self, orders: Sequence[PlaceOrder], why_held: WhyHeld = never_held
    ) -> tuple[WriteOutcome, ...]:
        """See the port."""
        return self._ask("place", OUTCOMES, lambda: self._live.place(orders, why_held))

    def amend(
        self, orders: Sequence[AmendOrder], why_held: WhyHeld = never_held
    ) -> tuple[WriteOutcome, ...]:
        """See the port."""
        return self._ask("amend", OUTCOMES, lambda: self._live.amend(orders, why_held))

    def cancel(
        self, orders: Sequence[CancelOrder], why_held: WhyHeld = never_held
    ) -> tuple[WriteOutcome, ...]:
        """See the port."""
        return self._ask("cancel", OUTCOMES, lambda: self._live.cancel(orders, why_held))

    def set_stop(self, command: StopCommand, why_held: WhyHeld = never_held) -> WriteOutcome:
        """See the port."""
        return self._ask("set_stop", OUTCOME, lambda: self._live.set_stop(command, why_held))

    def look_up(self, symbol: str, *, order_link_id: str = "", order_id: str = "") -> LookUp:
        """See the port."""
        return self._ask(
            "look_up",
            LOOK_UP,
            lambda: self._live.look_up(symbol, order_link_id=order_link_id, order_id=order_id),
        )

    def executions(self, symbol: str, since_ms: int) -> tuple[Execution, ...] | Unknown:
        """See the port."""
        return self._ask("executions", EXECUTIONS, lambda: self._live.executions(symbol, since_ms))

    def trades(self, symbol: str, order_ids: Collection[str]) -> tuple[Execution, ...]:
        """See the port."""
        return self._tape.learn("trades", TRADES, lambda: self._live.trades(symbol, order_ids))

    def price_range(self, symbol: str, since_ms: int) -> PriceRange | Unknown:
        """See the port."""
        return self._ask("price_range", PRICES, lambda: self._live.price_range(symbol, since_ms))

    def survey(self, symbols: Sequence[str] | None = None) -> Reading:
        """See the port; no run asks for it."""
        return self._live.survey(symbols)

    def open_positions(self, symbols: Sequence[str] | None = None) -> OpenPositions | Unknown:
        """See the port; no run asks for it."""
        return self._live.open_positions(symbols)

    def _ask(self, name: str, form: Form[tuple[_T, int]], call: Callable[[], _T]) -> _T:
        def counted() -> tuple[_T, int]:
            before = self._live.requests
            value = call()
            return value, self._live.requests - before

        value, sent = self._tape.learn(name, form, counted)
        self._sent += sent
        return value
