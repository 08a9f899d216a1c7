"""The judge: sees the exchange, the wire, the commits and the alerts, and asks every promise."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from trueup.domain.model.alert import Alert
from trueup.domain.model.feed import Lost, Opened, OrderEvent, StreamEvent
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.instrument import ZERO
from trueup.domain.model.observation import Observation
from trueup.domain.model.record import MonitorRecord
from trueup.domain.ports import Step
from trueup.simulator import Change, FaultKind, StreamFault, VirtualClock
from trueup.testing import ApiRequest, ApiResponse

from ..checker.effects import look_at, take_down
from ..checker.ledger import Book, Claim, Dated, Hand, Ledger, RunLog
from ..checker.stream_coverage import list_of
from ..exchange.scene import Scene
from ..promises.alerts import NoAlertLies, NoAlertLost
from ..promises.cover import NoNakedMoment, NotAbove
from ..promises.hands_off import HandsOff
from ..promises.never_twice import NeverTwice
from ..promises.on_record import IntentFirst, NeverSilent
from ..promises.promise import Finding, Promise
from ..promises.reads import UnknownIsNotEmpty
from ..promises.rest import NeverLost, WholeCover
from ..promises.settling import WholeWhenSettled
from ..promises.wakes import NoWakeLost

PROMISES: tuple[type[Promise], ...] = (
    NeverTwice,
    NoNakedMoment,
    NotAbove,
    WholeWhenSettled,
    UnknownIsNotEmpty,
    HandsOff,
    IntentFirst,
    NeverSilent,
    NoAlertLost,
    NoAlertLies,
    NoWakeLost,
    NeverLost,
    WholeCover,
)

_SHOWING = {
    "/v5/order/realtime": "qty",
    "/v5/order/history": "qty",
    "/v5/execution/list": "orderQty",
}
"""Which replies show orders, and the field with their quantity."""


class Judge:
    """Holds one history to the promises.

    Args:
        scene: what there is.
        clock: the exchange's.
        promises: which of them to hold it to.
    """

    def __init__(
        self, scene: Scene, clock: VirtualClock, promises: Sequence[type[Promise]] = PROMISES
    ) -> None:
        self.ledger = Ledger()
        self.findings: list[Finding] = []
        self._taken: dict[int, Sequence[Mapping[str, Any]]] = {}
        self._clock = clock
        self._effect_delay_ms = scene.behaviour.effect_delay_ms
        self._lag_ms = scene.behaviour.visible_delay_ms
        self._promises = [kind(self.ledger, self._found) for kind in promises]
        for promise in self._promises:
            promise.take_scene(scene)
        self._on_effect = _minding(self._promises, "on_effect")
        self._before_request = _minding(self._promises, "before_request")
        self._on_reply = _minding(self._promises, "on_reply")
        self._on_commit = _minding(self._promises, "on_commit")
        self._on_view = _minding(self._promises, "on_view")

    def now_ms(self) -> int:
        """The time, epoch milliseconds."""
        return self._clock.now_ms()

    def watched(self, record: MonitorRecord, index: int) -> None:
        """A monitor was put under watch, or given another ladder."""
        key = record.key
        book = self.ledger.books.get(key)
        if book is None:
            book = Book(key, key.side.opposite.value, index, record)
            self.ledger.books[key] = book
        book.record = record
        book.given = record.ladder if record.ladder_source == "given" else None

    def woken(self, key: MonitorKey) -> None:
        """A monitor was woken."""
        self.ledger.books[key].wakes.append(self.now_ms())

    def changed(self, changes: tuple[Change, ...]) -> None:
        """The exchange's books changed."""
        effect = take_down(self.ledger, changes)
        for mind in self._on_effect:
            mind(effect)

    def leaves(self, asked: ApiRequest) -> None:
        """A request of ours is about to leave."""
        for mind in self._before_request:
            mind(asked)
        if asked.path == "/v5/order/create-batch":
            self.ledger.sent |= {(asked.uid, i["orderLinkId"]) for i in asked.fields["request"]}

    def arrives(self, asked: ApiRequest) -> None:
        """It is at the exchange."""
        self.ledger.hand = Hand.REQUEST
        self.ledger.asked = asked.fields.get("request", ())

    def told(self, asked: ApiRequest, told: ApiResponse, *, received: bool) -> None:
        """It was answered."""
        self.ledger.hand = Hand.CLOCK
        self._take_fault(asked, told)
        if asked.path == "/v5/position/list":
            self._take_positions(asked, told, received=received)
        elif asked.path == "/v5/order/amend-batch":
            self._take_amends(asked, told)
        elif asked.path in _SHOWING and received and not told.answer.code:
            self._take_rows(told.answer.result["list"], _SHOWING[asked.path])
        if list_of(asked) == "orders" and not asked.fields.get("cursor"):
            self._take_listing(asked, told)
        self.ledger.earshot.read(asked, told, received=received)
        for mind in self._on_reply:
            mind(asked, told, received=received)

    def stream_fault(self, uid: str, fault: StreamFault) -> None:
        """A message of a stream, or all of it, met a fault."""
        self.ledger.earshot.spoilt(uid, fault, self.now_ms())

    def received(self, uid: str, news: StreamEvent) -> None:
        """News came to the engine."""
        if isinstance(news, Opened):
            self.ledger.earshot.opened(uid, self.now_ms(), self._lag_ms)
        elif isinstance(news, Lost):
            self.ledger.earshot.lost(uid)
        elif isinstance(news, OrderEvent):
            self.ledger.shown.setdefault(news.order.order_id, set()).add(news.order.quantity)

    def viewed(self, seen: Observation, symbols: Sequence[str]) -> None:
        """The engine looked at a view of the account, which counts like a read made now."""
        now, uid = self.now_ms(), seen.account
        missed_ms = self.ledger.earshot.missed_since(uid)
        if missed_ms is not None:
            self.ledger.stale.setdefault(uid, []).append((now, missed_ms))
        for symbol in symbols:
            for book in self.ledger.books_of(uid, symbol):
                book.asked_ms = now
                book.listed.append(now)
                book.viewed.add(now)
                book.shown.append(Dated(now, seen.position(symbol, book.key.side).size))
            for mind in self._on_view:
                mind(uid, symbol)
        for order in seen.orders:
            self.ledger.shown.setdefault(order.order_id, set()).add(order.quantity)

    def committed(self, step: Step, written: MonitorRecord) -> None:
        """A step became durable."""
        key, ledger = step.record.key, self.ledger
        book, now = ledger.books[key], self.now_ms()
        before, book.record = book.record, written
        for run_id in sorted({transition.run_id for transition in step.transitions}):
            ledger.runs.setdefault(run_id, RunLog(key, now))
        for order in written.orders:
            claim = Claim(key, order.level, order.part)
            ledger.claims[key.account, order.order_link_id] = claim
            if order.order_id:
                ledger.claims[key.account, order.order_id] = claim
                ledger.take_known(order.order_id, order.filled, now)
        book.intents |= {intent.id: intent for intent in step.intents}
        if step.targets is not None:
            book.targets = step.targets
        if step.alert is not None:
            ledger.alerts.append(step.alert)
            ledger.runs[step.alert.run_id].alerts.append(step.alert)
        look_at(ledger, book)
        for mind in self._on_commit:
            mind(step, before, now)

    def delivered(self, alert: Alert) -> None:
        """A sink took an alert."""
        self.ledger.delivered.append(alert)
        for promise in self._promises:
            promise.on_delivery(alert)

    def at_rest(self) -> None:
        """Nothing moves any more."""
        now = self.now_ms()
        for key in sorted(self.ledger.books):
            for promise in self._promises:
                promise.at_rest(self.ledger.books[key], now)

    def find(self, promise: str, monitor: MonitorKey | str, text: str) -> None:
        """Takes a finding of the world's own."""
        self._found(promise, monitor, text)

    def _found(self, promise: str, monitor: MonitorKey | str, text: str) -> None:
        finding = Finding(promise, self.now_ms(), str(monitor), text)
        known = {replace(one, at_ms=0) for one in self.findings}
        if replace(finding, at_ms=0) not in known:
            self.findings.append(finding)

    def _take_fault(self, asked: ApiRequest, told: ApiResponse) -> None:
        fault = told.fault
        if fault is None:
            return
        if fault.kind is FaultKind.LATE_EFFECT and asked.is_write:
            until = told.at_ms + fault.delay_ms + self._effect_delay_ms
            known = self.ledger.late_until.get(asked.uid, 0)
            self.ledger.late_until[asked.uid] = max(known, until)
        elif fault.kind is FaultKind.STALE_READ:
            self.ledger.stale.setdefault(asked.uid, []).append((told.at_ms, told.as_of_ms))
            self.ledger.misread_ms[asked.uid] = told.at_ms
            self.ledger.earshot.misled(asked.uid, told.at_ms, told.as_of_ms)

    def _take_positions(self, asked: ApiRequest, told: ApiResponse, *, received: bool) -> None:
        for book in self.ledger.books_of(asked.uid, str(asked.fields.get("symbol"))):
            book.asked_ms = told.at_ms
            if not received or told.answer.code:
                continue
            size = ZERO
            for row in told.answer.result["list"]:
                if row["side"] == book.key.side.value and row["positionIdx"] == book.index:
                    size = Decimal(row["size"])
            book.shown.append(Dated(told.at_ms, size))

    def _take_listing(self, asked: ApiRequest, told: ApiResponse) -> None:
        """Takes down that the orders of a symbol, or of all of them, are being read."""
        symbol = asked.fields.get("symbol")
        for book in self.ledger.books.values():
            if book.key.account == asked.uid and symbol in (None, book.key.symbol):
                book.listed.append(told.at_ms)

    def _take_rows(self, rows: Sequence[Mapping[str, Any]], quantity: str) -> None:
        """Takes down with which quantities orders were shown; the same rows need it once."""
        if self._taken.get(id(rows)) is rows:
            return
        self._taken[id(rows)] = rows
        for row in rows:
            self.ledger.shown.setdefault(row["orderId"], set()).add(Decimal(row[quantity]))

    def _take_amends(self, asked: ApiRequest, told: ApiResponse) -> None:
        """Takes down which orders the exchange would not amend, or said so."""
        items = asked.fields["request"]
        verdicts = [one["code"] for one in told.answer.extra.get("list", [])] or [1] * len(items)
        all_refused = told.fault is not None and told.fault.kind is FaultKind.RET_CODE
        for item, verdict in zip(items, verdicts, strict=False):
            if verdict or all_refused:
                for book in self.ledger.books_of(asked.uid, item["symbol"]):
                    book.unamendable.add(item.get("orderId", ""))


def _minding(promises: Sequence[Promise], event: str) -> tuple[Callable[..., None], ...]:
    """What is asked of an event: those promises that it concerns."""
    return tuple(
        getattr(promise, event)
        for promise in promises
        if getattr(type(promise), event) is not getattr(Promise, event)
    )
