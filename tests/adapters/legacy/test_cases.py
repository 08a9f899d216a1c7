"""The 310 collected states through the command, nothing written: taken or left, flags agreed on.

Agreed on word by word, but for what a row cannot show: its chat ids were dropped
(``no_chat_id``) and its orders are listed whatever they were (``tp_orders_is_list``). There the
row's own word is believed. Two rows have nothing but ``current_size``; their collectors read no
size there, the importer does.
"""

import json
from typing import Any

import pytest

from tests.cases.casebook import MONITORS
from tests.cli.desk import Desk
from trueup.adapters.legacy.rules.flags import NOT_IN_ROWS, Flag

pytestmark = pytest.mark.skipif(not MONITORS.is_file(), reason="the collected states are not here")

CATALOGUE = set(list(Flag)[: list(Flag).index(Flag.LIST) + 1])
ONLY_CURRENT_SIZE = {"M497", "M525"}
INSTRUMENTS = MONITORS.parent / "instruments.json"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The report's monitors, by case."""
    folder = tmp_path_factory.mktemp("desk")
    result = Desk(folder).bare("import-legacy", str(MONITORS), str(INSTRUMENTS), "--json")
    assert result.exit_code == 1
    return {one["stored_as"]: one for one in json.loads(result.stdout)["monitors"]}


@pytest.fixture(scope="module")
def rows() -> dict[str, dict[str, Any]]:
    """The file's rows, by case."""
    return {row["case"]: row for row in json.loads(MONITORS.read_text("utf-8"))["rows"]}


def test_every_row_is_taken_or_left_with_a_stated_reason(
    told: dict[str, dict[str, Any]], rows: dict[str, dict[str, Any]]
) -> None:
    assert told.keys() == rows.keys()
    for case, one in told.items():
        assert (one["verdict"] == "taken") is (one["reason"] == ""), case
    reasons = {one["reason"].partition(":")[0].partition(" of ")[0] for one in told.values()}
    assert reasons == {"", "a newer state", "it has no position and no take-profits"}


def test_the_flags_are_those_of_the_file(
    told: dict[str, dict[str, Any]], rows: dict[str, dict[str, Any]]
) -> None:
    assert len(CATALOGUE) == 21
    for case, one in told.items():
        found = {finding["flag"] for finding in one["findings"]} & CATALOGUE
        beyond = {Flag.NO_TAKE_PROFIT, Flag.NO_STOP_LOSS} if case in ONLY_CURRENT_SIZE else set()
        assert found == set(rows[case]["flags"]) | beyond, case


def test_what_a_row_cannot_show_is_the_rows_own_word(told: dict[str, dict[str, Any]]) -> None:
    details = {
        finding["detail"]
        for one in told.values()
        for finding in one["findings"]
        if finding["flag"] in NOT_IN_ROWS
    }
    assert details == {"according to the file"}


def test_the_newest_state_of_each_monitor_is_taken(
    told: dict[str, dict[str, Any]], rows: dict[str, dict[str, Any]]
) -> None:
    newest: dict[tuple[str, str, str], str] = {}
    for one in told.values():
        row = rows[one["stored_as"]]
        key = (row["account"], row["symbol"], row["side"])
        if one["reason"] != "it has no position and no take-profits":
            newest[key] = max(newest.get(key, ""), row["last_seen"])
    taken = {
        (one["account"], one["symbol"], one["side"]): rows[one["stored_as"]]["last_seen"]
        for one in told.values()
        if one["verdict"] == "taken"
    }
    assert taken == newest


def test_the_stop_losses_that_were_recorded_as_tp1_are_left(
    told: dict[str, dict[str, Any]],
) -> None:
    """Original bot, I09: a reduce-only stop market order was taken for TP1 by a repair script."""
    for case in ("M294", "M460", "M038", "M330", "M411"):
        flags = {finding["flag"] for finding in told[case]["findings"]}
        assert Flag.STOP_AS_TP in flags, case
        assert all(order["price"] != "0" for order in told[case]["orders"]), case


def test_a_take_profit_recorded_as_stop_loss_is_told(told: dict[str, dict[str, Any]]) -> None:
    """Original bot, I13 and section 6: ids of take-profits stood under the stop-loss."""
    assert Flag.TP_AS_STOP in {finding["flag"] for finding in told["M137"]["findings"]}
