"""The stories whose processes are killed: what is set up before, and who acts meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.crash.peer import SYMBOL, Items, Peer
from tests.stage import BAND_LADDER, UIDS
from trueup import Ladder, MonitorRecord, Reconciler
from trueup.domain.model.stop import Stop
from trueup.simulator import Fault, FaultKind, SimOrder

MAIN, MIRROR = UIDS["main"], UIDS["mirror"]
SHORTER = Ladder.of(("0.6528", 85), ("0.6400", 5), ("0.6200", 10))
MOVED = Ladder.of(("0.6500", 70), ("0.6300", 20), ("0.6100", 10))

Prepare = Callable[[Peer, Reconciler], None]


def nothing(_peer: Peer) -> None:
    """Lets the exchange be."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """One story.

    Attributes:
        name: the column's.
        prepare: sets the exchange and the record up; runs before any process is killed.
        between: what happens once the first process is gone.
        replace: ``RunSettings.replace``.
        loosens: whether the user has asked for a looser stop.
        races: whether a person sets the stop as well: of theirs and a request that is still under
            way, the one that arrives last counts.
    """

    name: str
    prepare: Prepare
    between: Callable[[Peer], None] = nothing
    replace: str = "amend"
    loosens: bool = False
    races: bool = False


def watch(
    peer: Peer,
    engine: Reconciler,
    ladder: Ladder | None = BAND_LADDER,
    stop: Stop | None = None,
) -> MonitorRecord:
    """A mirror short of 307.3 under watch, beside an entry and a stop-loss of somebody's."""
    peer.open_position(MIRROR, SYMBOL, "Sell", "307.3", "0.6800")
    peer.place_entry(MIRROR, SYMBOL, "Sell", "100", "0.7500", "by-hand-1")
    peer.place_order(
        MIRROR,
        symbol=SYMBOL,
        side="Buy",
        orderType="Market",
        qty="307.3",
        reduceOnly=True,
        triggerPrice="0.75",
        triggerDirection=1,
        orderLinkId="MIR_SL_BANDUSDT_1737800000000",
    )
    return engine.watch("mirror", SYMBOL, "Sell", ladder, stop=stop)


def laddered(peer: Peer, engine: Reconciler) -> None:
    """The same with its ladder resting: 261.2 + 15.4 + 15.4 + 15.3."""
    engine.reconcile(watch(peer, engine))


def order(peer: Peer, level: int) -> SimOrder:
    """The mirror's open order whose id names the level."""
    return [o for o in peer.orders(MIRROR) if f"_TP{level}_" in o.link_id][-1]


def grow(peer: Peer) -> None:
    """Two more entries fill."""
    peer.open_position(MIRROR, SYMBOL, "Sell", "614.6", "0.6800")


def _first(peer: Peer, engine: Reconciler) -> None:
    watch(peer, engine)


def _grown(peer: Peer, engine: Reconciler) -> None:
    laddered(peer, engine)
    grow(peer)


def _stale(peer: Peer, engine: Reconciler) -> None:
    laddered(peer, engine)
    for level in (1, 3):
        peer.cancel_by_hand(MIRROR, order(peer, level).order_id)
    grow(peer)


def _live(peer: Peer, engine: Reconciler) -> None:
    watch(peer, engine)
    for level, quantity in zip(BAND_LADDER.levels, ("261.2", "15.4", "15.4", "15.3"), strict=True):
        link_id = f"MIR_TP4_BANDUSDT_173780000000{level.number}"
        first_copy(peer, link_id, qty=quantity, price=str(level.price))
    grow(peer)


def _adopted(peer: Peer, engine: Reconciler) -> None:
    watch(peer, engine, None)
    for level, quantity in zip(BAND_LADDER.levels, ("261.2", "15.4", "15.4", "15.3"), strict=True):
        link_id = f"MIR_TP{level.number}_BANDUSDT_1737800000000"
        first_copy(peer, link_id, qty=quantity, price=str(level.price))


def _from_main(peer: Peer, engine: Reconciler) -> None:
    peer.open_position(MAIN, SYMBOL, "Sell", "900", "0.6800")
    engine.watch("main", SYMBOL, "Sell", BAND_LADDER)
    watch(peer, engine, None)


def _shorter(peer: Peer, engine: Reconciler) -> None:
    laddered(peer, engine)
    engine.watch("mirror", SYMBOL, "Sell", SHORTER)


def _moved(peer: Peer, engine: Reconciler) -> None:
    laddered(peer, engine)
    engine.watch("mirror", SYMBOL, "Sell", MOVED)


def _closed(peer: Peer, engine: Reconciler) -> None:
    laddered(peer, engine)
    peer.set_position(MIRROR, SYMBOL, "Sell", "0")
    peer.inject(Fault(kind=FaultKind.STALE_READ, path="order/realtime", times=None))
    peer.before("cancel", lambda at, _: at.clear_faults())


