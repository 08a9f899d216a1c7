"""The overview: what needs a person comes first, and the list can be filtered, sorted and paged."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.population import populate
from bench.scene import Scene as Population
from trueup.cli.commands.concerns import concerns_of
from trueup.domain.reporting.account_status import AccountStatus, ViewWord
from trueup.domain.reporting.engine_start import EngineStart
from trueup.service.page.reading.asked import PAGE, Asked
from trueup.service.page.reading.engine import START
from trueup.service.page.reading.overview import Overview, read_overview
from trueup.service.page.reading.standing import Standing
from trueup.simulator import Fault, FaultKind
from trueup.storage import SqlReader, open_reader, open_store

from .asking import TOKEN, Visitor, page_of
from .scene import Scene, scene

NOW = datetime.now(UTC)
_CHANGES = {
    Standing.UNKNOWN: "position_read_at = NULL",
    Standing.UNCOVERED: "covered_quantity = '399.9', coverage_pct = '99.97'",
    Standing.OVERCOVERED: "covered_quantity = '400.1', coverage_pct = '100.03'",
    Standing.NOT_TRUE: "last_outcome = 'PARTIAL'",
    Standing.NEW: "last_outcome = NULL, last_run_at = NULL, position_read_at = NULL",
    Standing.UNPROTECTED: 'stop = \'{"seen":{},"problem":"no stop for 400"}\'',
    Standing.ELSEWHERE: 'stop = \'{"seen":{"price":"1"},"problem":"it is to be at 2"}\'',
    Standing.FLAT: "position_size = '0', covered_quantity = '0', coverage_pct = NULL",
    Standing.UNWATCHED: "source = 'unwatched'",
}


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[SqlReader]:
    """Two accounts with sixty monitors each; one monitor stands in every way."""
    names = Population(accounts=2, symbols=60, ladders=True)
    populate(tmp_path, names.names, names.listed)
    with closing(sqlite3.connect(tmp_path / "trueup.db")) as connection, connection:
        connection.execute("UPDATE monitor SET position_read_at = last_run_at")
        for number, change in enumerate(_CHANGES.values(), start=1):
            where = f"account = 'a1' AND symbol = 'S{number}USDT'"
            connection.execute(f"UPDATE monitor SET {change} WHERE {where}")  # noqa: S608 - words of ours
        connection.execute(
            "INSERT INTO control (kind, account, symbol, side, asked_at, asked_by, reason)"
            " VALUES ('pause', 'a1', 'S20USDT', '', '2026-01-01T00:00:00.000000Z', 'ann', 'news')"
        )
    with open_reader(f"sqlite:///{tmp_path / 'trueup.db'}") as made:
        yield made


def shown(reader: SqlReader, **query: str) -> Overview:
    return read_overview(reader, Asked.of(query), NOW)


def standings(found: Overview) -> list[str]:
    return [str(row["standing"]) for row in found.listing.rows]


def test_what_needs_a_person_comes_first(reader: SqlReader) -> None:
    found = shown(reader)
    needing = [one.value for one in Standing if one.needs_a_person]
    assert standings(found)[: len(needing)] == needing
    assert set(standings(found)[len(needing) :]) == {"open"}
    assert [bool(needs) for needs in found.needs] == [True] * 8 + [False] * (PAGE - 8)
    assert (found.listing.needing, found.listing.watched) == (8, 119)


def test_every_monitor_that_the_status_is_concerned_about_needs_a_person(
    reader: SqlReader,
) -> None:
    rows, stops = reader.rows("monitor_status"), reader.rows("stop_status")
    concerned = {
        line.partition(":")[0].partition(" has not")[0]
        for line in concerns_of(rows, stops, (), (), None)
        if "swept" not in line
    }
    found = shown(reader, show="needs")
    named = {f"{row['account']} {row['symbol']} {row['side']}" for row in found.listing.rows}
    assert len(concerned) == 5
    assert concerned <= named


def test_each_need_says_since_when_how_much_why_and_what_to_do(reader: SqlReader) -> None:
    found = shown(reader)
    said = {
        Standing(str(row["standing"])): needs
        for row, needs in zip(found.listing.rows, found.needs, strict=True)
    }
    (uncovered,) = said[Standing.UNCOVERED]
    assert (uncovered.what, uncovered.how_much) == (
        "not wholly covered",
        "0.1 of 400 uncovered (≈ 0.07 at the entry price)",
    )
    assert uncovered.since
    assert uncovered.next_step
    (more,) = said[Standing.OVERCOVERED]
    assert more.how_much == "0.1 more than 400"
    (bare,) = said[Standing.UNPROTECTED]
    assert bare.how_much.startswith("400 of 400 without a stop")
    assert bare.why == ("no stop for 400",)
    (paused,) = said[Standing.STOPPED]
    assert (paused.since, paused.why) == ("2026-01-01T00:00:00.000000Z", ("paused by ann: news",))
    assert "Resume it" in paused.next_step
    assert all(need.next_step.startswith(START) for needs in said.values() for need in needs)
    (unknown,) = said[Standing.UNKNOWN]
    assert unknown.how_much == "never read", "what is not known is not shown as a fact"


def test_the_list_is_filtered_sorted_and_paged(reader: SqlReader) -> None:
    assert shown(reader, text="s1usdt").listing.found == 2
    assert shown(reader, account="a0").listing.found == 60
    assert standings(shown(reader, show="flat")) == ["flat"]
    assert standings(shown(reader, show="unwatched")) == ["unwatched"]
    least = shown(reader, sort="cover").listing.rows[:2]
    assert [row["coverage_pct"] for row in least] == ["99.97", "100"]
    symbols = [row["symbol"] for row in shown(reader, sort="symbol").listing.rows[:3]]
    assert symbols == ["BANDUSDT", "BANDUSDT", "S1USDT"]
    last = shown(reader, page="3").listing
    assert (last.page, last.pages, len(last.rows)) == (3, 3, 119 - 2 * PAGE)
    assert shown(reader, page="9999").listing.page == 3
    assert shown(reader, text="%").listing.found == 0
    assert shown(reader, text="a1 s1usdt").listing.found == 1, "each word counts"
    numbers = [row["symbol"] for row in shown(reader, sort="symbol", text="a0").listing.rows]
    assert numbers.index("S2USDT") < numbers.index("S10USDT"), "as numbers, not as letters"


def test_a_filter_for_one_reason_shows_also_what_a_worse_one_stands_for(reader: SqlReader) -> None:
    with closing(sqlite3.connect(reader.name)) as connection, connection:
        connection.execute(
            "UPDATE monitor SET last_outcome = 'FAILED' WHERE account = 'a1' AND symbol = 'S2USDT'"
        )
    found = shown(reader, show="not-true").listing
    assert {row["standing"] for row in found.rows} == {"uncovered", "not-true"}
    assert found.found == 2


def test_every_state_is_said_in_words_and_by_a_sign(reader: SqlReader) -> None:
    """Without classes nothing has a colour: what is left must tell the states apart."""
    with page_of(f"sqlite:///{reader.name}") as visitor:
        visitor.log_in(TOKEN)
        pages = [visitor.get(path).text for path in ("/", "/?show=unwatched", "/?show=flat")]
    text = re.sub(r' class="[^"]*"', "", "".join(pages))
    for one in Standing:
        sign = "▲" if one.needs_a_person else "✓"
        assert f'<span aria-hidden="true">{sign}</span> {one.words}</span>' in text, one
    assert len({one.words for one in Standing}) == len(Standing)
    for words in (
        "400 of 400, 100 %",
        "399.9 of 400, 99.97 %",
        "Paused: a1 S20USDT",
        "not known",
    ):
        assert words in text
    assert "No engine is running: none of the 2 accounts is watched." in text
    assert "was never swept" not in text, "one fact is said once"
    assert text.count('<span aria-hidden="true">▲</span> not watched: no engine runs') == 2 * 3


def test_what_an_engine_swept_is_known_by_its_start_whatever_the_clock_did(
    reader: SqlReader, tmp_path: Path
) -> None:
    """The clock is set back an hour between the start and the sweep of the second account."""
    now = datetime.now(UTC)
    with open_store(f"sqlite:///{tmp_path / 'trueup.db'}") as store:
        killed = store.engine_started(EngineStart(now, {}, {}))
        store.swept(AccountStatus("a0", now, 1, 0, ViewWord.SWEPT, engine_start=killed))
        runs = store.engine_started(EngineStart(now, {}, {}))
        back = now - timedelta(hours=1)
        store.swept(AccountStatus("a1", back, 1, 0, ViewWord.SWEPT, engine_start=runs))
    found = read_overview(reader, Asked.of({}), back)
    needs = {str(line.row["account"]): line.need for line in found.accounts}
    assert needs == {"a0": "was not swept yet since the engine started", "a1": ""}


def test_the_page_of_real_runs(small: Scene, member: Visitor) -> None:
    del small
    text = member.get("/").text
    assert "0 of 3 monitors need a person" in text
    assert "1000 of 1000, 100 %" in text
    assert "at 0.65, for 1000" in text
    assert member.get("/monitors/desk0/S0USDT/Buy").status == 200
    assert member.get("/monitors/desk0/S9USDT/Buy").status == 404
    assert member.get("/monitors/desk0/S0USDT/x").status == 404


def test_a_halt_of_all_workers_is_a_notice(small: Scene, member: Visitor) -> None:
    order = "INSERT INTO fleet_order VALUES ('', '2026-01-01T00:00:00.000000Z', 'ann', 'news')"
    path = small.url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(order)
        text = member.get("/").text
        connection.execute("DELETE FROM fleet_order")
    assert "All workers are halted" in text
    assert "trueup fleet resume" in text
    assert "All workers are halted" not in member.get("/").text


def test_the_scene_is_the_same_where_reads_fail_at_first(tmp_path: Path) -> None:
    late = Fault(kind=FaultKind.SERVER_ERROR, method="GET", path="position/list", times=30)
    with scene(tmp_path, 3, (late,)) as made:
        rows = made.reconciler.store.rows("monitor_status")
    assert [(row["position_size"], row["coverage_pct"]) for row in rows] == [("1000", "100")] * 3
