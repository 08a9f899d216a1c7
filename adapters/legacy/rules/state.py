"""One monitor of the original bot, as values: its key, and what the bot recorded.

The bot's key is ``SYMBOL_Side_account``. Before 2025-07-10 it had no account, so two accounts
shared one monitor (original bot, F1).
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from ....domain.model.identity import Role, Side
from ....domain.model.instrument import ZERO
from .orders import StoredOrder, side_of, stored_order, stored_orders
from .values import Fields, is_plain_text, shown

_KEY = re.compile(r"([A-Z0-9-]{2,20})_(Buy|Sell)(?:_(\w{1,32}))?", re.ASCII)
_SYMBOL = re.compile(r"[A-Z0-9-]{2,20}")
_ACCOUNT = re.compile(r"[A-Za-z0-9_-]{1,32}")
_SIZES = ("remaining_size", "current_size", "position_size", "size")
_ENTRY_PRICES = ("entry_price", "avg_price", "avg_entry_price", "weighted_avg_entry")
_TIMES = ("last_check", "last_seen", "last_updated", "first_seen", "created_at")
PRIMARY = "primary"
MAIN = "main"
MIRROR = "mirror"


@dataclass(frozen=True, slots=True)
class RawMonitor:
    """What a file contains of a monitor, uninterpreted.

    Attributes:
        file: the file's name.
        key: the key it was stored under; empty in a list.
        value: what was stored; a dict if it really is a monitor.
    """

    file: str
    key: str
    value: object


@dataclass(frozen=True, slots=True)
class LegacyState:
    """One monitor as the original bot saw it.

    Attributes:
        name: its key, or the case's name, for reports.
        key: the key it was stored under.
        account: the bot's name of the account, mostly ``main`` or ``mirror``.
        role: as the state says; None if it does not.
        follows: the bot's name of the main account; empty if the state does not say.
        size: ``remaining_size``, else ``current_size``, ``position_size``, ``size``; None if
            none is stored.
        entry_price: 0 if none is stored.
        take_profits: all that are stored as such, including filled and wrong ones.
        moment: when the state was last known to be true, in seconds; None if it does not say.
        flags_said: flags that the file itself sets for the state.
        problems: what could not be read.
    """

    name: str
    key: str
    account: str
    role: Role | None
    follows: str
    symbol: str
    side: Side
    size: Decimal | None
    entry_price: Decimal
    take_profits: tuple[StoredOrder, ...]
    stop_loss: StoredOrder | None
    entries: tuple[StoredOrder, ...]
    phase: str
    tp1_hit: bool
    counts_filled: bool
    has_no_chat: bool
    has_list: bool
    moment: Decimal | None
    flags_said: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to adopt: no position and no take-profit."""
        return not self.size and not self.take_profits


def state_of(raw: RawMonitor) -> LegacyState | str:
    """The state that the file contains, or in one clause why it cannot be used."""
    if not isinstance(raw.value, dict):
        return f"it is not a monitor but {shown(raw.value)}"
    fields = Fields(raw.value)
    key = raw.key if is_plain_text(raw.key) else ""
    who = _who(key or fields.text("key", "monitor_key"), fields)
    if who.contradiction or who.side is None:
        return who.contradiction
    take_profits = stored_orders(fields.raw("tp_orders"), "tp_orders")
    stop_loss = stored_order(fields.raw("sl_order"), "sl_order")
    entries = stored_orders(fields.raw("limit_orders"), "limit_orders")
    size, entry_price = fields.number(*_SIZES), _entry_price(fields)
    phase, moment, follows = fields.text("phase"), fields.moment(*_TIMES), fields.text("follows")
    unread = (*fields.problems, *take_profits.problems, *stop_loss.problems, *entries.problems)
    return LegacyState(
        name=fields.text("case") or who.key or f"{who.symbol}_{who.side.value}_{who.account}",
        key=who.key,
        account=who.account,
        role=_role(fields),
        follows=follows.lower(),
        symbol=who.symbol,
        side=who.side,
        size=size,
        entry_price=entry_price,
        take_profits=take_profits.orders,
        stop_loss=stop_loss.orders[0] if stop_loss.orders else None,
        entries=entries.orders,
        phase=phase,
        tp1_hit=fields.is_true("tp1_hit"),
        counts_filled=bool(fields.raw("filled_tps")),
        has_no_chat=fields.has("chat_id") and fields.raw("chat_id") in (None, ""),
        has_list=isinstance(fields.raw("tp_orders"), list | tuple) and not fields.has("case"),
        moment=moment,
        flags_said=_flags(fields.raw("flags")),
        problems=unread,
    )


@dataclass(frozen=True, slots=True)
class _Who:
    """What a key and its fields identify; the key's parts are empty if it has none."""

    key: str
    symbol: str
    side: Side | None
    account: str
    of_key: tuple[str, str, str]

    @property
    def contradiction(self) -> str:
        """What is missing, or how key and fields contradict each other; empty if neither."""
        symbol, side, suffix = self.of_key
        position = (self.symbol, self.side.value if self.side else "")
        account = shown(self.account)
        problems = {
            f"it has no usable symbol: {shown(self.symbol)}": not _SYMBOL.fullmatch(self.symbol),
            "it has no side of a position": self.side is None,
            "neither its fields nor its key name an account": not self.account,
            f"its account name is not usable: {account}": not _ACCOUNT.fullmatch(self.account),
            f"its key {self.key} contradicts its fields, which say {' '.join(position)}": (
                bool(symbol) and (symbol, side) != position
            ),
            f"its key says account {suffix}, its fields say {account}": (
                bool(suffix) and suffix != self.account
            ),
        }
        return next((problem for problem, is_so in problems.items() if is_so), "")


def _who(key: str, fields: Fields) -> _Who:
    match = _KEY.fullmatch(key)
    symbol, side, suffix = match.groups(default="") if match else ("", "", "")
    suffix = _plain(suffix.lower())
    return _Who(
        key=key,
        symbol=fields.text("symbol") or symbol,
        side=side_of(fields.text("side") or side),
        account=_plain(fields.text("account_type", "account").lower()) or suffix,
        of_key=(symbol, side, suffix),
    )


def _plain(account: str) -> str:
    return MAIN if account == PRIMARY else account


def _entry_price(fields: Fields) -> Decimal:
    prices = (fields.number(name) for name in _ENTRY_PRICES)
    return next((price for price in prices if price), ZERO)


def _role(fields: Fields) -> Role | None:
    role = fields.text("role").lower()
    return Role(role) if role in tuple(Role) else None


def _flags(value: object) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()
