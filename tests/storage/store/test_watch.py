"""Watching: a monitor is made once, and changed only by what is new."""

from dataclasses import replace

import pytest

from trueup.domain.model.errors import Fenced, StoreError
from trueup.domain.model.identity import MonitorKey, Role, Side
from trueup.domain.model.ladder import Ladder
from trueup.domain.model.record import MonitorRecord
from trueup.domain.model.stop import RuleLadder, RuleRecord
from trueup.domain.store import Step
from trueup.storage import SqlStore

from ..samples import KEY, LADDER, order, watched

OTHER_LADDER = Ladder.of(("0.95", 50), ("0.60", 50))


def test_a_new_monitor_starts_idle_with_its_ladder(store: SqlStore) -> None:
    record = watched(store)
    assert record == MonitorRecord(record.id, KEY, Role.MIRROR, "main", LADDER)
    assert store.load(KEY) == record


def test_a_monitor_may_have_no_ladder(store: SqlStore) -> None:
    record = store.watch(KEY, Role.MAIN, None, None)
    assert record.ladder is None
    assert store.load(KEY) == record


def test_watching_again_writes_nothing(store: SqlStore) -> None:
    record = store.commit(Step(replace(watched(store), orders=(order(1, "85"),))))
    same = Ladder.of(("0.950", "85.0"), ("0.9", 5), ("0.85", 5), ("0.8", 5))
    assert store.watch(KEY, Role.MIRROR, "main", same) == record
    assert store.watch(KEY, Role.MIRROR, "main", None) == record
    assert store.load(KEY) == record


def test_a_new_ladder_replaces_the_stored_one_and_fences_the_run(store: SqlStore) -> None:
    read = store.commit(
        Step(replace(watched(store), ladder_source="main", orders=(order(1, "85"),)))
    )
    changed = store.watch(KEY, Role.MIRROR, "main", OTHER_LADDER)
    expected = replace(read, ladder=OTHER_LADDER, ladder_source="given", version=read.version + 1)
    assert changed == expected
    assert store.load(KEY) == expected
    with pytest.raises(Fenced):
        store.commit(Step(read))


def test_a_new_ladder_has_no_targets_yet_and_keeps_what_rests(store: SqlStore) -> None:
    record = watched(store)
    targets = {level.number: level.share for level in LADDER.levels}
    store.commit(Step(replace(record, orders=(order(1, "85"),)), targets=targets))
    store.watch(KEY, Role.MIRROR, "main", OTHER_LADDER)
    rows = store.rows("level_status")
    assert [(row["level"], row["target_quantity"], row["live_quantity"]) for row in rows] == [
        (1, None, "85"),
        (2, None, "0"),
    ]


def test_a_mirror_may_follow_another(store: SqlStore) -> None:
    record = watched(store)
    changed = store.watch(KEY, Role.MIRROR, "second", None)
    assert changed == replace(record, follows="second", version=1)
    assert store.load(KEY) == changed


def test_monitors_come_by_key(store: SqlStore) -> None:
    keys = [
        MonitorKey(account, symbol, side)
        for account in ("mirror", "main")
        for symbol in ("XRPUSDT", "BANDUSDT")
        for side in (Side.SELL, Side.BUY)
    ]
    for key in keys:
        watched(store, key)
    assert [record.key for record in store.monitors()] == sorted(keys)
    assert store.load(MonitorKey("nobody", "XRPUSDT", Side.BUY)) is None


def test_wakes_are_counted_beside_the_version(store: SqlStore) -> None:
    record = watched(store)
    store.wake(KEY)
    store.wake(KEY)
    committed = store.commit(Step(record))
    assert committed == replace(record, version=1)
    assert store.wakes(record.id) == 2
    assert store.load(KEY) == replace(committed, wakes=2)


def test_a_new_ladder_loses_no_wake(store: SqlStore) -> None:
    watched(store)
    store.wake(KEY)
    assert store.watch(KEY, Role.MIRROR, "main", OTHER_LADDER).wakes == 1


def test_waking_what_nobody_watches_does_nothing(store: SqlStore) -> None:
    store.wake(KEY)
    assert store.monitors() == ()
    with pytest.raises(StoreError, match="no monitor 1"):
        store.wakes(1)


RULE = RuleLadder.of((2, 85), ("4.5", 15), basis="average")
RESOLVED = RuleRecord(RULE, "given", 1)


def test_a_ladder_by_rule_is_kept_and_given_again_changes_nothing(store: SqlStore) -> None:
    made = store.watch(KEY, Role.MIRROR, "main", RULE)
    assert (made.ladder, made.ladder_rule) == (None, RuleRecord(RULE))
    reckoned = store.commit(
        Step(replace(made, ladder=LADDER, ladder_source="rule", ladder_rule=RESOLVED))
    )
    assert store.load(KEY) == reckoned
    assert store.watch(KEY, Role.MIRROR, "main", RULE) == reckoned
    assert store.watch(KEY, Role.MIRROR, "main", None) == reckoned


def test_what_was_copied_is_the_monitors_own_once_it_is_given(store: SqlStore) -> None:
    made = store.watch(KEY, Role.MIRROR, "main", None)
    store.commit(Step(replace(made, ladder=LADDER, ladder_rule=replace(RESOLVED, source="main"))))
    given = store.watch(KEY, Role.MIRROR, "main", RULE)
    assert (given.ladder, given.ladder_rule) == (LADDER, RESOLVED)


def test_another_rule_is_reckoned_anew_and_prices_end_it(store: SqlStore) -> None:
    made = store.watch(KEY, Role.MIRROR, "main", RULE)
    store.commit(Step(replace(made, ladder=LADDER, ladder_source="rule", ladder_rule=RESOLVED)))
    other = RuleLadder.of((3, 100))
    changed = store.watch(KEY, Role.MIRROR, "main", other)
    assert (changed.ladder, changed.ladder_rule) == (LADDER, RuleRecord(other))
    priced = store.watch(KEY, Role.MIRROR, "main", LADDER)
    assert (priced.ladder, priced.ladder_rule, priced.ladder_source) == (LADDER, None, "given")
