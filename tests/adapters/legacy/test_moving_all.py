"""Collected states through pickle, ``import-legacy --apply`` and engine: as without the import.

Every tenth here; all of them with ``make cases IMPORT=1``.
"""

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.legacy.moving import Mover, house_of
from tests.cases.__main__ import main
from tests.cases.casebook import MONITORS, Case, cases_of, read_cases
from tests.cases.parade import parade
from tests.cases.table import is_good
from tests.cases.verdict import Verdict
from trueup.adapters.legacy import read_file

PARTS = 2
IN_JUNE: dict[str, Any] = {
    "case": "J1",
    "key": "COTIUSDT_Buy",
    "symbol": "COTIUSDT",
    "side": "Buy",
    "account": "mirror",
    "remaining_size": "185",
    "entry_price": "0.05125",
    "last_seen": "2025-07-09T07:01:37Z",
    "tp_orders": [
        {
            "order_id": f"de5e8c88-d0e4-41fe-b73d-a3333ef9663{number}",
            "order_link_id": f"MIR_TP{number}_COTIUSDT_175203622579{number}",
            "tp_number": number,
            "percentage": 85 if number == 1 else 15,
            "price": price,
            "quantity": quantity,
            "stored_as_float": ["price"],
            "order_type": "stop_market",
        }
        for number, price, quantity in ((1, "0.0551", "157"), (2, "0.0571", "28"))
    ],
    "sl_order": {
        "order_id": "c4003616-72d1-41e6-9732-53a138f005df",
        "order_link_id": "MIR_SL_COTIUSDT_1752036228047",
        "price": "0.0489",
        "quantity": "185",
    },
    "limit_orders": [],
    "flags": [],
}


@pytest.mark.parametrize("part", range(PARTS))
def test_an_imported_state_comes_out_true_or_rightly_alerted(part: int) -> None:
    if not MONITORS.is_file():
        pytest.skip("the real states are not here: no ../shared/cases/monitors.json")
    cases = read_cases(MONITORS)[part * 10 :: PARTS * 10]
    mover = Mover()
    lines = list(parade(cases, mover))
    assert is_good(lines), "\n".join(str(line) for line in lines if not is_good([line]))
    assert set(mover.left.values()) <= {"it has no position and no take-profits"}
    assert len(mover.left) < len(lines) // 4


@pytest.fixture
def june(tmp_path: Path) -> Path:
    """A file with one state of the bot's first version: its take-profits are stop orders."""
    file = tmp_path / "cases.json"
    file.write_text(json.dumps({"rows": [IN_JUNE]}))
    return file


def test_the_first_version_s_take_profits_give_a_ladder_and_are_left_alone(june: Path) -> None:
    (line,) = parade(read_cases(june), Mover(june))
    assert (line.verdict, line.differences) == (Verdict.TRUE, ())
    assert (line.stops_untouched, line.touched, line.writes_again) == (3, 0, 0)


def test_the_pickle_is_read_as_the_bots_own(tmp_path: Path) -> None:
    (case,) = cases_of([IN_JUNE], {})
    assert isinstance(case, Case)
    file = tmp_path / "bot.pkl"
    file.write_bytes(pickle.dumps(house_of(case, IN_JUNE)))
    read = read_file(file)
    assert (read.form, len(read.monitors)) == ("the bot's own file", 1)
    assert read.rules["COTIUSDT"].tick == case.rules.tick


def test_the_command_counts_what_was_not_imported(
    june: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--import", str(june)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "true 1 of 1, alerted 0, untouched stop-losses 3, writes on second run 0, "
        "stops found 1, wanted 0, set 0, not imported 0"
    )
