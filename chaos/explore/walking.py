"""A walk: one errand with its deviations, from the start until it has settled."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from trueup.domain.model.alert import Alert
from trueup.domain.model.journal import ExchangeCall
from trueup.engine.run.report import RunReport
from trueup.simulator import SimOrder

from ..histories.moves import Move
from ..histories.settle import settle
from ..judge.promise import Finding
from ..speed.memoize import memoized
from ..speed.unrecorded import unrecorded
from ..world.engine import Start
from ..world.history_log import HistoryLog
from .choices import Deviations, Point
from .equal_states import state_of
from .errands import KEY, REST_MS, Errand
from .stage import KeptSteps, Stage, start_reporting

_SETTLED = 99
_BYTES = 12


@dataclass(frozen=True, slots=True)
class Walk:
    """What became of a walk.

    Attributes:
        points: where the next deviation may be.
        states: the states behind the last deviation from which the walk goes on, in order.
        is_known: whether it ended early, in a state from which another walk goes on.
        transitions: how many steps of the machine were committed.
        reports: of the passes that came to their end.
        alerts: all that were written, in order; a pass of several runs may have several.
        findings: the promises that were broken.
        said: each deviation, in words, and when.
        began_ms: when the first step began.
        lines: the log, if one was kept.
        book: the orders and the position at the end, in words.
        trace: of every request and step of the machine, as a short hash.
    """

    points: tuple[Point, ...]
    states: tuple[str, ...]
    is_known: bool
    transitions: int
    reports: tuple[RunReport, ...]
    alerts: tuple[Alert, ...]
    findings: tuple[Finding, ...]
    said: tuple[tuple[int, str], ...]
    began_ms: int
    lines: tuple[str, ...]
    book: tuple[str, ...]
    trace: str


def walk(
    errand: Errand,
    deviations: Deviations,
    *,
    known: Collection[str] = (),
    start: Start = start_reporting,
    looks_ahead: bool = False,
    keep_log: bool = False,
) -> Walk:
    """Walks an errand with these deviations.

    Args:
        errand: the happy path.
        deviations: from it.
        known: the states in which the walk may end, because another goes on from there.
        start: starts the engine.
        looks_ahead: whether to find the points of further deviations.
        keep_log: whether to keep a log of what happens.
    """
    log = HistoryLog(is_open=keep_log)
    with memoized(), unrecorded():
        store = KeptSteps()
        stage = Stage(errand.scene, start, store, log, deviations, looks_ahead=looks_ahead)
        walker = _Walker(stage, store, known)
        walker.prepare(errand.before)
        walker.go(errand)
    stage.choices.check()
    return Walk(
        points=tuple(stage.choices.passed),
        states=tuple(walker.states),
        is_known=walker.is_known,
        transitions=sum(len(step.transitions) for step in store.steps),
        reports=tuple(stage.reports),
        alerts=tuple([step.alert for step in store.steps if step.alert is not None]),
        findings=tuple(stage.judge.findings),
        said=tuple(stage.choices.said),
        began_ms=walker.began_ms,
        lines=tuple(log.lines),
        book=tuple(_book(stage)),
        trace=_trace(stage, store) if looks_ahead else "",
    )


class _Walker:
    """A walk under way."""

    def __init__(self, stage: Stage, store: KeptSteps, known: Collection[str]) -> None:
        self._stage = stage
        self._store = store
        self._known = known
        self.states: list[str] = []
        self.is_known = False
        self.began_ms = 0

    def prepare(self, moves: Sequence[Move]) -> None:
        stage = self._stage
        for move in moves:
            self._do(move)
        stage.clock.advance(REST_MS)
        stage.reports.clear()
        self._store.steps.clear()
        self.began_ms = stage.now_ms()

    def go(self, errand: Errand) -> None:
        stage = self._stage
        stage.choices.is_on = True
        for number, step in enumerate(errand.steps):
            if number >= errand.deviates and not stage.choices.said:
                stage.choices.is_on = False
            deaths = stage.deaths
            self._run(number, step)
            while stage.deaths > deaths and not self.is_known:
                deaths = stage.deaths
                self._run(number, step)
            if self.is_known:
                return
        stage.choices.is_on = False
        self._meet(_SETTLED)
        if not self.is_known:
            settle(stage)
        stage.log_findings()

    def _run(self, number: int, step: Move) -> None:
        if not step.runs_engine:
            self._do(step)
            return
        self._meet(number)
        if not self.is_known:
            self._stage.at_rest()
            self._do(step)
            self._stage.clock.advance(REST_MS)

    def _do(self, move: Move) -> None:
        if move.runs_engine:
            move.do(self._stage)
            return
        with self._stage.external_changes():
            move.do(self._stage)

    def _meet(self, number: int) -> None:
        """The walk reaches a state; it may end here if the last deviation is behind it.

        From a state where no decision points count nobody goes on: the first walk that deviates
        and comes to it does.
        """
        choices = self._stage.choices
        if not choices.all_happened:
            return
        state = state_of(self._stage, number)
        self.is_known = state in self._known
        if choices.is_on or number == _SETTLED:
            self.states.append(state)


def _trace(stage: Stage, store: KeptSteps) -> str:
    """Walks of one trace were in the same state at each request: more deviations are the same."""
    asked = [(reply.at_ms, request.path) for request, reply in stage.simulator.request_log]
    steps = [transition.event for step in store.steps for transition in step.transitions]
    calls = [_shown(call) for step in store.steps for call in step.calls]
    return blake2b(repr((asked, steps, calls)).encode(), digest_size=_BYTES).hexdigest()


def _shown(call: ExchangeCall) -> tuple[object, ...]:
    """What a call tells the machine: of a read that failed, no more than that."""
    is_known = call.outcome != "unknown"
    why = (call.code, call.detail) if is_known else ()
    return call.operation, call.order_link_id, call.outcome, why


def _book(stage: Stage) -> list[str]:
    simulator, uid = stage.simulator, KEY.account
    lines = [
        f"{side} position {position.size}"
        for side in ("Buy", "Sell")
        if (position := simulator.position(uid, KEY.symbol, side)).size
    ]
    orders = sorted(
        simulator.orders(uid, KEY.symbol), key=lambda order: (order.price, order.number)
    )
    lines += [
        f"{order.side.value} {order.order_type.value} {order.quantity} {_where(order)}, filled "
        f"{order.filled}, {order.link_id or '(no link id)'}"
        for order in orders
    ]
    return lines or ["no position and no order"]


def _where(order: SimOrder) -> str:
    return f"once at {order.trigger_price}" if order.is_conditional else f"at {order.price}"
