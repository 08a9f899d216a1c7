"""P4: what a write of ours uncovered is covered again, soon.

Cover moves from level to level by a shrink and a growth, and an order that had to go is replaced;
in between less is covered. That dip is measured on the true cover, whatever excused it: what was
taken off must be covered again within a minute (three times as late as the exchange may be) while
its run goes on, and when that run ends well (:mod:`.settled_cover`). Where it fails, is dropped, or
dies with its process, that must be so by the end of the next run of the monitor, however that ends.
The next run is one that

- ends when no earlier write may take effect unseen any more and leave no room for growth: as late
  after the cut as requests and reads may be, and 10 s for the run;
- was not hindered: its last read was complete, no order that it looked up was in no list, and every
  write of it was accepted, and every request for the stop, which goes first, was answered;
- did not break off with an exception that the history raised in it;
- ends while the contract takes orders, nobody has paused or halted the monitor (promise P14), and
  in no cool-down because somebody else keeps changing its orders (promise P8);
- could apply the ladder: a level that lacks its order may be on the losing side of the entry by
  then, where trueup places none and invents no price instead (promise P6). That counts while the
  last alert says so; the next run after that has to cover what was taken off. Nor does it place one
  at a price that the market had passed in one of the last moments (:mod:`.beyond_market`).

Once, a run that fails without a write, because it could not trust what it read (promise P5), may
leave it to the one after that.

What has filled since, what others took off the orders or the position or take the room of, and what
the contract's rules make impossible is no longer missed: a room that is smaller than what any order
may grow by, less than a step, is none. Where no new order is possible, that is what rests, and not
what the record still has as resting: orders may have closed or filled unseen. Time for which the
process stood still, or the database was away, does not count: nothing may be sent then.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from trueup.domain.model.errors import LadderError
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.instrument import ZERO
from trueup.domain.model.journal import ExchangeCall
from trueup.domain.model.record import MonitorRecord, OwnedStatus, RunOutcome, StateName
from trueup.domain.stopping.control import why_stopped
from trueup.domain.store import Step
from trueup.states.work.settings import RunSettings

from ...ledger.book import Book
from ...ledger.effects import Effect, Impact
from ...ledger.ledger import Cause
from ...scene.scene import Scene
from ..broken_runs import BREAKS
from ..final_state import wanted_of
from .beyond_market import Markets
from .no_naked_moment import NoNakedMoment
from .settled_cover import possible_cover

_LATENESSES = 3
_RUN_MS = 10_000
_MS = timedelta(milliseconds=1)
_NOT_FOUND = ("absent", "unknown")
_CONTEST = RunSettings().contest
_GOOD = (RunOutcome.IN_SYNC, RunOutcome.SUCCESS)


@dataclass(slots=True)
class _Dip:
    """What has to be covered again.

    Attributes:
        goal: the cover that was there, and open.
        run: the run that was under way then, and still is; empty if none is.
        began_ms: when a write of ours began it.
        stood_ms: for how long the process had stood still by then.
        was_left: whether a run without a write has left it to the next one.
    """

    goal: Decimal
    run: str
    began_ms: int
    stood_ms: int
    was_left: bool = False


class CoveredAgain(NoNakedMoment):
    """No dip outlasts the next run that can tell what became of the writes of its own."""

    name = "P4 covered again"

    def set_scene(self, scene: Scene) -> None:
        """No dip is open, and no run has been seen."""
        super().set_scene(scene)
        self._specs = {spec.symbol: spec for spec, _ in scene.instruments}
        self._late_ms = scene.lateness.total // _MS
        self._markets = Markets(self.ledger, scene)
        self._dips: dict[MonitorKey, _Dip] = {}
        self._under_way: dict[MonitorKey, str] = {}
        self._calls: dict[MonitorKey, list[ExchangeCall]] = {}

    def on_effect(self, effect: Effect) -> None:
        """Begins, lowers and ends the dips of the monitors that changed."""
        for impact in effect.impacts:
            self._lower(effect, impact)
            if effect.cause is not Cause.WORLD and impact.cut > 0:
                self._begin(effect, impact)
            self._end_if_covered(impact.book, effect.at_ms)

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """Holds a dip against the run that ends."""
        del before
        key, book = step.record.key, self.ledger.books[step.record.key]
        self._calls.setdefault(key, []).extend(step.calls)
        for transition in step.transitions:
            self._under_way[key] = transition.run_id
            if transition.target is StateName.IDLE or transition.event == "again":
                cools_down = _CONTEST.repair_at(step.record, transition.at) > transition.at
                waits = _was_hindered(self._calls.pop(key, [])) or cools_down or _broke(step)
                self._run_ends(book, step.record, transition.run_id, at_ms, waits=waits)
                del self._under_way[key]

    def on_drop(self) -> None:
        """The next run has to put right what this one left."""
        self._under_way.clear()
        self._calls.clear()
        for dip in self._dips.values():
            dip.run = ""

    def _begin(self, effect: Effect, impact: Impact) -> None:
        book = impact.book
        dip = ZERO if self.is_late(effect, impact) else self.below(impact, effect.at_ms)
        if not dip:
            return
        known = self._dips.get(book.key)
        if known is None:
            run = self._under_way.get(book.key, "")
            stood_ms = self.ledger.stood_by(effect.at_ms)
            self._dips[book.key] = _Dip(book.leaves + dip, run, effect.at_ms, stood_ms)
        else:
            known.goal = max(known.goal, book.leaves + dip)

    def _lower(self, effect: Effect, impact: Impact) -> None:
        """What fills, what others take, and what arrives late is no longer missed."""
        dip = self._dips.get(impact.book.key)
        if dip is None:
            return
        dip.goal -= impact.filled + impact.removed
        if impact.cut > 0 and self.is_late(effect, impact):
            dip.goal -= impact.cut

    def _end_if_covered(self, book: Book, at_ms: int) -> None:
        dip = self._dips.get(book.key)
        if dip is not None:
            dip.goal = min(dip.goal, book.size)
            if book.leaves >= dip.goal:
                self._end(book, dip, at_ms)

    def _end(self, book: Book, dip: _Dip, at_ms: int) -> None:
        del self._dips[book.key]
        lasted_ms = at_ms - dip.began_ms - (self.ledger.stood_ms - dip.stood_ms)
        if dip.run and lasted_ms > _LATENESSES * self._late_ms:
            self.broken(
                book.key, f"what a write of ours cut was covered again {lasted_ms} ms later"
            )

    def _run_ends(
        self, book: Book, record: MonitorRecord, run: str, at_ms: int, *, waits: bool
    ) -> None:
        dip = self._dips.get(book.key)
        if dip is None:
            return
        goal = min(dip.goal, *self.sizes(book, at_ms), self._possible(record, book))
        waits = waits or not self.ledger.takes_orders.get(book.key.symbol, True)
        waits = waits or bool(why_stopped(self.ledger.controls, book.key))
        alerts = [alert.text for alert in self.ledger.alerts if alert.key == book.key]
        waits = waits or is_refused(record, "".join(alerts[-1:]))
        waits = waits or self._is_withheld(record, book, at_ms)
        stood_ms = self.ledger.stood_ms - dip.stood_ms
        is_recent = at_ms - dip.began_ms - stood_ms <= self._late_ms + _RUN_MS
        if book.leaves >= goal or record.last_outcome in _GOOD:
            self._end(book, dip, at_ms)
        elif run == dip.run or waits or is_recent:
            dip.run = ""
        elif not dip.was_left and not any(i.run_id == run for i in book.intents.values()):
            dip.was_left = True
        else:
            del self._dips[book.key]
            self.broken(
                book.key,
                f"{book.leaves} is covered {at_ms - dip.began_ms} ms after a write of ours cut it, "
                f"and the next run has ended: {goal} was covered and open",
            )

    def _is_withheld(self, record: MonitorRecord, book: Book, at_ms: int) -> bool:
        """Whether the run placed no order for a level as the market had passed its price."""
        wanted = wanted_of(record, self.ledger, self._specs[book.key.symbol])
        targets = wanted.all if wanted else None
        at_ms = self.ledger.decided_ms(book.key, at_ms)
        return bool(self._markets.may_withhold(book, targets, at_ms))

    def _possible(self, record: MonitorRecord, book: Book) -> Decimal:
        """How much orders can cover now: by the rules, and beside what others' orders reduce."""
        spec = self._specs[book.key.symbol]
        possible = min(
            possible_cover(each, book.size, self.ledger, spec)
            for each in (record, as_it_rests(record, book))
        )
        if record.room_taken is None:
            return possible
        beside = (
            order.leaves
            for order in self.ledger.open_orders(book.key.account, book.key.symbol)
            if order.reduce_only
            and order not in book.live
            and (order.side.value, order.position_idx) == (book.closing, book.index)
        )
        room = max(book.size - sum(beside, ZERO), ZERO)
        step = self.ledger.rules.get(book.key.symbol, spec).step
        grown = min((step - order.leaves % step for order in book.live), default=step)
        return min(possible, book.leaves if book.leaves <= room < book.leaves + grown else room)


