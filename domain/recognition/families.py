"""The families of order link ids that the original bot and trueup have made, as data.

Each pattern must match the whole id. The groups ``level`` and ``entry`` hold the number of the
take-profit or entry where the id's number is reliable; where it is not, the pattern has no such
group. The forms come from the source of the original bot's engine and repair scripts; most are
confirmed by ids in its stored state.

These forms are left out on purpose, so they count as external: orders that close positions
(``BOT_FINAL_TP_CLOSE_``, ``BOT_EMERGENCY_``, ``CLOSE_ALL_``, ``CLEAN_SLATE_``), ``MANUAL_``, ids
that existed only in the original bot's state (``RECOVERED_TP``, ``BOT_FALLBACK_TP``,
``missing_tp_``), and script ids of which only the last word is known (``…_CORRECTED_<digits>``).
"""

import re
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from ..model.identity import Role


class Kind(StrEnum):
    """What an order is for."""

    TAKE_PROFIT = "TP"
    STOP_LOSS = "SL"
    ENTRY = "ENTRY"
    CLOSE = "CLOSE"
    FOREIGN = "FOREIGN"


class Family(NamedTuple):
    """One form of order link ids.

    Attributes:
        name: of the program or step that made the id; several forms may share a name.
        pattern: a regular expression for the whole id.
        kind: what the order is for.
        role: the account's role as the id suggests it; None if the id does not say.
    """

    name: str
    pattern: str
    kind: Kind
    role: Role | None


TP, SL, ENTRY = Kind.TAKE_PROFIT, Kind.STOP_LOSS, Kind.ENTRY
MAIN, MIRROR = Role.MAIN, Role.MIRROR

_LEVEL = "TP(?P<level>[1-4])"
_OWN_LEVEL = "TP(?P<level>[1-9]|1[0-9]|20)"  # trueup's ladders have up to 20 levels
_LIMIT = "LIMIT(?P<entry>[1-3])"
_SYMBOL = "[A-Z0-9]{2,12}"
_CUT = "[A-Z0-9]{1,10}"  # a symbol shortened to fit
_CODED = "[A-Z0-9]{0,10}-[A-Z2-7]{5}"  # the start and the code of any other symbol
_GROUP = "[0-9a-f]{8}"  # the original bot's trade group
_MS, _SECONDS, _RANDOM = "[0-9]{13}", "[0-9]{10}", "[0-9]{4}"
_TIME = f"({_MS}|{_SECONDS})"
_CLOCK = f"([0-9]{{6}}|{_MS})"  # HHMMSS of an unknown day, or milliseconds
_ADJUSTED = "(_A[0-9]{1,2})+"
_BREAKEVEN = "(_A[0-9]{1,2})*(_BE|_ABREAKEVEN)(_A[0-9]{1,2})*"
_MIRRORED = "_MIRROR(_[0-9]{6})?"
_FIX = "(FIX|REBALANCED|COVERAGE_FIX|MANUAL|FIXED|CORRECTED|CRITICAL_FIX|FULL_COVERAGE)"

_BOT_SET_UP = f"BOT_(CONS|GG)_{_SYMBOL}"
# The number after TP is the length of the ladder in most of these ids: it is not a level.
_MIR_SET_UP_TP = f"MIR_TP[1-9]_{_SYMBOL}_{_MS}"
_MIR_SET_UP_SL = f"MIR_SL_{_SYMBOL}_{_MS}"

