"""What an older trueup wrote, a row for each thing, reads the same once a commit is one row."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from trueup.storage import ViewName, open_store

from .test_source import BASELINE

LOGS: tuple[ViewName, ...] = (
    "transition_log",
    "exchange_call_log",
    "decision_log",
    "intent_log",
    "level_status",
)
_ALL = "SELECT * FROM "
_MORE = """
INSERT INTO transition VALUES (9,1,'r3','Validating','short','Placing',
    '2026-01-31T12:00:01.000250Z','two');
INSERT INTO exchange_call VALUES (7,1,'r3','amend','MIR_TP2','rejected',110001,7,
    '2026-01-31T12:00:01.100000Z','"not" there');
INSERT INTO decision VALUES (5,1,'r3','Placing','✏️ first','2026-01-31T12:00:01.000000Z');
INSERT INTO decision VALUES (6,1,'r3','Placing','second','2026-01-31T12:00:01.000001Z');
INSERT INTO intent VALUES (2,'r3-1',1,'r3','amend',2,1,'MIR_TP2','id-2',NULL,'6','5','6',1,0,
    'refused',110001,'gone','2026-01-31T12:00:01.050000Z','2026-01-31T12:00:01.200000Z');
INSERT INTO intent VALUES (3,'r3-2',1,'r3','place',3,2,'MIR_TP3','','0.85','5','0','5',2,1,
    'unknown',NULL,'','2026-01-31T12:00:01.050000Z',NULL);
INSERT INTO level_order VALUES (1,0,'OLD',0,1,1,'id-0','0.99','0.99','50','50','filled','placed',1);
"""


@pytest.fixture
def old(path: Path) -> Path:
    """A database of the first schema, with a run, a settled write and an order that is over."""
    with closing(sqlite3.connect(path)) as client:
        client.executescript(BASELINE.read_text("utf-8") + _MORE)
    return path


def test_every_row_of_the_logs_reads_as_before(old: Path, url: str) -> None:
    with closing(sqlite3.connect(old)) as client:
        client.row_factory = sqlite3.Row
        before = {log: [dict(row) for row in client.execute(_ALL + log)] for log in LOGS}
    assert [len(before[log]) for log in LOGS] == [4, 2, 3, 3, 4]
    with open_store(url) as store:
        for log in LOGS:
            # Of writes, the open ones now come last.
            after = sorted(store.rows(log), key=lambda row: int(row.get("number") or 0))
            for row, was in zip(after, before[log], strict=True):
                was.pop("id" if log != "intent_log" else "", None)
                was["status"] = {"live": "open"}.get(was.get("status", ""), was.get("status"))
                assert {name: row.get(name) for name in was} == was
        (ended, *_) = store.rows("order_log")
        assert (ended["cycle"], ended["order_link_id"], ended["filled"]) == (0, "OLD", "50")
        assert [one.id for one in store.open_intents(1)] == ["r1-1", "r3-2"]


def test_a_write_after_the_upgrade_has_a_number_of_its_own(old: Path, url: str) -> None:
    with closing(sqlite3.connect(old)) as client:
        client.execute("UPDATE intent SET status = 'refused'")
        client.commit()
    with open_store(url) as store:
        assert store.open_intents(1) == ()
    with closing(sqlite3.connect(old)) as client:
        client.execute(
            "INSERT INTO intent (id, monitor_id, run_id, operation, level, part, order_link_id,"
            " order_id, covered, covers, generation, again, status, detail, created_at)"
            " VALUES ('n', 1, 'r', 'place', 1, 1, 'L', '', '0', '0', 1, 0, 'planned', '', '')"
        )
        assert client.execute("SELECT number FROM intent").fetchall() == [(4,)]
