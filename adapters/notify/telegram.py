"""Telegram, with its time to wait, and with the text as it is.

apprise reads the URL and is not used to send: of a reply that refuses it tells neither the status
nor ``retry_after``, and what it makes of a text lacks its empty lines and indents.
"""

from collections.abc import Iterator
from datetime import timedelta

import requests
from apprise.plugins.telegram import NotifyTelegram

from ...domain.model.alert import Alert
from ...domain.model.errors import NotTaken
from .answers import FINAL
from .message import footer, title_and_body

_OK = 200
_BAD_REQUEST = 400
_MOST_UNITS = 4096
"""How long a message may be, in code units of UTF-16."""
_LONGEST_TEXT = 200
_UNKNOWN_CHAT = "chat not found"


def send_telegram(service: NotifyTelegram, alert: Alert) -> None:
    """Sends an alert to the one chat of a ``tgram://`` URL, its first line in bold.

    What is longer than a message may be is sent as several, in order.

    Raises:
        NotTaken: Telegram did not take it, or did not answer.
    """
    title, body = title_and_body(alert)
    chat, topic = service.targets[0]
    bold = [{"type": "bold", "offset": 0, "length": _units(title)}]
    for number, text in enumerate(_pieces(f"{title}\n{body}\n\n{footer(alert)}")):
        payload = {
            "chat_id": chat,
            "text": text,
            "entities": [] if number else bold,
            "disable_notification": bool(service.silent),
            "link_preview_options": {"is_disabled": not service.preview},
            **({"message_thread_id": topic} if topic else {}),
        }
        _send(service, payload)


def _send(service: NotifyTelegram, payload: dict[str, object]) -> None:
    try:
        reply = requests.post(
            f"{service.notify_url}{service.bot_token}/sendMessage",
            json=payload,
            timeout=service.request_timeout,
            verify=service.verify_certificate,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise NotTaken(f"Telegram does not answer: {type(error).__name__}") from None
    if reply.status_code != _OK:
        raise _refusal(reply)


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


def _pieces(text: str) -> Iterator[str]:
    r"""The text in pieces that fit into a message, cut at the ends of lines where that is possible.

    >>> [_units(piece) for piece in _pieces("\n".join(["🪞" * 1000] * 3))]
    [4001, 2000]
    >>> [_units(piece) for piece in _pieces("a" * 5000)]
    [2048, 2048, 904]
    """
    lines = [cut for line in text.split("\n") for cut in _cut(line)]
    piece = lines[0]
    for line in lines[1:]:
        if _units(piece) + 1 + _units(line) > _MOST_UNITS:
            yield piece
            piece = line
        else:
            piece = f"{piece}\n{line}"
    yield piece


def _cut(line: str) -> tuple[str, ...]:
    """A line that is too long, in parts that are not: a character has two units at most."""
    if _units(line) <= _MOST_UNITS:
        return (line,)
    part = _MOST_UNITS // 2
    return tuple(line[at : at + part] for at in range(0, len(line), part))


def _units(text: str) -> int:
    """How long Telegram finds it: in code units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2
