"""The model of a canned exchange: one account on a simulator, whose answers are recorded.

An account of the canned exchange goes through the same states as the model, one step after the
other: an entry is placed, it fills, and a batch amend makes the ladder true. Each effect and each
reply of the model has a time of its own, by which it is found and replaced when it is replayed.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from trueup.simulator import Behaviour, Reply, Request, Simulator, VirtualClock
from trueup.simulator.api.auth import sign, stream_auth

from ..scene import START, Place, Scene, keys, quantities, resting_ids
from ..served import ENTRY_PRICE, list_contracts, open_position
from ..world import SIDE

UID = "9876543210"
"""Stands for the account's own UID in every reply."""
KEY = keys(UID)[0]
AMEND = "/v5/order/amend-batch"
TOPICS = ("order", "execution", "position")
_PAST_MS = 2 * 3600 * 1000
_APART_MS = 1000


def stamp(ms: int) -> bytes:
    """A time as it stands in replies and messages."""
    return str(ms).encode()


@dataclass(frozen=True, slots=True)
class Recorded:
    """A reply: its status line with all headers but its length, its body, and its time."""

    head: bytes
    body: bytes
    stamp: bytes

    def rendered(self, now: bytes, own: Iterable[tuple[bytes, bytes]]) -> bytes:
        """The reply as it is sent to an account.

        Args:
            now: the time.
            own: what stands in the model's reply, and what in the account's instead.
        """
        body = self.body.replace(self.stamp, now)
        for models, accounts in own:
            body = body.replace(models, accounts)
        return whole(self.head.replace(self.stamp, now), body)


def whole(head: bytes, body: bytes) -> bytes:
    """A reply as bytes."""
    return b"%bContent-Length: %d\r\n\r\n%b" % (head, len(body), body)


@dataclass(frozen=True, slots=True)
class Effect:
    """What the private stream says of something that happened, and when that was."""

    stamp: bytes
    messages: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class AmendReply:
    """The reply to a batch amend, in parts, so that a request's own orders can be filled in.

    Attributes:
        recorded: the reply, with a place for the items and one for the verdicts.
        items: what it says of each order, by order id.
        verdict: what it says of each request.
    """

    recorded: Recorded
    items: Mapping[str, bytes]
    verdict: bytes

    def rendered(self, now: bytes, order_ids: Sequence[str]) -> bytes:
        """The reply for these orders."""
        items = [self.items[order_id] for order_id in order_ids]
        reply = self.recorded
        body = reply.body % (b",".join(items), b",".join([self.verdict] * len(items)))
        return whole(reply.head.replace(reply.stamp, now), body.replace(reply.stamp, now))


@dataclass(frozen=True, slots=True)
class Step:
    """A position grows, and its ladder follows.

    Attributes:
        wanted: the quantity of each order afterwards, by order id.
        amend: the reply to the request that asks for these.
    """

    entered: Effect
    filled: Effect
    amended: Effect
    wanted: Mapping[str, Decimal]
    amend: AmendReply


