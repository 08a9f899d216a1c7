"""Takes commands off a Telegram bot one by one, and answers them, whatever Telegram does."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from threading import Event, Lock, Thread
from time import monotonic

from loguru import logger

from ....adapters.notify.telegram_bot import Message, TelegramBot
from ....domain.model.errors import NotTaken

TOO_OLD = "too old, ask again"
_OLD = timedelta(minutes=1)
_WAIT_S = 25
_LONGEST_PAUSE_S = 60.0
_BETWEEN_WARNINGS_S = 600.0
_END_S = 5.0
_MOST_STRANGERS = 1000


class Polling:
    """Asks for messages in a thread of its own; what it meets disturbs nobody.

    Telegram keeps a message until it is asked for later ones, which happens only after the command
    in it was done. A command that is older than a minute, or older than this object, is not done:
    it may have been given, and even done, before a restart. Its answer says so.

    Args:
        bot: what is asked.
        chats: the ids of the chats that are answered; of each other one a line of the log says
            that it was not.
        answer: what is answered to a message.
        now: the time.
    """

    def __init__(
        self,
        bot: TelegramBot,
        chats: Collection[int],
        answer: Callable[[Message], str],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._bot, self._chats, self._answer, self._now = bot, frozenset(chats), answer, now
        self._since = now()
        self._offset = self._confirmed = 0
        self._strangers: set[int] = set()
        self._failures = 0
        self._has_warned = False
        self._quiet_until = 0.0
        self._ends = Event()
        self._busy = Lock()
        self._thread = Thread(target=self._serve, name="trueup-telegram", daemon=True)

    def start(self) -> None:
        """Starts it."""
        self._thread.start()

    def stop(self) -> None:
        """Stops it; waits some seconds at most, and only for a command that is being done."""
        self._ends.set()
        if self._busy.acquire(timeout=_END_S):
            self._busy.release()

    def _serve(self) -> None:
        while not self._ends.is_set():
            self._ends.wait(self.poll(_WAIT_S))

    def poll(self, wait: int) -> float:
        """Does what was asked for since the last time; returns for how many seconds to pause.

        Args:
            wait: for so many seconds Telegram waits for a message, where there is none.
        """
        try:
            found = self._bot.updates(self._offset, wait)
        except NotTaken as error:
            return self._failed(error.message, error.retry_after)
        except Exception as error:  # noqa: BLE001 - whatever Telegram does disturbs nobody
            return self._failed(type(error).__name__, None)
        self._confirmed = self._offset
        self._works()
        with self._busy:
            for message in found:
                if self._ends.is_set():
                    break
                self._heed(message)
                self._offset = message.update + 1
            if self._ends.is_set():
                self._confirm()
        return 0

    def _heed(self, message: Message) -> None:
        if message.chat not in self._chats:
            self._note_stranger(message.chat)
            return
        if not message.text.startswith("/"):
            return
        try:
            self._bot.say(message.chat, self._done(message), self._ends.wait)
        except Exception as error:  # noqa: BLE001 - see above
            why = error.message if isinstance(error, NotTaken) else type(error).__name__
            logger.warning("an answer did not reach the chat {}: {}", message.chat, why)

    def _done(self, message: Message) -> str:
        """Does the command; returns what to answer."""
        if message.at <= self._since or self._now() - message.at > _OLD:
            return f"{message.text.split()[0]}: {TOO_OLD}"
        return self._answer(message)

    def _note_stranger(self, chat: int) -> None:
        if chat and chat not in self._strangers and len(self._strangers) < _MOST_STRANGERS:
            self._strangers.add(chat)
            logger.warning(
                "the Telegram chat {} wrote to the bot: it is not among telegram.chats, and gets "
                "no answer",
                chat,
            )

    def _confirm(self) -> None:
        """Has Telegram forget what was done, as nothing is asked for any more."""
        if self._offset == self._confirmed:
            return
        try:
            self._bot.updates(self._offset, 0)
        except Exception as error:  # noqa: BLE001 - see above
            logger.debug("the last command will arrive once more: {}", type(error).__name__)

    def _failed(self, why: str, retry_after: timedelta | None) -> float:
        """Says so once in a row, and rarely; returns for how long to leave Telegram alone."""
        if not self._ends.is_set() and not self._has_warned and monotonic() >= self._quiet_until:
            logger.warning("no commands are taken from Telegram for now: {}", why)
            self._has_warned = True
            self._quiet_until = monotonic() + _BETWEEN_WARNINGS_S
        pause = min(2.0**self._failures, _LONGEST_PAUSE_S)
        self._failures = min(self._failures + 1, 10)
        return pause if retry_after is None else retry_after.total_seconds()

    def _works(self) -> None:
        if self._has_warned:
            logger.info("commands are taken from Telegram again")
        self._failures, self._has_warned = 0, False
