"""Questions on a terminal; an answer that is none is asked for again, with the reason."""

import os
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TypeVar

import typer

from ...domain.model.errors import ConfigurationError
from ...domain.model.identity import MonitorKey, PositionMode, Side
from ...domain.model.stop import LadderBasis, LevelUnit, RuleLadder, Stop
from ...domain.venue.account import ENVIRONMENTS
from .writing import AnsweredAccount, AnsweredReceiver

SIMULATOR = "simulator"
_URL = "http://127.0.0.1:8480"
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
_SYMBOL = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)?")
_SIDES = {"long": Side.BUY, "buy": Side.BUY, "short": Side.SELL, "sell": Side.SELL}
DEFAULT_LEVELS = "1:50 2:30 3:20"
DEFAULT_STOP = "2"
NO_ALERTS = "none"
URLS = {
    "telegram": "tgram://BOT_TOKEN/CHAT",
    "ntfy": "ntfys://ntfy.sh/TOPIC",
    "discord": "discord://WEBHOOK_ID/WEBHOOK_TOKEN",
    "mail": "mailtos://USER:PASSWORD@example.com?to=YOU@example.com",
    "other": "SERVICE://…",
}
"""How the URL of a receiver begins, as apprise understands it."""

_T = TypeVar("_T")
Levels = tuple[tuple[Decimal, Decimal], ...]


def environment_asked() -> str:
    """The environment; of a simulator its URL."""
    named = _asked(f"Where ({SIMULATOR}, {', '.join(ENVIRONMENTS)})", SIMULATOR, _environment)
    return _asked("The simulator's address", _URL, _address) if named == SIMULATOR else named


def accounts_asked(environment: str) -> tuple[AnsweredAccount, ...]:
    """The accounts: a main one, and the mirrors that follow it."""
    mirrors = _asked("How many mirror accounts", str(_mirrors_with_keys()), _count)
    accounts = []
    for name in names_of(mirrors):
        given = default_account(name, environment)
        accounts.append(
            AnsweredAccount(
                name,
                environment,
                _asked(f"The variable with {name}'s API key", given.key_variable, _variable),
                _asked(f"The variable with {name}'s API secret", given.secret_variable, _variable),
                _asked(f"Position mode of {name} (one_way, hedge)", "one_way", _mode),
            )
        )
    return tuple(accounts)


def default_accounts(environment: str) -> tuple[AnsweredAccount, ...]:
    """The accounts without a question: those whose keys are in the environment."""
    return tuple(default_account(name, environment) for name in names_of(_mirrors_with_keys()))


def default_account(name: str, environment: str) -> AnsweredAccount:
    """An account with the variables that `trueup simulator` prints, too."""
    word = name.upper()
    return AnsweredAccount(name, environment, f"{word}_API_KEY", f"{word}_API_SECRET")


def names_of(mirrors: int) -> tuple[str, ...]:
    """The names of a main account and so many mirrors."""
    return ("main", *("mirror" if n == 1 else f"mirror{n}" for n in range(1, mirrors + 1)))


def levels_asked() -> Levels:
    """The ladder, in per cent from the entry."""
    return _asked("Ladder, as PERCENT FROM ENTRY:SHARE", DEFAULT_LEVELS, levels_of)


def stop_asked() -> Decimal | None:
    """The stop, in per cent from the entry; None for none."""
    return _asked("Stop, in per cent from the entry, or none", DEFAULT_STOP, stop_of)


def breakeven_asked() -> bool:
    """Whether the stop goes to the entry after TP1."""
    return typer.confirm("Move the stop to the entry after TP1?", default=True)


def monitor_asked(accounts: tuple[str, ...]) -> MonitorKey | None:
    """One more position to watch; None for no more."""
    hint = "as BTCUSDT long" if len(accounts) == 1 else "as main BTCUSDT long"

    def parsed(text: str) -> MonitorKey | None:
        match text.split():
            case []:
                return None
            case [symbol, side] if len(accounts) == 1:
                return _monitor(accounts, accounts[0], symbol, side)
            case [account, symbol, side]:
                return _monitor(accounts, account, symbol, side)
        raise ConfigurationError(f"give it {hint}, or nothing")

    return _asked(f"Watch another position, {hint}; nothing for no more", "", parsed)


