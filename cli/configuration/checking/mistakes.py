"""Mistakes of a configuration: where each is, why it is one, and what would be right."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic_core import ErrorDetails

from ...base.failures import ListedError
from ..schema import ENV_NESTING, ENV_PREFIX
from .known import example_of, known_steps, names_in
from .places import Place, Places, Steps

UNKNOWN = "extra_forbidden"
"""pydantic's word for an option that there is not."""

_WORDS = {
    "missing": "it is missing",
    "tuple_type": "it must be a list",
    "dict_type": "it must be a table",
    "model_type": "it must be a table",
    "string_pattern_mismatch": (
        "it must be the NAME of an environment variable, in capitals; keys are never "
        "written into this file"
    ),
}
_SECRET_NAMES = re.compile(r"key|secret|token|passw|passphrase", re.IGNORECASE)
_TOKENS = re.compile(r"[A-Za-z0-9_-]{16,}")
_HIDDEN = "…"
_ALIKE = 0.7
"""How alike two names are, of 1, for one to be told as what the other may have meant."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake.

    Attributes:
        steps: the way to the option; empty for what concerns the whole file.
        what: why it is one, without the value, which may be a secret.
        example: what would be right, if there is one thing that would.
    """

    steps: Steps
    what: str
    example: str | None = None


def mistake_at(steps: Sequence[str | int], what: str) -> Mistake:
    """A mistake of an option, with the example of that option."""
    return Mistake(tuple(steps), what, example_of(steps))


def of_pydantic(error: ErrorDetails) -> Mistake:
    """What pydantic refuses, in words; never with the value that it refuses."""
    if error["type"] == UNKNOWN:
        return unknown(error["loc"])
    steps = known_steps(error["loc"])
    return mistake_at(steps, _WORDS.get(error["type"], error["msg"].removeprefix("Value error, ")))


def unknown(steps: Sequence[str | int]) -> Mistake:
    """An option that there is not, with the one that may have been meant."""
    *table, last = steps
    name, names = str(last), names_in(table)
    if _SECRET_NAMES.search(name) and name not in names:
        named = f"{name}_env" if f"{name}_env" in names else None
        what = "keys are never in the file: it names the environment variable that has the key"
        return Mistake(tuple(steps), what, example_of((*table, named)) if named else None)
    meant = next(iter(get_close_matches(name, names, n=1, cutoff=_ALIKE)), None)
    what = "there is no such option" + (f"; did you mean {meant}?" if meant else "")
    return Mistake(tuple(steps), what, example_of((*table, meant)) if meant else None)


def listed(path: Path, places: Places | None, mistakes: Iterable[Mistake]) -> ListedError:
    """The error that names all of them, in the order of the file.

    Args:
        path: of the file.
        places: of the file's options, if it can be read.
        mistakes: at least one.
    """
    texts: dict[str, tuple[float, float]] = {}
    for mistake in mistakes:
        place = None if places is None else places.of(mistake.steps)
        variable = _variable(mistake.steps)
        at = (place.line, place.column) if place and not variable else (float("inf"), 0)
        subject = f"environment: {variable}" if variable else _in_file(path, place, mistake)
        example = f"\n    such as: {mistake.example}" if mistake.example else ""
        texts.setdefault(f"{subject}: {without_secrets(mistake.what)}{example}", at)
    return ListedError(sorted(texts, key=lambda text: texts[text]))


def without_secrets(text: str) -> str:
    """The text without what looks like a key: long, of capitals, small letters and digits.

    >>> without_secrets("there is no account 'Qx71mNz0aB3kLp9RtY'")
    "there is no account '…'"
    """
    return _TOKENS.sub(lambda found: _HIDDEN if _looks_secret(found[0]) else found[0], text)


def named(steps: Steps) -> str:
    """``monitors[0].ladder``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.removeprefix(".")


def _in_file(path: Path, place: Place | None, mistake: Mistake) -> str:
    where = f"{path}:{place.line}:{place.column}" if place else f"{path}"
    subject = without_secrets(named(mistake.steps))
    return f"{where}: {subject}" if subject else where


def _looks_secret(token: str) -> bool:
    kinds = (str.islower, str.isupper, str.isdigit)
    return all(any(kind(letter) for letter in token) for kind in kinds)


def _variable(steps: Steps) -> str | None:
    """The environment variable that has set the option, if one has."""
    for end in range(len(steps), 0, -1):
        variable = ENV_PREFIX + ENV_NESTING.join(map(str, steps[:end])).upper()
        if variable in os.environ:
            return variable
    return None


def named_once(mistakes: Iterable[Mistake], document: Mapping[str, Any]) -> tuple[Mistake, ...]:
    """The mistakes without those that are in a template, and show wherever it is used.

    Of one option the first is told: pydantic has one for each kind that it might have been.
    """
    first = {mistake.steps: mistake for mistake in reversed(tuple(mistakes))}
    broken = {steps[:2] for steps in first if steps[0] in ("ladders", "stops")}
    return tuple(
        mistake
        for steps, mistake in reversed(first.items())
        if not _is_echo(steps, broken, document)
    )


def _is_echo(steps: Steps, broken: set[Steps], document: Mapping[str, Any]) -> bool:
    if steps[0] not in ("ladders", "monitors") or len(steps) == 1:
        return False
    inside = steps[2] if len(steps) > 2 else None  # noqa: PLR2004 - the option in the table
    return inside in (None, "ladder", "stop", "basis") and bool(
        broken & set(templates_of(steps, document))
    )


def templates_of(steps: Steps, document: Mapping[str, Any]) -> tuple[Steps, ...]:
    """The ways to the templates that a monitor or a ladder uses."""
    try:
        section = document[str(steps[0])][steps[1]]
    except (LookupError, TypeError):
        return ()
    if not isinstance(section, Mapping):
        return ()
    used: tuple[Steps, ...] = ()
    if isinstance(stop := section.get("stop"), str):
        used = (("stops", stop),)
    if isinstance(ladder := section.get("ladder"), str):
        way = ("ladders", ladder)
        used = (*used, way, *templates_of(way, document))
    return used
