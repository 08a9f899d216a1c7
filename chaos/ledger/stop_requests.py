"""Requests of ours that are about a stop: the exchange's own of a position, or an order of ours."""

from collections.abc import Iterator
from decimal import Decimal

from trueup.testing import ApiRequest

from .book import Book
from .ledger import Ledger
from .protection import Asked

SET_STOP = "/v5/position/trading-stop"
PLACE_STOP = "/v5/order/create"
AMEND_STOP = "/v5/order/amend"
CANCEL_STOP = "/v5/order/cancel"

SETS = frozenset({SET_STOP, PLACE_STOP, AMEND_STOP})
"""The paths of requests that set a stop. An order of another kind leaves in a batch."""

WRITES = SETS | {CANCEL_STOP}


def monitors_of(ledger: Ledger, request: ApiRequest) -> Iterator[Book]:
    """The monitors whose stop the request is about."""
    if request.path not in WRITES:
        return
    named = link_id_of(ledger, request)
    for book in ledger.books_of(request.uid, request.fields["symbol"]):
        if request.path == SET_STOP:
            is_its = book.index == request.fields["positionIdx"]
        else:
            is_its = named in book.protection.link_ids
        if is_its:
            yield book


def link_id_of(ledger: Ledger, request: ApiRequest) -> str:
    """The link id of the order that the request names; empty if it is of none that is known."""
    named = request.fields.get("orderLinkId")
    known = ledger.orders.get(request.fields.get("orderId", ""))
    return str(named or (known.link_id if known else ""))


def note_asked(ledger: Ledger, request: ApiRequest) -> None:
    """Records a request of ours that sets a stop."""
    price, trailing, quantity = (
        _number(request, *names)
        for names in (("stopLoss", "triggerPrice"), ("trailingStop",), ("qty",))
    )
    for book in monitors_of(ledger, request) if request.path in SETS else ():
        now = book.protection.now
        is_bare = now is not None and now.is_bare
        asked = Asked(request.stamp_ms, price, trailing, is_bare, quantity)
        book.protection.asked.append(asked)


def forget_asked(ledger: Ledger, request: ApiRequest) -> None:
    """Forgets a request that sets a stop: the engine knows that it was refused."""
    for book in monitors_of(ledger, request):
        book.protection.asked.pop()


def _number(request: ApiRequest, *names: str) -> Decimal | None:
    given = (request.fields[name] for name in names if name in request.fields)
    return next((Decimal(value) for value in given), None)
