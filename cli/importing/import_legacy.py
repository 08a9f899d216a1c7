"""``trueup import-legacy``: taking over the monitors of the original bot."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from ...adapters.legacy import LegacyFile, against, apply, read_file
from ...adapters.legacy.rules.accounts import LegacyAccounts, Owner
from ...adapters.legacy.rules.consider import Considered, consider
from ...domain.model.errors import ConfigurationError, StoreError
from ...storage import open_reader, open_store
from ...storage.beside import is_there, named_server
from ...storage.sqlite import database_path
from ..base import options
from ..base.failures import ExitCode
from ..base.tables import show_json
from ..configuration.loading import Loaded, load
from .import_report import document, lines, piece_of_configuration

Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", help="The bot's pickle, or JSON dumps of its monitors."),
]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        metavar="FILE",
        help=f"The configuration: accounts, database.  [default: {options.DEFAULT_CONFIG}, if any]",
    ),
]
Renames = Annotated[
    list[str] | None,
    typer.Option(
        "--account",
        metavar="WORD=NAME",
        help="trueup's name for one of the bot's accounts.",
    ),
]
StandIns = Annotated[
    list[str] | None,
    typer.Option(
        "--stand-in",
        metavar="MODULE.CLASS",
        help="Accept a pickle with objects of this class; the objects themselves are not read.",
    ),
]
Stops = Annotated[
    bool,
    typer.Option(
        "--stops",
        help="Take over where the bot's stop-losses stand: each is set as the position's own stop.",
    ),
]
AsToml = Annotated[
    bool, typer.Option("--toml", help="Print the monitors as lines for trueup.toml.")
]


def import_legacy(  # noqa: PLR0913 - one argument per option
    files: Files,
    config: Config = None,
    db: options.Database = None,
    *,
    account: Renames = None,
    stand_in: StandIns = None,
    write: Annotated[
        bool, typer.Option("--apply", help="Write the monitors into the database.")
    ] = False,
    stops: Stops = False,
    as_toml: AsToml = False,
    as_json: options.AsJson = False,
) -> None:
    """Read the original bot's monitors and take them over.

    It reports what is wrong with them, executes nothing in a pickle, and sends nothing to the
    exchange. Without --apply it writes nothing; `trueup run` runs the monitors that it writes. A
    monitor that the database already has stays as it is.

    It exits with 1 if a monitor was left out or kept, or contradicts itself.
    """
    read = [read_file(path, frozenset(stand_in or ())) for path in files]
    loaded, url = _configured(config, db)
    accounts = LegacyAccounts(_renames(account or []), _owners(loaded))
    considered = _considered(read, accounts, stops=stops)
    if write:
        if url is None:
            raise ConfigurationError("--apply needs a database: name one with --config or --db")
        with open_store(url) as store:
            considered = apply(store, considered)
    else:
        considered = _beside(url, considered)
    if as_json:
        show_json(document(read, considered, applied=write))
    else:
        text = piece_of_configuration(considered) if as_toml else lines(read, considered)
        typer.echo("\n".join(text))
    clean = all(one.is_clean for one in considered)
    raise typer.Exit(ExitCode.OK if clean else ExitCode.NOT_TRUE)


def _considered(
    read: Sequence[LegacyFile], accounts: LegacyAccounts, *, stops: bool
) -> tuple[Considered, ...]:
    rules = {symbol: known for file in read for symbol, known in file.rules.items()}
    return consider([raw for file in read for raw in file.monitors], accounts, rules, stops=stops)


def _configured(config: Path | None, url: str | None) -> tuple[Loaded | None, str | None]:
    """The configuration and the database, as far as there are any.

    Raises:
        ConfigurationError: both were named, or one that cannot be used.
    """
    if config is not None and url is not None:
        raise ConfigurationError("--config and --db exclude each other: name one database")
    if url is not None:
        _check_url(url)
        return None, url
    if config is None and not options.DEFAULT_CONFIG.is_file():
        return None, None
    loaded = load(config or options.DEFAULT_CONFIG)
    return loaded, loaded.options.store.url


def _check_url(url: str) -> None:
    try:
        if named_server(url) is None:
            database_path(url)
    except StoreError as error:
        raise ConfigurationError(f"--db: {error.message}") from None


def _renames(given: Sequence[str]) -> Mapping[str, str]:
    """Account names by the bot's words.

    Raises:
        ConfigurationError: an option that is no ``WORD=NAME``, or two words for one account.
    """
    names: dict[str, str] = {}
    for one in given:
        word, _, name = one.partition("=")
        if not word.strip() or not name.strip():
            raise ConfigurationError(f"--account {one!r}: it must be WORD=NAME, such as main=alice")
        names[word.strip().lower()] = name.strip()
    if len(set(names.values())) != len(names):
        raise ConfigurationError("--account: two names for one account would mix its positions")
    return names


def _owners(loaded: Loaded | None) -> Mapping[str, Owner] | None:
    if loaded is None:
        return None
    return {
        name: Owner(name, section.role, section.follows)
        for name, section in loaded.options.accounts.items()
    }


def _beside(url: str | None, considered: tuple[Considered, ...]) -> tuple[Considered, ...]:
    """The same, compared with the database if there is one already."""
    if url is None or not is_there(url):
        return considered
    with open_reader(url) as reader:
        return against(reader, considered)
