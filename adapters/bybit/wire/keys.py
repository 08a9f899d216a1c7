"""What user/query-api says of an API key (docs/v5/user/apikey-info.mdx)."""

from datetime import UTC, datetime

from ....domain.keys.facts import KeyFacts
from . import names
from .fields import Row, ShapeError, integer, mapping, text

_TRADES = {"Order", "Position"}
_ANY_ADDRESS = "*"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def parse_key(row: Row) -> KeyFacts:
    """The facts of a key.

    ``unified`` is the older word for an account whose contracts can be traded, ``uta`` the newer
    one. A key that never expires has the date 1970-01-01.
    """
    permissions = mapping(row.get(names.PERMISSIONS), names.PERMISSIONS)
    contracts = set(_texts(permissions, names.CONTRACT_TRADE))
    derivatives = _texts(permissions, names.DERIVATIVES)
    return KeyFacts(
        uid=_uid(row),
        read_only=integer(row, names.READ_ONLY) == 1,
        may_trade=contracts >= _TRADES or names.DERIVATIVES_TRADE in derivatives,
        is_supported=1 in (row.get(names.UTA), row.get(names.UNIFIED)),
        ips=tuple(ip for ip in _texts(row, names.IPS) if ip != _ANY_ADDRESS),
        expires_at=_expiry(text(row, names.EXPIRED_AT)),
    )


def _uid(row: Row) -> str:
    """The UID: a number, which a second field has as text where it is too large."""
    uid = integer(row, names.USER_ID)
    if uid:
        return str(uid)
    large = row.get(names.USER_ID_LARGE)
    if not isinstance(large, str) or not large.isdecimal() or not int(large):
        raise ShapeError(f"{names.USER_ID} is 0")
    return large


def _texts(row: Row, name: str) -> tuple[str, ...]:
    """The field as a list of texts; empty if it is missing or null."""
    value = row.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ShapeError(f"{name} is not a list of texts")
    return tuple(value)


def _expiry(value: str) -> datetime | None:
    if not value:
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise ShapeError(f"{names.EXPIRED_AT} is no time") from None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at if at > _NEVER else None
