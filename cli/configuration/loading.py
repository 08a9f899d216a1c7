"""Reading the configuration; all mistakes of it are told at once, each where it is."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsError

from ...domain.model.errors import ConfigurationError
from ...domain.venue.account import Account
from ..base.failures import ListedError
from .checking.checks import account_of, misfits, unset, unset_of_service, unset_token
from .checking.mistakes import (
    Mistake,
    listed,
    mistake_at,
    named_once,
    of_pydantic,
    unknown,
    without_secrets,
)
from .checking.parting import SECRETS, Parted, whole, without_errors
from .checking.places import Places, Steps
from .schema import Configuration

_AT = re.compile(r" \(at line (\d+), column (\d+)\)$")
_PASSES = 5
_NOBODY = "\0"
"""A prefix that no variable has."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration that fits together, and the file it came from.

    Attributes:
        path: of the file.
        options: what it says.
        places: where in the file.
    """

    path: Path
    options: Configuration
    places: Places = field(repr=False, compare=False)

    def mistake(self, steps: Steps, what: str) -> ConfigurationError:
        """The error of one mistake in this file."""
        return listed(self.path, self.places, (mistake_at(steps, what),))

    def accounts(self) -> tuple[Account, ...]:
        """The accounts, with their keys.

        Raises:
            ConfigurationError: keys cannot be read; it names all of them.
        """
        if mistakes := tuple(unset(self.options)):
            raise listed(self.path, self.places, mistakes)
        return tuple(
            account_of(self.options, name, one.api_key.read_key(), one.api_secret.read_key())
            for name, one in self.options.accounts.items()
        )


def load(path: Path, *, keys: bool = False, service: bool = False, token: bool = False) -> Loaded:
    """Reads the file; nothing else is opened.

    Args:
        path: of the file.
        keys: whether variables with keys that are not set are mistakes: of commands that ask the
            exchange.
        service: whether alert URLs and Telegram's token that are not there are, too.
        token: whether the service's own token is, too.

    Raises:
        ConfigurationError: no such file, broken TOML, or mistakes in it; it names all of them.
    """
    text = _text(path)
    document = _document(path, text)
    places = Places(text)
    mistakes = [unknown((name,)) for name in document if name not in Configuration.model_fields]
    document = {name: each for name, each in document.items() if name in Configuration.model_fields}
    options, errors = _validated(document)
    mistakes += named_once(map(of_pydantic, errors), document)
    parted = whole(document)
    rest, numbers = _fitting(parted, errors) if options is None else (options, parted.numbers)
    if rest is not None:
        later = (
            *misfits(rest, numbers),
            *(unset(rest) if keys else ()),
            *(unset_of_service(rest) if service else ()),
            *(unset_token(rest) if token else ()),
        )
        mistakes += [each for each in later if not _is_named(each, mistakes)]
    if mistakes or options is None:
        raise listed(path, places, mistakes)
    return Loaded(path, options, places)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        raise ConfigurationError(f"{path}: there is no such file: name one with --config") from None
    except OSError as error:
        raise ConfigurationError(f"{path}: it cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise ConfigurationError(f"{path}: it is not TOML: {error}") from None


def _document(path: Path, text: str) -> Mapping[str, Any]:
    """The file's document; after the first mistake in its writing nothing else can be read."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        at = _AT.search(said)
        where = f"{path}:{at[1]}:{at[2]}" if at else f"{path}"
        what = without_secrets(_AT.sub("", said))
        raise ListedError((f"{where}: it is not TOML, so nothing after it is read: {what}",)) from (
            None
        )


def _validated(
    document: Mapping[str, Any],
) -> tuple[Configuration | None, Sequence[ErrorDetails]]:
    """The configuration; None where a section is wrong by itself, and what is wrong."""
    try:
        return Configuration(**document), ()
    except ValidationError as error:
        return None, error.errors()
    except SettingsError as error:
        raise ConfigurationError(f"environment: {error}") from None


def _fitting(
    parted: Parted, errors: Sequence[ErrorDetails]
) -> tuple[Configuration | None, Sequence[int]]:
    """The configuration of what is right by itself, and the numbers of its monitors in the file.

    What is taken out may leave something behind that is wrong without it. Where the environment is
    what is wrong, the file is looked at without it; None where that does not help.
    """
    of_environment: dict[str, str] = {}
    for _ in range(_PASSES):
        left = without_errors(parted, errors)
        if left == parted:
            of_environment = {"_env_prefix": _NOBODY}
        parted = left
        options, errors = _validated({**of_environment, **parted.document})
        if options is not None:
            return options, parted.numbers
    return None, ()


def _is_named(mistake: Mistake, known: Sequence[Mistake]) -> bool:
    """Whether the option, a table around it, or another place of its secret is known as wrong."""
    steps = mistake.steps
    return any(
        steps[: len(each.steps)] == each.steps
        or (steps[0] == "accounts" and _secret(each.steps) == _secret(steps) is not None)
        for each in known
    )


def _secret(steps: Steps) -> Steps | None:
    """An account's secret, where an option says its place."""
    what = str(steps[-1]).rpartition("_")[0]
    return (*steps[:-1], what) if what in SECRETS else None
