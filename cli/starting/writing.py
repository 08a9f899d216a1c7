"""A configuration with comments, out of what somebody wants."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ...domain.model.identity import MonitorKey, PositionMode
from ...domain.model.instrument import plain
from ...domain.venue.account import ENVIRONMENTS

LADDER = "swing"
"""The name of the ladder that all monitors have."""


@dataclass(frozen=True, slots=True)
class AnsweredAccount:
    """An account; the first of several is the main one, the others mirror it."""

    name: str
    environment: str
    key_variable: str
    secret_variable: str
    mode: PositionMode = PositionMode.ONE_WAY


@dataclass(frozen=True, slots=True)
class AnsweredReceiver:
    """Who gets alerts beside the log.

    Attributes:
        name: of its table.
        variable: that has its URL.
        example: of such a URL.
    """

    name: str
    variable: str
    example: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody wants.

    Attributes:
        accounts: at least one, the main one first.
        levels: of the ladder, in per cent from the entry, and their shares.
        stop: how far the stop is from the entry, in per cent; None for none.
        breakeven: whether it goes to the entry after TP1.
        auto_watch: whether every position gets the ladder and the stop, also one to come.
        monitors: the positions that are watched; those of mirrors copy the main account's.
        receiver: who gets alerts beside the log; None for nobody.
        database: its URL.
    """

    accounts: tuple[AnsweredAccount, ...]
    levels: tuple[tuple[Decimal, Decimal], ...]
    stop: Decimal | None
    breakeven: bool
    auto_watch: bool
    monitors: tuple[MonitorKey, ...] = ()
    receiver: AnsweredReceiver | None = None
    database: str = "sqlite:///trueup.db"


def configuration_of(answers: Answers) -> str:
    """The file, as TOML."""
    return "\n".join(_lines(answers))


def _lines(answers: Answers) -> Iterator[str]:
    yield "# Written by `trueup init`; docs/configuration.md has every option."
    yield ""
    yield "[store]"
    yield f"url = {_text(answers.database)}"
    yield ""
    yield "# The ladder: how far from the entry, and how much of the position; both in per cent."
    yield f"[ladders.{LADDER}]"
    yield "levels = ["
    for distance, share in answers.levels:
        yield f"    {{percent = {plain(distance)}, share = {plain(share)}}},"
    yield "]"
    if answers.stop is not None:
        yield f"stop = {_stop(answers.stop, breakeven=answers.breakeven)}"
    main = answers.accounts[0].name
    if answers.accounts[0].environment not in ENVIRONMENTS:
        yield ""
        yield "# On a simulator, look for new positions every few seconds: the default is a minute."
        yield "[engine]"
        yield "interval_seconds = 3"
        yield "streamed_interval_seconds = 3"
    for account in answers.accounts:
        yield ""
        yield from _account(account, main, auto_watch=answers.auto_watch)
    if answers.receiver is not None:
        yield ""
        yield "# Who gets alerts beside the log; docs/notifications.md says which."
        yield f"[alerts.to.{_key(answers.receiver.name)}]"
        yield f"# The variable that has the URL, such as {answers.receiver.example}"
        yield f"url_env = {_text(answers.receiver.variable)}"
    for key in answers.monitors:
        yield ""
        yield from _monitor(key, copies=_copies(key, answers))
    if not (answers.auto_watch or answers.monitors):
        yield ""
        yield "# Nothing is watched yet. A position that is to be, without the signs in front:"
        yield from (
            f"# {line}"
            for line in _monitor(MonitorKey(main, "BTCUSDT", "Buy"), copies=False)  # type: ignore[arg-type] # it makes a Side of it
        )
    yield ""


def _account(account: AnsweredAccount, main: str, *, auto_watch: bool) -> Iterator[str]:
    yield f"[accounts.{_key(account.name)}]"
    yield f"environment = {_text(account.environment)}"
    yield "# The variables that have the keys: keys themselves are never in this file."
    yield f"api_key_env = {_text(account.key_variable)}"
    yield f"api_secret_env = {_text(account.secret_variable)}"
    if account.name != main:
        yield 'role = "mirror"'
        yield f"follows = {_text(main)}"
    if account.mode is not PositionMode.ONE_WAY:
        yield f"position_mode = {_text(account.mode.value)}"
    if auto_watch:
        yield "# Every position that no monitor watches gets that ladder, also one to come."
        yield f"auto_watch = {_text(LADDER)}"


def _monitor(key: MonitorKey, *, copies: bool) -> Iterator[str]:
    yield "[[monitors]]"
    yield f"account = {_text(key.account)}"
    yield f"symbol = {_text(key.symbol)}"
    word = "long" if key.side == "Buy" else "short"
    yield f"side = {_text(key.side.value)}    # a {word}"
    yield "# No ladder: it copies its main account's." if copies else f"ladder = {_text(LADDER)}"


def _copies(key: MonitorKey, answers: Answers) -> bool:
    """Whether a monitor is a mirror's, and its main account's is there to be copied."""
    main = answers.accounts[0].name
    return key.account != main and MonitorKey(main, key.symbol, key.side) in answers.monitors


def _stop(percent: Decimal, *, breakeven: bool) -> str:
    later = ', breakeven = {after_level = "TP1"}' if breakeven else ""
    return f"{{percent = {plain(percent)}{later}}}"


def _key(name: str) -> str:
    return (
        name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else _text(name)
    )


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
