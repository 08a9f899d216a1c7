"""Making order link ids: the idempotency keys of the orders that trueup places."""

import re

from ..model.errors import LinkIdError
from ..model.exchange_facts import LinkIdForm
from ..model.identity import Role
from ..model.ladder import MAX_LEVELS

PREFIXES = {Role.MAIN: "BOT", Role.MIRROR: "MIR"}

_SYMBOL = re.compile(r"[A-Z0-9]+")


def make_link_id(
    form: LinkIdForm, role: Role, level: int, symbol: str, at_ms: int, digits: int
) -> str:
    """The id of a new TP order, such as ``MIR_TP1_BANDUSDT_1737809937842_7432``.

    The parts and their order are the original bot's; the symbol is cut so that the whole fits
    the exchange. Time and digits are the caller's, drawn once per order and kept for every
    resend: an exchange knows an order by its id, and never executes one id twice.

    Example: with at most 36 characters ``BIGTIMEUSDT`` loses its last two letters,
    ``BOT_TP1_BIGTIMEUS_1737809937842_7432``.

    Args:
        form: what the exchange accepts as an id.
        role: of the account; ``BOT`` for main, ``MIR`` for a mirror.
        level: 1 to 20.
        symbol: upper-case letters and digits.
        at_ms: when the order is made, epoch milliseconds.
        digits: four random digits, 1000 to 9999.

    Raises:
        LinkIdError: an argument is not as described here, or the exchange has no room for the id.
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
    room = form.max_length - len(head) - len(tail)
    link_id = head + symbol[: max(room, 1)] + tail
    if not form.allows(link_id):
        raise LinkIdError(f"the exchange does not accept {link_id!r} as a link id", symbol=symbol)
    return link_id
