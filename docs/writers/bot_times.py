"""The part of ``clients.md`` about bots with trueup embedded: how soon they know, by record."""

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..markdown import table

RECORD = Path(__file__).parents[2] / "tests" / "clients" / "times" / "times.json"

_INTRODUCTION = """
These bots enter, and trueup embedded in them exits: [plain](../examples/plain) Python,
[ccxt](../examples/ccxt) on asyncio, [freqtrade](../examples/freqtrade),
[nautilus_trader](../examples/nautilus) and [python-telegram-bot](../examples/telegram_bot). A test
installs each beside trueup's wheel into an environment of its own and trades it to flat, beside a
SIGKILL; at the end the bot, the exchange and the wallet agree.

From a take-profit's fill at the exchange until the bot's own view had it:
"""
_VIEWS = {
    "plain": "its position, asked of the exchange on trueup's event",
    "ccxt": "its position, asked by ccxt on trueup's event",
    "telegram_bot": "the message in the chat, with the position asked for",
    "nautilus": "its portfolio, by nautilus's own private stream",
    "freqtrade": "its trade in its database, booked in its loop of 5 s",
}
_OWN = """
freqtrade can keep a stop at the exchange itself (`stoploss_on_exchange`). It has no take-profit
that rests there, so [this strategy](../tests/clients/times/own_stop.py) sells half at +1 % in its
loop, and its `custom_stoploss` then moves the stop to the entry. It may do that once a minute
(`stoploss_on_exchange_interval`, 60 s by default), by a cancel and a new order: so it matters
whether TP1 fills soon after the entry, when the stop was placed, or more than a minute later. All
ran with a loop of 5 s:
"""
_KILLED = """
And where a SIGKILL comes, and freqtrade is started again at once. TP1 sells 0.041 of 0.083, so that
0.042 has to be open four loops after the start; less is a sale that was made twice.
Quantity-seconds are what no stop protected from the kill until then:
"""
_EVEN = (
    "the stop of",
    "fills of TP1",
    "at the entry after (median)",
    "longest",
    "× trueup",
    "quantity-seconds without a stop until then, at most",
)
_MOMENTS = {
    "trueup": "trueup in freqtrade",
    "soon": "freqtrade, TP1 soon after the entry",
    "later": "freqtrade, TP1 more than a minute after the entry",
}
_SIDES = {"trueup": "trueup in freqtrade", "freqtrade": "freqtrade's own stop"}


def bot_times() -> str:
    """The part of the page."""
    told: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return "\n\n".join(
        (
            _INTRODUCTION.strip(),
            table(("bot", "its own view", "fills", "median", "longest"), _known(told["known"])),
            _OWN.strip(),
            table(_EVEN, _even(told["breakeven"])),
            _KILLED.strip(),
            table(
                ("side", "killed when", "open", "stops that rest then", "quantity-seconds"),
                [_kill(each) for each in told["killed"]],
            ),
            _machine(told),
        )
    )


def _known(known: Mapping[str, Any]) -> list[tuple[str, ...]]:
    return [
        (name, _VIEWS[name], str(one["fills"]), _ms(one["median_ms"]), _ms(one["max_ms"]))
        for name, one in known.items()
    ]


def _even(told: Mapping[str, Any]) -> list[tuple[str, ...]]:
    ours = Decimal(str(told["trueup"]["median_s"]))
    return [
        (
            _MOMENTS[name],
            str(one["fills"]),
            f"{one['median_s']} s",
            f"{one['max_s']} s",
            f"{Decimal(str(one['median_s'])) / ours:.0f}",
            f"{Decimal(one['unprotected']):f}",
        )
        for name, one in told.items()
    ]


def _kill(one: Mapping[str, Any]) -> tuple[str, ...]:
    stops = [f"{size} at {at}" for size, at in zip(one["stops"], one["at"], strict=True)]
    naked = f"{Decimal(one['unprotected']):f}"
    return (_SIDES[one["side"]], one["when"], one["held"], ", ".join(stops) or "none", naked)


def _machine(told: Mapping[str, Any]) -> str:
    return (
        "`make bots-times` measures again, on the simulator, without a network between. These rows "
        f"are from one run on {told['cpus']} CPUs, whose load was {told['load']} before and "
        f"{told['load_after']} after."
    )


def _ms(value: int) -> str:
    return f"{value} ms" if value < 1000 else f"{value / 1000:.1f} s"  # noqa: PLR2004 - a second
