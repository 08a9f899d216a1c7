"""Commands on record: each id once, with what it was to change and its answer."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from trueup import Scope, Side
from trueup.domain.stopping.command import (
    Answer,
    Became,
    Change,
    Command,
    CommandKind,
    CommandRecord,
    Part,
)
from trueup.storage import SqlStore, open_store

from ..databases import REFUSED, client

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
BAND = Scope("main", "BANDUSDT", Side.BUY)
ASKED = CommandRecord(
    Command(
        "c-1",
        CommandKind.LADDER,
        BAND,
        "ann@host",
        NOON,
        "news",
        {"levels": [{"price": "0.72", "share": 100}], "file": None},
    ),
    (Change(BAND, "0.71: 100 %", "0.72: 100 %"),),
)
ANSWER = Answer((Part(BAND, Became.DONE, "set"), Part(Scope(), Became.UNKNOWN)), NOON)


def test_an_id_is_on_record_once_with_its_answer(store: SqlStore) -> None:
    assert store.command("c-1") is None
    assert store.begin_command(ASKED) is None
    other = replace(ASKED, command=replace(ASKED.command, by="bob@host"), changes=())
    assert store.begin_command(other) == ASKED
    store.answer_command("c-1", ANSWER)
    assert store.begin_command(other) == store.command("c-1") == replace(ASKED, answer=ANSWER)
    assert ANSWER.became is Became.UNKNOWN
    assert ANSWER.accounts == {"main": Became.DONE, "": Became.UNKNOWN}


def test_it_is_there_after_a_restart(store: SqlStore, url: str) -> None:
    store.begin_command(ASKED)
    store.close()
    with open_store(url) as again:
        assert again.command("c-1") == ASKED


def test_who_asked_cannot_forge_a_line(store: SqlStore) -> None:
    forged = replace(ASKED, command=replace(ASKED.command, by="ann\nbob", reason="a\nb"))
    store.begin_command(forged)
    found = store.command("c-1")
    assert found is not None
    assert (found.command.by, found.command.reason) == ("ann bob", "a b")


def test_what_was_asked_for_stays_as_it_was_written(store: SqlStore, url: str) -> None:
    store.begin_command(ASKED)
    store.close()
    with client(url) as other:
        for statement in ("UPDATE command SET asked_by = 'bob'", "DELETE FROM command"):
            with pytest.raises(REFUSED, match="rows of command are never"):
                other.execute(statement)
        with pytest.raises(REFUSED):
            other.execute("INSERT INTO command SELECT * FROM command")
