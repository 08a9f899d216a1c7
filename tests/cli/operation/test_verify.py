"""``trueup verify``."""

import sqlite3
from contextlib import closing

from ..desk import Desk


def test_a_database_is_checked(desk: Desk) -> None:
    desk("run", "--once")
    done = desk("verify")
    assert (done.exit_code, "nothing wrong in" in done.stdout) == (0, True)
    assert desk.json("verify")["findings"] == []


def test_what_is_wrong_is_named(desk: Desk) -> None:
    desk("run", "--once")
    with closing(sqlite3.connect(desk.database)) as client, client:
        client.execute("DROP TRIGGER journal_update")
        client.execute("UPDATE journal SET run_id = 'another' WHERE id = 1")
    done = desk("verify")
    assert done.exit_code == 1
    assert "✗ checksums: journal: row 1 was changed after it was written" in done.stdout
    assert "✗ guards: triggers that keep rows as they are were dropped" in done.stdout