def receiver_asked() -> AnsweredReceiver | None:
    """Who gets alerts beside the log; None for nobody."""
    words = ", ".join((NO_ALERTS, *URLS))

    def known(text: str) -> str:
        if text.lower() not in (NO_ALERTS, *URLS):
            raise ConfigurationError(f"it is {words}")
        return text.lower()

    name = _asked(f"Alerts, beside the log, to ({words})", NO_ALERTS, known)
    if name == NO_ALERTS:
        return None
    name = "alerts" if name == "other" else name
    variable = _asked("The variable with its URL", f"{name.upper()}_URL", _variable)
    return AnsweredReceiver(name, variable, URLS.get(name, URLS["other"]))


def levels_of(text: str) -> Levels:
    """The levels that a text like ``1:50 2:30 3:20`` names.

    Raises:
        ConfigurationError: it names none, or they contradict themselves.
    """
    pairs = [pair.split(":") for pair in text.replace(",", " ").split()]
    if not all(len(pair) == 2 for pair in pairs):  # noqa: PLR2004 - as it says
        raise ConfigurationError(f"give each level as PERCENT:SHARE, such as {DEFAULT_LEVELS}")
    levels = tuple((_number(percent), _number(share)) for percent, share in pairs)
    RuleLadder.of(*levels, unit=LevelUnit.PERCENT, basis=LadderBasis.FIRST_FILL)
    return levels


def stop_of(text: str) -> Decimal | None:
    """The per cent that a text names; None of ``none``.

    Raises:
        ConfigurationError: it names none.
    """
    if text.lower() in ("none", "no", "0"):
        return None
    percent = _number(text)
    Stop.of(percent=percent)
    return percent


def _asked(question: str, default: str, parsed: Callable[[str], _T]) -> _T:
    def value(text: str) -> _T:
        try:
            return parsed(text.strip())
        except ConfigurationError as error:
            raise typer.BadParameter(error.message) from None

    answer: _T = typer.prompt(
        question, default=default, value_proc=value, show_default=bool(default)
    )
    return answer


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.rstrip("%"))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ConfigurationError(f"{text!r} is no number")
    return number


def _environment(text: str) -> str:
    if text.lower() not in (SIMULATOR, *ENVIRONMENTS):
        raise ConfigurationError(f"it is {SIMULATOR}, {', '.join(ENVIRONMENTS)}")
    return text.lower()


def _address(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s\"\\]+", text):
        raise ConfigurationError(f"give it as {_URL}")
    return text.rstrip("/")


def _variable(text: str) -> str:
    if not _VARIABLE.fullmatch(text):
        raise ConfigurationError(
            "give the NAME of an environment variable, in capitals: keys are never in the file"
        )
    return text


def _count(text: str) -> int:
    if not (text.isdecimal() and int(text) <= 20):  # noqa: PLR2004 - more is a typo
        raise ConfigurationError("give a number from 0 to 20")
    return int(text)


def _mode(text: str) -> PositionMode:
    try:
        return PositionMode(text.lower())
    except ValueError:
        raise ConfigurationError(f"it is {' or '.join(PositionMode)}") from None


def _monitor(accounts: tuple[str, ...], account: str, symbol: str, side: str) -> MonitorKey:
    if account not in accounts:
        raise ConfigurationError(f"the accounts are {', '.join(accounts)}")
    if side.lower() not in _SIDES:
        raise ConfigurationError("the side is long or short")
    if not _SYMBOL.fullmatch(symbol.upper()):
        raise ConfigurationError("give the symbol as BTCUSDT")
    return MonitorKey(account, symbol.upper(), _SIDES[side.lower()])


def _mirrors_with_keys() -> int:
    """How many mirrors have their keys in the environment, from the first on."""
    count = 0
    while os.environ.get(default_account(names_of(count + 1)[-1], "").key_variable):
        count += 1
    return count
