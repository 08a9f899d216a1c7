"""What the control paths and the page show of the simulator: `GET /control/<name>`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from typing import Any

from ..api import rows
from ..base.arguments import arguments
from ..base.decimals import plain
from ..base.faults import Fault
from ..base.stream_faults import StreamFault
from ..base.transport import Answered, RequestRecord
from ..core.exchange import Simulator

_SHOWN_CHARACTERS = 4_000
"""How much of a reply's body is shown: a list of contracts has megabytes."""


class Queries:
    """The queries by name. Their answers are JSON, and hold no secret of any API key."""

    def __init__(self, sim: Simulator) -> None:
        self._sim = sim
        self._queries: Mapping[str, Callable[..., Any]] = {
            "requests": self._requests,
            "answered": self._answered,
            "streams": self._streams,
            "faults": self._faults,
            "state": self._state,
            "overview": self._overview,
        }

    @property
    def names(self) -> tuple[str, ...]:
        """What can be asked for."""
        return tuple(self._queries)

    def get(self, name: str, given: Mapping[str, str]) -> object:
        """What a query shows.

        Raises:
            KeyError: there is no such query.
            TypeError: it has no such argument.
            ValueError: an argument does not have such a value.
        """
        query = self._queries[name]
        return query(**arguments(query, given))

    def _requests(self) -> list[dict[str, Any]]:
        return [_record(record) for record in self._sim.requests]

    def _answered(self, after: int = 0) -> list[dict[str, Any]]:
        """The last requests with their replies, of those that came after a number."""
        return [_replied(each) for each in self._sim.answered if each.record.seq > after]

    def _streams(self) -> list[dict[str, Any]]:
        return [asdict(stream) for stream in self._sim.streams]

    def _faults(self) -> list[dict[str, Any]]:
        return [{**_described(fault), "left": left} for fault, left in self._sim.faults]

    def _overview(self, after: int = 0) -> dict[str, Any]:
        """All that the page shows, with the requests that it does not have yet."""
        answered = self._sim.answered
        return {
            "last_seq": answered[-1].record.seq if answered else 0,
            "answered": [_replied(each) for each in answered if each.record.seq > after],
            "streams": self._streams(),
            "faults": self._faults(),
            "state": self._state(),
        }

    def _state(self) -> dict[str, Any]:
        sim = self._sim
        return {
            "now_ms": sim.clock.now_ms(),
            "prices": {symbol: plain(sim.price(symbol)) for symbol in sim.symbols},
            "mark_prices": {symbol: plain(sim.mark_price(symbol)) for symbol in sim.symbols},
            "index_prices": {symbol: plain(sim.index_price(symbol)) for symbol in sim.symbols},
            "accounts": {uid: self._account(uid) for uid in sim.accounts},
        }

    def _account(self, uid: str) -> dict[str, Any]:
        sim = self._sim
        return {
            "positions": [
                rows.position_row(
                    position,
                    sim.mark_price(position.symbol),
                    sim.orders(uid),
                    sim.leverage(uid, position.symbol, position.held_side),
                )
                for position in sim.positions(uid)
            ],
            "wallet": {coin: rows.short(amount) for coin, amount in sim.wallet(uid).items()},
            "balance": sim.balance(uid),
            "orders": [
                rows.written(order, sim.instrument(order.symbol).settle_coin, sim.behaviour.dialect)
                for order in sim.orders(uid)
            ],
        }


def _record(record: RequestRecord) -> dict[str, Any]:
    loose = asdict(record)
    loose["fault"] = None if record.fault is None else record.fault.value
    loose["params"] = json.loads(json.dumps(record.params, default=str))
    return loose


def _replied(answered: Answered) -> dict[str, Any]:
    reply = answered.reply
    body = reply.body.decode("utf-8", "replace")
    shown = {
        "status": reply.status,
        "delivery": reply.delivery.value,
        "delay_ms": reply.delay_ms,
        "body": body[:_SHOWN_CHARACTERS],
        "cut": max(len(body) - _SHOWN_CHARACTERS, 0),
    }
    return {**_record(answered.record), "reply": shown}


def _described(fault: Fault | StreamFault) -> dict[str, Any]:
    """The kind of a fault, and the fields that say more than their defaults."""
    values = {each.name: getattr(fault, each.name) for each in fields(fault)}
    return {
        each.name: values[each.name] for each in fields(fault) if values[each.name] != each.default
    }
