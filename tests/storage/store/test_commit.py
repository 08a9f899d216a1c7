"""A commit is all of its step, or nothing, and only from the version it was read with."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from trueup.domain.model.errors import Fenced, StoreError
from trueup.domain.model.identity import MonitorKey, Side
from trueup.domain.model.intent import IntentStatus
from trueup.domain.model.ladder import Ladder
from trueup.domain.model.record import OwnedStatus, StateName
from trueup.domain.store import Step
from trueup.storage import SqlStore, ViewName, open_reader, open_store

from ..samples import KEY, NOON, alert, call, decision, intent, order, transition, watched

OTHER = MonitorKey("main", "BANDUSDT", Side.BUY)
LOGS: tuple[ViewName, ...] = (
    "transition_log",
    "exchange_call_log",
    "decision_log",
    "intent_log",
    "alert_log",
)


def test_everything_of_a_step_is_on_record(store: SqlStore) -> None:
    record = watched(store)
    store.commit(
        Step(
            replace(record, state=StateName.PLACING, position_size=Decimal(100)),
            transitions=(transition(), transition()),
            calls=(call(),),
            decisions=(decision(),),
            intents=(intent(),),
            alert=alert(),
        )
    )
    assert [len(store.rows(log)) for log in LOGS] == [2, 1, 1, 1, 1]
    assert store.rows("monitor_status")[0]["state"] == "Placing"


def test_each_commit_moves_the_version_on(store: SqlStore) -> None:
    record = watched(store)
    first = store.commit(Step(record))
    second = store.commit(Step(first))
    assert [record.version, first.version, second.version] == [0, 1, 2]
    assert store.load(KEY) == second


def test_a_fenced_commit_leaves_nothing_behind(store: SqlStore) -> None:
    record = watched(store)
    current = store.commit(Step(replace(record, orders=(order(1, "85"),))))
    late = Step(
        replace(record, state=StateName.CANCELLING, ladder=None, orders=()),
        transitions=(transition(),),
        calls=(call(),),
        decisions=(decision(),),
        intents=(intent(),),
        alert=alert(),
        targets={1: Decimal(1)},
    )
    with pytest.raises(Fenced, match=r"version 0.*account mirror, symbol BANDUSDT"):
        store.commit(late)
    assert store.load(KEY) == current
    assert [store.rows(log) for log in LOGS] == [[]] * len(LOGS)
    assert store.rows("level_status")[0]["target_quantity"] is None


def test_a_monitor_that_is_not_there_is_fenced(store: SqlStore) -> None:
    with pytest.raises(Fenced):
        store.commit(Step(replace(watched(store), id=99)))


def test_a_step_that_fails_midway_leaves_nothing_behind(store: SqlStore) -> None:
    record = watched(store)
    twice = (order(1, "80"), order(1, "5"))
    with pytest.raises(StoreError, match="two orders have one link id"):
        store.commit(Step(replace(record, orders=twice), transitions=(transition(),)))
    assert store.load(KEY) == record
    assert store.rows("transition_log") == []


@pytest.mark.parametrize("count", [1, 8, 9, 20])
def test_rows_written_together_keep_their_sequence(store: SqlStore, count: int) -> None:
    record = watched(store)
    intents = tuple(replace(intent(), id=f"intent-{-n}") for n in range(count))
    decisions = tuple(replace(decision(), text=f"decision {n}") for n in range(count))
    store.commit(Step(record, intents=intents, decisions=decisions))
    assert store.open_intents(record.id) == intents
    assert [row["text"] for row in store.rows("decision_log")] == [one.text for one in decisions]


def test_an_error_names_no_row(store: SqlStore) -> None:
    record = watched(store)
    with pytest.raises(StoreError) as caught:
        store.commit(Step(replace(record, position_size=Decimal("NaN"), ladder_source="hidden")))
    assert "NaN" in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_an_intent_is_changed_in_place(store: SqlStore) -> None:
    record = watched(store)
    planned = (intent("r1-1"), intent("r1-2"), intent("r1-10"))
    record = store.commit(Step(record, intents=planned))
    done = replace(planned[0], status=IntentStatus.CONFIRMED, resolved_at=NOON, detail="resting")
    unsure = replace(planned[1], status=IntentStatus.UNKNOWN)
    store.commit(Step(record, intents=(done, unsure)))
    assert store.open_intents(record.id) == (unsure, planned[2])
    statuses = [(row["id"], row["status"], row["detail"]) for row in store.rows("intent_log")]
    assert statuses == [
        ("r1-1", "confirmed", "resting"),
        ("r1-2", "unknown", ""),
        ("r1-10", "planned", ""),
    ]


@pytest.mark.parametrize("status", IntentStatus)
def test_open_intents_are_those_that_say_so(store: SqlStore, status: IntentStatus) -> None:
    record = watched(store)
    one = replace(intent(), status=status)
    store.commit(Step(record, intents=(one,)))
    assert store.open_intents(record.id) == ((one,) if status.is_open else ())


def test_the_intents_of_a_run_under_way_come_oldest_first_settled_or_not(
    store: SqlStore, url: str
) -> None:
    record = replace(watched(store), state=StateName.PLACING, last_run_id="r1")
    done = replace(intent("r1-9"), status=IntentStatus.REFUSED, code=110007)
    others = replace(intent("r2-1"), run_id="r2")
    record = store.commit(Step(record, intents=(done, intent("r1-10"))))
    record = store.commit(Step(record, intents=(others,)))
    assert store.run_intents("r1") == (done, intent("r1-10"))
    assert store.run_intents("r3") == ()
    with open_reader(url) as reader:
        assert reader.run_intents("r1") == (done, intent("r1-10"))
    store.commit(Step(replace(record, state=StateName.IDLE)))
    assert store.run_intents("r1") == (intent("r1-10"),)
    assert store.open_intents(record.id) == (intent("r1-10"), others)


def test_a_write_that_is_over_stays_in_the_log_with_its_number(store: SqlStore, url: str) -> None:
    under_way = replace(watched(store), state=StateName.PLACING, last_run_id="r1")
    inherited = replace(intent("r0-1"), run_id="r0")
    planned = (inherited, intent("r1-1"), intent("r1-2"))
    record = store.commit(Step(under_way, intents=planned))
    before = [(row["number"], row["id"], row["run_id"]) for row in store.rows("intent_log")]
    done = [
        replace(one, status=IntentStatus.CONFIRMED, resolved_at=NOON + timedelta(seconds=n))
        for n, one in enumerate(planned)
    ]
    record = store.commit(Step(record, intents=tuple(done[:2])))
    store.commit(Step(replace(record, state=StateName.IDLE), intents=(done[2],)))
    rows = store.rows("intent_log")
    assert [(row["number"], row["id"], row["run_id"]) for row in rows] == before
    assert [row["resolved_at"] for row in rows] == [
        f"2026-01-31T12:00:0{n}.000000Z" for n in range(3)
    ]
    assert [row["created_at"] for row in rows] == ["2026-01-31T12:00:00.000000Z"] * 3
    # A number is never given twice, not even after a restart.
    store.close()
    with open_store(url) as again:
        record = again.monitors()[0]
        again.commit(Step(record, intents=(intent("r2-1"),)))
        numbers = [row["number"] for row in again.rows("intent_log")]
    assert len(set(numbers)) == len(numbers) == 4


def test_an_intent_stays_its_monitors(store: SqlStore) -> None:
    record, other = watched(store), watched(store, OTHER)
    store.commit(Step(record, intents=(intent(),)))
    with pytest.raises(StoreError, match=r"intent[._]id"):
        store.commit(Step(other, intents=(intent(),)))
    assert store.open_intents(record.id) == (intent(),)
    assert store.open_intents(other.id) == ()


def test_orders_of_a_past_cycle_stay_as_history(store: SqlStore) -> None:
    record = watched(store)
    filled = replace(record, orders=(order(1, "85", OwnedStatus.FILLED), order(2, "5")))
    before = store.commit(Step(filled))
    again = store.commit(Step(replace(before, cycle=2, orders=()), before=before))
    assert store.load(KEY) == again
    assert again.orders == ()
    reopened = store.commit(Step(replace(again, orders=(order(1, "40"),))))
    assert store.load(KEY) == reopened
    kept = [(row["cycle"], row["quantity"], row["status"]) for row in store.rows("order_log")]
    assert kept == [(1, "85", "filled"), (1, "5", "open"), (2, "40", "open")]


def test_an_order_of_the_last_position_is_shown_once_as_that_one_s(store: SqlStore) -> None:
    """The present position keeps it in mind at level -1, and may find out how it ended."""
    record = watched(store)
    first = store.commit(Step(replace(record, orders=(order(1, "85"), order(2, "5")))))
    ended = replace(order(1, "85", OwnedStatus.FILLED), level=-1)
    second = store.commit(Step(replace(first, cycle=2, orders=(ended,)), before=first))
    assert logged_orders(store) == [(1, 1, "85", "filled"), (1, 2, "5", "open")]
    second = store.commit(Step(replace(second, orders=(ended, order(3, "40")))))
    third = replace(second, cycle=3, orders=(ended, replace(order(3, "40"), level=-1)))
    store.commit(Step(third, before=second))
    expected = [(1, 1, "85", "filled"), (1, 2, "5", "open"), (2, 3, "40", "open")]
    assert logged_orders(store) == expected


def test_an_order_of_the_last_position_is_counted_so_where_that_is_not_kept(
    store: SqlStore,
) -> None:
    kept = replace(order(1, "85", OwnedStatus.FILLED), level=-1)
    store.commit(Step(replace(watched(store), cycle=4, orders=(kept, order(2, "5")))))
    assert logged_orders(store) == [(3, -1, "85", "filled"), (4, 2, "5", "open")]


def logged_orders(store: SqlStore) -> list[tuple[object, ...]]:
    rows = store.rows("order_log")
    names = ("cycle", "level", "quantity", "status")
    return sorted(tuple(row[name] for name in names) for row in rows)


def test_orders_come_back_in_their_sequence(store: SqlStore) -> None:
    record = watched(store)
    record = store.commit(Step(replace(record, orders=(order(1, "85"), order(2, "5")))))
    record = store.commit(Step(replace(record, orders=(order(3, "5"), order(1, "85")))))
    assert store.load(KEY) == record


def test_targets_stay_until_new_ones_are_given(store: SqlStore) -> None:
    def targets() -> list[object]:
        return [row["target_quantity"] for row in store.rows("level_status")]

    record = watched(store)
    assert targets() == [None] * 4
    first = {1: Decimal("85.0"), 2: Decimal(5), 3: Decimal(5), 4: Decimal(5)}
    record = store.commit(Step(record, targets=first))
    record = store.commit(Step(record))
    assert targets() == ["85", "5", "5", "5"]
    store.commit(Step(record, targets={1: Decimal("42.5")}))
    assert targets() == ["42.5", None, None, None]


def test_a_commit_may_change_the_ladder(store: SqlStore) -> None:
    record = watched(store)
    shorter = Ladder.of(("0.95", 90), ("0.70", 10))
    record = store.commit(Step(replace(record, ladder=shorter, ladder_source="live orders")))
    assert store.load(KEY) == record
    assert [row["price"] for row in store.rows("level_status")] == ["0.95", "0.7"]
    record = store.commit(Step(replace(record, ladder=None)))
    assert store.load(KEY) == record
    assert store.rows("level_status") == []
