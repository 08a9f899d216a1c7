"""The stories with a stop, whose processes are killed; and all stories together."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from tests.crash.book import is_own_stop
from tests.crash.peer import CANCEL_ENTRY, SET_STOP, SYMBOL, Peer
from tests.crash.transcripts import (
    MIRROR,
    TRANSCRIPTS,
    Prepare,
    Transcript,
    faulty,
    grow,
    heal,
    watch,
)
from tests.stage import BAND_LADDER
from trueup import Ladder, MonitorRecord, Reconciler
from trueup.domain.model.stop import Breakeven, CancelEntries, OnCrossed, Stop, Trailing
from trueup.engine.control.closing import command_to_close
from trueup.simulator import Fault, FaultKind, SimOrder

PERCENT = Stop.of(percent=5)
EVEN = Stop.of(percent=5, breakeven=Breakeven.of(after_level=1, offset="0.08"))
ORDER = Stop.of(percent=5, breakeven=Breakeven.of(after_level=1, offset="0.08"), form="order")
LIMIT = replace(ORDER, limit_percent=Decimal("0.5"))
CROSSED = replace(LIMIT, on_crossed=OnCrossed.CLOSE)
NAMED = Stop.of(
    percent=5,
    breakeven=Breakeven.of(after_level=1, offset="0.08"),
    cancel_entries=CancelEntries.of("BOT_*_LIMIT*"),
)
NAMED_FIXED = Stop.of(price="0.7200", cancel_entries=CancelEntries.of("BOT_*_LIMIT*"))
NAMED_ALONE = Ladder.of(("0.6528", 100))
TRAILS = Stop.of(percent=5, trailing=Trailing.of(distance="0.0200", after_level=1))


def _new(peer: Peer, engine: Reconciler) -> None:
    watch(peer, engine, stop=PERCENT)


def _alone(peer: Peer, engine: Reconciler) -> None:
    watch(peer, engine, None, PERCENT)


def _protected(peer: Peer, engine: Reconciler, stop: Stop = EVEN) -> MonitorRecord:
    """A short with its ladder and its stop resting."""
    record = watch(peer, engine, stop=stop)
    engine.reconcile(record)
    return record


def _grown(peer: Peer, engine: Reconciler) -> None:
    _protected(peer, engine)
    grow(peer)


def _tp1(stop: Stop = EVEN) -> Prepare:
    """TP1 fills while no process is there."""

    def made(peer: Peer, engine: Reconciler) -> None:
        _protected(peer, engine, stop)
        peer.set_price(SYMBOL, "0.6500")

    return made


def _triggered(stop: Stop) -> Prepare:
    """The market jumps past the limit of the stop, whose order rests unfilled from then on."""

    def made(peer: Peer, engine: Reconciler) -> None:
        _protected(peer, engine, stop)
        peer.set_price(SYMBOL, "0.7300", gap=True)

    return made


def _fills(peer: Peer) -> None:
    """The market comes back, and the limit order closes the position."""
    peer.set_price(SYMBOL, "0.7170")


def _limit_new(peer: Peer, engine: Reconciler) -> None:
    watch(peer, engine, stop=LIMIT)


def _limit_grown(peer: Peer, engine: Reconciler) -> None:
    _protected(peer, engine, LIMIT)
    grow(peer)


def _order_new(peer: Peer, engine: Reconciler) -> None:
    watch(peer, engine, stop=ORDER)


def _order_grown(peer: Peer, engine: Reconciler) -> None:
    _protected(peer, engine, ORDER)
    grow(peer)


def _order_cancelled(peer: Peer, engine: Reconciler) -> None:
    """Somebody cancels the order that is the stop."""
    _protected(peer, engine, ORDER)
    peer.cancel_by_hand(MIRROR, _order(peer).order_id)


def _order_gone(peer: Peer, engine: Reconciler) -> None:
    """Somebody cancels it just before it is amended: 110001."""
    _tp1(ORDER)(peer, engine)
    peer.before(SET_STOP, lambda at, _: at.cancel_by_hand(MIRROR, _order(at).order_id))


def _order_closed(peer: Peer, engine: Reconciler) -> None:
    """The position is closed, and the order rests."""
    _protected(peer, engine, ORDER)
    peer.set_position(MIRROR, SYMBOL, "Sell", "0")


def _order_given_up(peer: Peer, engine: Reconciler) -> None:
    """The user wants the exchange's own stop from now on."""
    _protected(peer, engine, ORDER)
    engine.watch("mirror", SYMBOL, "Sell", stop=PERCENT)


