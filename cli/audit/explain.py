"""``trueup explain``: one run, or one level of a monitor, on one page."""

import re
from typing import Annotated

import typer

from ...domain.audit.end_story import explain_end
from ...domain.audit.level_story import explain_level
from ...domain.audit.page import Page, page_document, page_lines
from ...domain.audit.stop_story import explain_stop
from ...domain.model.errors import ConfigurationError
from ...domain.model.identity import MonitorKey
from ...service.explained import explained_run
from ...storage import SqlReader
from ...storage.audit import (
    find_run,
    open_of_any_age,
    read_end,
    read_level,
    read_stop,
    run_at,
)
from ..base import options
from ..base.tables import show_json
from ..base.times import time_of
from ..configuration.database import named_database

_USAGE = (
    "explain takes the id of a run; or an account, a symbol and a side, with --at TIME, a level "
    "such as TP2, or SL; see `trueup explain --help`"
)
_STOP = "SL"
_LEVEL = re.compile(r"TP([1-9]\d?)", re.IGNORECASE)


def explain(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN | ACCOUNT SYMBOL SIDE [LEVEL | SL]",
            help="The id of a run, or how it starts; or a monitor, and a level such as TP2, or SL: "
            "its stop.",
            show_default=False,
        ),
    ],
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            metavar="TIME",
            help="The monitor's run that was under way then, or the last one before; in UTC, "
            "such as 2026-12-01T03:12.",
        ),
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            "--limit", "-n", min=1, metavar="N", help="Of a level or a stop: its last N writes."
        ),
    ] = 50,
    short: Annotated[
        bool,
        typer.Option("--short", help="Of a level: why its last order ended, in a few lines."),
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Show why something is as it is: one run, the order of one level, or the stop.

    Of a run it shows what woke it, what it saw and went by, what the ladder asked for, what it
    wrote and why, what the exchange answered, what was verified, which alert went out, and what was
    uncovered for how long. Of a level it shows each write of its order, who asked for it and why,
    its fills, and changes of the ladder and by hand; with --short why its last order ended, what
    shows it, and what trueup did next. Of a stop it shows each request that set it,
    with its rule, what others did to it, and when the position was without it. It only reads the
    database, also while the engine runs, or a back-up.
    """
    with open_of_any_age(named_database(config, db).url) as reader:
        page = _end(reader, what) if short else _page(reader, what, at, limit)
    if as_json:
        show_json(page_document(page))
    else:
        typer.echo("\n".join(page_lines(page)))


def _end(reader: SqlReader, what: list[str]) -> Page:
    match what:
        case [account, symbol, side, level]:
            return explain_end(read_end(reader, _key(account, symbol, side), _level(level)))
        case _:
            raise ConfigurationError("--short explains a level: ACCOUNT SYMBOL SIDE TP2")


def _page(reader: SqlReader, what: list[str], at: str | None, limit: int) -> Page:
    match what:
        case [start] if at is None:
            return explained_run(reader, find_run(reader, start))
        case [account, symbol, side] if at is not None:
            run = run_at(reader, _key(account, symbol, side), time_of("--at", at))
            return explained_run(reader, run)
        case [account, symbol, side, level] if at is None and level.upper() == _STOP:
            return explain_stop(read_stop(reader, _key(account, symbol, side), limit))
        case [account, symbol, side, level] if at is None:
            key = _key(account, symbol, side)
            return explain_level(read_level(reader, key, _level(level), limit))
        case _:
            raise ConfigurationError(_USAGE)


def _key(account: str, symbol: str, side: str) -> MonitorKey:
    """The monitor.

    Raises:
        ConfigurationError: the side is none.
    """
    return MonitorKey(account, symbol, side.capitalize())  # type: ignore[arg-type] # it makes a Side of it


def _level(text: str) -> int:
    found = _LEVEL.fullmatch(text)
    if found is None:
        raise ConfigurationError(
            f"{text!r} is no level: give its number, such as TP2, or SL for the stop"
        )
    return int(found[1])
