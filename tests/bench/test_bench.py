"""A quick run: structure and sanity, never how long something took."""

import contextlib
import io
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bench.__main__ import RESULTS, main
from bench.catalogue import MEASUREMENTS
from bench.measurement import FULL, QUICK, WALL, Figure
from bench.report import short, write

Row = Mapping[str, str | bool | None]
Rows = Sequence[Row]
Figures = Mapping[tuple[str, str], Row]
Run = tuple[str, dict[str, Any]]

SHORT = ("main-job", "idle-pass", "durable-commits", "machine", "imports")
"""In one process, so that a quick run is one of seconds; for the others see ``test_live``."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """What a quick run of the short ones prints and writes."""
    path = tmp_path_factory.mktemp("bench") / "results.json"
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        main([*SHORT, "--quick", "--write"], path)
    return printed.getvalue(), json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def rows(run: Run) -> Rows:
    """The figures as written."""
    figures: list[Row] = run[1]["figures"]
    return figures


@pytest.fixture
def main_job(rows: Rows) -> Figures:
    """The figures of the main job, by name and unit."""
    return {
        (str(row["figure"]), str(row["unit"])): row
        for row in rows
        if row["measurement"] == "main-job"
    }


def _number(row: Row, name: str) -> Decimal:
    return Decimal(str(row[name]))


def test_every_measurement_gives_figures(rows: Rows) -> None:
    assert {row["measurement"] for row in rows} == set(SHORT)
    assert len({(r["measurement"], r["figure"], r["unit"], r["against"]) for r in rows}) == len(
        rows
    )


def test_figures_are_numbers_and_ratios_lie_within_their_spread(
    rows: Rows,
) -> None:
    for row in rows:
        assert _number(row, "trueup") >= 0
        if row["ratio"] is None:
            assert row["baseline"] is None or _number(row, "baseline") == 0
        else:
            assert _number(row, "least") <= _number(row, "ratio") <= _number(row, "greatest")


def test_times_and_rates_are_above_zero(rows: Rows) -> None:
    timed = [row for row in rows if row["unit"] in {"ms", "/s"}]
    assert timed
    sides = ("trueup", "baseline")
    assert all(_number(row, s) > 0 for row in timed for s in sides if row[s] is not None)


def test_the_main_job_takes_fewer_writes(main_job: Figures) -> None:
    requests, written = main_job["write requests", ""], main_job["orders written", ""]
    assert (requests["trueup"], requests["baseline"]) == ("1", "8")
    assert (written["trueup"], written["baseline"]) == ("4", "8")


@pytest.mark.parametrize("unit", ["qty·requests", "qty·s"])
def test_only_the_baseline_takes_cover_off_the_book(main_job: Figures, unit: str) -> None:
    naked = main_job["naked by own writes", unit]
    assert _number(naked, "trueup") == 0
    assert _number(naked, "baseline") > 0


def test_cover_on_the_way_and_at_the_end(main_job: Figures) -> None:
    least = main_job["least cover on the way", "qty"]
    end = main_job["uncovered at the end", "qty"]
    assert Decimal("307.3") == _number(least, "trueup") > _number(least, "baseline")
    assert 0 == _number(end, "trueup") < _number(end, "baseline")


def test_virtual_time_is_a_tenth_of_a_second_a_request(main_job: Figures) -> None:
    requests, duration = main_job["requests", ""], main_job["duration at 100 ms a request", "s"]
    for side in ("trueup", "baseline"):
        assert _number(duration, side) * 10 == _number(requests, side)


def test_an_idle_pass_is_compared_with_its_own_requests(rows: Rows) -> None:
    pair, same = (row for row in rows if row["figure"] == "requests a pass")
    assert same["trueup"] == same["baseline"] == pair["trueup"]
    assert pair["baseline"] == "2"


def test_what_was_not_measured_again_stays(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    for name, load, value in (("main-job", "1", 1), ("machine", "2", 2), ("main-job", "3", 3)):
        taken = {MEASUREMENTS[name]: (Figure(WALL, "alone", Decimal(value)),)}
        write(taken, QUICK, path, {name: load})
    written = json.loads(path.read_text(encoding="utf-8"))
    assert written["loads"] == {"main-job": "3", "machine": "2"}
    values = [(row["measurement"], row["trueup"]) for row in written["figures"]]
    assert values == [("machine", "2"), ("main-job", "3")]
    write({}, FULL, path, {})
    assert json.loads(path.read_text(encoding="utf-8"))["figures"] == []


def test_the_table_asks_every_question(run: Run) -> None:
    printed = "".join(run[0].split())
    for name in SHORT:
        question = MEASUREMENTS[name].question.split(",")[0][:20]
        assert "".join(question.split()) in printed
    assert run[1]["scale"] == "quick"


def test_a_measurement_that_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["main-jib"])
    assert ended.value.code == 2
    assert "no such measurement: main-jib" in capsys.readouterr().err


def test_the_page_explains_every_measurement() -> None:
    page = RESULTS.with_name("README.md").read_text(encoding="utf-8")
    assert [name for name in MEASUREMENTS if f"`{name}`" not in page] == []


def test_nothing_is_written_unasked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["machine", "--quick"], tmp_path / "results.json")
    assert "idle pass" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0", "0"),
        ("12", "12"),
        ("0.06453", "0.0645"),
        ("2.746", "2.75"),
        ("54.61", "54.6"),
        ("307.31", "307.3"),
        ("2458.4", "2458"),
    ],
)
def test_numbers_are_short(value: str, shown: str) -> None:
    assert short(Decimal(value)) == shown


def test_no_number_is_a_dash() -> None:
    assert short(None) == "–"
