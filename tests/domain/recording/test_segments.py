"""Segments: compressed as what differs, and put together to passes again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.domain.recording.passes import Row, passes
from trueup.domain.recording.segments import Place, Segment, pack, unpack

BASE = json.dumps([{"record": "x" * 50, "size": 1000}, ["run_id", "r1", 1, 0]])


@given(st.text(), st.text())
def test_a_text_is_unpacked_as_it_was_packed(text: str, known: str) -> None:
    assert unpack(pack(text, known), known) == text


@given(st.sampled_from(Place), st.text("abcdef0123456789", max_size=40), st.binary())
def test_a_segment_is_read_as_it_was_stored(place: Place, run_id: str, packed: bytes) -> None:
    segment = Segment(place, run_id, packed)
    assert Segment.of_bytes(segment.to_bytes()) == segment


@pytest.mark.parametrize("data", [b"", b"\x01", b"\x09\x00"])
def test_what_is_no_segment_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"segment|Place"):
        Segment.of_bytes(data)


def test_a_text_that_is_cut_off_or_differs_from_another_one_is_refused() -> None:
    packed = pack(BASE, "known")
    with pytest.raises(ValueError, match="cut off"):
        unpack(packed[:-4], "known")
    with pytest.raises(ValueError, match="cannot be read"):
        unpack(b"\xff\xff" + packed, "known")


def _whole(text: str) -> bytes:
    return Segment(Place.WHOLE, "", pack(text)).to_bytes()


def _delta(text: str, run_id: str, known: str) -> bytes:
    return Segment(Place.DELTA, run_id, pack(text, known)).to_bytes()


def _further(text: str, first: str) -> bytes:
    return Segment(Place.FURTHER, "", pack(text, first)).to_bytes()


def _none(_run_id: str, _before: int) -> bytes | None:
    return None


def test_passes_are_put_together_from_the_rows_of_their_monitor() -> None:
    second = BASE.replace("r1", "r2")
    rows = [
        Row(3, "r1", _whole(BASE)),
        Row(5, "r1", _further('[["committed",null,2,0]]', BASE)),
        Row(6, "r0", None),
        Row(9, "r2", _delta(second, "r1", BASE)),
    ]
    one, two = passes(rows, _none)
    assert one.items == [*json.loads(BASE), ["committed", None, 2, 0]]
    assert one.runs == {"r1": [3, 5]}
    assert two.items == json.loads(second)
    assert two.runs == {"r2": [9]}


def test_rows_after_a_beginning_that_is_not_there_are_left_out() -> None:
    rows = [Row(5, "r1", _further("[]", BASE)), Row(9, "r2", _whole(BASE))]
    (only,) = passes(rows, _none)
    assert only.runs == {"r2": [9]}


def test_a_base_is_found_in_an_earlier_row() -> None:
    asked: list[tuple[str, int]] = []

    def earlier(run_id: str, before: int) -> bytes | None:
        asked.append((run_id, before))
        return _whole(BASE)

    (only,) = passes([Row(9, "r2", _delta("[1]", "r1", BASE))], earlier)
    assert only.items == [1]
    assert asked == [("r1", 9)]


def test_a_base_that_is_not_on_record_is_named() -> None:
    with pytest.raises(ValueError, match="the run r1, whose base is needed"):
        list(passes([Row(9, "r2", _delta("[1]", "r1", BASE))], _none))
