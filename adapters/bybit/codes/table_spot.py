"""Bybit's spot codes, which batch and shared paths can show (docs/v5/error.mdx, "Spot Trade").

They are not expected for linear orders, yet the docs' own sample of a batch cancel
(docs/v5/order/batch-cancel.mdx) has one. Whole families share a meaning, so the table uses ranges.
"""

from collections.abc import Iterable

from ....domain.model.outcomes import Effect
from .table import (
    AUTH,
    DUPLICATE,
    GONE,
    INSUFFICIENT,
    INVALID,
    MAINTENANCE,
    NOT_AMENDABLE,
    RATE_LIMIT,
    TRANSIENT,
    VALUES,
    Group,
)


def _all(codes: Iterable[int], meaning: str) -> dict[int, str]:
    return dict.fromkeys(codes, f"{meaning} (spot)")


_UNFINISHED_CODES = (
    *(170001, 170007, 170032, 170035, 170144, 170146, 170147, 170149, 170150, 170191),
    *(170212, 170234, 170310, 170311),
)
_PRICE_OR_QUANTITY = (
    *range(170105, 170131),
    *range(170132, 170138),
    *(170140, 170148),
    *range(170192, 170205),
    *(170313, 170341, 170371, 170372, 170381, 170382),
)
_NOT_ALLOWED = (170209, 170219, 170224, 170230, 170241, 170348, 170355, 170358, 170359, 170709)

SPOT_CODES: tuple[Group, ...] = (
    (
        GONE,
        Effect.REJECTED,
        _all((170139, 170142, 170143, 170190, 170213), "order closed or not found"),
    ),
    (DUPLICATE, Effect.REJECTED, _all((170141,), "link id on record")),
    (TRANSIENT, Effect.UNKNOWN, _all(_UNFINISHED_CODES, "server could not finish it")),
    (TRANSIENT, Effect.REJECTED, _all((170210,), "try again")),
    (RATE_LIMIT, Effect.REJECTED, _all((170005, 170222), "too many requests")),
    (INSUFFICIENT, Effect.REJECTED, _all((170033, 170131), "balance does not cover it")),
    (
        VALUES,
        Effect.REJECTED,
        _all(_PRICE_OR_QUANTITY, "price or quantity outside the rules"),
    ),
    (INVALID, Effect.REJECTED, _all((170810,), "too many orders")),
    (NOT_AMENDABLE, Effect.REJECTED, _all((170312,), "order cannot be amended")),
    (
        MAINTENANCE,
        Effect.REJECTED,
        _all((170031, 170151, 170157, 170159, 170206, 170217, 170218), "symbol not tradable now"),
    ),
    (AUTH, Effect.REJECTED, _all(_NOT_ALLOWED, "account or product not allowed")),
)