class Model:
    """One account with the scene's symbols; positions of the first symbol grow."""

    def __init__(self, scene: Scene) -> None:
        self._clock = VirtualClock(time.time_ns() // 1_000_000 - _PAST_MS)
        self._sim = Simulator(
            clock=self._clock, behaviour=Behaviour(ip_limit=False), wall=self._clock.now_ms
        )
        self._symbol = scene.listed[0]
        self._size = START
        self._key, self._secret = keys(UID)
        self._sim.add_account(uid=UID, api_key=self._key, api_secret=self._secret)
        list_contracts(self._sim, scene.listed)
        for symbol in scene.listed:
            open_position(self._sim, Place(UID, symbol), ladder=True)
        self._sent: list[bytes] = []
        self._login()
        self._asked: dict[tuple[str, str], None] = {}
        self._replies: list[dict[tuple[str, str], Recorded]] = [{}]
        self.steps: list[Step] = []

    def reply(self, state: int, path: str, query: str) -> Recorded | None:
        """The reply to a read in a state; None if it is too late to record it.

        States count up from 0: the start, then the first entry, its fill, its amends, and so on.
        """
        asked = (path, query)
        if asked not in self._replies[state] and state == len(self._replies) - 1:
            self._asked[asked] = None
            self._replies[state][asked] = self._read(asked)
        return self._replies[state].get(asked)

    def grow(self, quantity: Decimal) -> None:
        """Records one more step."""
        entries: list[str] = []
        entered = self._effect(
            lambda: entries.append(
                self._sim.place_entry(UID, self._symbol, SIDE, quantity, ENTRY_PRICE)
            )
        )
        filled = self._effect(lambda: self._sim.fill(UID, entries[0]))
        self._size += quantity
        ids = [resting_ids(self._symbol, n)[0] for n in range(1, len(quantities(START)) + 1)]
        wanted = dict(zip(ids, quantities(self._size), strict=True))
        replies: list[Recorded] = []
        amended = self._effect(lambda: replies.append(self._amend(wanted)))
        self.steps.append(Step(entered, filled, amended, wanted, _in_parts(replies[0])))

    def _amend(self, wanted: dict[str, Decimal]) -> Recorded:
        items = [
            {"symbol": self._symbol, "orderId": order_id, "qty": str(size)}
            for order_id, size in wanted.items()
        ]
        body = json.dumps({"category": "linear", "request": items}).encode()
        return self._ask(Request("POST", AMEND, body=body))

    def _effect(self, act: Callable[[], object]) -> Effect:
        """Has something happen at a time of its own, and records all reads of the new state."""
        self._clock.advance(_APART_MS)
        self._sent.clear()
        act()
        effect = Effect(stamp(self._clock.now_ms()), tuple(self._sent))
        self._replies.append({asked: self._read(asked) for asked in self._asked})
        return effect

    def _read(self, asked: tuple[str, str]) -> Recorded:
        self._clock.advance(_APART_MS)
        return self._ask(Request("GET", *asked))

    def _ask(self, request: Request) -> Recorded:
        now = self._clock.now_ms()
        return _recorded(self._sim.handle(sign(request, self._key, self._secret, now)), now)

    def _login(self) -> None:
        session = self._sim.open_stream(self)
        login = stream_auth(self._key, self._secret, self._clock.now_ms() + _APART_MS)
        session.receive(json.dumps(login))
        session.receive(json.dumps({"op": "subscribe", "args": TOPICS}))

    # -- the outlet of the model's own stream -------------------------------------------------

    def send(self, message: object) -> None:
        """Records a message."""
        self._sent.append(_compact(message))

    def cut(self, code: int | None) -> None:
        """Never called: the model has no faults."""

    def freeze(self) -> None:
        """Never called: the model has no faults."""


def _recorded(reply: Reply, now: int) -> Recorded:
    headers = "".join(f"{name}: {text}\r\n" for name, text in reply.headers.items())
    return Recorded(f"HTTP/1.1 {reply.status} OK\r\n{headers}".encode(), reply.body, stamp(now))


def _in_parts(reply: Recorded) -> AmendReply:
    """Takes the reply apart.

    Raises:
        ValueError: the model's own amends were refused.
    """
    body = json.loads(reply.body)
    verdicts = body["retExtInfo"]["list"]
    if any(verdict["code"] for verdict in verdicts):
        raise ValueError(f"the model's amends were refused: {verdicts}")
    items = {item["orderId"]: _compact(item) for item in body["result"]["list"]}
    body["result"]["list"] = body["retExtInfo"]["list"] = ["%b"]
    frame = _compact(body).replace(b'"%b"', b"%b")
    return AmendReply(Recorded(reply.head, frame, reply.stamp), items, _compact(verdicts[0]))


def _compact(loose: object) -> bytes:
    return json.dumps(loose, separators=(",", ":")).encode()
