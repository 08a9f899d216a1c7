"""Making order link ids: the idempotency keys of what trueup places."""

import re

from ..model.errors import LinkIdError
from ..model.identity import Role
from ..model.ladder import MAX_LEVELS

MAX_LENGTH = 36
"""The longest ``orderLinkId`` that Bybit documents (docs/v5/order/create-order.mdx)."""

PREFIXES = {Role.MAIN: "BOT", Role.MIRROR: "MIR"}

_VALID = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_LENGTH}}}")
_SYMBOL = re.compile(r"[A-Z0-9]+")


def make_link_id(role: Role, level: int, symbol: str, at_ms: int, digits: int) -> str:
    """The id of a new TP order, such as ``MIR_TP1_BANDUSDT_1737809937842_7432``.

    The form is the original bot's; the symbol is cut so that the whole has at most 36
    characters, where the original came to 37. Time and digits are the caller's, drawn once per
    order and kept for every resend, because Bybit wants an id to be "always unique"
    (docs/v5/order/create-order.mdx).

    Args:
        role: of the account; ``BOT`` for main, ``MIR`` for a mirror.
        level: 1 to 20.
        symbol: upper-case letters and digits.
        at_ms: when it is made, epoch milliseconds.
        digits: four random digits, 1000 to 9999.

    Raises:
        LinkIdError: one of them is not as said here.
    """
    if not _SYMBOL.fullmatch(symbol):
        raise LinkIdError("a link id needs a symbol of A-Z and 0-9", symbol=symbol)
    if not 1 <= level <= MAX_LEVELS:
        raise LinkIdError(f"a link id's level is 1 to {MAX_LEVELS}, not {level}", symbol=symbol)
    if not 10**12 <= at_ms < 10**13:
        raise LinkIdError(f"a link id's time has 13 digits, not {at_ms}", symbol=symbol)
    if not 1000 <= digits <= 9999:  # noqa: PLR2004 - the four digits of the form
        raise LinkIdError(f"a link id ends in 1000 to 9999, not {digits}", symbol=symbol)
    head, tail = f"{PREFIXES[role]}_TP{level}_", f"_{at_ms}_{digits}"
    return head + symbol[: MAX_LENGTH - len(head) - len(tail)] + tail


def is_valid_link_id(text: str) -> bool:
    """Whether Bybit documents this as an id: 1 to 36 of letters, digits, ``-`` and ``_``.

    See docs/v5/order/create-order.mdx.
    """
    return _VALID.fullmatch(text) is not None