_REBALANCE = (
    # trueup's own form, and the one of the original bot's rebalancer
    Family("rebalance", f"BOT_{_OWN_LEVEL}_({_CUT}|{_CODED})_{_MS}_{_RANDOM}", TP, MAIN),
    Family("rebalance", f"MIR_{_OWN_LEVEL}_({_CUT}|{_CODED})_{_MS}_{_RANDOM}", TP, MIRROR),
    Family("rebalance", f"BOT_{_LEVEL}_{_MS}_{_RANDOM}", TP, MAIN),
    Family("rebalance", f"MIR_{_LEVEL}_{_MS}_{_RANDOM}", TP, MIRROR),
    # what trueup closes positions with: market orders, which never rest
    Family("close", f"BOT_CLOSE_({_CUT}|{_CODED})_{_MS}_{_RANDOM}", Kind.CLOSE, MAIN),
    Family("close", f"MIR_CLOSE_({_CUT}|{_CODED})_{_MS}_{_RANDOM}", Kind.CLOSE, MIRROR),
    # trueup's own stops that are orders
    Family("own stop", f"BOT_SL_({_CUT}|{_CODED})_{_MS}_{_RANDOM}", SL, MAIN),
    Family("own stop", f"MIR_SL_({_CUT}|{_CODED})_{_MS}_{_RANDOM}", SL, MIRROR),
    # stop-losses, in spite of the TP in their names
    Family("rebalance", f"BOT_TPSL_(RESTORE_)?{_CUT}_{_MS}_{_RANDOM}", SL, MAIN),
    Family("rebalance", f"MIR_TPSL_(RESTORE_)?{_CUT}_{_MS}_{_RANDOM}", SL, MIRROR),
)

_SET_UP = (
    Family("setup", f"{_BOT_SET_UP}_{_LEVEL}_{_CLOCK}", TP, MAIN),
    Family("setup", f"{_BOT_SET_UP}_SL_{_CLOCK}", SL, MAIN),
    Family("setup", f"{_BOT_SET_UP}_{_LIMIT}_{_CLOCK}", ENTRY, MAIN),
    Family("setup", _MIR_SET_UP_TP, TP, MIRROR),
    Family("setup", _MIR_SET_UP_SL, SL, MIRROR),
    Family("adjusted", f"{_BOT_SET_UP}_{_LEVEL}_{_CLOCK}{_ADJUSTED}", TP, MAIN),
    Family("adjusted", f"{_BOT_SET_UP}_SL_{_CLOCK}{_ADJUSTED}", SL, MAIN),
    Family("adjusted", f"{_MIR_SET_UP_TP}{_ADJUSTED}", TP, MIRROR),
    Family("adjusted", f"{_MIR_SET_UP_SL}{_ADJUSTED}", SL, MIRROR),
    Family("breakeven", f"{_BOT_SET_UP}_SL_{_CLOCK}{_BREAKEVEN}", SL, MAIN),
    Family("breakeven", f"{_MIR_SET_UP_SL}{_BREAKEVEN}", SL, MIRROR),
)

_TRADE_GROUP = (
    Family("entry", f"BOT_CONS_{_GROUP}_({_LIMIT}|MARKET)", ENTRY, MAIN),
    Family("entry", f"BOT_CONS_{_GROUP}_({_LIMIT}|MARKET){_MIRRORED}", ENTRY, MIRROR),
    Family("entry, no bot prefix", f"{_GROUP}_({_LIMIT}|(FAST_)?MARKET)", ENTRY, MAIN),
    Family("entry, no bot prefix", f"{_GROUP}_({_LIMIT}|MARKET){_MIRRORED}", ENTRY, MIRROR),
    Family("entry, no bot prefix", f"{_GROUP}_FAST_MARKET_MIRROR", ENTRY, MIRROR),
    Family("trade group", f"(BOT_CONS_)?{_GROUP}_{_LEVEL}", TP, MAIN),
    Family("trade group", f"(BOT_CONS_)?{_GROUP}_{_LEVEL}{_MIRRORED}", TP, MIRROR),
    Family("trade group", f"(BOT_CONS_)?{_GROUP}_SL", SL, MAIN),
    Family("trade group", f"(BOT_CONS_)?{_GROUP}_SL{_MIRRORED}", SL, MIRROR),
    Family("trade group", f"{_GROUP}_(FAST_)?TP", TP, MAIN),
    Family("trade group", f"{_GROUP}_(FAST_)?TP_MIRROR", TP, MIRROR),
    Family("trade group", f"{_GROUP}_FAST_SL", SL, MAIN),
    Family("trade group", f"{_GROUP}_FAST_SL_MIRROR", SL, MIRROR),
)

