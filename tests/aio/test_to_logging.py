"""trueup's log in the standard library's: level, message and fields, and no value of a variable."""

import logging
from collections.abc import Iterator
from threading import Thread

import loguru
import pytest

from trueup import log_to_logging
from trueup.aio.log import _DEPTH, Log, flush

PATIENCE_S = 60.0
logger = Log(
    loguru.logger.opt(depth=_DEPTH).patch(lambda line: line.update({"name": "trueup.engine"}))
)
"""As if a module of trueup's logged."""


class Kept(logging.Handler):
    """Keeps the records, and what a bot's own format makes of them."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s [%(symbol)s] %(message)s"))
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps one."""
        self.records.append(record)


@pytest.fixture
def kept() -> Iterator[Kept]:
    """What the bot's logger gets of level INFO and above."""
    kept, to = Kept(), logging.getLogger("bot.trueup")
    to.addHandler(kept)
    to.setLevel(logging.INFO)
    log_to_logging("bot.trueup")
    yield kept
    to.removeHandler(kept)
    loguru.logger.remove()


def test_a_line_has_its_level_its_message_and_what_it_is_about(kept: Kept) -> None:
    about = logger.bind(account="main", symbol="BANDUSDT", side="Buy", run="r1", why=[1])
    about.warning("{} is refused", "TP1 {}")
    logger.info("nothing in particular")
    logger.debug("below the logger's level")
    loguru.logger.patch(lambda record: record.update({"name": "trueup.cli"})).success("done")
    assert [kept.format(record) for record in kept.records] == [
        "WARNING bot.trueup [BANDUSDT] main BANDUSDT Buy: TP1 {} is refused",
        "INFO bot.trueup [] nothing in particular",
        "INFO bot.trueup [] done",
    ]
    first = kept.records[0].__dict__
    assert (first["account"], first["side"], first["run"]) == ("main", "Buy", "r1")
    assert first["extra"]["why"] == [1]


def test_a_line_of_a_thread_of_trueups_keeps_its_thread_and_its_time(kept: Kept) -> None:
    thread = Thread(target=lambda: logger.info("from inside"), name="trueup-test")
    thread.start()
    thread.join(PATIENCE_S)
    assert flush()
    (record,) = kept.records
    assert record.threadName == "trueup-test"
    assert 0 <= record.msecs < 1000


def test_a_traceback_has_no_value_of_a_variable(kept: Kept) -> None:
    def signed(secret: str) -> None:
        raise ValueError(len(secret))

    try:
        signed("Zw82-s3cret")
    except ValueError as error:
        logger.opt(exception=error).error("a defect")
    said = kept.format(kept.records[0])
    assert "a defect\nTraceback" in said
    assert "ValueError: 11" in said
    assert "Zw82-s3cret" not in said.replace('signed("Zw82-s3cret")', "")


def test_other_lines_of_loguru_stay_where_they_are(kept: Kept) -> None:
    loguru.logger.patch(lambda record: record.update({"name": "bot.orders"})).error("the bot's own")
    assert not kept.records


def test_a_second_call_replaces_the_first(kept: Kept) -> None:
    log_to_logging("bot.trueup")
    logger.info("once")
    assert [record.getMessage() for record in kept.records] == ["once"]


@pytest.mark.usefixtures("kept")
def test_the_handler_that_loguru_begins_with_is_gone() -> None:
    with pytest.raises(ValueError, match="no existing handler"):
        loguru.logger.remove(0)