def _gone(operation: str, prepare: Prepare, hand: Callable[[Peer], object]) -> Prepare:
    """The order of a write is gone just before the write arrives: 110001."""

    def made(peer: Peer, engine: Reconciler) -> None:
        prepare(peer, engine)
        peer.before(operation, lambda at, _: hand(at))

    return made


def _taken(**fields: str) -> Prepare:
    """The first link id of a place is on record already: 110072."""

    def made(peer: Peer, engine: Reconciler) -> None:
        watch(peer, engine)
        peer.before("place", lambda at, items: _copy(at, items, fields))

    return made


def _copy(peer: Peer, items: Items, fields: dict[str, str]) -> None:
    first = items[0]
    first_copy(
        peer, first["orderLinkId"], **{"qty": first["qty"], "price": first["price"], **fields}
    )


def first_copy(peer: Peer, link_id: str, **fields: str) -> str:
    """A take-profit order under that link id."""
    order_of: dict[str, Any] = {
        "symbol": SYMBOL,
        "side": "Buy",
        "orderType": "Limit",
        "reduceOnly": True,
        "orderLinkId": link_id,
    }
    return peer.place_order(MIRROR, **order_of, **fields)


def faulty(prepare: Prepare, fault: Fault) -> Prepare:
    """The same with a fault at the exchange."""

    def made(peer: Peer, engine: Reconciler) -> None:
        prepare(peer, engine)
        peer.inject(fault)

    return made


def heal(peer: Peer) -> None:
    """Ends what was wrong at the exchange."""
    peer.clear_faults()
    peer.hands.clear()


def _unconfirmed(peer: Peer, engine: Reconciler) -> None:
    watch(peer, engine)
    peer.before("place", lambda at, _: at.inject(_BLIND))


def _shrink(peer: Peer) -> None:
    peer.set_position(MIRROR, SYMBOL, "Sell", "100", "0.6800")


def _then_unread(peer: Peer) -> None:
    """The next process reads positions, and no orders until it has given up once."""
    peer.inject(replace(_ORDERS_UNREAD, times=8))
    _shrink(peer)


def _close(peer: Peer) -> None:
    peer.set_position(MIRROR, SYMBOL, "Sell", "0")


def _no_ladder(peer: Peer, engine: Reconciler) -> None:
    watch(peer, engine, None)


_REPLY_LOST = Fault(kind=FaultKind.REPLY_LOST, path="order/create")
_AMENDED_UNHEARD = Fault(kind=FaultKind.REPLY_LOST, path="order/amend")
_ORDERS_UNREAD = Fault(kind=FaultKind.SERVER_ERROR, path="order/realtime", times=None)
_BLIND = Fault(kind=FaultKind.SERVER_ERROR, path="position/list", times=None)

TRANSCRIPTS = (
    Transcript("first", _first),
    Transcript("grown", _grown),
    Transcript("stale", _stale),
    Transcript("live", _live),
    Transcript("main", _from_main),
    Transcript("shorter", _shorter),
    Transcript("moved", _moved),
    Transcript("closed", _closed),
    Transcript("replace", _grown, replace="cancel"),
    Transcript(
        "gone:cancel:filled",
        _gone("cancel", _shorter, lambda at: at.fill(MIRROR, order(at, 4).order_id)),
    ),
    Transcript(
        "gone:cancel:cancelled",
        _gone("cancel", _shorter, lambda at: at.cancel_by_hand(MIRROR, order(at, 4).order_id)),
    ),
    Transcript(
        "gone:amend:filled",
        _gone("amend", _grown, lambda at: at.fill(MIRROR, order(at, 1).order_id)),
    ),
    Transcript(
        "gone:amend:cancelled",
        _gone("amend", _grown, lambda at: at.cancel_by_hand(MIRROR, order(at, 1).order_id)),
    ),
    Transcript("taken:equal", _taken()),
    Transcript("taken:differs", _taken(qty="100", price="0.6500")),
    Transcript("reply lost", faulty(_first, _REPLY_LOST)),
    Transcript("amend unheard", faulty(_grown, _AMENDED_UNHEARD)),
    Transcript("orders unread", faulty(_grown, _ORDERS_UNREAD), between=heal),
    Transcript("blind", faulty(_grown, _BLIND), between=heal),
    Transcript("no ladder", _no_ladder),
    Transcript("adopted", _adopted),
    Transcript("unconfirmed", _unconfirmed, between=heal),
    Transcript("then grown", _first, between=grow),
    Transcript("then shrunk", _first, between=_shrink),
    Transcript("then unread", _stale, between=_then_unread),
    Transcript("then closed", _first, between=_close),
)
"""The stories of ladders."""