_OTHER_ENGINE = (
    Family("other engine", f"BOT_REBAL_{_LEVEL}_{_TIME}", TP, MAIN),
    Family("other engine", f"BOT_REBAL_SL_{_TIME}", SL, MAIN),
    Family("other engine", f"REBAL_{_LEVEL}_{_TIME}", TP, None),
    Family("other engine", f"REBAL_SL_{_TIME}", SL, None),
    Family("other engine", f"BOT_{_LEVEL}_CORRECTIVE_{_TIME}", TP, MAIN),
    Family("other engine", f"BOT_{_LEVEL}_CORRECTIVE_MIRROR_{_TIME}", TP, MIRROR),
    Family("other engine", f"Main_{_LEVEL}_{_SYMBOL}_{_TIME}", TP, MAIN),
    Family("other engine", f"Mirror_{_LEVEL}_{_SYMBOL}_{_TIME}", TP, MIRROR),
    Family("other engine", f"Mirror_Enhanced_{_SYMBOL}_Limit_{_MS}", ENTRY, MIRROR),
)

_REPAIR_SCRIPTS = (
    Family("repair script", f"MIR_{_LEVEL}_{_SYMBOL}_{_SECONDS}", TP, MIRROR),
    Family("repair script", f"BOT_MIR_{_LEVEL}_{_SYMBOL}_{_TIME}", TP, MIRROR),
    Family("repair script", f"BOT_WORKING_{_LEVEL}_{_SYMBOL}_{_TIME}", TP, MAIN),
    Family("repair script", f"FIX_{_LEVEL}_{_SYMBOL}_{_TIME}", TP, MAIN),
    Family("repair script", f"FIX_MIR_{_LEVEL}_{_SYMBOL}_{_TIME}", TP, MIRROR),
    Family("repair script", f"BOT_{_SYMBOL}_{_LEVEL}_{_FIX}", TP, MAIN),
    Family("repair script", f"BOT_MIRROR_{_SYMBOL}_{_LEVEL}_{_FIX}", TP, MIRROR),
    Family("repair script", f"BOT_MIRROR_{_SYMBOL}_SL_{_FIX}", SL, MIRROR),
    # M may be main or mirror
    Family("repair script", f"M{_LEVEL}_{_SYMBOL}_{_SECONDS}", TP, None),
    Family("repair script", f"MSL_{_SYMBOL}_{_SECONDS}", SL, None),
    Family("repair script", f"(MIR_SL_SYNC|MIR_SL_FIX|MIRROR_SL)_{_SYMBOL}_{_TIME}", SL, MIRROR),
    Family("repair script", f"BE_SL_{_SYMBOL}_{_TIME}", SL, MAIN),
    Family("repair script", f"BE_MIR_SL_{_SYMBOL}_{_TIME}", SL, MIRROR),
    Family("repair script", f"RECOVERY_SL_{_SYMBOL}_{_TIME}", SL, None),
    Family("repair script", f"BOT_SL_{_SYMBOL}_main_{_SECONDS}", SL, MAIN),
    Family("repair script", f"BOT_SL_{_SYMBOL}_mirror_{_SECONDS}", SL, MIRROR),
)

FAMILIES = _REBALANCE + _SET_UP + _TRADE_GROUP + _OTHER_ENGINE + _REPAIR_SCRIPTS
"""Every family, most specific first; no id belongs to two of them."""


@cache
def matchers() -> tuple[tuple[Family, re.Pattern[str]], ...]:
    """Every family with its compiled pattern; an import of trueup is not slowed by compiling."""
    return tuple((family, re.compile(family.pattern)) for family in FAMILIES)
