"""Every state of the original bot's, and every one of our own, comes out true or rightly alerted.

The real states are in ``../shared/cases`` beside the repository; where that is absent our own in
``fixtures/cases.json`` still are played.
"""

from pathlib import Path

import pytest

from tests.cases.__main__ import main
from tests.cases.casebook import MONITORS, Case, cases_of, read_cases
from tests.cases.parade import parade
from tests.cases.table import Line, is_good, last_line
from tests.cases.verdict import Verdict

OWN = Path(__file__).parents[2] / "fixtures" / "cases.json"
PARTS = 8
SOUND = {"symbol": "AAUSDT", "side": "Buy", "remaining_size": "10", "entry_price": "1.50"}


@pytest.fixture(scope="module")
def own_lines() -> list[Line]:
    """The lines of our own cases."""
    return list(parade(read_cases(OWN)))


@pytest.mark.parametrize("part", range(PARTS))
def test_a_real_state_comes_out_true_or_rightly_alerted(part: int) -> None:
    if not MONITORS.is_file():
        pytest.skip("the real states are not here: no ../shared/cases/monitors.json")
    lines = list(parade(read_cases(MONITORS)[part::PARTS]))
    assert lines
    assert is_good(lines), "\n".join(str(line) for line in lines if not is_good([line]))


def test_every_real_row_is_a_state() -> None:
    if not MONITORS.is_file():
        pytest.skip("the real states are not here: no ../shared/cases/monitors.json")
    cases = read_cases(MONITORS)
    assert len(cases) == 310
    assert all(isinstance(case, Case) for case in cases)


def test_our_own_states_come_out_true_or_rightly_alerted(own_lines: list[Line]) -> None:
    assert is_good(own_lines), "\n".join(str(line) for line in own_lines if line.differences)
    alerted = {line.case for line in own_lines if line.verdict is Verdict.ALERTED}
    assert alerted == {"F08", "F11", "F12"}


def test_the_last_line_counts(own_lines: list[Line]) -> None:
    expected = (
        "true 19 of 22, alerted 3, untouched stop-losses 20, writes on second run 0, "
        "stops found 19, wanted 2, set 2"
    )
    assert last_line(own_lines) == expected


def test_a_line_shows_flags_what_was_seen_requests_cover_and_outcome(
    own_lines: list[Line],
) -> None:
    words = {line.case: line.text.split() for line in own_lines}
    assert words["F05"][4:6] == ["inverted,foreign", "resized:2,foreign:6"]
    assert words["F13"][4:6] == ["split", "under,resized:2,foreign:1,split"]
    assert words["F15"][5] == "under,resized:3,foreign:1,not-tp:1"
    stop = ["no-id@2.7×2600", "–", "2600", "SUCCESS"]
    assert words["F13"][8:] == ["24", "2600.0", "2600", *stop]
    assert words["F12"][5] == "under,foreign:1,no-ladder"
    assert words["F20"][9:] == ["100.0", "100.0", "bot@8.5×100", "3%", "100", "SUCCESS"]


def test_a_malformed_row_costs_its_own_line_only() -> None:
    lines = list(parade(cases_of([{"case": "X1", "side": "Buy"}, 7, SOUND], {})))
    assert [line.verdict for line in lines] == [
        Verdict.MALFORMED,
        Verdict.MALFORMED,
        Verdict.ALERTED,
    ]
    assert not is_good(lines)


def test_the_command_says_that_there_is_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "none.json")]) == 2
    assert "there is no" in capsys.readouterr().err


def test_the_command_prints_a_line_a_case_and_one_that_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cases.json"
    file.write_text('{"rows": [{"symbol": "AAUSDT", "side": "Buy", "size": 0}, {}]}')
    assert main([str(file)]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[1].startswith("row 1  main     AAUSDT        Buy")
    assert printed[2].startswith("row 2  MALFORMED: ")
    assert printed[-1] == (
        "true 1 of 2, alerted 0, untouched stop-losses 0, writes on second run 0, stops found 0, "
        "wanted 0, set 0"
    )
