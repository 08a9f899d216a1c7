"""Whether an engine runs: said on every page, and no retry is promised where none does."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.population import populate
from bench.scene import Scene as Population
from trueup.domain.reporting.alert_lines import LINES
from trueup.domain.reporting.engine_start import EngineStart
from trueup.domain.reporting.explanations import CLASSES, OUTCOMES
from trueup.service.page.reading.engine import START, Engine, EngineWord
from trueup.service.page.rendering import _retry
from trueup.storage import open_store

from .asking import TOKEN, Visitor, page_of
from .scene import Scene

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
NONE, RUNS = Engine(EngineWord.NEVER), Engine(EngineWord.RUNS, NOW.isoformat())


@contextmanager
def visited(path: Path) -> Iterator[Visitor]:
    with page_of(f"sqlite:///{path}") as visitor:
        visitor.log_in(TOKEN)
        yield visitor


def test_without_an_engine_each_remedy_begins_with_its_start_and_promises_no_retry() -> None:
    remedies = [one.remedy for one in (*CLASSES.values(), *OUTCOMES.values())]
    remedies += [line.meaning.remedy for line in LINES]
    for remedy in remedies:
        said = NONE.steps([remedy])
        assert said.startswith(START)
        assert "tries again" not in said.replace(START, ""), remedy
        assert "tried again by itself" not in said, remedy
        assert RUNS.steps([remedy]) == remedy


@pytest.mark.parametrize(
    ("engine", "late", "words", "is_loud"),
    [
        (RUNS, -200, "next try in 3 min", False),
        (RUNS, 20, "next try due now", False),
        (RUNS, 660, "retry overdue by 11 min", True),
        (NONE, 660, "retry overdue by 11 min: no engine runs", True),
        (NONE, -200, "retry due in 3 min: no engine runs", True),
    ],
)
def test_a_retry_is_due_or_overdue(engine: Engine, late: int, words: str, *, is_loud: bool) -> None:
    due = (NOW - timedelta(seconds=late)).isoformat()
    assert _retry(due, NOW, engine) == (words, is_loud)


def test_every_page_says_that_no_engine_has_run(small: Scene, member: Visitor) -> None:
    del small
    monitor = "/monitors/desk0/S0USDT/Buy"
    for path in ("/", monitor, f"{monitor}/levels/1", f"{monitor}/stop"):
        assert "no engine has ever run" in member.get(path).text, path
    overview = member.get("/").text
    assert overview.count("none of the 3 accounts is watched") == 1
    assert "as read" in overview, "what nobody follows says when it was read"
    assert "by runs alone" in overview, "runs have read the accounts"


def test_the_page_tells_an_engine_that_runs_from_one_that_has_ended(tmp_path: Path) -> None:
    """The start alone is no proof: an engine that is killed says nothing, and has no database."""
    names = Population(accounts=1, symbols=2, ladders=True)
    populate(tmp_path, names.names, names.listed)
    path = tmp_path / "trueup.db"
    started = datetime.now(UTC)
    with closing(open_store(f"sqlite:///{path}")) as store:
        number = store.engine_started(EngineStart(started, {}, {}))
        with visited(path) as visitor:
            assert f"engine runs since {started:%Y-%m-%d %H:%M:%S} UTC" in visitor.get("/").text
            assert "No engine is running" not in visitor.get("/").text
    with visited(path) as visitor:
        assert "ended without saying so" in visitor.get("/").text
        assert "No engine is running: the account is watched by nobody" in visitor.get("/").text
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.engine_stopped(number, datetime.now(UTC))
    with visited(path) as visitor:
        assert "no engine runs: stopped" in visitor.get("/").text