def _order(peer: Peer) -> SimOrder:
    """The order that is the stop."""
    return next(order for order in peer.orders(MIRROR) if is_own_stop(order))


def _tp1_fills(peer: Peer) -> None:
    peer.set_price(SYMBOL, "0.6500")


def _tp1_and_grown(peer: Peer, engine: Reconciler) -> None:
    """TP1 fills, and so does an entry: the stop moves before the orders grow."""
    _tp1()(peer, engine)
    peer.open_position(MIRROR, SYMBOL, "Sell", "307.3", "0.6800")


def _tp1_meanwhile(peer: Peer, engine: Reconciler) -> None:
    """TP1 fills just before the first stop's request arrives."""
    _protected(peer, engine)
    peer.set_stop_by_hand("0")
    peer.before(SET_STOP, lambda at, _: at.set_price(SYMBOL, "0.6500"))


def _loosened(peer: Peer, engine: Reconciler) -> None:
    """The user wants 8 % instead of 5 from now on."""
    _protected(peer, engine)
    engine.watch("mirror", SYMBOL, "Sell", stop=Stop.of(percent=8))


def _removed(peer: Peer, engine: Reconciler) -> None:
    """Somebody removes the stop."""
    _protected(peer, engine)
    peer.set_stop_by_hand("0")


def _closed(peer: Peer, engine: Reconciler) -> None:
    """The position is gone just before the request arrives."""
    _new(peer, engine)
    peer.before(SET_STOP, lambda at, _: at.set_position(MIRROR, SYMBOL, "Sell", "0"))


def _crossed(peer: Peer, engine: Reconciler) -> None:
    """The market is past breakeven already."""
    _tp1()(peer, engine)
    peer.set_price(SYMBOL, "0.6900")


def _back(peer: Peer) -> None:
    peer.set_price(SYMBOL, "0.6700")


def _tightened(peer: Peer) -> None:
    peer.set_stop_by_hand("0.7050")


def _to_close(share: str, stop: Stop | None = PERCENT) -> Prepare:
    """A person has commanded a close of a short with its ladder and its stop; nothing ran since."""

    def made(peer: Peer, engine: Reconciler) -> None:
        record = watch(peer, engine, stop=stop)
        engine.reconcile(record)
        asked = command_to_close(record, share, peer_now(peer), "ann@host", "", record.cycle)
        engine.store.control(asked)

    return made


def _named(ladder: Ladder = BAND_LADDER, stop: Stop = NAMED) -> Prepare:
    """TP1 fills while no process is there, beside two entries that are to go, and one that is not.

    The one that is not has no name of its user's.
    """

    def made(peer: Peer, engine: Reconciler) -> None:
        record = watch(peer, engine, ladder, stop)
        engine.reconcile(record)
        for number, price in ((2, "0.7050"), (3, "0.7100")):
            peer.place_entry(MIRROR, SYMBOL, "Sell", "100", price, f"BOT_0aeb9057_LIMIT{number}")
        peer.set_price(SYMBOL, "0.6500")

    return made


def _one_fills(peer: Peer, engine: Reconciler) -> None:
    """A third one fills just before its cancel arrives: 110001. The stop is at a fixed price."""
    _named(stop=NAMED_FIXED)(peer, engine)
    peer.place_entry(MIRROR, SYMBOL, "Sell", "50", "0.6600", "BOT_0aeb9057_LIMIT4")
    peer.before(CANCEL_ENTRY, lambda at, _: at.set_price(SYMBOL, "0.6600"))


def _cancelled_by_hand(peer: Peer, engine: Reconciler) -> None:
    """Somebody cancels one just before the request arrives: 110001."""
    _named()(peer, engine)
    ids = [one.order_id for one in peer.orders(MIRROR) if one.link_id.endswith("_LIMIT2")]
    peer.before(CANCEL_ENTRY, lambda at, _: at.cancel_by_hand(MIRROR, ids[0]))


def peer_now(peer: Peer) -> datetime:
    """The time at the exchange."""
    return peer.clock.now()


_REPLY_LOST = Fault(kind=FaultKind.REPLY_LOST, path="trading-stop")
_LOST = Fault(kind=FaultKind.REQUEST_LOST, path="trading-stop")
_CLOSE_UNHEARD = Fault(kind=FaultKind.REPLY_LOST, path="order/create")
_CLOSE_LOST = Fault(kind=FaultKind.REQUEST_LOST, path="order/create")
_NOT_MODIFIED = Fault(
    kind=FaultKind.RET_CODE, path="trading-stop", code=34040, text="not modified", effect=False
)
_ORDERS_UNREAD = Fault(kind=FaultKind.SERVER_ERROR, path="order/realtime", times=None)
_PLACE_LATE = Fault(kind=FaultKind.LATE_EFFECT, path="order/create", delay_ms=3000)
_PLACE_UNHEARD = Fault(kind=FaultKind.REPLY_LOST, path="order/create")
_AMEND_UNHEARD = Fault(kind=FaultKind.REPLY_LOST, path="order/amend")

