"""A command as a document of JSON."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from ...domain.model.errors import ConfigurationError
from ...domain.stopping.command import Command, CommandKind
from ...domain.stopping.control import Scope

LONGEST_BODY = 65_536
"""So many bytes a command may have."""
_LONGEST_ID = 100
_TEXTS = ("id", "kind", "account", "symbol", "side", "by", "reason")


def read_command(body: bytes) -> Command:
    """The command of a request. Numbers stay exact, as the text that they are written as.

    Raises:
        ConfigurationError: it is none.
    """
    document = _document(body)
    if unknown := document.keys() - {*_TEXTS, "arguments"}:
        raise ConfigurationError(f"a command has no {', '.join(sorted(unknown))}")
    texts = {name: _text(name, document.get(name)) for name in _TEXTS}
    known = [kind.value for kind in CommandKind]
    if texts["kind"] not in known:
        raise ConfigurationError(
            f"there is no kind {texts['kind']!r} of command: there are {', '.join(known)}"
        )
    arguments = document.get("arguments") or {}
    if not isinstance(arguments, dict):
        raise ConfigurationError("the arguments of a command are an object")
    scope = Scope(
        texts["account"],
        texts["symbol"],
        texts["side"] or None,  # type: ignore[arg-type] # it takes the text of a side too
    )
    return Command(
        _id(texts["id"]),
        CommandKind(texts["kind"]),
        scope,
        texts["by"] or "somebody",
        datetime.now(UTC),
        texts["reason"],
        arguments,
    )


def _document(body: bytes) -> Mapping[str, object]:
    if len(body) > LONGEST_BODY:
        raise ConfigurationError(f"a command has at most {LONGEST_BODY} bytes")
    try:
        document = json.loads(body, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"a command is an object of JSON: {error}") from None
    if not isinstance(document, dict):
        raise ConfigurationError("a command is an object of JSON")
    return document


def _text(name: str, value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ConfigurationError(f"the {name} of a command is a text")
    return value


def _id(value: str) -> str:
    if not 1 <= len(value) <= _LONGEST_ID or not value.isascii() or not value.isprintable():
        raise ConfigurationError(
            f"a command needs an id of 1 to {_LONGEST_ID} ASCII characters, drawn by whoever "
            "asks: with the same one it is the same command"
        )
    return value
