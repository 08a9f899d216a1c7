"""A sentence in two parts is whole again in the views."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.domain.model.errors import Unstorable
from trueup.domain.model.journal import Decision
from trueup.domain.model.record import MonitorRecord, StateName
from trueup.domain.store import Step
from trueup.storage import open_store
from trueup.storage.sql.phrases import MOST_VALUES, sentence

from ..samples import NOON, alert, watched

_TEXTS = st.text(st.sampled_from("aTP 019.%s(:→é-٣") | st.characters(codec="utf-8"))


@given(_TEXTS)
def test_printf_makes_the_text_again(text: str) -> None:
    text = text.replace("\0", "")
    words, values = sentence(text, "BANDUSDT", "mirror")
    assert len(values) <= MOST_VALUES
    marks = ", ".join("?" * (MOST_VALUES + 1))
    given_ = [words, *values, *[None] * (MOST_VALUES - len(values))]
    query = f"SELECT coalesce(printf({marks}), '')"
    with closing(sqlite3.connect(":memory:")) as client:
        (made,) = client.execute(query, given_).fetchone()
    assert made == text


@pytest.mark.parametrize(
    ("text", "words", "values"),
    [
        ("📤 TP1: Buy 46 → 0138 @ 0.60", "📤 TP1: Buy %s → %s @ %s", (46, "0138", "0.60")),
        ("✅ BANDUSDT (mirror), 85%", "✅ %s (%s), %s%%", ("BANDUSDT", "mirror", 85)),
        ("no values", "no values", ()),
        ("1 2 3 4 5 6 7 8 9 10 11", "%s", ("1 2 3 4 5 6 7 8 9 10 11",)),
        ("long " * 50, "%s", ("long " * 50,)),
    ],
)
def test_what_differs_is_a_value(text: str, words: str, values: tuple[str | int, ...]) -> None:
    assert sentence(text, "BANDUSDT", "mirror") == (words, values)


def test_words_are_stored_once(path: Path, url: str) -> None:
    with open_store(url) as store:
        record = watched(store)
        for size in ("10", "20"):
            record = store.commit(_saying(record, f"size {size}"))
        assert [row["text"] for row in store.rows("decision_log")] == ["size 10", "size 20"]
    with closing(sqlite3.connect(path)) as client:
        assert client.execute("SELECT state, text FROM phrase").fetchall() == [("Idle", "size %s")]


def test_words_of_a_commit_that_failed_are_stored_by_the_next(url: str) -> None:
    with open_store(url) as store:
        step = _saying(watched(store), "size 10")
        unstorable = replace(alert(), created_at=NOON.replace(tzinfo=None))
        with pytest.raises(Unstorable, match="time zone"):
            store.commit(replace(step, alert=unstorable))
        store.commit(step)
        assert [row["text"] for row in store.rows("decision_log")] == ["size 10"]


def _saying(record: MonitorRecord, text: str) -> Step:
    return Step(record, decisions=(Decision("r1", StateName.IDLE, text, NOON),))
