"""The replies of the search: how a request may go other than well.

A code is the answer to the whole request, which then has no effect. Each is answered only to the
operations to which Bybit can answer it:

- 110001 says that the order is not open, so it answers an amend or a cancel;
- 110072 says that a new order's link id is taken, so it answers a place;
- 34040 says that a stop is where it is asked to be already, and 10001 with its text that the
  market is past it, so they answer a request that sets the stop;
- 110017 says that there is nothing to reduce, and refused values that a price or a quantity breaks
  a rule, so they answer what has a quantity: a place or an amend.

How a read fails is decided in one place, whatever it is of (``adapters/bybit/rest/client.py``): the
list of open orders, which every look at the exchange begins with, is tried with each way.

An exchange whose list lacks open orders does not also say of them that they are not open: nobody
could tell these two faults from orders that are gone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from trueup.simulator import Fault, FaultKind
from trueup.testing import ApiRequest

from ..scene.scene import Scene
from ..world.network import verb_of
from .errands import REST_MS

_UNKNOWN_CODE = 12345
_LATE_MS = 3000
_A_WHILE_MS = 18_000
_A_MS = timedelta(milliseconds=1)

_LOST_BEFORE, _LOST_AFTER, _LATE = "lost before", "lost after", "late"
_LOST, _ROWS, _OLD, _AWAY = "lost", "rows left out", "old", "lost for a minute"
_NOT_OPEN, _DUPLICATE, _NOTHING_TO_REDUCE = "110001", "110072", "110017"
_SET_ALREADY, _PASSED = "34040", "the market is past it"
_VALUES, _UNKNOWN, _UNREADABLE = "values refused", "unknown code", "unreadable"


def _refusal(code: int, text: str) -> Fault:
    return Fault(kind=FaultKind.RET_CODE, code=code, text=text, effect=False)


FAULTS: Mapping[str, Fault] = {
    _LOST_BEFORE: Fault(kind=FaultKind.REQUEST_LOST),
    _LOST_AFTER: Fault(kind=FaultKind.REPLY_LOST),
    _LATE: Fault(kind=FaultKind.LATE_EFFECT, delay_ms=_LATE_MS),
    _LOST: Fault(kind=FaultKind.REPLY_LOST),
    _AWAY: Fault(kind=FaultKind.REQUEST_LOST, times=None, lasts_ms=REST_MS),
    _ROWS: Fault(kind=FaultKind.ROWS_LEFT_OUT),
    _OLD: Fault(kind=FaultKind.STALE_READ),
    _NOT_OPEN: _refusal(110001, "order not exists or too late to be changed"),
    _DUPLICATE: _refusal(110072, "OrderLinkedID is duplicate"),
    _NOTHING_TO_REDUCE: _refusal(110017, "current position is zero, cannot fix reduce-only order"),
    _SET_ALREADY: _refusal(34040, "not modified"),
    _PASSED: _refusal(
        10001, "StopLoss:1 set for Buy position should lower than base_price:1??LastPrice"
    ),
    _VALUES: _refusal(110003, "Order price exceeds the allowable range"),
    _UNKNOWN: _refusal(_UNKNOWN_CODE, "a code of no table"),
    _UNREADABLE: Fault(kind=FaultKind.NOT_JSON, effect=True),
}
"""What each reply other than a good one is, by its name."""

RARE_FAULTS: Mapping[str, Fault] = {
    "lost for 18 seconds": Fault(kind=FaultKind.REQUEST_LOST, times=None, lasts_ms=_A_WHILE_MS),
}
"""Replies that the search leaves out: a run gives up its write meanwhile, and the next look at the
exchange does not. The paths that need them are walked one by one."""

_ANY_WRITE = (_AWAY, _LOST_BEFORE, _LOST_AFTER, _LATE, _UNKNOWN, _UNREADABLE)
_WRITES: Mapping[str, Sequence[str]] = {
    "place": (*_ANY_WRITE, _DUPLICATE, _NOTHING_TO_REDUCE, _VALUES),
    "amend": (*_ANY_WRITE, _NOT_OPEN, _NOTHING_TO_REDUCE, _VALUES),
    "cancel": (*_ANY_WRITE, _NOT_OPEN),
    "trading-stop": (*_ANY_WRITE, _SET_ALREADY, _PASSED),
}
_OPEN_ORDERS = "/v5/order/realtime"
_READS: Mapping[str, Sequence[str]] = {
    _OPEN_ORDERS: (_AWAY, _LOST, _UNKNOWN, _UNREADABLE, _ROWS, _OLD),
    "/v5/market/instruments-info": (_AWAY, _LOST, _UNKNOWN, _UNREADABLE),
}
_OTHER_LISTS = (_LOST, _ROWS, _OLD)


def possible_replies(
    request: ApiRequest, before: Sequence[str], *, is_fresh: bool, has_rows: bool
) -> tuple[str, ...]:
    """The names of the replies that the request may have other than a good one.

    Args:
        request: which has arrived.
        before: the replies of this walk so far that were not good, each with its request's path.
        is_fresh: whether the account has changed so lately that an old read would show it.
        has_rows: whether the list of open orders has any.
    """
    if not request.is_write:
        names = _READS.get(request.path, _OTHER_LISTS)
        is_open = request.path == _OPEN_ORDERS
        is_whole = is_open and (not has_rows or any(_NOT_OPEN in one for one in before))
        left_out = {_ROWS} if is_whole else set()
        return tuple(name for name in names if name not in left_out and (is_fresh or name != _OLD))
    hides = f"{_ROWS} {_OPEN_ORDERS}" in before
    names = _WRITES[verb_of(request)]
    return tuple(name for name in names if not (hides and name == _NOT_OPEN))


def fault_of(name: str, request: ApiRequest, scene: Scene) -> Fault:
    """The fault that gives this request that reply; no read is older than the scene allows."""
    fault = replace(FAULTS.get(name) or RARE_FAULTS[name], uid=request.uid)
    if fault.times is not None:
        fault = replace(fault, path=request.path)
    if fault.kind is FaultKind.STALE_READ:
        fault = replace(fault, oldest_ms=oldest_read_ms(scene))
    return fault


def oldest_read_ms(scene: Scene) -> int:
    """How old a read may be, in milliseconds."""
    return scene.lateness.reads // _A_MS - 1
