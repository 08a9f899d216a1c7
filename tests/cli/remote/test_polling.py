"""Taking commands off Telegram: once each, from known chats, whatever Telegram does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event
from time import time

import pytest

from tests.adapters.notify.servers import TOKEN, Answer, too_many
from trueup.adapters.notify.telegram_bot import Message, TelegramBot
from trueup.cli.commands.remote.polling import Polling
from trueup.domain.model.errors import NotTaken

from .chat import CHAT, STRANGER, Telegram


class Engine:
    """Notes what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.began, self.goes_on = Event(), Event()
        self.goes_on.set()

    def answer(self, message: Message) -> str:
        """Does it."""
        self.began.set()
        assert self.goes_on.wait(30)
        self.asked.append(message.text)
        return f"done: {message.text}"


@pytest.fixture
def engine() -> Engine:
    """An engine."""
    return Engine()


@pytest.fixture
def polling(telegram: Telegram, engine: Engine) -> Polling:
    """A polling whose thread has not started."""
    return Polling(TelegramBot(telegram.url, TOKEN), [CHAT], engine.answer)


@contextmanager
def running(polling: Polling) -> Iterator[None]:
    polling.start()
    yield
    polling.stop()


def test_a_command_is_done_once_and_confirmed_only_then(
    telegram: Telegram, polling: Polling, engine: Engine, said: list[str]
) -> None:
    telegram.write("/status")
    assert polling.poll(0) == 0
    assert (engine.asked, telegram.said()) == (["/status"], ["done: /status"])
    assert [each["message"]["text"] for each in telegram.waiting] == ["/status"]
    telegram.answers += [Answer(200, {"ok": True, "result": list(telegram.waiting)})]
    assert polling.poll(0) == 0
    assert polling.poll(0) == 0
    assert (engine.asked, telegram.waiting, said) == (["/status"], [], [])


def test_what_is_no_command_has_no_answer(
    telegram: Telegram, polling: Polling, engine: Engine
) -> None:
    telegram.write("hello")
    telegram.add({"edited_message": {"text": "/halt"}})
    telegram.add({"message": {"chat": {"id": CHAT}, "date": 10**30, "text": 5, "from": []}})
    polling.poll(0)
    polling.poll(0)
    assert (engine.asked, telegram.said(), telegram.waiting) == ([], [], [])


def test_other_chats_get_no_answer_and_are_logged_once_each(
    telegram: Telegram, polling: Polling, engine: Engine, said: list[str]
) -> None:
    for chat in (STRANGER, STRANGER, STRANGER + 1):
        telegram.write("/halt", chat=chat)
    polling.poll(0)
    telegram.write("/halt", chat=STRANGER)
    polling.poll(0)
    assert (engine.asked, telegram.said()) == ([], [])
    assert said == [
        f"the Telegram chat {chat} wrote to the bot: it is not among telegram.chats, and gets no "
        "answer"
        for chat in (STRANGER, STRANGER + 1)
    ]


def test_what_is_older_than_a_minute_or_than_the_start_is_not_done(
    telegram: Telegram, engine: Engine
) -> None:
    moment = [datetime.now(UTC)]
    polling = Polling(
        TelegramBot(telegram.url, TOKEN), [CHAT], engine.answer, now=lambda: moment[0]
    )
    telegram.write("/halt 1234", date=time() - 1)
    telegram.write("/status")
    moment[0] += timedelta(seconds=62)
    telegram.write("/help", date=time() + 30)
    polling.poll(0)
    old = "too old, ask again"
    assert telegram.said() == [f"/halt: {old}", f"/status: {old}", "done: /help"]
    assert engine.asked == ["/help"]


FAILURES = {
    "HTTP 401: Unauthorized": Answer(401, {"ok": False, "description": "Unauthorized"}),
    "HTTP 409: Conflict: terminated by other getUpdates request": Answer(
        409, {"ok": False, "description": "Conflict: terminated by other getUpdates request"}
    ),
    "HTTP 404: no bot1/… here": Answer(404, {"description": f"no bot1/{TOKEN} here"}),
    "Telegram does not answer: ConnectionError": Answer(0),
    "Telegram answers what cannot be read": Answer(200, {"ok": True, "result": {}}),
    "HTTP 502: Bad Gateway": Answer(502, {}),
}


