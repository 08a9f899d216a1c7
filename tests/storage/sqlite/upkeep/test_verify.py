"""What `verify` finds in a database, and what it lets pass."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chaos import draw_history, play
from trueup.domain.model.errors import StoreError
from trueup.domain.model.intent import IntentStatus
from trueup.domain.model.record import StateName
from trueup.domain.store import Step
from trueup.storage import SqlStore, open_store
from trueup.storage.sqlite import SqliteStore
from trueup.storage.sqlite.generated.guards import GUARDS
from trueup.storage.sqlite.upkeep.finding import Check
from trueup.storage.sqlite.upkeep.verify import verify

from ...samples import EVENTS, NOON, alert, call, decision, intent, transition, watched

LATER = NOON + timedelta(seconds=1)
DROPPED = "triggers that keep rows as they are were dropped or changed"


@pytest.fixture
def filled(url: str, path: Path) -> Path:
    """The file of a store with a run that has ended, and one that is under way."""
    with open_store(url) as store:
        begun = replace(watched(store), state=StateName.PLACING, last_run_id="r1", last_run_at=NOON)
        entries = (transition(),), (call(),), (decision(),), (intent(),)
        record = store.commit(Step(begun, *entries, alert=alert()))
        ended = replace(record, state=StateName.IDLE)
        done = replace(intent(), status=IntentStatus.CONFIRMED, resolved_at=LATER)
        record = store.commit(Step(ended, (transition(),), intents=(done,), events=EVENTS))
        second = replace(record, state=StateName.PLACING, last_run_id="r2")
        open_one = replace(intent("r2-1"), run_id="r2", order_link_id="MIR_TP2")
        sent = replace(call("r2"), order_link_id="MIR_TP2")
        store.commit(Step(second, (transition("r2"),), (sent,), (decision("r2"),), (open_one,)))
    return path


def forge(path: Path, *statements: str) -> None:
    """Runs SQL on the file without the triggers, and puts them back as they were."""
    with closing(sqlite3.connect(path)) as client, client:
        for name in GUARDS:
            client.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            client.execute(statement)
        for trigger in GUARDS.values():
            client.execute(trigger)


def found(path: Path) -> list[tuple[Check, str]]:
    """What verify says is wrong."""
    return [(one.check, one.text) for one in verify(path)[1] if not one.is_note]


def test_nothing_is_wrong_with_what_the_store_wrote(filled: Path) -> None:
    counts, findings = verify(filled)
    assert findings == ()
    assert {name: count for name, count in counts.items() if count} == {
        "journal": 3,
        "phrase": 1,
        "alert": 1,
        "monitor": 1,
        "intent": 1,
    }


def test_nothing_is_wrong_while_the_store_is_open(path: Path, store: SqlStore) -> None:
    store.commit(Step(watched(store), (transition(),)))
    assert found(path) == []


def test_histories_leave_nothing_wrong(tmp_path: Path) -> None:
    for seed in range(40, 46):
        path = tmp_path / f"{seed}.db"
        play(draw_history(seed), store=lambda path=path: SqliteStore(path))  # type: ignore[misc] # mypy infers no type for a lambda with a default
        assert found(path) == []


CHANGES = {
    "UPDATE journal SET decisions = '[]' WHERE id = 1": "row 1 was changed after it was written",
    "UPDATE journal SET checksum = NULL WHERE id = 2": "row 2 was changed after it was written",
    "UPDATE journal SET run_id = 'r9' WHERE id = 3": "row 3 was changed after it was written",
    "UPDATE journal SET calls = '[[' WHERE id = 1": "row 1 cannot be read",
    "DELETE FROM journal WHERE id = 2": "journal: rows between 1 and 3 are missing",
    "DELETE FROM journal WHERE id < 3": "journal: rows between 0 and 3 are missing",
    "DELETE FROM journal WHERE id = 3": "its last run r2 is not in the journal",
    "DELETE FROM phrase": "row 1 has the phrase 1, which does not exist",
    "DELETE FROM intent": "row 3 has a place of MIR_TP2 with no intent before it",
    "UPDATE intent SET created_at = '2026-01-31T12:00:01.000000Z'": "MIR_TP2 with no intent before",
    "UPDATE intent SET run_id = 'r9'": "intent 2: its run r9 is not in the journal",
    "UPDATE alert SET monitor_id = 7": "alert: row 1 refers to no row of monitor",
    "INSERT INTO pruning VALUES (1, '', 'journal', 1, 1, 1, '')": "row 1 is there, though",
    "UPDATE monitor SET orders = 'none'": "order_log cannot be read: malformed JSON",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_by_hand_is_found(filled: Path, change: str) -> None:
    forge(filled, change)
    assert any(CHANGES[change] in text for _, text in found(filled)), found(filled)


def test_triggers_that_are_missing_are_found(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as client, client:
        client.execute("DROP TRIGGER journal_update")
    ((check, text),) = found(filled)
    assert (check, DROPPED in text) == (Check.GUARDS, True)


def test_a_control_is_ended_by_a_later_one(filled: Path) -> None:
    forge(
        filled,
        "INSERT INTO control VALUES (1, 'pause', '', '', '', '', '', '', 1, NULL, NULL, NULL)",
    )
    assert [text for _, text in found(filled)] == [
        "control: row 1 was ended by 1, which is no later row"
    ]


def test_times_that_go_back_are_a_note(path: Path, store: SqlStore) -> None:
    record = watched(store)
    for at in (LATER, NOON):
        record = store.commit(Step(record, (replace(transition(), at=at),)))
    (note,) = verify(path)[1]
    assert (note.check, note.is_note) == (Check.TIMES, True)
    assert "row 2 goes back in time, within the run r1" in note.text


def test_damage_is_found(filled: Path) -> None:
    whole = filled.read_bytes()
    with closing(sqlite3.connect(filled)) as client:
        (page,) = client.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'ix_journal_run_id_id'"
        ).fetchone()
    size = 4096
    filled.write_bytes(whole[: (page - 1) * size] + bytes(size) + whole[page * size :])
    assert Check.PAGES in {check for check, _ in found(filled)}


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no database"):
        verify(tmp_path / "nowhere.db")