_CANCEL_UNHEARD = Fault(kind=FaultKind.REPLY_LOST, path="order/cancel")
_CANCEL_LOST = Fault(kind=FaultKind.REQUEST_LOST, path="order/cancel")
_CANCEL_LATE = Fault(kind=FaultKind.LATE_EFFECT, path="order/cancel", delay_ms=3000)
_CANCEL_BUSY = Fault(
    kind=FaultKind.RET_CODE, path="order/cancel", code=10006, text="busy", effect=False
)

STOPS = (
    Transcript("stop", _new),
    Transcript("stop alone", _alone),
    Transcript("stop grown", _grown),
    Transcript("stop breakeven", _tp1()),
    Transcript("stop trailing", _tp1(TRAILS)),
    Transcript("stop breakeven, grown", _tp1_and_grown),
    Transcript("stop removed", _removed),
    Transcript("stop loosened", _loosened, loosens=True),
    Transcript("stop TP1 meanwhile", _tp1_meanwhile),
    Transcript("stop closed", _closed),
    Transcript("stop crossed", _crossed, between=_back),
    Transcript("stop reply lost", faulty(_new, _REPLY_LOST)),
    Transcript("stop request lost", faulty(_tp1(), _LOST), between=heal),
    Transcript("stop not modified", faulty(_new, _NOT_MODIFIED), between=heal),
    Transcript("stop orders unread", faulty(_new, _ORDERS_UNREAD), between=heal),
    Transcript("close", _to_close("100")),
    Transcript("close half", _to_close("50")),
    Transcript("close half, reply lost", faulty(_to_close("50"), _CLOSE_UNHEARD)),
    Transcript("close half, request lost", faulty(_to_close("50"), _CLOSE_LOST), between=heal),
    Transcript("stop then grown", _new, between=grow),
    Transcript("stop then tightened", _new, between=_tightened, races=True),
)
"""The stories with a stop, and those of closes."""
ORDERS = (
    Transcript("order", _order_new),
    Transcript("order moved", _tp1(ORDER)),
    Transcript("order then TP1", _order_cancelled, between=_tp1_fills),
    Transcript("order grown", _order_grown),
    Transcript("order then grown", _order_new, between=grow),
    Transcript("order cancelled", _order_cancelled),
    Transcript("order gone", _order_gone, loosens=True),
    Transcript("order closed", _order_closed),
    Transcript("order given up", _order_given_up, loosens=True),
    Transcript("order late", faulty(_order_new, _PLACE_LATE), between=heal),
    Transcript("order reply lost", faulty(_order_new, _PLACE_UNHEARD)),
    Transcript("order amend lost", faulty(_tp1(ORDER), _AMEND_UNHEARD), between=heal),
    Transcript("limit order", _limit_new),
    Transcript("limit order moved", _tp1(LIMIT)),
    Transcript("limit order grown", _limit_grown),
    Transcript("limit order late", faulty(_limit_new, _PLACE_LATE), between=heal),
    Transcript("limit order amend lost", faulty(_tp1(LIMIT), _AMEND_UNHEARD), between=heal),
    Transcript("limit order triggered", _triggered(LIMIT), between=_fills),
    Transcript("limit order triggered, then closed", _triggered(CROSSED)),
)
"""Those whose stop is an order of ours."""
ENTRIES = (
    Transcript("entries", _named()),
    Transcript("entries filling", _one_fills),
    Transcript("entries gone", _cancelled_by_hand),
    Transcript("entries closed", _named(NAMED_ALONE)),
    Transcript("entries reply lost", faulty(_named(), _CANCEL_UNHEARD)),
    Transcript("entries request lost", faulty(_named(), _CANCEL_LOST), between=heal),
    Transcript("entries late", faulty(_named(), _CANCEL_LATE), between=heal),
    Transcript("entries refused", faulty(_named(), _CANCEL_BUSY), between=heal),
)
"""Those whose user has named entries that go once TP1 has filled."""
STORIES = TRANSCRIPTS + STOPS + ORDERS + ENTRIES
"""Every story of the matrix."""
