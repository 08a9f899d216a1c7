"""Order link ids: the idempotency keys of the orders that trueup places, and whose they may be."""

import re
from base64 import b32encode
from hashlib import blake2b

from ..model.errors import LinkIdError
from ..model.identity import Role
from ..model.ladder import MAX_LEVELS
from ..venue.exchange_facts import LinkIdForm

PREFIXES = {Role.MAIN: "BOT", Role.MIRROR: "MIR"}

_PLAIN = re.compile(r"[A-Z0-9]*")
_MARK = "-"
_CODE_LENGTH = 5
_OWN = re.compile(r"(BOT|MIR)_TP[0-9]{1,2}_(?P<symbol>[A-Z0-9-]+)_[0-9]{13}_[0-9]{4}")


def make_link_id(
    form: LinkIdForm, role: Role, level: int, symbol: str, at_ms: int, digits: int
) -> str:
    """The id of a new TP order, such as ``MIR_TP1_BANDUSDT_1737809937842_7432``.

    The parts and their order are the original bot's. A symbol of A-Z and 0-9 is cut so that the
    whole fits the exchange. Any other, such as a dated future's or one with Chinese letters, does
    not fit whole, or is outside the exchange's alphabet: its first plain characters stand for it,
    with a code of five that tells it from its likes. :func:`may_stand_for` reads both.

    Time and digits are the caller's, drawn once per order and kept for every resend: an exchange
    knows an order by its id, and never executes one id twice.

    Example: with at most 36 characters ``BIGTIMEUSDT`` loses its last two letters,
    ``BOT_TP1_BIGTIMEUS_1737809937842_7432``, and ``BTCUSDT-26DEC25`` becomes
    ``BOT_TP1_BTC-5YRQJ_1737809937842_7432``.

    Args:
        form: what the exchange accepts as an id.
        role: of the account; ``BOT`` for main, ``MIR`` for a mirror.
        level: 1 to 20.
        symbol: as the exchange names it.
        at_ms: when the order is made, epoch milliseconds.
        digits: four random digits, 1000 to 9999.

    Raises:
        LinkIdError: an argument is not as described here, or the exchange has no room for the id.
    """
    if not 1 <= level <= MAX_LEVELS:
        raise LinkIdError(f"a link id's level is 1 to {MAX_LEVELS}, not {level}", symbol=symbol)
    return _made(form, f"{PREFIXES[role]}_TP{level}_", symbol, at_ms, digits)


def make_close_id(form: LinkIdForm, role: Role, symbol: str, at_ms: int, digits: int) -> str:
    """The id of an order that closes a position, such as ``BOT_CLOSE_BANDUSDT_1737809937842_7432``.

    It is made as :func:`make_link_id` makes that of a TP order, with the same errors.
    """
    return _made(form, f"{PREFIXES[role]}_CLOSE_", symbol, at_ms, digits)


def make_stop_link_id(form: LinkIdForm, role: Role, symbol: str, at_ms: int, digits: int) -> str:
    """The id of a new order that is a stop, such as ``MIR_SL_BANDUSDT_1737809937842_7432``.

    It is made as :func:`make_link_id` makes that of a TP order, with the same errors; the original
    bot's stops ended with the time.
    """
    return _made(form, f"{PREFIXES[role]}_SL_", symbol, at_ms, digits)


def _made(form: LinkIdForm, head: str, symbol: str, at_ms: int, digits: int) -> str:
    if not symbol:
        raise LinkIdError("a link id needs a symbol", symbol=symbol)
    if not 10**12 <= at_ms < 10**13:
        raise LinkIdError(f"a link id's time has 13 digits, not {at_ms}", symbol=symbol)
    if not 1000 <= digits <= 9999:  # noqa: PLR2004 - the four digits of the form
        raise LinkIdError(f"a link id ends in 1000 to 9999, not {digits}", symbol=symbol)
    tail = f"_{at_ms}_{digits}"
    link_id = head + _short(symbol, form.max_length - len(head) - len(tail)) + tail
    if not form.allows(link_id):
        raise LinkIdError(f"the exchange does not accept {link_id!r} as a link id", symbol=symbol)
    return link_id


def may_stand_for(order_link_id: str, symbol: str) -> bool:
    """Whether an order of this symbol may have this id, as far as the id names a symbol.

    A start of A-Z and 0-9 may stand for every such symbol that begins so: earlier bots cut at
    lengths of their own. What is coded stands for one symbol only. An id of another form names no
    symbol that this could judge.
    """
    match = _OWN.fullmatch(order_link_id)
    if match is None:
        return True
    start, mark, code = match["symbol"].partition(_MARK)
    if bool(mark) is _is_plain(symbol):
        return False
    return symbol.startswith(start) and code in ("", _code(symbol))


def _short(symbol: str, room: int) -> str:
    """The symbol in the room that the id has for it."""
    if _is_plain(symbol):
        return symbol[: max(room, 1)]
    plain = _PLAIN.match(symbol)
    start = plain[0] if plain else ""
    return start[: max(room - _CODE_LENGTH - len(_MARK), 0)] + _MARK + _code(symbol)


def _is_plain(symbol: str) -> bool:
    return _PLAIN.fullmatch(symbol) is not None


def _code(symbol: str) -> str:
    """Five characters of A-Z and 2-7 that are the symbol's in every process, on every machine."""
    digest = blake2b(symbol.encode("utf-8", "surrogatepass"), digest_size=_CODE_LENGTH).digest()
    return b32encode(digest).decode()[:_CODE_LENGTH]
