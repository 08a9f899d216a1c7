"""The exchange of the crash tests: it looks at every write, and can kill the sender."""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from tests.stage import START_MS, UIDS, set_stop_by_hand
from trueup.simulator import (
    Behaviour,
    Fault,
    FaultKind,
    InstrumentSpec,
    Reply,
    Request,
    Simulator,
    VirtualClock,
)

SYMBOL = "BANDUSDT"
LATE_MS = 300
ARRIVED, LANDED = "arrived", "landed"
_STOP_PATH = "/v5/position/trading-stop"
_OF_STOPS = (_STOP_PATH, "/v5/order/create", "/v5/order/amend", "/v5/order/cancel")
"""TP orders leave in batches; a stop leaves alone, as an order too."""
_OF_ORDERS = {"create": "place", "amend": "amend", "cancel": "cancel"}
SET_STOP, CLOSE, CANCEL_ENTRY = "set_stop", "close", "cancel-entry"
OPERATIONS = (*_OF_ORDERS.values(), SET_STOP, CLOSE, CANCEL_ENTRY)
"""Every kind of write."""

Items = Sequence[Mapping[str, str]]
Hand = Callable[["Peer", Items], object]

_INTENTS = """
SELECT price, quantity, status FROM intent_log
WHERE operation = ? AND iif(? = '', order_link_id = ?, order_id = ?)
ORDER BY number DESC
"""
_NAMED_OF_STOPS = ("stopLoss", "trailingStop")
_STOPS = """
SELECT price, trailing, status, price, quantity, limit_price
FROM stop_log ORDER BY id DESC, part DESC
"""
_NAMED_OF_ORDERS = {"triggerPrice": 3, "qty": 4, "price": 5}


@dataclass(frozen=True, slots=True)
class Trap:
    """Kills the sender of a write.

    Attributes:
        operation: one of :data:`OPERATIONS`.
        when: ``arrived``: the request is in, and takes effect only after the sender's death,
            while its successor is at work; ``landed``: it took effect, no reply leaves.
        time: which such write, from 1.
        kill: kills the sender.
    """

    operation: str
    when: str
    time: int
    kill: Callable[[], None]


class Peer(Simulator):
    """A simulator with two accounts and one contract, as the stories have it.

    Attributes:
        database: where the sender's intents are looked for before its write takes effect.
        hands: by operation, what somebody does just before such a write takes effect.
        trap: where a sender is killed.
        seen: writes that arrived since :meth:`forget`, by operation.
        unannounced: writes that no durable intent stood for as they arrived.
        settled: writes whose intent was not open any more as they arrived.
    """

    def __init__(self, database: Path) -> None:
        super().__init__(
            clock=VirtualClock(start_ms=START_MS),
            behaviour=Behaviour(rate_limits=False, ip_limit=False, cursor_on_last_page=False),
        )
        self.database = database
        self.hands: dict[str, list[Hand]] = {}
        self.trap: Trap | None = None
        self.seen: dict[str, int] = {}
        self.items = 0
        self.unannounced: list[str] = []
        self.settled: list[str] = []
        for name, uid in UIDS.items():
            self.add_account(uid=uid, api_key=f"{name}-key", api_secret=f"{name}-secret")
        contract = InstrumentSpec(
            symbol=SYMBOL,
            tick="0.0001",
            step="0.1",
            min_quantity="0.1",
            max_quantity="100000",
            min_notional="5",
        )
        self.add_instrument(contract, price="0.7000")

    def before(self, operation: str, hand: Hand) -> None:
        """Lets somebody act just before the next such write takes effect."""
        self.hands.setdefault(operation, []).append(hand)

    def forget(self) -> None:
        """Counts the writes from nothing again."""
        self.seen = {}
        self.items = 0

    def set_stop_by_hand(self, price: str) -> None:
        """The mirror's owner sets the stop of the position; "0" removes it."""
        set_stop_by_hand(super().handle, "mirror", price)

    def handle(self, request: Request) -> Reply:
        """Answers a request; a write is looked at first."""
        operation = _operation(request)
        if not operation:
            return super().handle(request)
        body = json.loads(request.body)
        items: Items = body.get("request", [body])
        if operation == _OF_ORDERS["create"] and items[0].get("orderType") == "Market":
            operation = CLOSE
        if operation == _OF_ORDERS["cancel"] and self._is_entry(items[0]):
            operation = CANCEL_ENTRY
        self.seen[operation] = self.seen.get(operation, 0) + 1
        self.items += len(items)
        for item in items:
            self._look(operation, item)
        if waiting := self.hands.get(operation):
            waiting.pop(0)(self, items)
        return self._take(request, operation)

    def _is_entry(self, item: Mapping[str, str]) -> bool:
        """Whether the order of the item, open or closed, opens more of a position."""
        every = (
            one for uid in UIDS.values() for one in (*self.orders(uid), *self.closed_orders(uid))
        )
        found = [one for one in every if one.order_id == item.get("orderId")]
        return bool(found) and not found[0].reduce_only

    def _take(self, request: Request, operation: str) -> Reply:
        trap = self.trap
        if trap is None or (trap.operation, trap.time) != (operation, self.seen[operation]):
            return super().handle(request)
        self.trap = None
        if trap.when == LANDED:
            reply = super().handle(request)
            trap.kill()
            return reply
        trap.kill()
        self.schedule(Fault(kind=FaultKind.LATE_EFFECT, path=request.path, delay_ms=LATE_MS))
        return super().handle(request)

    def _look(self, operation: str, item: Mapping[str, str]) -> None:
        """Looks for the intent of a write, in the sender's database, as the write arrives."""
        if operation == SET_STOP:
            found = self._stop_intents(item)
        else:
            found = self._intents(operation, item)
        if not found:
            self.unannounced.append(f"{operation} {dict(item)}")
        elif found[0] not in ("planned", "sent", "unknown"):
            self.settled.append(f"{operation} {dict(item)}: {found[0]}")

    def _intents(self, operation: str, item: Mapping[str, str]) -> list[str]:
        """The statuses of the write's intents, newest first."""
        order_id, link_id = item.get("orderId", ""), item.get("orderLinkId", "")
        sent = tuple(Decimal(item[name]) if name in item else None for name in ("price", "qty"))
        asked = (operation, order_id, link_id, order_id)
        rows = self._rows(_INTENTS, asked)
        return [row[2] for row in rows if tuple(map(_number, row[:2])) == sent]

    def _stop_intents(self, item: Mapping[str, str]) -> list[str]:
        """The statuses of the intents of a request that sets a stop, newest first."""
        named = [(n, item[name]) for n, name in enumerate(_NAMED_OF_STOPS) if name in item]
        named += [(n, item[name]) for name, n in _NAMED_OF_ORDERS.items() if name in item]
        rows = self._rows(_STOPS, ())
        return [row[2] for row in rows if all(_number(row[n]) == _number(v) for n, v in named)]

    def _rows(self, statement: str, values: tuple[str, ...]) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute(statement, values).fetchall()


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _operation(request: Request) -> str:
    """Which write it is; empty for all else."""
    if request.method == "POST" and request.path in _OF_STOPS:
        return SET_STOP
    if request.method != "POST" or not request.path.startswith("/v5/order/"):
        return ""
    return _OF_ORDERS.get(request.path.removeprefix("/v5/order/").partition("-")[0], "")
