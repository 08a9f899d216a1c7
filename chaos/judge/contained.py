"""P8: what goes wrong with one row, one contract or one rival stays in its bounds."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.instrument import ZERO
from trueup.domain.model.intent import Intent
from trueup.domain.model.record import MonitorRecord, RunOutcome
from trueup.domain.store import Step
from trueup.simulator import CancelType
from trueup.states.work.settings import RunSettings
from trueup.testing import ApiRequest

from ..ledger.book import Book
from ..ledger.effects import ChangedOrder, Effect
from ..ledger.ledger import Cause
from ..scene.scene import Scene
from .promise import Promise

_POSITION_MOVED = "the position was"
_NOT_LISTED = "listed"
_CONTEST = RunSettings().contest


class SweepsSee(Promise):
    """Once all faults are over, sweeps read each account, whatever rows and contracts it has.

    The last sweep of an account shows no position that was not there: what it calls a drift is a
    size that the position had when the sweep began, or later.
    """

    name = "P8 sweeps see"

    def at_rest(self, book: Book, at_ms: int) -> None:
        """Checks the last sweep of the monitor's account."""
        del at_ms
        sweep = self.ledger.sweeps.get(book.key.account)
        if sweep is None:
            return
        if sweep.unreadable:
            self.broken(book.key, f"the last sweep was blind: {sweep.unreadable}")
        drift = sweep.drifted.get(book.key, "")
        began_ms = self.ledger.swept_ms[book.key.account]
        true = self.ledger.since(book.sizes, began_ms) or [ZERO]
        shown = _shown_size(drift)
        if shown is not None and shown not in true:
            self.broken(book.key, f"the last sweep was wrong: {drift}")


def _shown_size(drift: str) -> Decimal | None:
    """The size that a drift says the position has now; None where it says something else.

    A position that is not listed is shown as closed.
    """
    last = drift.rsplit(maxsplit=1)[-1] if drift.startswith(_POSITION_MOVED) else ""
    return (ZERO if last == _NOT_LISTED else Decimal(last)) if last else None


class HaltedIsLeftAlone(Promise):
    """No write leaves for a contract that the engine was shown to take no orders, or to be gone.

    A run that was under way when that was shown to another one, and that was not shown it itself,
    had read the rules before: its writes leave, and the exchange refuses them.
    """

    name = "P8 a halted contract is left alone"

    def before_request(self, request: ApiRequest) -> None:
        """Checks a write that is about to leave."""
        if not request.is_write:
            return
        for symbol in sorted(
            {item["symbol"] for item in request.fields.get("request", (request.fields,))}
        ):
            takes_orders = self.ledger.takes_orders.get(symbol, True)
            if not takes_orders and not self._was_shown_to_another(symbol):
                self.broken(f"{request.uid} {symbol}", f"{request.path} left")

    def _was_shown_to_another(self, symbol: str) -> bool:
        """Whether the run that sends was under way when another one was shown it."""
        running = self.ledger.running
        shown_ms, to = self.ledger.halt_shown.get(symbol, (0, set()))
        if running is None or running in to:
            return False
        return self.ledger.began_ms.get(running, 0) <= shown_ms


class NoFight(Promise):
    """trueup keeps its pauses where somebody else keeps changing orders of its own.

    Each change that a record counts was made by somebody else. During a cool-down no write is
    announced, with two exceptions: the position has moved since the run began (though it may be as
    large again), or what the orders cover is above the position, and the writes only take that off.
    """

    name = "P8 no fight"

    def set_scene(self, scene: Scene) -> None:
        """Nothing has been changed yet."""
        del scene
        self._changes: dict[MonitorKey, int] = {}
        self._counted: dict[MonitorKey, int] = {}
        self._moved: set[str] = set()

    def on_effect(self, effect: Effect) -> None:
        """Counts the changes that somebody else makes, or a write that arrives too late."""
        for one in filter(_is_changed, effect.changed_orders):
            is_late = self.ledger.is_too_late(one.uid, effect.at_ms)
            if effect.cause is not Cause.WORLD and not is_late:
                continue
            claim = self.ledger.claim_on(one.uid, one.after)
            for key in self._may_adopt(one) if claim is None else (claim.key,):
                self._changes[key] = self._changes.get(key, 0) + 1

    def _may_adopt(self, one: ChangedOrder) -> Iterator[MonitorKey]:
        """The monitors that may come to own the order: reads lag, and show it as it was."""
        if one.after.order_id not in self.ledger.external:
            for book in self.ledger.books_of(one.uid, one.after.symbol):
                if (one.after.side.value, one.after.position_idx) == (book.closing, book.index):
                    yield book.key

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """Checks what a run counts, and what it is about to send."""
        del at_ms
        record = step.record
        key = record.key
        if record.contested_at not in (None, before.contested_at):
            counted = self._counted[key] = self._counted.get(key, 0) + 1
            made = self._changes.get(key, 0)
            if counted > made:
                self.broken(key, f"{counted} changes by others are counted, {made} were made")
        if not step.transitions:
            return
        has_moved = self._has_moved(step.transitions[-1].run_id, before, record)
        book = self.ledger.books[key]
        # A person's close, and the entries that the user has named, are no orders in contest.
        announced = [one for one in book.announced if one.operation.serves_a_level]
        now = max((one.created_at for one in announced), default=None)
        if now and not has_moved and _CONTEST.repair_at(record, now) > now:
            self._in_cool_down(record, announced)

    def _has_moved(self, run: str, before: MonitorRecord, record: MonitorRecord) -> bool:
        """Whether the position has moved since the run began, also before its process died."""
        if record.position_size != before.position_size:
            self._moved.add(run)
        return run in self._moved

    def _in_cool_down(self, record: MonitorRecord, announced: Sequence[Intent]) -> None:
        above = record.covered - record.position_size
        given_up = sum((one.covered - one.covers for one in announced), ZERO)
        shrink = all(one.covers < one.covered and one.price is None for one in announced)
        if not (shrink and given_up <= above):
            self.broken(
                record.key,
                f"{len(announced)} writes are announced in a cool-down, at {above} above the "
                "position",
            )


class SecondEngineIsNamed(Promise):
    """Once all faults are over, an alert names the orders of a second engine.

    That holds for a monitor whose last run ended well.
    """

    name = "P10 a second engine is named"

    def at_rest(self, book: Book, at_ms: int) -> None:
        """Looks for each order's id in the monitor's alerts."""
        del at_ms
        good = book.record.last_outcome in (RunOutcome.IN_SYNC, RunOutcome.SUCCESS)
        if not good:
            return
        texts = [alert.text for alert in self.ledger.alerts if alert.key == book.key]
        for order in self.ledger.open_orders(book.key.account, book.key.symbol):
            beside = (order.side.value, order.position_idx) == (book.closing, book.index)
            is_theirs = order.link_id in self.ledger.like_ours and order not in book.live
            if beside and is_theirs and not any(order.link_id in text for text in texts):
                self.broken(book.key, f"no alert names {order.link_id}, which rests beside ours")


def _is_changed(one: ChangedOrder) -> bool:
    """Whether an open order got another price or quantity, or was cancelled."""
    if one.before is None or not one.before.status.is_open:
        return False
    by_user = one.after.cancel_type is CancelType.BY_USER and not one.after.status.is_open
    values = (one.after.price, one.after.quantity) != (one.before.price, one.before.quantity)
    return by_user or values
