"""The two stores keep one contract: whatever is asked of both, both answer alike."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.storage.samples import (
    KEY,
    LADDER,
    NOON,
    alert,
    call,
    decision,
    intent,
    order,
    transition,
)
from trueup.domain.model.alert import Delivery
from trueup.domain.model.errors import Fenced, StoreError
from trueup.domain.model.identity import MonitorKey, Role, Side
from trueup.domain.model.intent import IntentStatus
from trueup.domain.model.ladder import Ladder
from trueup.domain.model.record import MonitorRecord, OwnedStatus, RunOutcome, StateName
from trueup.domain.reporting.account_status import AccountStatus, ViewWord
from trueup.domain.store import Step, Store
from trueup.storage import open_store
from trueup.testing import MemoryStore

OTHER = MonitorKey("main", "ENAUSDT", Side.BUY)


def _watched(store: Store) -> MonitorRecord:
    return store.watch(KEY, Role.MIRROR, "main", LADDER)


@pytest.fixture(params=["sqlite", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """One store, then the other."""
    if request.param == "memory":
        yield MemoryStore()
    else:
        with open_store(f"sqlite:///{tmp_path / 'trueup.db'}") as opened:
            yield opened


def test_a_monitor_is_watched_once_and_changed_by_what_is_given(store: Store) -> None:
    made = _watched(store)
    assert (made.version, made.cycle, made.state) == (0, 1, StateName.IDLE)
    assert _watched(store) == made == store.load(KEY)
    assert store.load(OTHER) is None
    shorter = Ladder.of(("0.95", 100))
    changed = store.watch(KEY, Role.MAIN, None, shorter)
    assert (changed.version, changed.ladder, changed.role) == (1, shorter, Role.MAIN)
    assert store.watch(KEY, Role.MAIN, None, None) == changed
    store.watch(OTHER, Role.MAIN, None, None)
    assert [record.key for record in store.monitors()] == [OTHER, KEY]


def test_a_step_is_kept_whole_and_moves_the_version(store: Store) -> None:
    record = _watched(store)
    wanted = replace(
        record,
        state=StateName.PLACING,
        position_size=Decimal("100.5"),
        entry_price=Decimal("1.01"),
        orders=(order(1, "85.4"), order(2, "5", OwnedStatus.FILLED)),
        last_outcome=RunOutcome.PARTIAL,
        last_run_id="r1",
        last_run_at=NOON,
        attempts=2,
        next_try_at=NOON + timedelta(seconds=7),
    )
    step = Step(wanted, (transition(),), (call(),), (decision(),), (intent(),), alert())
    written = store.commit(step)
    assert written == replace(wanted, version=record.version + 1) == store.load(KEY)
    assert store.run_intents("r1") == store.open_intents(record.id) == (intent(),)
    assert store.last_alert(record.id) == alert()


def test_a_step_from_an_older_version_is_fenced_off_and_leaves_nothing(store: Store) -> None:
    record = _watched(store)
    store.commit(Step(record))
    with pytest.raises(Fenced):
        store.commit(Step(record, (transition(),), intents=(intent(),), alert=alert()))
    with pytest.raises(Fenced):
        store.commit(Step(replace(record, id=999)))
    assert store.open_intents(record.id) == ()
    assert store.pending_alerts() == ()


def test_an_intent_belongs_to_one_monitor(store: Store) -> None:
    record, other = _watched(store), store.watch(OTHER, Role.MAIN, None, LADDER)
    store.commit(Step(record, intents=(intent(),)))
    with pytest.raises(StoreError):
        store.commit(Step(other, intents=(intent(),)))
    assert store.load(OTHER) == other


def test_an_intent_that_is_settled_keeps_its_place_and_is_no_longer_open(store: Store) -> None:
    record = replace(_watched(store), state=StateName.PLACING, last_run_id="r1")
    record = store.commit(Step(record, intents=(intent("r1-1"), intent("r1-2"))))
    done = replace(intent("r1-1"), status=IntentStatus.CONFIRMED, resolved_at=NOON)
    record = store.commit(Step(record, intents=(done,)))
    assert store.run_intents("r1") == (done, intent("r1-2"))
    assert store.open_intents(record.id) == (intent("r1-2"),)
    assert store.run_intents("r2") == ()
    store.commit(Step(replace(record, state=StateName.IDLE)))
    assert store.run_intents("r1") == (intent("r1-2"),)


def test_wakes_are_counted_beside_the_version(store: Store) -> None:
    record = _watched(store)
    store.wake(KEY)
    store.wake(OTHER)
    assert store.wakes(record.id) == 1
    written = store.commit(Step(record))
    assert (written.wakes, store.wakes(record.id)) == (0, 1)
    loaded = store.load(KEY)
    assert loaded is not None
    assert loaded.wakes == 1
    with pytest.raises(StoreError):
        store.wakes(999)


def test_what_is_known_of_a_monitor_is_what_was_written_last(store: Store) -> None:
    assert store.known(KEY) is None
    record = _watched(store)
    assert store.known(KEY) == record
    grown = store.commit(Step(replace(record, position_size=Decimal(3))))
    assert store.known(KEY) == grown == store.load(KEY)
    changed = store.watch(KEY, Role.MAIN, None, Ladder.of(("0.95", 100)))
    assert store.known(KEY) == changed
    with pytest.raises(Fenced):
        store.commit(Step(replace(grown, position_size=Decimal(4))))
    assert store.known(KEY) == changed


def test_a_role_is_changed_by_watch_alone(store: Store) -> None:
    record = _watched(store)
    store.commit(Step(replace(record, role=Role.MAIN, follows=None)))
    loaded = store.load(KEY)
    assert loaded is not None
    assert (loaded.role, loaded.follows) == (Role.MIRROR, "main")


def test_alerts_wait_until_they_are_delivered(store: Store) -> None:
    record = _watched(store)
    for number in range(3):
        record = store.commit(Step(record, alert=alert(run_id=f"r{number}", text=str(number))))
    first, second, third = store.pending_alerts()
    assert store.pending_alerts(limit=1) == (first,)
    assert store.pending_alerts(first.id, 1) == (second,)
    refused = replace(first, deliveries={"log": Delivery(1, None, NOON, "OSError")})
    taken = replace(second, deliveries={"log": Delivery(1, NOON)}, delivered_at=NOON)
    store.note_deliveries((refused, taken))
    store.note_deliveries((taken,))
    assert store.pending_alerts() == (refused, third)
    assert store.last_alert(record.id) == third.alert


def test_the_last_sweep_of_an_account_is_kept(tmp_path: Path) -> None:
    memory = MemoryStore()
    status = AccountStatus("mirror", NOON, 2, 1, ViewWord.SWEPT, "why", 5)
    with open_store(f"sqlite:///{tmp_path / 'trueup.db'}") as sqlite:
        for each in (memory, sqlite):
            each.swept(replace(status, view=ViewWord.STREAMED))
            each.swept(status)
        (row,) = sqlite.rows("account_status")
    assert memory.sweeps == {"mirror": status}
    assert (row["view_state"], row["reason"], row["monitors"]) == ("swept", "why", 2)
