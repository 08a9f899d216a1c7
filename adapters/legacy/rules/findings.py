"""What is wrong with a legacy state, by the names of :mod:`.flags`."""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from ....domain.model.identity import Role, Side
from ....domain.model.instrument import ZERO, plain
from ....domain.recognition.classify import Kind, suggest
from .flags import NOT_IN_ROWS, Finding, Flag
from .orders import StoredOrder
from .state import MIRROR, LegacyState

_NUMBER_IN_LINK = re.compile(r"(?:^|_)TP([0-9]{1,2})(?=_|$)")
_LONGEST_DOCUMENTED = 36
_MOST = 4
_TOO_MUCH = Decimal("1.005")
_TOO_LITTLE = Decimal("0.945")


def findings(state: LegacyState) -> tuple[Finding, ...]:
    """Everything in the catalogue that is wrong with the state.

    A row of collected states cannot show everything; for the rest its own flags count.
    """
    found = [
        Finding(flag, detail)
        for flag, check in _CHECKS.items()
        if (detail := check(state)) is not None
    ]
    said = [
        Finding(flag, "according to the file") for flag in NOT_IN_ROWS if flag in state.flags_said
    ]
    known = {finding.flag for finding in found}
    return (*found, *(one for one in said if one.flag not in known))


def role_of(state: LegacyState) -> Role:
    """The account's role: as the state says, else by the bot's name of the account."""
    by_name = Role.MIRROR if state.account.startswith(MIRROR) else Role.MAIN
    return state.role or by_name


def _link_number(order: StoredOrder) -> int | None:
    match = _NUMBER_IN_LINK.search(order.link_id)
    return int(match[1]) if match else None


def _names(orders: Sequence[StoredOrder]) -> str | None:
    """The orders' names; None if there are none, and so no finding."""
    if not orders:
        return None
    shown = ", ".join(order.name for order in orders[:_MOST])
    return shown if len(orders) <= _MOST else f"{shown} and {len(orders) - _MOST} more"


def _when(*, found: bool) -> str | None:
    return "" if found else None


def _link_differs(state: LegacyState) -> str | None:
    return _names(
        [
            order
            for order in state.take_profits
            if (number := _link_number(order)) is not None and number != order.number
        ]
    )


def _same_number(state: LegacyState) -> str | None:
    numbers = [number for order in state.take_profits if (number := _link_number(order))]
    repeated = sorted({number for number in numbers if numbers.count(number) > 1})
    return ", ".join(f"TP{number}" for number in repeated) if repeated else None


def _all_orders(state: LegacyState) -> Iterator[StoredOrder]:
    yield from state.take_profits
    if state.stop_loss is not None:
        yield state.stop_loss
    yield from state.entries


def _long_links(state: LegacyState) -> str | None:
    return _names([o for o in _all_orders(state) if len(o.link_id) > _LONGEST_DOCUMENTED])


def _live_sum(state: LegacyState) -> Decimal:
    return sum((o.quantity or ZERO for o in state.take_profits if not o.is_filled), ZERO)


def _against_size(state: LegacyState, *, above: bool) -> str | None:
    size, total = state.size or ZERO, _live_sum(state)
    if not size or not total:
        return None
    beyond = total > size * _TOO_MUCH if above else total < size * _TOO_LITTLE
    return f"{plain(total)} for {plain(size)}" if beyond else None


def _bare_entries(state: LegacyState) -> str | None:
    return _names(
        [o for o in state.entries if o.status == "ACTIVE" and not (o.price and o.quantity)]
    )


def _uncounted(state: LegacyState) -> str | None:
    return None if state.counts_filled else _filled(state)


def _filled(state: LegacyState) -> str | None:
    return _names([order for order in state.take_profits if order.is_filled])


def _stale_keys(state: LegacyState) -> str | None:
    return _names([o for o in state.take_profits if o.dict_key and o.dict_key != o.order_id])


def _of_other_role(state: LegacyState) -> str | None:
    own = role_of(state)
    return _names(
        [o for o in state.take_profits if suggest(o.link_id).role not in (None, own)],
    )


def _inverted(state: LegacyState) -> str | None:
    """The larger part at the far price: 85 % where 5 % belong (original bot, I02)."""
    live = [o for o in state.take_profits if o.price and o.quantity and o.is_open]
    live.sort(key=lambda order: order.price, reverse=state.side is Side.SELL)
    if not live:
        return None
    near, far = live[0], live[-1]
    more = (far.quantity or ZERO) > (near.quantity or ZERO)
    return f"{plain(far.quantity or ZERO)} at {plain(far.price)}" if more else None


def _tp_as_stop(state: LegacyState) -> str | None:
    stop = state.stop_loss
    if stop is None or suggest(stop.link_id).kind is not Kind.TAKE_PROFIT:
        return None
    return stop.link_id


def _unreadable(state: LegacyState) -> str | None:
    return "; ".join(state.problems) if state.problems else None


def _floats(name: str) -> Callable[[LegacyState], str | None]:
    return lambda state: _names([o for o in state.take_profits if name in o.floats])


_CHECKS: dict[Flag, Callable[[LegacyState], str | None]] = {
    Flag.LINK_NUMBER: _link_differs,
    Flag.SAME_LINK_NUMBER: _same_number,
    Flag.LONG_LINK: _long_links,
    Flag.NO_STOP_LOSS: lambda s: _when(found=bool(s.size) and s.stop_loss is None),
    Flag.NO_TAKE_PROFIT: lambda s: _when(found=bool(s.size) and not s.take_profits),
    Flag.TOO_MUCH: lambda s: _against_size(s, above=True),
    Flag.TOO_LITTLE: lambda s: _against_size(s, above=False),
    Flag.BARE_ENTRY: _bare_entries,
    Flag.NO_CHAT: lambda s: _when(found=s.has_no_chat),
    Flag.FILL_NOT_COUNTED: _uncounted,
    Flag.STALE_KEY: _stale_keys,
    Flag.NO_PHASE: lambda s: _when(found=not s.phase),
    Flag.NO_TP1_HIT: lambda s: _when(found=s.phase == "PROFIT_TAKING" and not s.tp1_hit),
    Flag.FLOAT_PRICE: _floats("price"),
    Flag.NO_PRICE: lambda s: _names([o for o in s.take_profits if not o.price]),
    Flag.MANY: lambda s: f"{n}" if (n := len(s.take_profits)) > _MOST else None,
    Flag.OLD_KEY: lambda s: _when(found=bool(s.key) and s.key == f"{s.symbol}_{s.side.value}"),
    Flag.OTHER_PREFIX: _of_other_role,
    Flag.INVERTED: _inverted,
    Flag.STOP_FILLED: lambda s: _when(
        found=bool(s.size) and s.stop_loss is not None and s.stop_loss.is_filled
    ),
    Flag.LIST: lambda s: _when(found=s.has_list),
    Flag.TP_AS_STOP: _tp_as_stop,
    Flag.FILLED: _filled,
    Flag.FLOAT_QUANTITY: _floats("quantity"),
    Flag.UNREADABLE: _unreadable,
}