@pytest.mark.parametrize("why", FAILURES)
def test_a_failure_is_told_once_and_left_alone_for_longer_each_time(
    telegram: Telegram, polling: Polling, engine: Engine, said: list[str], why: str
) -> None:
    telegram.answers += [FAILURES[why]] * 8
    assert [polling.poll(0) for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    telegram.write("/status")
    assert polling.poll(0) == 0
    assert engine.asked == ["/status"]
    telegram.answers += [FAILURES[why]]
    assert polling.poll(0) == 1
    assert said == [
        f"no commands are taken from Telegram for now: {why}",
        "commands are taken from Telegram again",
    ]


@pytest.mark.parametrize(
    "result", [None, 7, ["x"], [{}], [{"update_id": "7"}], [{"update_id": True}]]
)
def test_garbage_is_a_failure(telegram: Telegram, polling: Polling, result: object) -> None:
    telegram.answers += [Answer(200, {"ok": True, "result": result})]
    assert polling.poll(0) == 1


def test_too_many_requests_wait_as_long_as_telegram_says(
    telegram: Telegram, polling: Polling
) -> None:
    telegram.answers += [too_many(37)]
    assert polling.poll(0) == 37


def test_a_telegram_that_is_gone(telegram: Telegram, polling: Polling, said: list[str]) -> None:
    telegram.kill()
    assert polling.poll(0) == 1
    (line,) = said
    assert line.endswith("Telegram does not answer: ConnectionError")


def test_an_answer_that_is_not_taken_does_not_repeat_the_command(
    telegram: Telegram, polling: Polling, engine: Engine, said: list[str]
) -> None:
    telegram.write("/halt 1234")
    waiting = Answer(200, {"ok": True, "result": list(telegram.waiting)})
    telegram.answers += [waiting, Answer(403, {"ok": False, "description": "blocked"})]
    assert [polling.poll(0), polling.poll(0)] == [0, 0]
    assert engine.asked == ["/halt 1234"]
    assert said == [f"an answer did not reach the chat {CHAT}: HTTP 403: blocked"]


def test_an_answer_waits_as_long_as_telegram_asks(telegram: Telegram) -> None:
    waited: list[float] = []
    telegram.answers += [too_many(3)]
    TelegramBot(telegram.url, TOKEN).say(CHAT, "hello", waited.append)
    assert (waited, telegram.said()) == ([3.0], ["hello"])


def test_a_long_answer_is_cut_at_its_lines(telegram: Telegram) -> None:
    lines = [f"{number:04} {'x' * 95}" for number in range(100)]
    TelegramBot(telegram.url, TOKEN).say(CHAT, "\n".join(lines), lambda _: None)
    pieces = telegram.said()
    assert [len(piece) <= 4096 for piece in pieces] == [True] * 3
    assert [line for piece in pieces for line in piece.split("\n")] == lines


def test_nothing_that_is_raised_has_the_token(telegram: Telegram) -> None:
    bot = TelegramBot(telegram.url, TOKEN)
    telegram.kill()
    with pytest.raises(NotTaken) as raised:
        bot.updates(0, 0)
    error: BaseException | None = raised.value
    while error is not None:
        assert TOKEN not in f"{error!r} {error} {error.args}"
        error = error.__cause__ or error.__context__
    assert TOKEN not in repr(bot)


def test_it_runs_by_itself(telegram: Telegram, polling: Polling) -> None:
    with running(polling):
        telegram.write("/status")
        telegram.wait(lambda calls: any("sendMessage" in call.path for call in calls))
    assert telegram.said() == ["done: /status"]


def test_a_stop_waits_for_the_command_under_way_and_confirms_it(
    telegram: Telegram, polling: Polling, engine: Engine
) -> None:
    engine.goes_on.clear()
    with running(polling):
        telegram.write("/halt 1234")
        telegram.write("/status")
        assert engine.began.wait(30)
        polling._ends.set()  # noqa: SLF001 - the stop, before the command is done
        engine.goes_on.set()
    assert engine.asked == ["/halt 1234"]
    assert [each["message"]["text"] for each in telegram.waiting] == ["/status"]
