"""A configuration without what is wrong by itself: the rest may have mistakes of its own."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from pydantic_core import ErrorDetails

from .known import known_steps
from .mistakes import UNKNOWN, templates_of
from .places import Steps

MISSING = "TRUEUP_STANDS_IN"
"""The variable that stands in for the place of a secret that an account does not name."""
SECRETS = ("api_key", "api_secret")
"""The secrets of an account; options that begin so say where one is."""
_TABLES = ("accounts", "monitors", "ladders", "stops")
"""Sections that consist of tables."""


@dataclass(frozen=True, slots=True)
class Parted:
    """What is left of a document.

    Attributes:
        document: without unknown options, and without sections that are wrong by themselves.
        numbers: of each of its monitors the number in the file.
    """

    document: Mapping[str, Any]
    numbers: tuple[int, ...]


def whole(document: Mapping[str, Any]) -> Parted:
    """All of a document."""
    monitors = document.get("monitors")
    number = len(monitors) if isinstance(monitors, list) else 0
    return Parted(document, tuple(range(number)))


def without_errors(parted: Parted, errors: Sequence[ErrorDetails]) -> Parted:
    """What is left without what pydantic refuses. An account stays, with what is right of it."""
    left = deepcopy(dict(parted.document))
    wrong: set[Steps] = set()
    for error in errors:
        steps = error["loc"] if error["type"] == UNKNOWN else known_steps(error["loc"])
        if error["type"] == UNKNOWN or steps[0] == "accounts":
            for each in _of_secrets(left, steps) or (steps,):
                _remove(left, each)
        else:
            wrong.add(steps[:2] if steps[0] in _TABLES else steps[:1])
    _complete(left.get("accounts"))
    monitors = left.get("monitors")
    kept = [
        number
        for number in range(len(parted.numbers))
        if not wrong & {("monitors", number), *templates_of(("monitors", number), left)}
    ]
    for steps in wrong:
        if steps[0] != "monitors":
            _remove(left, steps)
    for name in tuple(left["ladders"]) if isinstance(left.get("ladders"), dict) else ():
        if wrong & set(templates_of(("ladders", name), left)):
            _remove(left, ("ladders", name))
    if isinstance(monitors, list):
        left["monitors"] = [monitors[number] for number in kept]
    return Parted(left, tuple(parted.numbers[number] for number in kept))


def _remove(document: dict[str, Any], steps: Steps) -> None:
    """Takes an option out, if it is in the file: it may be in the environment or a template."""
    table: Any = document
    with suppress(LookupError, TypeError):
        for step in steps[:-1]:
            table = table[step]
        del table[steps[-1]]
        if steps[0] == "accounts" and steps[-1] == "role":
            table.pop("follows", None)  # whether that is right depends on the role


def _complete(accounts: object) -> None:
    if isinstance(accounts, dict):
        for name, account in accounts.items():
            given = account if isinstance(account, dict) else {}
            lacks = [each for each in SECRETS if not _places(given, each)]
            stand_in = {f"{each}_env": MISSING for each in lacks}
            accounts[name] = {"environment": "testnet", **stand_in, **given}


def _of_secrets(document: Mapping[str, Any], steps: Steps) -> list[Steps]:
    """Where an account as a whole is wrong, that is its secrets: how their places are named."""
    accounts = document.get("accounts")
    account = accounts.get(steps[-1]) if isinstance(accounts, dict) else None
    if steps[:1] != ("accounts",) or not isinstance(account, dict):
        return []
    return [(*steps, option) for each in SECRETS for option in _places(account, each)]


def _places(account: Mapping[str, Any], secret: str) -> list[str]:
    return [option for option in account if option.startswith(f"{secret}_")]
