"""Histories in files remain the histories that were drawn, whatever the code does later."""

import json
from collections import Counter
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaos import Scene, draw_history
from chaos.histories import moves
from chaos.histories.moves import CrashAt, Move, Wake
from chaos.world.triggers import Trigger
from oracle import forms
from oracle.codec import from_json, to_json
from oracle.files import HISTORIES, draw_files, drawn, names, read, read_lines, seed_of


@given(st.integers(1, 100_000))
@settings(max_examples=200, deadline=None)
def test_scene_and_moves_come_back_from_their_json(seed: int) -> None:
    history = draw_history(seed)
    scene = json.loads(json.dumps(to_json(history.scene)))
    drawn_moves = json.loads(json.dumps(to_json(history.moves)))
    assert from_json(Scene, scene) == history.scene
    assert from_json(tuple[Move, ...], drawn_moves) == history.moves


def test_every_kind_of_move_has_a_word() -> None:
    kinds = {getattr(moves, name) for name in moves.__all__} - {Move}
    assert set(forms.MOVES.values()) == kinds


def test_every_field_is_written_defaults_included() -> None:
    behaviour = draw_history(1).scene.behaviour
    assert set(to_json(behaviour)) == {field.name for field in fields(behaviour)}


def test_what_the_code_renames_keeps_its_word_in_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oracle.codec.FIELDS", {Wake: {"monitor": "which"}})
    monkeypatch.setattr("oracle.codec.VALUES", {Trigger: {"a fill": "FILL"}})
    monkeypatch.setattr("oracle.codec.POINTS", {"place.before-send": "before the place"})
    woken, crash = Wake(7, 1), CrashAt(7, "place.before-send", 1)
    assert to_json(woken) == {"move": "Wake", "at_ms": 7, "which": 1}
    assert to_json(Trigger.FILL) == "FILL"
    assert to_json(crash)["point"] == "before the place"
    assert from_json(Move, to_json(woken)) == woken
    assert from_json(Trigger, "FILL") is Trigger.FILL
    assert from_json(Move, to_json(crash)) == crash


def test_a_word_that_the_code_does_not_know_is_an_error() -> None:
    with pytest.raises(LookupError):
        from_json(Move, {"move": "Wake", "at_ms": 7, "monitor": 0, "why": "?"})
    with pytest.raises(LookupError):
        from_json(Move, {"move": "Sleep", "at_ms": 7})


def test_a_value_of_another_type_is_an_error() -> None:
    with pytest.raises(TypeError, match="'7' is no int"):
        from_json(Move, {"move": "Wake", "at_ms": "7", "monitor": 0})
    with pytest.raises(TypeError, match="no float"):
        to_json(0.5)
    assert from_json(Decimal, "0.50") == Decimal("0.50")


def test_the_list_has_each_seed_once_and_a_quarter_live() -> None:
    seeds = [seed_of(number) for number in range(1, HISTORIES + 1)]
    assert len(set(seeds)) == HISTORIES
    assert seeds[:8] == [1, 2, 4, 3, 5, 7, 8, 6]
    first = [drawn(number) for number in range(1, 201)]
    counted = Counter((entry.history.scene.is_live, entry.on_sqlite) for entry in first)
    assert counted == {(False, False): 144, (True, False): 48, (False, True): 6, (True, True): 2}


def test_a_file_is_drawn_once_and_read_as_it_was_drawn(tmp_path: Path) -> None:
    draw_files(tmp_path, 30, 60)
    (path,) = tmp_path.iterdir()
    assert list(names(30, 60)) == [path.name]
    assert list(read(path)) == [drawn(number) for number in range(1, 101)]
    path.write_text(path.read_text().splitlines()[6] + "\n")
    draw_files(tmp_path, 30, 60)
    assert [line["history"] for line in read_lines(path)] == [7]
    (entry,) = read(path)
    assert entry == replace(drawn(7), number=7)
