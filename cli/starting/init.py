"""``trueup init``: asks what somebody wants, and writes a configuration that works."""

import os
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from ...domain.model.errors import ConfigurationError, TrueupError
from ...domain.model.identity import MonitorKey, Side
from ...domain.model.instrument import plain
from ...engine.discovery.result import FoundPosition
from ..base.options import DEFAULT_CONFIG
from ..configuration.loading import load
from ..configuration.opening import open_copy
from . import asking
from .writing import AnsweredAccount, Answers, configuration_of


def init(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The configuration to write.")
    ] = DEFAULT_CONFIG,
    *,
    simulator: Annotated[
        str | None,
        typer.Option(
            "--simulator", metavar="URL", help="For a simulator there; asks nothing else."
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Ask nothing: testnet, and every position watched.")
    ] = False,
) -> None:
    """Ask what you want, and write a configuration that works.

    It asks where your accounts are, which variables have their keys, for the ladder, the stop, what
    is to be watched, and who gets alerts. With the keys in the environment it shows what is open,
    and offers to watch it. What it has written, `trueup check` finds no mistake in. It sends
    nothing.

    It overwrites no file without asking, and none at all with --yes or --simulator. Where there is
    no terminal to ask on, it needs one of them.
    """
    asks = simulator is None and not yes
    if asks and not sys.stdin.isatty():
        raise ConfigurationError(
            "there is no terminal to ask on: give --simulator URL, or --yes for the defaults"
        )
    _check_free(file, asks=asks)
    answers = _asked() if asks else _defaults(simulator or "testnet")
    _write(file, configuration_of(answers))
    _say_what_follows(file, answers)


def _check_free(file: Path, *, asks: bool) -> None:
    """Asks whether a file that is there may be overwritten.

    Raises:
        ConfigurationError: it may not.
    """
    if file.exists() and not (asks and typer.confirm(f"{file} is there already. Overwrite it?")):
        raise ConfigurationError(f"{file} is there already: name another file, or remove it")


def _defaults(environment: str) -> Answers:
    return Answers(
        asking.default_accounts(environment),
        asking.levels_of(asking.DEFAULT_LEVELS),
        asking.stop_of(asking.DEFAULT_STOP),
        breakeven=True,
        auto_watch=True,
    )


def _asked() -> Answers:
    environment = asking.environment_asked()
    accounts = asking.accounts_asked(environment)
    levels = asking.levels_asked()
    stop = asking.stop_asked()
    answers = Answers(
        accounts,
        levels,
        stop,
        breakeven=stop is not None and asking.breakeven_asked(),
        auto_watch=False,
    )
    found = _open_positions(answers)
    if typer.confirm("Watch every position, also those to come?", default=environment != "mainnet"):
        answers = replace(answers, auto_watch=True)
    else:
        answers = replace(answers, monitors=_monitors_asked(accounts, found))
    return replace(answers, receiver=asking.receiver_asked())


def _monitors_asked(
    accounts: tuple[AnsweredAccount, ...], found: tuple[FoundPosition, ...]
) -> tuple[MonitorKey, ...]:
    monitors = [each.key for each in found if typer.confirm(f"Watch {_shown(each)}?", default=True)]
    while (key := asking.monitor_asked(tuple(each.name for each in accounts))) is not None:
        monitors.append(key)
    return tuple(dict.fromkeys(monitors))


def _open_positions(answers: Answers) -> tuple[FoundPosition, ...]:
    """What is open, shown, if the keys are there and the exchange answers."""
    missing = _unset(answers.accounts)
    if missing:
        typer.echo(f"What is open is not shown: {', '.join(missing)} is not set.")
        return ()
    try:
        found = _discovered(answers)
    except TrueupError as error:
        typer.echo(f"What is open cannot be shown: {error}")
        return ()
    for each in found:
        typer.echo(f"  open: {_shown(each)}")
    return found


def _discovered(answers: Answers) -> tuple[FoundPosition, ...]:
    with TemporaryDirectory(prefix="trueup-init-") as folder:
        file = Path(folder) / "trueup.toml"
        database = f"sqlite:///{Path(folder) / 'none.db'}"
        text = configuration_of(replace(answers, database=database))
        file.write_text(text, encoding="utf-8")
        with open_copy(load(file, keys=True)) as reconciler:
            found = reconciler.discover()
    for each in found:
        if each.unread:
            typer.echo(f"What is open on {each.account} cannot be shown: {each.unread}")
    return tuple(position for each in found for position in each.positions)


def _shown(found: FoundPosition) -> str:
    key, position = found.key, found.position
    word = "long" if key.side is Side.BUY else "short"
    return f"{_named(key)}: a {word} of {plain(position.size)} from {plain(position.entry_price)}"


def _named(key: MonitorKey) -> str:
    return f"{key.account} {key.symbol}"


def _unset(accounts: tuple[AnsweredAccount, ...]) -> list[str]:
    variables = [name for each in accounts for name in (each.key_variable, each.secret_variable)]
    return [name for name in variables if not os.environ.get(name)]


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be written: {error.strerror}") from None


def _say_what_follows(file: Path, answers: Answers) -> None:
    typer.echo(f"{file} is written.")
    for name in _unset(answers.accounts):
        typer.echo(f"Set the variable with the key: export {name}=…")
    option = "" if file == DEFAULT_CONFIG else f" --config {file}"
    if not (answers.auto_watch or answers.monitors):
        typer.echo(
            f"No position is watched yet. Once one is open: trueup discover --watch{option}; or, "
            f"while it runs: trueup watch ACCOUNT SYMBOL SIDE{option}"
        )
    receiver, tries = answers.receiver, ""
    if receiver is not None:
        tries = f" trueup alerts test{option};"
        if not os.environ.get(receiver.variable):
            typer.echo(
                f"Set the variable with the URL: export {receiver.variable}='{receiver.example}'"
            )
        if find_spec("apprise") is None:
            typer.echo('Install what sends alerts: pip install "trueup[alerts]"')
    typer.echo(f"Then: trueup check{option}; trueup doctor{option};{tries} trueup run{option}")
