"""A Telegram bot that is spoken to: what it was sent, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ...domain.model.errors import NotTaken
from .quiet import quietly, secrets_of, without
from .telegram_api import Timeout, ask_telegram, pieces

_CONNECT_S = 4.0
_ANSWER_S = 10.0
"""How long an answer may take beyond the time that Telegram was asked to wait."""


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody has written.

    Attributes:
        update: its number, which counts up.
        chat: the id of the chat.
        sender: the id of who wrote it; 0 where Telegram does not say.
        name: of who wrote it, as that person says.
        at: when, by Telegram's clock, to the second.
        text: empty where it is something else than a text.
    """

    update: int
    chat: int
    sender: int
    name: str
    at: datetime
    text: str


class TelegramBot:
    """A bot, asked for by long polling. Nothing that it raises or logs has a part of the token.

    Args:
        url: of the API, without the token.
        token: of the bot.
    """

    def __init__(self, url: str, token: str) -> None:
        self._methods = f"{url.rstrip('/')}/bot{token}"
        self._secrets = secrets_of(token) | {token}

    def updates(self, offset: int, wait: int) -> tuple[Message, ...]:
        """What has come from that number on; Telegram forgets all before it.

        Args:
            offset: the number.
            wait: for so many seconds Telegram waits for the first one.

        Raises:
            NotTaken: Telegram did not answer, or not as it does.
        """
        payload = {"offset": offset, "timeout": wait, "allowed_updates": ["message"]}
        found = self._ask("getUpdates", payload, (_CONNECT_S, wait + _ANSWER_S))
        if isinstance(found, list):
            read = [_message(each) for each in found]
            messages = [each for each in read if each is not None and each.update >= offset]
            if None not in read:
                return tuple(sorted(messages, key=lambda message: message.update))
        raise NotTaken("Telegram answers what cannot be read")

    def say(self, chat: int, text: str, wait: Callable[[float], object]) -> None:
        """Writes a text, as several messages where it is too long for one.

        Args:
            chat: the id of the chat.
            text: what to write.
            wait: called with the seconds that Telegram asks for, once a message.

        Raises:
            NotTaken: Telegram did not take it, or did not answer.
        """
        for piece in pieces(text):
            payload = {
                "chat_id": chat,
                "text": piece,
                "link_preview_options": {"is_disabled": True},
            }
            try:
                self._ask("sendMessage", payload, (_CONNECT_S, _ANSWER_S))
            except NotTaken as error:
                if error.retry_after is None:
                    raise
                wait(error.retry_after.total_seconds())
                self._ask("sendMessage", payload, (_CONNECT_S, _ANSWER_S))

    def _ask(self, method: str, payload: Mapping[str, object], timeout: Timeout) -> object:
        """Asks; returns the result, and None of what is no JSON of Telegram's."""
        try:
            with quietly(self._secrets):
                reply = ask_telegram(f"{self._methods}/{method}", payload, timeout)
        except NotTaken as error:
            refused = error
        else:
            try:
                document = reply.json()
            except ValueError:
                return None
            return document.get("result") if isinstance(document, dict) else None
        text = without(self._secrets, refused.message)
        raise NotTaken(text, retry_after=refused.retry_after, is_final=refused.is_final)


def _message(update: object) -> Message | None:
    """The message of an update; without chat and text where it has none, None where it is none."""
    if not isinstance(update, dict) or type(number := update.get("update_id")) is not int:
        return None
    message = _table(update, "message")
    sender, text, at = _table(message, "from"), message.get("text"), message.get("date")
    try:
        written = datetime.fromtimestamp(at if type(at) is int else 0, UTC)
    except (OverflowError, OSError, ValueError):
        written = datetime.fromtimestamp(0, UTC)
    return Message(
        number,
        _id(_table(message, "chat")),
        _id(sender),
        " ".join(str(sender.get("first_name") or "").split())[:64],
        written,
        text if isinstance(text, str) else "",
    )


def _table(document: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def _id(document: Mapping[str, object]) -> int:
    found = document.get("id")
    return found if type(found) is int else 0
