"""What a column cannot hold: texts are escaped, other values refused, and nothing else stops."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from trueup.domain.model.errors import StoreError, Unstorable
from trueup.domain.model.identity import MonitorKey, Role, Side
from trueup.domain.reporting.account_status import AccountStatus, ViewWord
from trueup.domain.store import Step
from trueup.storage import SqlStore, ViewName

from ..samples import KEY, LADDER, NOON, alert, call, decision, intent, order, transition, watched

NUL = "half\0way"
TEXTS = {
    "502 \ud800": "502 \\ud800",
    "\udfff\ud83d": "\\udfff\\ud83d",
    "as it is: 比特币 \U0001f4a5": "as it is: 比特币 \U0001f4a5",
}


@pytest.mark.parametrize(("text", "stored"), TEXTS.items(), ids=range(len(TEXTS)))
def test_every_text_of_a_step_can_be_stored(store: SqlStore, text: str, stored: str) -> None:
    record = replace(watched(store), orders=(replace(order(1, "8"), order_id=text),))
    store.commit(
        Step(
            record,
            transitions=(replace(transition(), detail=text),),
            calls=(replace(call(), detail=text, order_link_id=text, outcome=text),),
            decisions=(replace(decision(), text=text),),
            intents=(replace(intent(), detail=text),),
            alert=alert(text=text),
        )
    )
    loaded = store.load(KEY)
    assert loaded is not None
    assert loaded.orders[0].order_id == stored
    assert store.rows("transition_log")[0]["detail"] == stored
    assert store.rows("exchange_call_log")[0]["detail"] == stored
    assert store.rows("decision_log")[0]["text"] == stored
    assert [pending.alert.text for pending in store.pending_alerts()] == [stored]


@pytest.mark.parametrize(
    "change",
    [
        lambda step: replace(step, transitions=(replace(transition(), detail=NUL),)),
        lambda step: replace(step, calls=(replace(call(), detail=NUL, outcome=NUL),)),
        lambda step: replace(step, decisions=(replace(decision(), text=NUL),)),
    ],
    ids=["transitions", "calls", "decisions"],
)
def test_a_nul_is_shown_in_the_journal(store: SqlStore, change: Callable[[Step], Step]) -> None:
    store.commit(change(Step(watched(store))))
    views: tuple[ViewName, ...] = ("transition_log", "exchange_call_log", "decision_log")
    (row,) = [row for view in views for row in store.rows(view)]
    assert r"half\x00way" in row.values()


@pytest.mark.parametrize(
    "change",
    [
        lambda step: replace(step, alert=alert(text=NUL)),
        lambda step: replace(step, intents=(replace(intent(), detail=NUL),)),
        lambda step: replace(
            step, record=replace(step.record, orders=(replace(order(1, "8"), order_id=NUL),))
        ),
    ],
    ids=["alert", "intent", "order"],
)
def test_a_nul_elsewhere_is_kept_by_sqlite_and_refused_by_postgres(
    store: SqlStore, database: str, change: Callable[[Step], Step]
) -> None:
    step = change(Step(watched(store)))
    if database == "sqlite":
        assert store.commit(step).version == 1
        return
    with pytest.raises(Unstorable, match="NUL, which PostgreSQL cannot store"):
        store.commit(step)
    assert store.commit(Step(watched(store))).version == 1


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_of_a_sweep_can_be_stored(store: SqlStore, text: str) -> None:
    store.swept(AccountStatus("mirror", NOON, 1, 0, ViewWord.UNREADABLE, text))
    assert store.rows("account_status")[0]["reason"] == TEXTS[text]


@pytest.mark.parametrize("text", TEXTS)
def test_a_key_of_any_text_is_found_again(store: SqlStore, text: str) -> None:
    key = MonitorKey(text, text, Side.BUY)
    made = store.watch(key, Role.MAIN, None, LADDER)
    assert store.load(key) is not None
    assert store.watch(key, Role.MAIN, None, LADDER).id == made.id


@pytest.mark.parametrize(
    "number", ["123456789012345678901234567890", "0." + "1" * 60, "9" * 400, "1E+300", "-0"]
)
def test_a_number_of_any_length_is_stored_exactly(store: SqlStore, number: str) -> None:
    size = Decimal(number)
    store.commit(Step(replace(watched(store), position_size=size)))
    loaded = store.load(KEY)
    assert loaded is not None
    assert loaded.position_size == size


def test_a_cover_of_any_length_is_stored(store: SqlStore) -> None:
    record = replace(watched(store), position_size=Decimal("1E-90"), orders=(order(1, "9" * 90),))
    assert store.commit(Step(record)).version == 1


@pytest.mark.parametrize(
    "change",
    [
        {"position_size": Decimal("NaN")},
        {"entry_price": Decimal("Infinity")},
        {"attempts": 1 << 64},
        {"next_try_at": datetime(2026, 1, 1)},  # noqa: DTZ001 - a time without a zone is refused
    ],
    ids=["nan", "infinity", "65 bits", "no zone"],
)
def test_a_value_that_is_refused_leaves_the_store_in_use(
    store: SqlStore, change: dict[str, object]
) -> None:
    record = watched(store)
    with pytest.raises(Unstorable, match="refuses a value"):
        store.commit(Step(replace(record, **change)))  # type: ignore[arg-type]  # by name
    assert store.commit(Step(record)).version == record.version + 1


def test_a_closed_store_is_no_refused_value(store: SqlStore) -> None:
    record = watched(store)
    store.close()
    with pytest.raises(StoreError) as caught:
        store.commit(Step(record))
    assert not isinstance(caught.value, Unstorable)