def as_it_rests(record: MonitorRecord, book: Book) -> MonitorRecord:
    """The record as the exchange has closed and filled its open orders, seen or unseen."""
    filled = {order.order_id: order.filled for order in book.live}
    orders = (
        replace(order, filled=filled[order.order_id])
        if order.order_id in filled
        else replace(order, status=OwnedStatus.CANCELLED)
        for order in record.orders
        if order.status is OwnedStatus.OPEN
    )
    others = (order for order in record.orders if order.status is not OwnedStatus.OPEN)
    return replace(record, orders=(*others, *orders))


def _broke(step: Step) -> bool:
    """Whether the run broke off; by itself none may (:mod:`..broken_runs`).

    The exhaustive search needs it: ``fewer levels``, paused before the cancel, and the code raises.
    """
    return any(transition.event == BREAKS for transition in step.transitions)


def is_refused(record: MonitorRecord, alerted: str) -> bool:
    """Whether a level without an order at its price would lose, and the last alert says so."""
    if record.ladder is None:
        return False
    live = (order for order in record.orders if order.status is OwnedStatus.OPEN)
    rest = {(order.level, order.asked_price) for order in live}
    lack = [
        level.number
        for level in record.ladder.levels
        if (level.number, level.price) not in rest and not record.is_done(level.number)
    ]
    try:
        record.ladder.check_side(record.key.side, record.entry_price, lack)
    except LadderError as error:
        return str(error) in alerted
    return False


def _was_hindered(calls: list[ExchangeCall]) -> bool:
    """Whether a run could not read everything, or not write what it decided."""
    reads = [call.outcome for call in calls if call.operation == "observe"]
    writes = (c.outcome for c in calls if c.operation in ("place", "amend", "cancel"))
    stops = (call.outcome for call in calls if call.operation == "set_stop")
    answers = (call.outcome for call in calls if call.operation == "look_up")
    return (
        reads[-1:] != ["complete"]
        or any(outcome != "accepted" for outcome in writes)
        or "unsure" in stops
        or any(outcome in _NOT_FOUND for outcome in answers)
    )
