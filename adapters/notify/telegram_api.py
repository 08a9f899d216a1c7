"""Telegram's Bot API: a request, why it was refused, and texts cut to the length of a message."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import requests

from ...domain.model.errors import NotTaken
from .answers import FINAL

_OK = 200
_BAD_REQUEST = 400
_MOST_UNITS = 4096
"""How long a message may be, in code units of UTF-16."""
_LONGEST_TEXT = 200
_UNKNOWN_CHAT = "chat not found"
Timeout = float | tuple[float, float]


def ask_telegram(
    address: str, payload: Mapping[str, object], timeout: Timeout, *, verify: bool = True
) -> requests.Response:
    """Sends a request; returns the reply that says 200.

    What it raises, and what led to that, has no part of the address: the token is in it.

    Args:
        address: of the method, with the token.
        payload: its parameters.
        timeout: as requests has it.
        verify: whether the certificate has to be valid.

    Raises:
        NotTaken: Telegram did not take it, or did not answer.
    """
    try:
        reply = requests.post(
            address, json=payload, timeout=timeout, verify=verify, allow_redirects=False
        )
    except requests.RequestException as error:
        why = type(error).__name__
    else:
        if reply.status_code == _OK:
            return reply
        raise _refusal(reply)
    raise NotTaken(f"Telegram does not answer: {why}")


def _refusal(reply: requests.Response) -> NotTaken:
    try:
        document = reply.json()
    except ValueError:
        document = None
    document = document if isinstance(document, dict) else {}
    said = " ".join(str(document.get("description") or reply.reason or "").split())
    parameters = document.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    is_waiting = isinstance(seconds, int) and seconds > 0
    is_unknown = reply.status_code == _BAD_REQUEST and _UNKNOWN_CHAT in said
    return NotTaken(
        f"HTTP {reply.status_code}: {said[:_LONGEST_TEXT]}",
        retry_after=timedelta(seconds=int(seconds or 0)) if is_waiting else None,
        is_final=is_unknown or reply.status_code in FINAL,
    )


def pieces(text: str) -> Iterator[str]:
    r"""The text in pieces that fit into a message, cut at the ends of lines where that is possible.

    >>> [units(piece) for piece in pieces("\n".join(["🪞" * 1000] * 3))]
    [4001, 2000]
    >>> [units(piece) for piece in pieces("a" * 5000)]
    [2048, 2048, 904]
    """
    lines = [cut for line in text.split("\n") for cut in _cut(line)]
    piece = lines[0]
    for line in lines[1:]:
        if units(piece) + 1 + units(line) > _MOST_UNITS:
            yield piece
            piece = line
        else:
            piece = f"{piece}\n{line}"
    yield piece


def _cut(line: str) -> tuple[str, ...]:
    """A line that is too long, in parts that are not: a character has two units at most."""
    if units(line) <= _MOST_UNITS:
        return (line,)
    part = _MOST_UNITS // 2
    return tuple(line[at : at + part] for at in range(0, len(line), part))


def units(text: str) -> int:
    """How long Telegram finds it: in code units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2
