"""Reading the configuration; every mistake is one line that says where it is."""

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsError

from ...domain.model.errors import ConfigurationError, StoreError
from ...domain.model.identity import MonitorKey, Role
from ...domain.model.stop import AutoWatch, RuleLadder, Stop, check_runner
from ...domain.venue.account import Account
from ...engine.accounts import check_accounts
from ...storage.sqlite import database_path
from .ladders import given_ladder
from .schema import ENV_NESTING, ENV_PREFIX, Configuration, MonitorSection
from .secrets import SecretPlace

_WORDS = {
    "extra_forbidden": "there is no such option",
    "missing": "it is missing",
    "tuple_type": "it must be a list",
    "dict_type": "it must be a table",
    "model_type": "it must be a table",
    "string_pattern_mismatch": (
        "it must be the NAME of an environment variable, in capitals; keys are never "
        "written into this file"
    ),
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration that fits together, and the file it came from."""

    path: Path
    options: Configuration

    def mistake(self, where: str, what: str) -> ConfigurationError:
        """The error of a mistake in this file."""
        return ConfigurationError(f"{self.path}: {where}: {what}")

    def accounts(self) -> tuple[Account, ...]:
        """The accounts, with their keys.

        Raises:
            ConfigurationError: a key cannot be read, or the accounts do not fit together.
        """
        keys = {name: self._keys(name) for name in self.options.accounts}
        try:
            accounts = tuple(self._account(name, *keys[name]) for name in keys)
            check_accounts(accounts)
        except ConfigurationError as error:
            raise self.mistake(f"accounts.{error.account}", error.message) from None
        return accounts

    def _keys(self, name: str) -> tuple[str, str]:
        section = self.options.accounts[name]
        if section.role is Role.MIRROR and section.follows is None:
            raise self.mistake(f"accounts.{name}.follows", "a mirror follows a main: name it")
        return (
            self.secret(f"accounts.{name}", section.api_key),
            self.secret(f"accounts.{name}", section.api_secret),
        )

    def _account(self, name: str, key: str, secret: str) -> Account:
        section = self.options.accounts[name]
        return Account(
            name,
            key,
            secret,
            role=section.role,
            follows=section.follows,
            environment=section.environment,
            position_mode=section.position_mode,
            auto_watch=self.auto_watch(name),
        )

    def auto_watch(self, name: str) -> AutoWatch | None:
        """What positions of an account get that nobody watches; None where that is not asked for.

        Raises:
            ConfigurationError: there is no such template, or it fits no position to come.
        """
        named, where = self.options.accounts[name].auto_watch, f"accounts.{name}.auto_watch"
        if named is None:
            return None
        template = self.options.ladders.get(named)
        if template is None:
            raise self.mistake(where, f"there is no [ladders.{named}]")
        ladder = given_ladder(template.levels, template.basis)
        if not isinstance(ladder, RuleLadder):
            raise self.mistake(
                where, f"the levels of [ladders.{named}] are prices: give them in percent or r"
            )
        try:
            return AutoWatch(ladder, template.stop.wanted if template.stop else None)
        except ConfigurationError as error:
            raise self.mistake(where, error.message) from None

    def secret(self, section: str, place: SecretPlace) -> str:
        """The secret that a section names the place of.

        Raises:
            ConfigurationError: there is none.
        """
        try:
            return place.read()
        except ConfigurationError as error:
            raise self.mistake(f"{section}.{place.option}", error.message) from None


def load(path: Path) -> Loaded:
    """Reads the file; nothing else is opened, and no key is looked up.

    Args:
        path: of the file.

    Raises:
        ConfigurationError: no such file, broken TOML, or a mistake in it.
    """
    document = _document(path)
    for name in document:
        if name not in Configuration.model_fields:
            raise ConfigurationError(f"{path}: {name}: {_WORDS['extra_forbidden']}")
    try:
        loaded = Loaded(path, Configuration(**document))
    except ValidationError as error:
        raise ConfigurationError(_message(path, error.errors())) from None
    except SettingsError as error:
        raise ConfigurationError(f"environment: {error}") from None
    _check_store(loaded)
    _check_monitors(loaded)
    _check_targets(loaded)
    for name in loaded.options.accounts:
        loaded.auto_watch(name)
    return loaded


def _document(path: Path) -> Mapping[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file, parse_float=Decimal)
    except FileNotFoundError:
        raise ConfigurationError(f"{path}: there is no such file: name one with --config") from None
    except OSError as error:
        raise ConfigurationError(f"{path}: it cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise ConfigurationError(f"{path}: it is not TOML: {error}") from None


def _check_targets(loaded: Loaded) -> None:
    """Checks that targets name accounts that there are.

    Raises:
        ConfigurationError: one does not.
    """
    for name, target in loaded.options.alerts.to.items():
        for account in sorted(set(target.accounts) - set(loaded.options.accounts)):
            where = f"alerts.to.{name}.accounts"
            raise loaded.mistake(where, f"there is no [accounts.{account}]")


def _check_store(loaded: Loaded) -> None:
    try:
        database_path(loaded.options.store.url)
    except StoreError as error:
        raise loaded.mistake("store.url", error.message) from None


def _check_monitors(loaded: Loaded) -> None:
    seen: dict[MonitorKey, int] = {}
    for number, monitor in enumerate(loaded.options.monitors):
        if monitor.account not in loaded.options.accounts:
            known = ", ".join(loaded.options.accounts)
            raise loaded.mistake(
                f"monitors[{number}].account",
                f"there is no account {monitor.account!r}; configured are {known}",
            )
        first = seen.setdefault(monitor.key, number)
        if first != number:
            raise loaded.mistake(f"monitors[{number}]", f"{monitor.key} is also monitors[{first}]")
        _check_ladder(loaded, number, monitor)


def _check_ladder(loaded: Loaded, number: int, monitor: MonitorSection) -> None:
    """Checks what the ladder has to do with the side, and with the stop."""
    given = monitor.wanted_stop
    option, ladder, stop = "ladder", monitor.wanted, given if isinstance(given, Stop) else None
    try:
        if ladder is not None:
            ladder.check_side(monitor.side)
        option = "stop"
        if stop is not None and ladder is not None:
            stop.check_ladder(monitor.side, ladder)
        follows = loaded.options.accounts[monitor.account].follows is not None
        if ladder is not None:
            check_runner(ladder.runner, stop, copies=follows)
        if (rule := monitor.wanted_by_rule) is not None:
            rule.check_stop(stop, copies=follows)
    except ConfigurationError as error:
        what = f"{error.message} ({monitor.key})"
        raise loaded.mistake(f"monitors[{number}].{option}", what) from None


def _message(path: Path, mistakes: Sequence[ErrorDetails]) -> str:
    """The first mistake, without the value that made it: it may be a secret."""
    first = mistakes[0]
    text = _WORDS.get(first["type"], first["msg"].removeprefix("Value error, "))
    more = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
    return f"{_where(path, first['loc'])}: {text}{more}"


def _where(path: Path, location: Sequence[str | int]) -> str:
    """``trueup.toml: monitors[0].ladder``, or the environment variable that set it."""
    for end in range(len(location), 0, -1):
        variable = ENV_PREFIX + ENV_NESTING.join(map(str, location[:end])).upper()
        if variable in os.environ:
            return f"environment: {variable}"
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return f"{path}: {''.join(steps).removeprefix('.')}"
