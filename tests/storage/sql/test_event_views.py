"""What people see of events: exact numbers, one row a thing."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from trueup.domain.model.events import LevelFilled, Recovered
from trueup.domain.model.stop_events import ProtectedAgain
from trueup.domain.store import Step
from trueup.storage import SqlStore

from ..samples import KEY, NOON, filled, transition


def test_a_fill_is_shown_with_its_exact_numbers(store: SqlStore) -> None:
    filled(store)
    first, second = store.rows("fill_log")
    assert {name: first[name] for name in ("level", "quantity", "price", "remaining")} == {
        "level": 1,
        "quantity": "60",
        "price": "0.96",
        "remaining": "0",
    }
    assert (first["execution_id"], first["limit_price"], first["fee"]) == ("e-1", "0.95", "0.02")
    assert first["executed_at"] == "2026-01-31T12:00:00.000000Z"
    assert first["at"] == "2026-01-31T12:00:00.000000Z"
    assert [second[name] for name in ("execution_id", "quantity", "price", "executed_at")] == [
        "e-2",
        "25",
        None,
        None,
    ]


def test_a_fill_without_executions_is_shown_whole(store: SqlStore) -> None:
    filled(store)
    record = store.load(KEY)
    assert record is not None
    event = LevelFilled(2, Decimal(5), Decimal("1.05"), Decimal(0), "MIR_TP2", average=Decimal(2))
    store.commit(Step(record, transitions=(transition("r2"),), events=(event,)))
    row = store.rows("fill_log")[-1]
    assert [row[name] for name in ("quantity", "price", "limit_price", "execution_id")] == [
        "5",
        "2",
        "1.05",
        None,
    ]


def test_what_closing_a_position_has_brought_is_shown(store: SqlStore) -> None:
    filled(store)
    (row,) = store.rows("result_log")
    assert {name: row[name] for name in ("cause", "before", "closed", "unknown")} == {
        "cause": "adl",
        "before": "100",
        "closed": "100",
        "unknown": "15",
    }
    assert [row[name] for name in ("gross", "fees", "fees_unknown")] == ["-4.25", "0.02", "40"]


def test_an_interval_without_cover_ends_with_the_event_that_says_so(store: SqlStore) -> None:
    filled(store)
    (open_,) = store.rows("coverage_log")
    assert (open_["since"], open_["until"]) == ("2026-01-31T12:00:00.000000Z", None)
    assert (open_["quantity"], open_["why"]) == ("15", "the key was refused")
    record = store.load(KEY)
    assert record is not None
    ends = NOON + timedelta(minutes=5)
    again = replace(transition("r2"), at=ends)
    recovered = Recovered(NOON, timedelta(minutes=5))
    store.commit(Step(record, transitions=(again,), events=(recovered,)))
    (over,) = store.rows("coverage_log")
    assert over["until"] == "2026-01-31T12:05:00.000000Z"


def test_an_interval_without_the_stop_ends_with_the_event_that_says_so(store: SqlStore) -> None:
    filled(store)
    (open_,) = store.rows("protection_log")
    assert (open_["since"], open_["until"]) == ("2026-01-31T12:00:00.000000Z", None)
    assert (open_["quantity"], open_["why"]) == ("100", "the market is past it")
    record = store.load(KEY)
    assert record is not None
    again = replace(transition("r2"), at=NOON + timedelta(minutes=5))
    events = (Recovered(NOON, timedelta(minutes=5)), ProtectedAgain(NOON, timedelta(minutes=5)))
    store.commit(Step(record, transitions=(again,), events=events))
    (over,) = store.rows("protection_log")
    assert over["until"] == "2026-01-31T12:05:00.000000Z"


def test_a_ladder_is_shown_as_people_read_it(store: SqlStore) -> None:
    filled(store)
    (row,) = store.rows("ladder_log")
    assert (row["who"], row["before"]) == ("given", None)
    assert row["after"] == "85 % at 0.95, 5 % at 0.9, 5 % at 0.85, 5 % at 0.8"
